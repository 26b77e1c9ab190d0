"""A village's workbook that came back filled in: what it says, or everything that is wrong with it.

An item is found by its code in the first column, a household by its number in the sheet's name. Does not belong here:
how the workbook is made (visit.py), reading its bytes (assets/field_reading.py).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fangpin.errors import FileRejected
from fangpin.masking import showable
from fangpin.reports.research.visit import COLUMNS, DAY, FINDINGS, KEYS, LIST, MEMBERS, OPINIONS, PAPERS, VILLAGE, VISIT
from fangpin.research import field as fields
from fangpin.research.field import Answer, Grid, Key, Record, Returned, Wrong, opinion_place
from fangpin.research.item import FINDING, HOUSEHOLD, OPINION, PAPER
from fangpin.research.item import VILLAGE as OF_VILLAGE
from fangpin.research.items import BY_CODE, of

_HOUSEHOLD = re.compile(VISIT.format(r"(\d{1,9})"))
_DAY = re.compile(f"{DAY}(.*)")
_NOT_READ = (LIST, MEMBERS, KEYS)
"""Sheets that ask nothing."""
_CHECKED, _ACTUAL, _NOTE = 3, 4, 5
"""Columns of a visit sheet that are filled in; of the checklist of papers they stand one further to the right."""


@dataclass
class _Read:
    """What is gathered while the sheets are read."""

    village: str
    problems: list[str] = field(default_factory=list)
    households: dict[int, list[Answer]] = field(default_factory=dict)
    days: dict[int, dt.date] = field(default_factory=dict)
    village_answers: list[Answer] = field(default_factory=list)
    village_day: dt.date | None = None
    left: list[str] = field(default_factory=list)


def is_visit(grids: Sequence[Grid]) -> bool:
    """Whether a workbook is one of these."""
    return any(grid.name == KEYS for grid in grids)


def read(grids: Sequence[Grid], name: str) -> Returned:
    """Everything a filled workbook says; FileRejected listing all that is wrong. name: of the file, for messages."""
    keys = _keys(grids, name)
    found = _Read(keys["village_code"])
    for grid in grids:
        number = _HOUSEHOLD.fullmatch(grid.name or "")
        if number is not None:
            _visit(found, grid, int(number.group(1)))
        elif grid.name == VILLAGE:
            found.village_answers, found.village_day = _answers(found, grid, OF_VILLAGE), _signed(found, grid)
        elif grid.name not in (PAPERS, OPINIONS, FINDINGS, *_NOT_READ) and any(any(row) for row in grid.rows):
            found.left.append(f"工作表「{showable(grid.name or '')}」不是本表单的，没有读取")
    by_name = {grid.name: grid for grid in grids}
    if PAPERS in by_name:
        _papers(found, by_name[PAPERS])
    records = [*_household_records(found), *_village_record(found)]
    for sheet, subject in ((OPINIONS, OPINION), (FINDINGS, FINDING)):
        if sheet in by_name:
            records += _register(found, by_name[sheet], subject)
    fields.refuse(found.problems, name)
    key = Key(keys["plan"], int(keys["draw"]), keys["form_version"])
    return Returned(key, tuple(records), tuple(found.left))


def _keys(grids: Sequence[Grid], name: str) -> dict[str, str]:
    rows = next(grid.rows for grid in grids if grid.name == KEYS)
    told = {row[0].strip(): row[1].strip() for row in rows if len(row) > 1}
    missing = [key for key in ("plan", "draw", "form_version", "village_code") if not told.get(key)]
    if missing or not told["draw"].isdecimal():
        raise FileRejected(
            f"{showable(name)} 的工作表「{KEYS}」不全或被改动（{'、'.join(missing) or 'draw'}），看不出是哪次抽样的："
            "请在资料包里原来的核查表上填写，不要删除或改动这张表。",
            "field_keys",
        )
    return told


def _visit(found: _Read, grid: Grid, number: int) -> None:
    answers = _answers(found, grid, HOUSEHOLD)
    day = _signed(found, grid)
    found.households[number] = answers
    if day is not None:
        found.days[number] = day


def _answers(found: _Read, grid: Grid, subject: str) -> list[Answer]:
    """The items of a sheet that were answered."""
    answers, seen = [], set()
    for row, cells in enumerate(grid.rows, start=1):
        first = _cell(cells, 0)
        filled = [_cell(cells, column) for column in (_CHECKED, _ACTUAL, _NOTE)]
        if first in BY_CODE and BY_CODE[first].subject == subject:
            filled[0] = "" if filled[0] == "—" else filled[0]
            answer = _answer(found, grid.told(row), first, *filled)
            if answer is not None:
                answers.append(answer)
            if first in seen:
                found.problems.append(f"{grid.told(row)}：项目 {first} 出现了两次，请只留一行")
            seen.add(first)
        elif any(filled) and first != COLUMNS[0] and not any(DAY in text for text in cells):
            found.problems.append(f"{grid.told(row)}：填了内容，但第一列不是本表的项目编码，请按原来的核查表恢复第一列")
    return answers


def _answer(found: _Read, where: str, code: str, checked: str, actual: str, note: str) -> Answer | None:
    try:
        return fields.answer(BY_CODE[code], checked, actual, note)
    except Wrong as wrong:
        found.problems.append(f"{where}（{BY_CODE[code].question}）：{wrong}")
        return None


def _signed(found: _Read, grid: Grid) -> dt.date | None:
    """The day written behind 核查日期."""
    for row, cells in enumerate(grid.rows, start=1):
        for text in cells:
            if (told := _DAY.search(text)) and told.group(1).strip():
                try:
                    return fields.day(told.group(1))
                except Wrong as wrong:
                    found.problems.append(f"{grid.told(row)}（{DAY}）：{wrong}")
    return None


def _papers(found: _Read, grid: Grid) -> None:
    """The checklist of papers: one row a household and paper."""
    seen = set()
    for row, cells in enumerate(grid.rows, start=1):
        number, code = _cell(cells, 0), _cell(cells, 1)
        filled = [_cell(cells, column + 1) for column in (_CHECKED, _ACTUAL, _NOTE)]
        if not any(filled) or code == COLUMNS[0]:
            continue
        if not number.isdecimal() or code not in BY_CODE or BY_CODE[code].answer != PAPER:
            found.problems.append(
                f"{grid.told(row)}：填了内容，但前两列不是户内部编号和项目编码，请按原来的清单恢复前两列"
            )
            continue
        if (number, code) in seen:
            found.problems.append(f"{grid.told(row)}：{number}号户的 {code} 出现了两次，请只留一行")
        seen.add((number, code))
        answer = _answer(found, grid.told(row), code, *filled)
        if answer is not None:
            found.households.setdefault(int(number), []).append(answer)


def _household_records(found: _Read) -> Iterator[Record]:
    for number, answers in found.households.items():
        if not answers:
            continue
        day = found.days.get(number) or found.village_day
        if day is None:
            found.problems.append(
                f"工作表「{VISIT.format(number)}」：没有写核查日期，请写在「{DAY}」后面（村级核查表写了的，可不逐户写）"
            )
            continue
        told = VISIT.format(number)
        yield Record(fields.household_unit(number), HOUSEHOLD, found.village, number, day, tuple(answers), told)


def _village_record(found: _Read) -> Iterator[Record]:
    if not found.village_answers:
        return
    if (day := _village_day(found)) is None:
        found.problems.append(f"工作表「{VILLAGE}」：没有写核查日期，请写在「{DAY}」后面")
        return
    unit = fields.village_unit(found.village)
    yield Record(unit, OF_VILLAGE, found.village, None, day, tuple(found.village_answers), VILLAGE)


def _village_day(found: _Read) -> dt.date | None:
    """The village's own day, else the first of its households'."""
    return found.village_day or min(found.days.values(), default=None)


def _register(found: _Read, grid: Grid, subject: str) -> Iterator[Record]:
    """Rows of a register: the codes of its columns stand in a row above."""
    about = of(subject)
    codes: dict[int, str] = {}
    for row, cells in enumerate(grid.rows, start=1):
        if not codes:
            codes = {column: text for column, text in enumerate(cells) if text in BY_CODE}
            continue
        if [_cell(cells, column) for column in codes] == [each.question for each in about]:
            continue
        answers = [_answer(found, grid.told(row), code, "", _cell(cells, at), "") for at, code in codes.items()]
        told = {answer.item: answer for answer in answers if answer is not None}
        if not told:
            continue
        main = f"{subject}_{'text' if subject == OPINION else 'problem'}"
        if main not in told:
            found.problems.append(f"{grid.told(row)}：没有写「{BY_CODE[main].question}」")
            continue
        if (day := _village_day(found)) is None:
            found.problems.append(f"工作表「{VILLAGE}」：没有写核查日期，请写在「{DAY}」后面")
            continue
        place = found.village
        if subject == OPINION:
            if "opinion_level" not in told:
                found.problems.append(f"{grid.told(row)}：没有写「{BY_CODE['opinion_level'].question}」")
                continue
            place = opinion_place(told["opinion_level"].actual, found.village)
        unit = fields.register_unit(subject, f"{place}|{told[main].actual}")
        yield Record(unit, subject, place, None, day, tuple(told.values()), grid.told(row))
    if not codes and any(any(row) for row in grid.rows):
        found.problems.append(f"{grid.told(1)}：找不到项目编码那一行，请按原来的表恢复")


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""
