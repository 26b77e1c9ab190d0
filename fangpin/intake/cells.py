"""A column of written cells to a column of typed values: the column kinds of checks/feed.py.

`convert` reads a whole column: what is written as agreed takes a vectorised path, what is left is read text by text
(written.py), with the same outcome. A cell that cannot be read becomes null and breaks a rule of `RULES`. Does not
belong here: whether a value is required, in range or of the code list (the pandera class).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

import polars as pl

from fangpin import identity
from fangpin.intake import written
from fangpin.intake.contract import Column
from fangpin.intake.written import APOSTROPHE, BLANKS, ERRORS, NOTHING, RULES, Unreadable, tidy

__all__ = ["BLANKS", "RULES", "Read", "as_written", "convert", "tidy"]

_MONTHS = [f"{year:04d}-{month:02d}" for year in range(1950, 2100) for month in range(1, 13)]
_MONTH_SPELLINGS = pl.Enum([*_MONTHS, *(m.replace("-", "") for m in _MONTHS)])
_MONTH_VALUES = pl.Series([*_MONTHS, *_MONTHS])
_FEW = 500
_LARGE = 10**12
_HALF = 0.4999
"""Nearer to half a fen than this, binary fractions do not tell which way to round: decimals do."""
_CRUMB = 0.001
"""Less of a fen than this is what a worksheet's arithmetic leaves, no digit that anybody wrote."""


class Read(NamedTuple):
    """A column read: values (null where blank or wrong), the broken rule by row (or None when all were right).

    rounded: how many amounts had more than two decimals.
    """

    values: pl.Series
    rules: pl.Series | None = None
    keys: pl.Series | None = None  # id_number only: the integer keys
    rounded: int = 0


def convert(
    column: Column, texts: pl.Series, *, latest: dt.date, in_wan: bool = False, typed_number: pl.Series | None = None
) -> Read:
    """Read a column of delivered texts. latest: last day of the delivery month; in_wan: the header says 万元.

    typed_number: where a worksheet's cell holds a number instead of text.
    """
    if column.kind == "id_number":
        read = _id_number(texts, latest)
    elif column.kind == "code":
        read = _code(texts, column.codes)
    elif column.kind == "yesno":
        read = _yes_no(texts, column.codes)
    elif column.kind == "money":
        read = _money(texts, 10_000 if in_wan else 1)
    else:
        read = _KINDS[column.kind](texts)
    if typed_number is not None:
        return _refuse_numbers(column.kind, texts, typed_number, read)
    return _refuse_numbers(column.kind, texts, _ANY_CELL, read) if column.kind == "month" else read


def as_written(column: Column, value: Any) -> str | None:
    """A typed value as a department would write it; identity numbers as numbers, not keys."""
    if column.kind == "money" and value is not None:
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return None if value is None else str(value)


def _rest(texts: pl.Series, values: pl.Series, read: Callable[[str], object]) -> Read:
    """Fill in the rows that the fast path left null, reading each distinct text once."""
    if values.null_count() == texts.null_count():
        return Read(values)
    left = (values.is_null() & texts.is_not_null()).arg_true()
    spellings = texts.gather(left)
    distinct = spellings.unique()
    read_values: list[object] = []
    broken: list[str | None] = []
    for text in distinct:
        try:
            read_values.append(read(text))
            broken.append(None)
        except Unreadable as wrong:
            read_values.append(None)
            broken.append(wrong.rule)
    found = pl.Series(read_values, dtype=values.dtype)
    values = values.clone().scatter(left, spellings.replace_strict(distinct, found, return_dtype=values.dtype))
    if not any(broken):
        return Read(values)
    return Read(
        values, _no_rules(texts).scatter(left, spellings.replace_strict(distinct, broken, return_dtype=pl.String))
    )


def _no_rules(texts: pl.Series) -> pl.Series:
    return pl.Series("rule", [None], dtype=pl.String).new_from_index(0, len(texts))


def _text(texts: pl.Series) -> Read:
    if texts.head(4 * _FEW).n_unique() <= _FEW:
        distinct = texts.unique().drop_nulls()
        tidied = _tidy(distinct)
        if not tidied.equals(distinct, null_equal=True):
            texts = tidied.gather(texts.cast(pl.Enum(distinct)).to_physical()).alias(texts.name)
        return _without_errors(texts) if tidied.is_in(ERRORS).any() else Read(texts)
    plain = texts.str.contains("^[0-9A-Za-z\u4e00-\u9fff]{2,}$") & ~texts.is_in(NOTHING)
    left = (~plain).arg_true()
    if left.is_empty():
        return Read(texts)
    tidied = _tidy(texts.gather(left))
    texts = texts.clone().scatter(left, tidied)
    return _without_errors(texts) if tidied.is_in(ERRORS).any() else Read(texts)


def _without_errors(texts: pl.Series) -> Read:
    wrong = texts.is_in(ERRORS).arg_true()
    return Read(texts.clone().scatter(wrong, None), _no_rules(texts).scatter(wrong, "cell_error"))


def _tidy(texts: pl.Series) -> pl.Series:
    if texts.str.len_bytes().sum() != texts.str.len_chars().sum():
        texts = texts.str.normalize("NFKC")
    trimmed = texts.str.strip_chars(BLANKS)
    marked = trimmed.str.contains(_MARKED)
    if marked.any():
        trimmed = trimmed.zip_with(~marked.fill_null(False), trimmed.str.slice(1))
    return pl.select(pl.when(~trimmed.is_in(NOTHING)).then(trimmed)).to_series().alias(texts.name)


_MARKED = r"^['‘’`][-+]?\d"
"""APOSTROPHE as polars writes it: its regular expressions do not look ahead."""


def _code(texts: pl.Series, codes: tuple[str, ...]) -> Read:
    listed = texts.cast(pl.Enum(codes), strict=False)
    if listed.null_count() == texts.null_count():
        return Read(texts)
    folded = {_fold_code(code): code for code in codes}

    def read(text: str) -> str | None:
        cell = unicodedata.normalize("NFKC", text).strip(BLANKS)
        return folded.get(_fold_code(cell)) or written.said(cell)

    return _rest(texts, listed.cast(pl.String), read)


def _fold_code(text: str) -> str:
    return APOSTROPHE.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


def _money(texts: pl.Series, scale: int) -> Read:
    whole = texts.cast(pl.Int64, strict=False)
    if not _small(whole):
        whole = whole.set(whole.abs() >= _LARGE, None)
    fen = whole * (100 * scale)
    if fen.null_count() == texts.null_count():
        return Read(fen)
    left = (fen.is_null() & texts.is_not_null()).arg_true()
    decimals = texts.gather(left)
    exact = decimals.cast(pl.Float64, strict=False) * (100 * scale)
    nearest = exact.round()
    written_out = ~decimals.str.contains_any(["e", "E"])
    clear = written_out & (exact.abs() < 1e11) & ((exact - nearest).abs() < _HALF)
    fen = fen.scatter(left, nearest.set(~clear, None).cast(pl.Int64, strict=False))
    lossy: set[str] = set()

    def read(text: str) -> int | None:
        exact = written.exact_fen(text, scale)
        if exact is not None and abs(float(exact - round(exact))) > _CRUMB:
            lossy.add(text)
        return written.read_money(text, scale)

    found = _rest(texts, fen, read)
    rounded = (clear & ((exact - nearest).abs() > _CRUMB)) | decimals.is_in(list(lossy))
    return found._replace(rounded=rounded.arg_true().len())


def _small(whole: pl.Series) -> bool:
    low, high = whole.min(), whole.max()
    return low is None or (isinstance(low, int) and isinstance(high, int) and low > -_LARGE and high < _LARGE)


def _integer(texts: pl.Series) -> Read:
    return _rest(texts, texts.cast(pl.Int32, strict=False), written.read_integer)


def _number(texts: pl.Series) -> Read:
    plain = texts.str.contains(r"^-?\d{1,15}(\.\d+)?$")
    numbers = texts.cast(pl.Float64, strict=False)
    return _rest(texts, pl.select(pl.when(plain).then(numbers)).to_series(), written.read_number)


def _month(texts: pl.Series) -> Read:
    values = _MONTH_VALUES.gather(texts.cast(_MONTH_SPELLINGS, strict=False).to_physical())
    return _rest(texts, values, written.read_month)


def _date(texts: pl.Series) -> Read:
    days = texts.str.to_date("%Y-%m-%d", strict=False)
    days = days.set(~days.is_between(written.FIRST_DAY, written.LAST_DAY), None)
    return _rest(texts, days, written.read_date)


def _yes_no(texts: pl.Series, words: tuple[str, ...]) -> Read:
    spellings = written.YES_NO | dict(zip(words, (True, False), strict=False))
    spelled = texts.cast(pl.Enum(list(spellings)), strict=False).to_physical()
    values = pl.Series(list(spellings.values())).gather(spelled)
    return _rest(texts, values, lambda text: written.read_yes_no(text, words))


def _household_no(texts: pl.Series) -> Read:
    digits = texts.cast(pl.UInt64, strict=False).is_not_null() & ~texts.str.starts_with("+")
    digits &= texts.str.len_bytes().is_between(4, 18)
    left = (~digits.fill_null(False)).arg_true()
    if left.is_empty():
        return Read(texts)
    rest = texts.gather(left)
    plain = rest.set(~rest.str.contains(r"^[0-9A-Z-]{4,32}$"), None)
    return _rest(texts, texts.clone().scatter(left, plain), written.read_household_no)


def _village_code(texts: pl.Series) -> Read:
    plain = texts.str.contains(r"^\d{12}$")
    return _rest(texts, texts.set(~plain, None), written.read_village_code)


def _id_number(texts: pl.Series, latest: dt.date) -> Read:
    numbers, keys, rules = identity.read_column(texts, latest)
    broken = rules.is_not_null().arg_true()
    if broken.is_empty():
        return Read(numbers, None, keys)
    cells = _tidy(texts.gather(broken))
    rules = rules.scatter(broken.filter(cells.is_null()), None)
    return Read(numbers, rules.scatter(broken.filter(cells.is_in(ERRORS).fill_null(False)), "cell_error"), keys)


def _refuse_numbers(kind: str, texts: pl.Series, typed_number: pl.Series, read: Read) -> Read:
    """A number keeps 15 digits: longer ones are destroyed. 2021.1 may be January or October, in a worksheet's number
    and in a text file that a worksheet was saved as.
    """
    if kind == "month":
        refused, rule = typed_number & texts.str.contains(r"^\d{4}\.1$"), "ambiguous_month"
    elif kind == "id_number":
        refused, rule = typed_number, "stored_as_number"
    elif kind in _LONG_NUMBERS:
        refused, rule = typed_number & (texts.str.len_bytes() > 15), "stored_as_number"
    else:
        return read
    if not refused.any():
        return read
    rows = refused.arg_true()
    rules = _no_rules(texts) if read.rules is None else read.rules
    keys = None if read.keys is None else read.keys.clone().scatter(rows, None)
    return Read(read.values.clone().scatter(rows, None), rules.scatter(rows, rule), keys)


_ANY_CELL = pl.Series([True])
"""Of a text file nobody knows which cells were numbers."""
_LONG_NUMBERS = frozenset({"household_no", "text"})
"""Kinds of which a number cell may be a number of a document: it is destroyed when it is longer than 15 digits."""

_KINDS: dict[str, Callable[[pl.Series], Read]] = {
    "text": _text,
    "month": _month,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "household_no": _household_no,
    "village_code": _village_code,
    "name": _text,
    "phone": _text,
}
