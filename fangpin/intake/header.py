"""Which row of a file names the columns, and which delivered column is which column of the contract.

Headers match after NFKC, without blanks, brackets in one form and without the unit; the contract's synonyms count.
Nothing is guessed: an unknown header is reported, and of two columns with one header the second is a repeat that must
agree with the first. Does not belong here: the rows below the header (validate.py).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fangpin.intake.contract import Column

DEPTH = 20
"""How many rows from the top may hold titles before the header."""

_UNIT = re.compile(r"\((?:单位[:：]?)?(万?元)\)$")
_REPEATED = re.compile(r"[._]?\d$")
_BRACKETS = str.maketrans("[]{}【】〔〕", "()()()()")


@dataclass(frozen=True)
class Missing:
    """A mandatory column that no header of the file names; `nearest`: the unknown header that looks most like it."""

    column: str
    header: str
    nearest: str | None


@dataclass(frozen=True)
class Heading:
    """The header row of a file, read as one contract.

    row: which row, from 1. positions: contract column -> position from 0. repeats: contract column -> positions of
    further columns under the same header. in_wan: money columns whose header says 万元.
    """

    row: int
    headers: tuple[str, ...]
    positions: Mapping[str, int]
    repeats: Mapping[str, tuple[int, ...]]
    in_wan: frozenset[str]
    missing: tuple[Missing, ...]
    unknown: tuple[str, ...]


def fold(header: str) -> str:
    """A header as it is compared: NFKC, no blanks or line breaks, no mark of a required column, one kind of bracket."""
    folded = unicodedata.normalize("NFKC", header).translate(_BRACKETS)
    return re.sub(r"[\s*]", "", folded)


def find(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> Heading | None:
    """The header among the top rows: the first that names the most columns; None when no row names two of them."""
    names = _names(columns)
    best: tuple[int, int] | None = None
    for number, row in enumerate(rows[:DEPTH], start=1):
        matched = len({names[key] for cell in row if (key := _key(cell, names)) is not None})
        if matched >= min(2, len(columns)) and (best is None or matched > best[0]):
            best = (matched, number)
    return _heading(best[1], tuple(rows[best[1] - 1]), columns, names) if best else None


def _names(columns: Sequence[Column]) -> dict[str, str]:
    names: dict[str, str] = {}
    for column in columns:
        for header in (column.header, *column.synonyms):
            for key in (fold(header), _UNIT.sub("", fold(header))):
                if names.setdefault(key, column.name) != column.name:
                    raise ValueError(f"header {header!r} names both {names[key]} and {column.name}")
    return names


def _key(cell: str, names: Mapping[str, str]) -> str | None:
    folded = fold(cell)
    if folded in names:
        return folded
    without_unit = _UNIT.sub("", folded)
    return without_unit if without_unit in names else None


def _heading(row: int, headers: tuple[str, ...], columns: Sequence[Column], names: Mapping[str, str]) -> Heading:
    kinds = {column.name: column.kind for column in columns}
    positions: dict[str, int] = {}
    repeats: dict[str, list[int]] = {}
    in_wan: set[str] = set()
    unknown: list[tuple[int, str]] = []
    for position, cell in enumerate(headers):
        key = _key(cell, names)
        if key is None:
            unknown.append((position, cell))
            continue
        column = names[key]
        if column in positions:
            repeats.setdefault(column, []).append(position)
            continue
        positions[column] = position
        unit = _UNIT.search(fold(cell))
        if unit and unit.group(1) == "万元" and kinds[column] == "money":
            in_wan.add(column)
    strangers: list[str] = []
    for position, cell in unknown:
        original = names.get(_REPEATED.sub("", fold(cell)))
        if original in positions:
            repeats.setdefault(original, []).append(position)
        elif cell.strip():
            strangers.append(cell)
    return Heading(
        row=row,
        headers=headers,
        positions=positions,
        repeats={column: tuple(found) for column, found in repeats.items()},
        in_wan=frozenset(in_wan),
        missing=tuple(
            Missing(column.name, column.header, _nearest(column, strangers))
            for column in columns
            if column.mandatory and column.name not in positions
        ),
        unknown=tuple(strangers),
    )


def _nearest(column: Column, strangers: Sequence[str]) -> str | None:
    folded = {fold(stranger): stranger for stranger in strangers}
    for header in (column.header, *column.synonyms):
        if close := difflib.get_close_matches(fold(header), folded, n=1, cutoff=0.5):
            return folded[close[0]]
    return None
