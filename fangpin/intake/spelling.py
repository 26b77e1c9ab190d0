"""How a column's name may be written: what makes no difference between two spellings of it.

Names are the same after NFKC, without blanks, marks of a required column and the unit, with brackets in one form, and
without a number before them (2.姓名, ①姓名). Does not belong here: which rows name the columns (header.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping
from functools import lru_cache

from fangpin.intake import units
from fangpin.intake.contract import Column

LONGEST = 200
"""No header is longer: what is, is not compared with the names of a contract."""

_BRACKETS = str.maketrans("[]{}【】〔〕", "()()()()")
_LEFT_OUT = re.compile(r"[\s*]|\((?:必填|选填|非必填|必录|必输|必须填写|不可为空|不能为空|可为空|可不填)项?\)")
_CIRCLED = re.compile("^[①-⒛⓪⓵-⓾❶-❿]")
_NUMBERED = re.compile(
    r"^(?:\d{1,2}[.、:)]|\(\d{1,2}\)|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))(?=\D)"
)


@lru_cache(maxsize=16_384)
def fold(header: str) -> str:
    """A header as it is compared: NFKC, no blanks or line breaks, no mark of a required column, one kind of bracket."""
    folded = unicodedata.normalize("NFKC", header).translate(_BRACKETS)
    return _LEFT_OUT.sub("", folded)


@lru_cache(maxsize=16_384)
def numberless(header: str) -> str:
    """A header without the number before it: 2.姓名, （2）姓名, ①姓名, 二、姓名."""
    return _NUMBERED.sub("", fold(_CIRCLED.sub("", header.strip())))


@lru_cache(maxsize=16_384)
def forms(header: str) -> tuple[str, ...]:
    """What a header may be known by: as it stands, without its unit, and both without the number before it."""
    written = (fold(header), numberless(header))
    return tuple(dict.fromkeys(form for each in written for form in (each, units.IN_HEADER.sub("", each)) if form))


@lru_cache(maxsize=256)
def names_of(columns: tuple[tuple[str, ...], ...]) -> Mapping[str, str]:
    """Folded header -> column; columns: the name of each, then its headers."""
    names: dict[str, str] = {}
    for column, *headers in columns:
        for header in headers:
            for key in (fold(header), units.IN_HEADER.sub("", fold(header))):
                if names.setdefault(key, column) != column:
                    raise ValueError(f"header {header!r} names both {names[key]} and {column}")
    return names


def key(cell: str, names: Container[str]) -> str | None:
    """Which of the folded names a cell is; None when it is none of them."""
    return next((form for form in forms(cell) if form in names), None)


def spellings(column: Column) -> frozenset[str]:
    """The texts that name a column, for `is_name`."""
    return frozenset(names_of(((column.name, column.header, *column.synonyms),)))


def is_name(cell: str | None, spellings: frozenset[str]) -> bool:
    """Whether a cell names the column of these spellings."""
    return cell is not None and len(cell) <= LONGEST and key(cell, spellings) is not None
