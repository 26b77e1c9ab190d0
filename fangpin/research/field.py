"""What a field file says once it is read: answers, opinions, problems, each of one record with its place and day.

Texts are kept without numbers of persons. Does not belong here: workbooks and exports (fangpin/reports/research), what
the answers mean (agreement.py, yields.py, estimate.py), storing them (assets/field_ledger.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fangpin import masking
from fangpin.errors import FileRejected
from fangpin.intake import written
from fangpin.masking import showable
from fangpin.research.item import (
    ASK,
    CHOICE,
    COMPARE,
    DATE,
    HOUSEHOLD,
    INTEGER,
    MONTH,
    PAPER,
    VILLAGE,
    YESNO,
    YUAN,
    Item,
)

TOLD = 20
"""Problems of a file that are told one by one; of the others only how many."""


@dataclass(frozen=True)
class Key:
    """What a file says it belongs to."""

    plan: str
    draw: int
    form_version: str


@dataclass(frozen=True)
class Answer:
    """One item of a record. checked: what was ticked, '' for a question of its own. actual: what was found: a code, a
    number (yuan in fen), a month, a day or a text; '' where nothing was written."""

    item: str
    checked: str
    actual: str
    note: str


@dataclass(frozen=True)
class Record:
    """One thing that was visited or heard. unit: newer records of the same unit replace this one.

    place_code: of the village, or of the place of an opinion. household_id: of a household's record only.
    where: sheet or row, for messages.
    """

    unit: str
    subject: str
    place_code: str
    household_id: int | None
    day: dt.date
    answers: tuple[Answer, ...]
    where: str


@dataclass(frozen=True)
class Imported:
    """A file that was taken in. records: how many; left: what of it is not kept, in words; withdrawn: (who, why)."""

    number: int
    name: str
    records: int
    left: tuple[str, ...]
    withdrawn: tuple[str, str] | None


@dataclass(frozen=True)
class Returned:
    """A field file. left: what of it is not kept, in words."""

    key: Key
    records: tuple[Record, ...]
    left: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A worksheet, or a csv, as text: rows from the first, each from column A. name: None for a csv."""

    name: str | None
    rows: tuple[tuple[str, ...], ...]

    def told(self, row: int) -> str:
        """Where a row is, from 1."""
        return f"第{row}行" if self.name is None else f"工作表「{showable(self.name)}」第{row}行"


class Wrong(Exception):
    """A cell that is no answer; its text says why and what to write."""


def household_unit(household_id: int) -> str:
    return f"{HOUSEHOLD}:{household_id}"


def village_unit(village_code: str) -> str:
    return f"{VILLAGE}:{village_code}"


def register_unit(subject: str, told: str) -> str:
    """told: the record's own identity; for a row of a workbook its place and words, so that two copies of a workbook
    that several people fill in add up."""
    return f"{subject}:{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def finding_id(trip: str, place_code: str, problem: str) -> str:
    """Eight characters that stay the same when a file comes again: what settles a problem names it by these."""
    return hashlib.sha256(f"{trip}|{place_code}|{problem}".encode()).hexdigest()[:8]


def answer(item: Item, checked: str, actual: str, note: str = "") -> Answer | None:
    """What a row or a pair of columns says, None when nothing; Wrong saying what is not understood."""
    ticked, found, said = (masking.without_numbers(text.strip()) for text in (checked, actual, note))
    if item.answer == ASK:
        ticked = ""
    elif ticked:
        ticked = _code(ticked, item.checks, "核查结果")
    elif found:
        raise Wrong(f"写了实际情况，没有选核查结果：请选{_words(item.checks)}")
    if not (ticked or found or said):
        return None
    return Answer(item.code, ticked, value(item, found) if found else "", said)


def value(item: Item, text: str) -> str:
    """What was found, in the spelling of the ledger; Wrong when it is not of the item's kind."""
    if item.answer not in (ASK, COMPARE, PAPER):
        return text
    if item.kind in (YESNO, CHOICE):
        return _code(text, item.choices, "填的内容")
    try:
        if item.kind == INTEGER:
            return _told(written.read_integer(text))
        if item.kind == YUAN:
            return _told(written.read_money(text))
        if item.kind == MONTH:
            return _told(written.read_month(text))
        if item.kind == DATE:
            found = written.read_date(text)
            return "" if found is None else found.isoformat()
    except written.Unreadable:
        raise Wrong(f"{_KINDS[item.kind]}读不懂") from None
    return text


def day(text: str) -> dt.date:
    """A day of a visit; Wrong when it is none."""
    try:
        found = written.read_date(text.strip())
    except written.Unreadable:
        found = None
    if found is None:
        raise Wrong("日期读不懂：请写成 2022-01-05 或 2022年1月5日")
    return found


def refuse(problems: Iterable[str], name: str) -> None:
    """FileRejected with every problem, when there is any: nothing of the file is taken."""
    listed = list(problems)
    if listed:
        more = "" if len(listed) <= TOLD else f"\n另有 {len(listed) - TOLD} 处。"
        told = "\n".join(f"  {each}" for each in listed[:TOLD])
        raise FileRejected(f"{showable(name)} 有 {len(listed)} 处要改，整个文件没有导入：\n{told}{more}", "field_file")


def opinion_place(level: str, village_code: str) -> str:
    """The place an opinion is about: the village, or the township or county it lies in."""
    return village_code[: {"county": 6, "township": 9}.get(level, len(village_code))]


_KINDS: Mapping[str, str] = {
    INTEGER: "整数（如 2）",
    YUAN: "金额（元，如 1200.50）",
    MONTH: "月份（如 2021-05）",
    DATE: "日期（如 2021-05-06）",
}


def _told(found: object) -> str:
    return "" if found is None else str(found)


def _code(text: str, options: Iterable[tuple[str, str]], what: str) -> str:
    """The code of a word or of a code."""
    known = tuple(options)
    for code, words in known:
        if text in (code, words):
            return code
    raise Wrong(f"{what}不是选项之一：请选{_words(known)}")


def _words(options: Iterable[tuple[str, str]]) -> str:
    return "、".join(f"“{words}”" for _, words in options)
