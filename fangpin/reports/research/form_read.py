"""An export of a team's electronic form (ODK Central, KoboToolbox, SurveyCTO): what its records say.

Columns are known by the last part of their name, whatever groups stand before it; an answer may be a code or its words.
Does not belong here: the form itself (form.py), reading bytes (assets/field_reading.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fangpin.errors import FileRejected
from fangpin.masking import showable
from fangpin.reports.research.form import HAS
from fangpin.research import field as fields
from fangpin.research import item as items
from fangpin.research.field import Answer, Grid, Key, Record, Returned, Wrong, opinion_place
from fangpin.research.items import BY_CODE, of

_PART = re.compile(r"[-/:.]")
_REQUIRED = ("plan", "draw", "form_version", "subject", "visited_on", "county_code")
_IDENTITIES = ("instanceID", "KEY", "_uuid", "_id")
"""Columns that tell records apart, by what exported them; the first there is counts."""
_POSITION, _PHOTO, _INTERVIEWER = "position", "photo", "interviewer"
_KNOWN = {*_REQUIRED, *_IDENTITIES, "township_code", "village_code", "household_id", "opinion_level__actual"}
_TECHNICAL = re.compile(
    rf"^_|__system$|^{HAS}|^topic_|^about_|^(SubmissionDate|SubmitterID|SubmitterName|AttachmentsPresent|"
    r"AttachmentsExpected|Status|ReviewState|DeviceID|Edits|FormVersion|start|end|today|deviceid|formdef_version|"
    r"starttime|endtime|instanceName|uuid|duration|review_status|review_quality|review_comments|meta|"
    r"Latitude|Longitude|Altitude|Accuracy|latitude|longitude|altitude|precision)$"
)
"""What the programs add, and what the form only shows."""


@dataclass
class _Read:
    key: Key | None = None
    problems: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)  # unit -> where it was first told
    kept_not: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)


def is_export(grids: Sequence[Grid]) -> bool:
    """Whether a table is one of these."""
    return any({"subject", "form_version"} <= set(_columns(grid).values()) for grid in grids if grid.rows)


def read(grids: Sequence[Grid], name: str) -> Returned:
    """Everything an export says; FileRejected listing all that is wrong. name: of the file, for messages."""
    found = _Read()
    for grid in grids:
        if grid.rows:
            _table(found, grid, name)
    fields.refuse(found.problems, name)
    if found.key is None:
        raise FileRejected(f"{showable(name)} 里没有记录：请导出全部记录（CSV）后重试。", "field_empty")
    left = [f"{count} 条记录的{what}没有导入，请留存原文件" for what, count in found.kept_not.items()]
    if found.unknown:
        listed = "、".join(showable(each) for each in dict.fromkeys(found.unknown))
        left.append(f"不认识的列没有导入：{listed}")
    return Returned(found.key, tuple(found.records), tuple(left))


def _columns(grid: Grid) -> dict[int, str]:
    """Position -> the last part of the column's name."""
    return {at: _PART.split(text.strip())[-1] for at, text in enumerate(grid.rows[0]) if text.strip()}


def _table(found: _Read, grid: Grid, name: str) -> None:
    columns = _columns(grid)
    if missing := [each for each in _REQUIRED if each not in columns.values()]:
        raise FileRejected(
            f"{showable(name)} 缺少列 {'、'.join(missing)}：不是调研电子表单的导出。请导出全部字段（CSV），不要删列。",
            "field_columns",
        )
    items_of = {at: BY_CODE[code] for at, text in columns.items() if (code := text.rpartition("__")[0]) in BY_CODE}
    told = {*_KNOWN, _POSITION, _PHOTO, _INTERVIEWER}
    found.unknown += [
        text for at, text in columns.items() if at not in items_of and text not in told and not _TECHNICAL.search(text)
    ]
    for row, cells in enumerate(grid.rows[1:], start=2):
        if any(text.strip() for text in cells):
            _record(
                found, grid.told(row), {text: _cell(cells, at) for at, text in columns.items()}, grid.rows[0], cells
            )


def _record(found: _Read, where: str, values: Mapping[str, str], header: Sequence[str], cells: Sequence[str]) -> None:
    try:
        key = _key(values)
        subject = _subject(values["subject"])
        day = fields.day(values["visited_on"])
        place, household = _place(subject, values)
        unit = _unit(subject, place, household, values)
    except Wrong as wrong:
        found.problems.append(f"{where}：{wrong}")
        return
    if found.key is None:
        found.key = key
    elif found.key != key:
        found.problems.append(f"{where}：与前面的记录不是同一次抽样、同一版表单，请分别导出")
        return
    if subject in (items.HOUSEHOLD, items.VILLAGE) and unit in found.units:
        found.problems.append(
            f"{where}：与{found.units[unit]}是同一{'户' if household else '村'}的两条记录，请在平台上只留一条再导出"
        )
        return
    found.units[unit] = where
    answers = list(_answers(found, where, subject, values))
    main = {items.OPINION: "opinion_text", items.FINDING: "finding_problem"}.get(subject)
    if main and main not in {answer.item for answer in answers}:
        found.problems.append(f"{where}：没有写「{BY_CODE[main].question}」")
        return
    _count_left(found, values, header, cells)
    if answers:
        found.records.append(Record(unit, subject, place, household, day, tuple(answers), where))


def _key(values: Mapping[str, str]) -> Key:
    if not values["plan"] or not values["draw"].isdecimal() or not values["form_version"]:
        raise Wrong("没有方案、抽样次数或表单版本：请导出全部字段")
    return Key(values["plan"], int(values["draw"]), values["form_version"])


def _subject(text: str) -> str:
    for code, words in items.SUBJECTS.items():
        if text in (code, words):
            return code
    raise Wrong(f"“这条记录是”不是选项之一：应为{'、'.join(items.SUBJECTS.values())}")


def _place(subject: str, values: Mapping[str, str]) -> tuple[str, int | None]:
    """The place of a record by its subject, and its household; Wrong saying which is missing."""
    village = values.get("village_code", "")
    if subject == items.OPINION:
        level = _level(values.get("opinion_level__actual", ""))
        lowest = {"county": "county_code", "township": "township_code"}.get(level, "village_code")
        if not values.get(lowest, ""):
            raise Wrong("座谈意见没有选到它那一级的地方")
        return opinion_place(level, values[lowest]), None
    if not village:
        raise Wrong("没有选行政村")
    if subject != items.HOUSEHOLD:
        return village, None
    number = values.get("household_id", "")
    if not number.isdecimal() or len(number) > 9:
        raise Wrong("没有选农户，或户内部编号不是数字")
    return village, int(number)


def _level(text: str) -> str:
    for code, words in items.LEVEL:
        if text in (code, words):
            return code
    raise Wrong(f"座谈意见没有选级别：应为{'、'.join(words for _, words in items.LEVEL)}")


def _unit(subject: str, place: str, household: int | None, values: Mapping[str, str]) -> str:
    if household is not None:
        return fields.household_unit(household)
    if subject == items.VILLAGE:
        return fields.village_unit(place)
    identity = next((values[name] for name in _IDENTITIES if values.get(name)), "")
    if not identity:
        raise Wrong("没有记录编号（instanceID 或 KEY）：座谈意见和问题登记要靠它识别，请导出全部字段")
    return fields.register_unit(subject, identity)


def _answers(found: _Read, where: str, subject: str, values: Mapping[str, str]) -> Iterator[Answer]:
    for item in of(subject):
        checked, actual = values.get(item.check_field, ""), values.get(item.actual_field, "")
        try:
            answer = fields.answer(item, checked, actual)
        except Wrong as wrong:
            found.problems.append(f"{where}（{item.question}）：{wrong}")
            continue
        if answer is not None:
            yield answer


def _count_left(found: _Read, values: Mapping[str, str], header: Sequence[str], cells: Sequence[str]) -> None:
    """What a record has and this system does not keep: it is told, not passed over."""
    parts = (_PART.split(text.strip()) for text in header)
    if any(_POSITION in names and _cell(cells, at) for at, names in enumerate(parts)):
        found.kept_not["位置"] += 1
    for name, words in ((_PHOTO, "照片"), (_INTERVIEWER, "核查人姓名")):
        if values.get(name):
            found.kept_not[words] += 1


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""
