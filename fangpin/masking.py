"""What may be told of a text that somebody delivered: numbers of persons hidden, what is no text made visible.

`cell` masks a delivered cell, `without_numbers` free text that is kept, `showable` the name of a file, a worksheet or a
column. Names of persons in free text cannot be told from other words. Does not belong here: what a right identity
number is (identity.py), which cells are kept (fangpin/intake/free_text.py).
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
"""So many characters of a name are shown."""

_BLANK = "[ \\t\\r\\n\\u00a0\\u2000-\\u200b\\u2028\\u2029\\u202f\\u3000]*"
_APART = _BLANK.replace("[", "[-/.\u2010-\u2015\u2212\u00b7", 1)
_DASHED = _APART.replace(".", "")
MAY_HOLD_NUMBER = f"[0-9](?:{_APART}[0-9]){{10}}"
"""Every text in which a number is hidden matches this; the same in Python and in polars."""

_BORN = "(?:18|19|20)[0-9]{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12][0-9]|3[01])"
_PLACE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)[0-9]{4}"
_CHECK = "[0-9Xx×ХхΧχ]"
"""Signs of multiplication, Cyrillic and Greek letters are taken for an X."""
_IDENTITY = f"{_PLACE}[ -]?{_BORN}[ -]?[0-9]{{3}}[ -]?{_CHECK}(?:[1-7][1-4](?:[Bb][0-9])?)?"
_BEFORE_1999 = f"{_PLACE}[ -]?[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[ -]?[0-9]{{3}}"
_MOBILE = "(?:0|(?:00)?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}"
_PERSONAL_NUMBER = re.compile(f"(?<![0-9])(?:{_IDENTITY}|{_BEFORE_1999}|{_MOBILE})+(?![0-9])")
"""By shape: a number with a wrong check character still is somebody's."""


def _digits(*shapes: str, between: str = _BLANK) -> str:
    """Digits of these shapes with blanks between them."""
    return between.join(shapes)


_D = "[0-9]"
_APART_PLACE = (
    f"(?:{_digits('1', '[1-5]')}|{_digits('2', '[1-3]')}|{_digits('3', '[1-7]')}|{_digits('4', '[1-6]')}"
    f"|{_digits('5', '[0-4]')}|{_digits('6', '[1-5]')}|{_digits('7', '1')}|{_digits('8', '[1-3]')}|{_digits('9', '1')})"
    f"{_BLANK}{_digits(_D, _D, _D, _D, between=_DASHED)}"
)
_APART_YEAR = f"(?:1{_BLANK}[89]|2{_BLANK}0){_APART}{_digits(_D, _D)}"
_APART_DAY = f"(?:0{_BLANK}[1-9]|1{_BLANK}[0-2]){_APART}(?:0{_BLANK}[1-9]|[12]{_BLANK}[0-9]|3{_BLANK}[01])"
_NO_AMOUNT = r"(?![0-9]|\.[0-9]{1,2}(?![0-9]))"
_APART_IDENTITY = re.compile(
    f"(?<![0-9])(?:{_APART_PLACE}{_APART}{_APART_YEAR}{_APART}{_APART_DAY}{_APART}{_digits(_D, _D, _D)}{_APART}{_CHECK}"
    f"|{_PLACE}{_APART}[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]){_APART}[0-9]{{3}}){_NO_AMOUNT}"
)
"""An identity number with blanks or line breaks between any of its digits, or signs between its parts."""

_GAP = _BLANK.replace("*", "+")
_DATE = "(?:19|20)[0-9]{2}(?:(?:0[1-9]|1[0-2])(?:[0-3][0-9])?)?(?![0-9])"
_BROKEN = "|".join(f"[0-9]{{{n}}}{_GAP}(?!{_DATE})[0-9]{{{9 - n}}}" for n in range(9))
_APART_MOBILE = re.compile(
    f"(?<![0-9])(?<![0-9][-/.])1(?:[3-9][0-9]{_DASHED}[0-9]{{4}}{_DASHED}[0-9]{{4}}"
    f"|[3-9][0-9]([./])[0-9]{{4}}\\1[0-9]{{4}}"
    f"|([-/.]|{_GAP})[3-9](?:\\2[0-9]){{9}}"
    f"|[3-9](?:{_BROKEN})(?![0-9]|{_BLANK}[元万亿号])){_NO_AMOUNT}"
)
"""A mobile number in its parts, digit by digit, or broken at one place; no amount or date beside another amount."""

_LONG_RUN = re.compile(r"\d(?:[ -]?\d){8,}[0-9A-Z*]*", re.IGNORECASE)
_NAMED_RUN = re.compile(r"\d{11,}[Xx]?")
_TIME = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{3})?)?")
"""When a file was exported, to the minute, the second or the millisecond."""

_NO_TEXT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that steer terminals, turn the direction of text, have no width or are no UTF-8."""
_LONGEST_TOLD = 60
_WELL_FORMED = re.compile(r"\d{17}[\dX]", re.IGNORECASE)


def number(text: str) -> str:
    """An 18-character number keeps its first six and last four characters: '410102********1234'."""
    return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}"


def cell(text: str, personal: bool) -> str:
    """A delivered cell as it may be told. Of a personal column, whatever stands in it, the first character and the
    length, unless it is written like an identity number."""
    if not personal:
        return words(text)
    folded = unicodedata.normalize("NFKC", text).strip()
    if _WELL_FORMED.fullmatch(folded):
        return number(folded)
    hidden = f"{folded[:1]}{'*' * min(len(folded) - 1, _LONGEST_TOLD)}"
    return hidden if len(folded) <= _LONGEST_TOLD else f"{hidden}（{len(folded)}个字符）"


def words(text: str) -> str:
    """Delivered text with what could be personal hidden: long runs of digits, and each word but its first character.

    Figures, dates and codes of up to eight digits stay readable. For cells whose content is not what was agreed.
    """
    told = without_numbers(unicodedata.normalize("NFKC", text))[:_LONGEST_TOLD]
    hidden = _LONG_RUN.sub(lambda run: _run(run.group()), told)
    return re.sub(r"([^\W\d_])[^\W\d_]+", r"\1*", hidden)


def without_numbers(text: str) -> str:
    """Free text with the identity numbers and mobile numbers in it masked, the rest as it is."""
    for shape in (_APART_IDENTITY, _PERSONAL_NUMBER, _APART_MOBILE):
        text = shape.sub(lambda found: _run(found.group()), text)
    return text


def showable(text: str, longest: int = LONGEST) -> str:
    """A name that a sender gave (of a file, a worksheet, a column) as it may be printed, logged or put in a message.

    Blanks are spaces, other characters that are no text are □, long runs of digits masked unless they say a time. Of a
    name that is too long the beginning and the end are shown.
    """
    printed = "".join(" " if c.isspace() else "□" if unicodedata.category(c) in _NO_TEXT else c for c in text)
    masked = _NAMED_RUN.sub(lambda run: _named(run.group()), without_numbers(printed))
    if len(masked) <= longest:
        return masked
    end = longest // 4
    return f"{masked[: longest - end - 1]}…{masked[-end:]}"


def _named(run: str) -> str:
    return run if _TIME.fullmatch(run) else _run(run)


def _run(run: str) -> str:
    digits = sum(character.isdigit() for character in run)
    return number(run) if digits >= 15 else f"{run[:3]}{'*' * (len(run) - 3)}"
