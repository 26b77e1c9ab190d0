"""One written cell to one typed value: what people and their programs write for an amount, a day, a yes.

A text that cannot be read breaks a rule of `RULES`. Does not belong here: whole columns (cells.py), whether a value is
required, in range or of the code list (the pandera class), identity numbers (fangpin/identity.py).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from fangpin import identity

RULES = {
    "cell_error": "是表格公式的错误值（如 #N/A、#REF!），或公式没有保存结果；请用 Excel 或 WPS 打开，核对并保存后重报",
    "not_money": "不是金额；请只填数字，不要填文字",
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

NO_RESULT = "#公式无结果"
"""What stands for a formula that was never calculated."""

ERRORS = (
    NO_RESULT,
    *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"),
    *("#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#GETTING_DATA", "Err:502", "Err:504", "Err:508", "Err:522"),
)
"""What Excel, WPS and LibreOffice show for a formula without a value."""

YES_NO = {"是": True, "否": False, "1": True, "0": False, "√": True, "×": False}
_YES_NO_SPELLINGS = YES_NO | {
    **dict.fromkeys(("✓", "✔", "☑", "Y", "YES", "TRUE"), True),
    **dict.fromkeys(("X", "✗", "✘", "☒", "N", "NO", "FALSE"), False),
}
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2099, 12, 31)
SERIALS = (dt.date(1980, 1, 1), dt.date(2059, 12, 31))
"""A bare number of five digits is the serial number of a day between these: 20214 may be meant as April 2021."""

_SERIAL_ZERO = dt.date(1899, 12, 30)
"""Day 0 of the 1900 system of workbooks, counted back from the days after its 29 February 1900 that never was."""

APOSTROPHE = re.compile(r"^['‘’`](?=[-+]?\d)")
"""What marks a number as text in a worksheet; exports to csv write it down."""


class Unreadable(ValueError):
    """A text that cannot be read as its column's kind; `rule` is the key of RULES it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(RULES[rule])
        self.rule = rule


def tidy(text: str) -> str | None:
    """NFKC, trimmed, without the apostrophe before a number; None when the text means an empty cell."""
    trimmed = APOSTROPHE.sub("", unicodedata.normalize("NFKC", text).strip(BLANKS))
    return None if trimmed in NOTHING else trimmed


def said(text: str) -> str | None:
    """`tidy`; Unreadable when the cell holds the error of a formula."""
    if (written := tidy(text)) in ERRORS:
        raise Unreadable("cell_error")
    return written


def read_money(text: str, scale: int = 1) -> int | None:
    """`exact_fen`, rounded half up."""
    exact = exact_fen(text, scale)
    if exact is None:
        return None
    fen = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    if abs(fen) >= 2**63:
        raise Unreadable("not_money")
    return fen


def exact_fen(text: str, scale: int = 1) -> Decimal | None:
    """Fen of an amount in yuan x scale; thousands separators, and 元 and 万元 in the cell, are understood.

    An exponent is understood when it is negative (the crumbs of a formula): a positive one has lost digits.
    """
    written = said(text)
    if written is None:
        return None
    found = _AMOUNT.fullmatch(written.replace(" ", ""))
    if found is None:
        raise Unreadable("not_money")
    sign, digits, unit = found.groups()
    return Decimal(sign + digits.replace(",", "")) * (1_000_000 if "万" in unit else 100 if unit else 100 * scale)


_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,25})(?:\.\d*)?|\.\d+"
_AMOUNT = re.compile(rf"[¥￥]?([+-]?)((?:{_DIGITS})(?:[eE]-\d{{1,2}})?)(万元?|元|圆|)整?")
_NUMBER = re.compile(rf"-?(?:{_DIGITS})(%?)")
_INTEGER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,20}))(\.0*)?")


def read_integer(text: str) -> int | None:
    """A whole number of 32 bits; '3.0' is 3."""
    written = said(text)
    if written is None:
        return None
    found = _INTEGER.fullmatch(written)
    whole = int(found.group(1).replace(",", "")) if found else 2**31
    if not -(2**31) <= whole < 2**31:
        raise Unreadable("not_an_integer")
    return whole


def read_number(text: str) -> float | None:
    """A decimal number, 85% being 0.85; no exponents, because a worksheet writes them when digits are already lost."""
    written = said(text)
    if written is None:
        return None
    found = _NUMBER.fullmatch(written)
    if found is None:
        raise Unreadable("not_a_number")
    plain = written.replace(",", "").removesuffix("%")
    return float(Decimal(plain) / 100) if found.group(1) else float(plain)


def read_month(text: str) -> str | None:
    """'YYYY-MM' of 202104, 2021.4, 2021/04, 2021-4, 2021年4月(份) or of any written day of that month."""
    written = said(text)
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


_MONTH = re.compile(r"(\d{4})(\d{2})(?:\.0)?|(\d{4})[.\-/](\d{1,2})|(\d{4})年(\d{1,2})月?份?")


def read_date(text: str) -> dt.date | None:
    """The day of 20210401, 2021-4-1, 2021/04/01, 2021.4.1, 2021年4月1日 or 44287; a time of day after it is dropped."""
    written = said(text)
    if written is None:
        return None
    if _SERIAL.fullmatch(written):
        date = _SERIAL_ZERO + dt.timedelta(int(written[:5]))
        if SERIALS[0] <= date <= SERIALS[1]:
            return date
        raise Unreadable("not_a_date")
    found = _DATE.fullmatch(written)
    if found is None:
        raise Unreadable("not_a_date")
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        date = dt.date(year, month, day)
    except ValueError as error:
        raise Unreadable("not_a_date") from error
    if not FIRST_DAY <= date <= LAST_DAY:
        raise Unreadable("not_a_date")
    return date


_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_DATE = re.compile(
    r"(?:(\d{4})(\d{2})(\d{2})(?:\.0)?"
    r"|(\d{4})[.\-/](\d{1,2})[.\-/](\d{1,2})|(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?)"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)


def read_yes_no(text: str, words: Sequence[str] = ()) -> bool | None:
    """True or False of 是/否, √/×, 1/0 and their usual variants; words: a contract's own words for yes and no."""
    written = unicodedata.normalize("NFKC", text).strip(BLANKS)
    if written in words:
        return written == words[0]
    if (tidied := said(written)) is None:
        return None
    if (answer := _YES_NO_SPELLINGS.get(tidied.upper())) is None:
        raise Unreadable("not_yes_or_no")
    return answer


def read_household_no(text: str) -> str | None:
    """A household number as the register writes it: 4 to 32 digits or letters, upper case."""
    return _number(text, r"[0-9A-Z-]{4,32}", "household_no_shape")


def read_village_code(text: str) -> str | None:
    """A 12-digit statistical division code."""
    return _number(text, r"\d{12}", "village_code_shape")


def _number(text: str, shape: str, rule: str) -> str | None:
    written = said(text)
    if written is None:
        return None
    number = identity.normalise(written).removesuffix(".0")
    if not re.fullmatch(shape, number):
        raise Unreadable(rule)
    return number
