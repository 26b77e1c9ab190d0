"""One written cell to one typed value: the column kinds of checks/feed.py.

`convert` reads a whole column: what is written as agreed takes a vectorised path, what is left is read text by text,
with the same outcome. A cell that cannot be read becomes null and breaks a rule of `RULES`. Does not belong here:
whether a value is required, in range or of the code list (the pandera class), and identity numbers (identity.py).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import polars as pl

from fangpin import identity
from fangpin.intake.contract import Column

RULES = {
    "not_money": "不是金额；请只填数字（元），不要填文字",
    "not_an_integer": "不是整数；请只填数字",
    "not_a_number": "不是数字；请只填数字",
    "not_a_month": "不是月份；请填年月，如 202110",
    "ambiguous_month": "数字格式的年月分不清1月和10月；请把该列设为文本，填如 202110",
    "not_a_date": "不是日期；请填年月日，如 2021-10-05",
    "not_yes_or_no": "不是“是”或“否”；请按要求填写",
    "household_no_shape": "户编号应为4至32位数字或字母；请按系统导出的户编号填写",
    "village_code_shape": "行政村代码应为12位数字；请按统计用区划代码填写",
    "stored_as_number": "号码被存成了数字，末几位可能已丢失；请把该列设为文本后从原始系统重新导出",
}
"""What a cell can be refused for when it is read, and what the department should do."""

BLANKS = " \t\r\n\u3000\u00a0\ufeff\u200b"
NOTHING = ("", "无", "空", "暂无", "-", "--", "—", "——", "－", "/", "\\", "N/A", "n/a", "NULL", "null", "None")
"""Texts that mean an empty cell (after NFKC and trimming), unless the contract lists them as a code."""

_YES_NO = {"是": True, "否": False, "1": True, "0": False, "√": True, "×": False}
_YES_NO_SPELLINGS = _YES_NO | {
    "✓": True,
    "✔": True,
    "☑": True,
    "Y": True,
    "YES": True,
    "TRUE": True,
    "X": False,
    "✗": False,
    "✘": False,
    "N": False,
    "NO": False,
    "FALSE": False,
}
_MONTHS = [f"{year:04d}-{month:02d}" for year in range(1950, 2100) for month in range(1, 13)]
_MONTH_SPELLINGS = pl.Enum([*_MONTHS, *(m.replace("-", "") for m in _MONTHS)])
_MONTH_VALUES = pl.Series([*_MONTHS, *_MONTHS])
_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2099, 12, 31)
_FEW = 500
_LARGE = 10**12
_HALF = 0.4999
"""Nearer to half a fen than this, binary fractions do not tell which way to round: decimals do."""


class Unreadable(ValueError):
    """A text that cannot be read as its column's kind; `rule` is the key of RULES it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(RULES[rule])
        self.rule = rule


class Read(NamedTuple):
    """A column read: values (null where blank or wrong), the broken rule by row (or None when all were right)."""

    values: pl.Series
    rules: pl.Series | None = None
    keys: pl.Series | None = None  # id_number only: the integer keys


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
    elif column.kind == "money":
        read = _money(texts, 10_000 if in_wan else 1)
    else:
        read = _KINDS[column.kind](texts)
    return read if typed_number is None else _refuse_numbers(column.kind, texts, typed_number, read)


def tidy(text: str) -> str | None:
    """NFKC, trimmed; None when the text means an empty cell."""
    trimmed = unicodedata.normalize("NFKC", text).strip(BLANKS)
    return None if trimmed in NOTHING else trimmed


def read_money(text: str, scale: int = 1) -> int | None:
    """Fen of an amount in yuan x scale; thousands separators, and 元 and 万元 in the cell, are understood."""
    written = tidy(text)
    if written is None:
        return None
    found = _AMOUNT.fullmatch(written.replace(" ", ""))
    if found is None:
        raise Unreadable("not_money")
    sign, digits, unit = found.groups()
    yuan = Decimal(sign + digits.replace(",", "")) * (10_000 if "万" in unit else 1 if unit else scale)
    fen = int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if abs(fen) >= 2**63:
        raise Unreadable("not_money")
    return fen


_AMOUNT = re.compile(r"[¥￥]?([+-]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?)(万元?|元|圆|)整?")


def read_integer(text: str) -> int | None:
    """A whole number of 32 bits; '3.0' is 3."""
    written = tidy(text)
    if written is None:
        return None
    whole = int(written.split(".")[0]) if re.fullmatch(r"[+-]?\d{1,20}(\.0*)?", written) else 2**31
    if not -(2**31) <= whole < 2**31:
        raise Unreadable("not_an_integer")
    return whole


def read_number(text: str) -> float | None:
    """A decimal number; no exponents, because a worksheet writes them when digits are already lost."""
    written = tidy(text)
    if written is None:
        return None
    if not re.fullmatch(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?", written):
        raise Unreadable("not_a_number")
    return float(written.replace(",", ""))


def read_month(text: str) -> str | None:
    """'YYYY-MM' of 202104, 2021.4, 2021/04, 2021-4, 2021年4月(份) or of any written day of that month."""
    written = tidy(text)
    if written is None:
        return None
    if found := _MONTH.fullmatch(written.replace(" ", "")):
        year, month = next((y, m) for y, m in zip(found.groups()[::2], found.groups()[1::2], strict=True) if y)
        if 1950 <= int(year) < 2100 and 1 <= int(month) <= 12:
            return f"{year}-{int(month):02d}"
        raise Unreadable("not_a_month")
    try:
        day = read_date(text)
    except Unreadable as error:
        raise Unreadable("not_a_month") from error
    return None if day is None else f"{day:%Y-%m}"


_MONTH = re.compile(r"(\d{4})(\d{2})|(\d{4})[.\-/](\d{1,2})|(\d{4})年(\d{1,2})月?份?")


def read_date(text: str) -> dt.date | None:
    """The day of 20210401, 2021-4-1, 2021/04/01, 2021.4.1 or 2021年4月1日; a time of day after it is dropped."""
    written = tidy(text)
    if written is None:
        return None
    found = _DATE.fullmatch(written)
    if found is None:
        raise Unreadable("not_a_date")
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        date = dt.date(year, month, day)
    except ValueError as error:
        raise Unreadable("not_a_date") from error
    if not _FIRST_DAY <= date <= _LAST_DAY:
        raise Unreadable("not_a_date")
    return date


_DATE = re.compile(
    r"(?:(\d{4})(\d{2})(\d{2})|(\d{4})[.\-/](\d{1,2})[.\-/](\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日?)"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)


def read_yes_no(text: str) -> bool | None:
    """True or False of 是/否, √/×, 1/0 and their usual variants."""
    written = tidy(text)
    if written is None:
        return None
    if (answer := _YES_NO_SPELLINGS.get(written.upper())) is None:
        raise Unreadable("not_yes_or_no")
    return answer


def read_household_no(text: str) -> str | None:
    """A household number as the register writes it: 4 to 32 digits or letters, upper case."""
    written = tidy(text)
    if written is None:
        return None
    number = identity.normalise(written).removesuffix(".0")
    if not re.fullmatch(r"[0-9A-Z-]{4,32}", number):
        raise Unreadable("household_no_shape")
    return number


def read_village_code(text: str) -> str | None:
    """A 12-digit statistical division code."""
    written = tidy(text)
    if written is None:
        return None
    code = identity.normalise(written).removesuffix(".0")
    if not re.fullmatch(r"\d{12}", code):
        raise Unreadable("village_code_shape")
    return code


def _rest(texts: pl.Series, values: pl.Series, read: Callable[[str], object]) -> Read:
    """Fill in the rows that the fast path left null, reading each distinct text once."""
    left = (values.is_null() & texts.is_not_null()).arg_true()
    if left.is_empty():
        return Read(values)
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
    rules = pl.Series("rule", [None], dtype=pl.String).new_from_index(0, len(texts))
    return Read(values, rules.scatter(left, spellings.replace_strict(distinct, broken, return_dtype=pl.String)))


def _text(texts: pl.Series) -> Read:
    if texts.head(4 * _FEW).n_unique() <= _FEW:
        distinct = texts.unique().drop_nulls()
        return Read(_tidy(distinct).gather(texts.cast(pl.Enum(distinct)).to_physical()).alias(texts.name))
    plain = texts.str.contains("^[0-9A-Za-z\u4e00-\u9fff]{2,}$") & ~texts.is_in(NOTHING)
    left = (~plain).arg_true()
    return Read(texts if left.is_empty() else texts.clone().scatter(left, _tidy(texts.gather(left))))


def _tidy(texts: pl.Series) -> pl.Series:
    if texts.str.len_bytes().sum() != texts.str.len_chars().sum():
        texts = texts.str.normalize("NFKC")
    trimmed = texts.str.strip_chars(BLANKS)
    return pl.select(pl.when(~trimmed.is_in(NOTHING)).then(trimmed)).to_series().alias(texts.name)


def _code(texts: pl.Series, codes: tuple[str, ...]) -> Read:
    known = texts.cast(pl.Enum(codes), strict=False).cast(pl.String)
    folded = {_fold_code(code): code for code in codes}

    def read(text: str) -> str | None:
        written = unicodedata.normalize("NFKC", text).strip(BLANKS)
        return folded.get(_fold_code(written)) or tidy(written)

    return _rest(texts, known, read)


def _fold_code(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _money(texts: pl.Series, scale: int) -> Read:
    whole = texts.cast(pl.Int64, strict=False)
    if not _small(whole):
        whole = whole.set(whole.abs() >= _LARGE, None)
    fen = whole * (100 * scale)
    left = (fen.is_null() & texts.is_not_null()).arg_true()
    if not left.is_empty():
        decimals = texts.gather(left)
        exact = decimals.cast(pl.Float64, strict=False) * (100 * scale)
        nearest = exact.round()
        clear = decimals.str.contains(r"^-?\d+\.\d+$") & (exact.abs() < 1e11) & ((exact - nearest).abs() < _HALF)
        fen = fen.scatter(left, nearest.set(~clear, None).cast(pl.Int64, strict=False))
    return _rest(texts, fen, lambda text: read_money(text, scale))


def _small(whole: pl.Series) -> bool:
    low, high = whole.min(), whole.max()
    return low is None or (isinstance(low, int) and isinstance(high, int) and low > -_LARGE and high < _LARGE)


def _integer(texts: pl.Series) -> Read:
    return _rest(texts, texts.cast(pl.Int32, strict=False), read_integer)


def _number(texts: pl.Series) -> Read:
    plain = texts.str.contains(r"^-?\d{1,15}(\.\d+)?$")
    numbers = texts.cast(pl.Float64, strict=False)
    return _rest(texts, pl.select(pl.when(plain).then(numbers)).to_series(), read_number)


def _month(texts: pl.Series) -> Read:
    return _rest(texts, _MONTH_VALUES.gather(texts.cast(_MONTH_SPELLINGS, strict=False).to_physical()), read_month)


def _date(texts: pl.Series) -> Read:
    days = texts.str.to_date("%Y-%m-%d", strict=False)
    return _rest(texts, days.set(~days.is_between(_FIRST_DAY, _LAST_DAY), None), read_date)


def _yes_no(texts: pl.Series) -> Read:
    spelled = texts.cast(pl.Enum(list(_YES_NO)), strict=False).to_physical()
    return _rest(texts, pl.Series(list(_YES_NO.values())).gather(spelled), read_yes_no)


def _household_no(texts: pl.Series) -> Read:
    plain = texts.str.contains(r"^[0-9A-Z-]{4,32}$")
    return _rest(texts, texts.set(~plain, None), read_household_no)


def _village_code(texts: pl.Series) -> Read:
    plain = texts.str.contains(r"^\d{12}$")
    return _rest(texts, texts.set(~plain, None), read_village_code)


def _id_number(texts: pl.Series, latest: dt.date) -> Read:
    numbers, keys, rules = identity.read_column(texts, latest)
    if rules.null_count() == len(rules):
        return Read(numbers, None, keys)
    said = _tidy(texts.filter(rules.is_not_null())).is_not_null()
    blank = rules.is_not_null().arg_true().filter(~said)
    return Read(numbers, rules.scatter(blank, None), keys)


def _refuse_numbers(kind: str, texts: pl.Series, typed_number: pl.Series, read: Read) -> Read:
    """A worksheet's number keeps 15 digits: longer numbers in it are destroyed, 2021.1 may be January or October."""
    if kind == "month":
        refused, rule = typed_number & texts.str.contains(r"^\d{4}\.1$"), "ambiguous_month"
    elif kind == "id_number":
        refused, rule = typed_number, "stored_as_number"
    elif kind == "household_no":
        refused, rule = typed_number & (texts.str.len_bytes() > 15), "stored_as_number"
    else:
        return read
    if not refused.any():
        return read
    rows = refused.arg_true()
    rules = read.rules
    if rules is None:
        rules = pl.Series("rule", [None], dtype=pl.String).new_from_index(0, len(texts))
    keys = None if read.keys is None else read.keys.clone().scatter(rows, None)
    return Read(read.values.clone().scatter(rows, None), rules.scatter(rows, rule), keys)


_KINDS: dict[str, Callable[[pl.Series], Read]] = {
    "text": _text,
    "month": _month,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "yesno": _yes_no,
    "household_no": _household_no,
    "village_code": _village_code,
    "name": _text,
    "phone": _text,
}
