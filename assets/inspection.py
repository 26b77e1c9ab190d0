"""A dry run of one delivered file: what intake would make of it, with nothing written anywhere.

The same reading, judging and search for duplicates as a batch has. What needs the vault, the ledger or the month's
other files is not looked at (NOT_CHECKED). Does not belong here: how the report reads (pipelines/check.py).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, NamedTuple

import polars as pl

from assets import reader, returns
from assets.returns import ReturnList
from assets.sandbox import Sandbox
from assets.template_id import own_sheets, template_id, template_of
from checks.feed import FeedContract
from checks.raw import FEEDS
from fangpin.errors import FangpinError, FileRejected
from fangpin.intake import placing, validate
from fangpin.intake.blocks import Facts, Sheet
from fangpin.intake.doubts import plausible
from fangpin.intake.levels import WARNING
from fangpin.intake.limits import limits
from fangpin.intake.locating import Located, locate, recognise, refuse_unit_of_name
from fangpin.intake.opening import opened
from fangpin.intake.remarks import remarks
from fangpin.intake.stated import contradiction, sayings
from fangpin.intake.validate import Context
from fangpin.masking import showable
from fangpin.month import end, shift
from fangpin.places import NAMED
from fangpin.policy import Policy

NOT_CHECKED = (
    "人员和户是否在身份库中（匹配率）",
    "与以前月份的比较（是否已报过同一记录、金额单位是否变了）",
    "与同月其他文件是否重复或矛盾，属于哪个市",
    "省级更正（policy/corrections）",
)
"""What the dry run does not look at: it would need the vault, the ledger or the other files."""

ACCEPTED, QUARANTINED, REJECTED = 0, 1, 2


class Reason(NamedTuple):
    """Why a row is refused or doubted. sheet, sheet_row: where it stands; value: the cell, masked."""

    row: int
    column: str
    rule: str
    level: str
    message: str
    value: str | None
    sheet: str | None
    sheet_row: int


@dataclass
class Inspection:
    """What would become of the file as a delivery of the month. Of a rejected file nothing is counted.

    rows_in_file = header_rows + blank_rows + asides + accepted + quarantined. asides: (row, kind) of totals and notes.
    remarks: how it was read. old_template: it was made from a template of another contract than today's.
    """

    month: str
    rejected: FileRejected | None = None
    rows_in_file: int = 0
    header_rows: int = 0
    blank_rows: int = 0
    asides: list[tuple[int, str]] = field(default_factory=list)
    accepted: int = 0
    quarantined: int = 0
    reasons: list[Reason] = field(default_factory=list)
    unknown_columns: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    header_row: int | None = None
    encoding: str | None = None
    sheet: str | None = None
    old_template: bool = False

    @property
    def warnings(self) -> int:
        return sum(reason.level == WARNING for reason in self.reasons)

    @property
    def status(self) -> int:
        """The exit status: accepted whole, rows quarantined, file rejected."""
        if self.rejected is not None:
            return REJECTED
        return QUARANTINED if self.quarantined else ACCEPTED

    def as_json(self) -> dict[str, Any]:
        """What `fangpin check --json` prints."""
        rejected = self.rejected
        return {
            "rejected": None if rejected is None else {"rule": rejected.rule, "message": str(rejected)},
            "rows_in_file": self.rows_in_file,
            "header_rows": self.header_rows,
            "blank_rows": self.blank_rows,
            "total_rows": len(self.asides),
            "accepted": self.accepted,
            "quarantined": self.quarantined,
            "warnings": self.warnings,
            "reasons": [
                {name: value for name, value in reason._asdict().items() if name in _TOLD} for reason in self.reasons
            ],
            "unknown_columns": list(self.unknown_columns),
            "remarks": list(self.remarks),
            "header_row": self.header_row,
            "encoding": self.encoding,
            "sheet": self.sheet,
        }


_TOLD = frozenset({"row", "column", "rule", "level", "message"})


def inspect(path: Path, contract: FeedContract, month: str, policy: Policy, sure: bool = True) -> Inspection:
    """Read and judge the file as the feed's delivery of the month; whatever is wrong with it is in the answer.

    sure: the month is what the sender means; else what the file says of its month counts for more.
    """
    found = Inspection(month)
    try:
        sandbox = reader.sandbox_under(limits(_in_force(policy, "intake", month)))
        with _opened(path, sandbox) as descriptor:
            _inspect(sandbox, descriptor, path.name, contract, policy, sure, found)
    except FileRejected as rejected:
        return Inspection(found.month, rejected, encoding=found.encoding)
    return found


def _context(contract: FeedContract, month: str, policy: Policy) -> Context:
    """What judging needs; the index of places, which takes a second, only for feeds that name places."""
    named = any(column.kind == "village_code" or column.name in NAMED for column in contract.columns)
    places = placing.place_index(month) if named else pl.DataFrame()
    return Context(month, places, plausible(_in_force(policy, "plausibility", month)))


def _in_force(policy: Policy, group: str, month: str) -> dict[str, Any]:
    return {name: policy.value(f"{group}.{name}", "", end(month)).value for name in policy.group(group)}


@contextmanager
def _opened(path: Path, sandbox: Sandbox) -> Iterator[int]:
    """A descriptor of the file, wherever it lies."""
    if not os.path.lexists(path):
        raise FileRejected(f"没有这个文件：{_shown(path)}。请核对路径。", "not_found")
    if path.is_dir():
        raise FileRejected(f"是文件夹，不是文件：{_shown(path)}。请给出其中一份文件。", "not_a_file")
    try:
        with opened(path.absolute().parent, Path(path.name), sandbox.limits) as descriptor:
            yield descriptor
    except OSError as error:
        raise FileRejected(f"打不开（{error.strerror}）：请核对文件所在的磁盘。") from error


def _shown(path: Path) -> str:
    """The path that was asked for, whole."""
    return showable(str(path), len(str(path)))


def _inspect(
    sandbox: Sandbox,
    descriptor: int,
    name: str,
    contract: FeedContract,
    policy: Policy,
    sure: bool,
    found: Inspection,
) -> None:
    member = _only_member(sandbox, descriptor) if name.lower().endswith(".zip") else None
    facts = sandbox.survey(descriptor, name, member)
    found.encoding = facts.encoding
    sheets = sandbox.sheets(descriptor, facts, member)
    returned = returns.recognise(sheets)
    if returned is None:
        at = _located(sheets, contract)
        refuse_unit_of_name(at, [name, *([member] if member else [])])
        found.unknown_columns = tuple(map(showable, at.unknown))
        archive = None if member is None else name
        found.month = _month_of(at, PurePath(member or name).name, archive, found.month, policy, sure)
    else:
        at = _answered(sheets, returned, contract, found.month, sure)
        found.month = returned.month
    context = _context(contract, found.month, policy)
    made_from = template_of(sheets)
    found.old_template = made_from is not None and made_from != template_id(contract)
    found.header_row = at.tables[0][1].row
    found.sheet = "、".join(showable(sheet.name) for sheet, _ in at.tables if sheet.name) or None
    found.header_rows = found.rows_in_file = at.header_rows
    rows = [pl.DataFrame(schema={"source_row": pl.Int32})]
    rounded: Counter[str] = Counter()
    nameless: set[str] = set()
    for block in sandbox.blocks(descriptor, facts, at.tables, contract.columns, member):
        judged = validate.judge(block, contract, at.tables[block.table][1], context, at.examples)
        found.rows_in_file = block.end
        found.header_rows += judged.header_rows
        found.blank_rows += judged.blank_rows
        found.asides += judged.asides
        rounded.update(judged.rounded)
        nameless.update(judged.nameless)
        found.accepted += len(judged.accepted)
        found.quarantined += len(judged.refused)
        found.reasons += [_reason(at, reason) for reason in judged.reasons.iter_rows(named=True)]
        rows.append(judged.accepted.select("source_row", *_key(contract)))
    again = _duplicates(pl.concat(rows, how="diagonal"), contract)
    found.accepted -= len(again)
    found.quarantined += len(again)
    found.reasons += [_reason(at, reason) for reason in again]
    found.reasons.sort(key=lambda reason: reason.row)
    if returned is None:
        found.unknown_columns = tuple(dict.fromkeys((*found.unknown_columns, *sorted(nameless))))
    found.remarks = remarks(at, contract, found.asides, rounded, sorted(nameless), own_sheets(sheets))
    _require_whole(found, facts)


def _only_member(sandbox: Sandbox, descriptor: int) -> str:
    members = sandbox.members(descriptor)
    if len(members) != 1:
        raise FileRejected(f"压缩包里有 {len(members)} 份文件，一次只查一份：请解开后逐份检查。", "several_files")
    return members[0]


def _located(sheets: Sequence[Sheet], contract: FeedContract) -> Located:
    """The feed's tables; FileRejected when intake would take the file for another feed of the department."""
    at = locate(sheets, contract)
    taken, _ = recognise(sheets, [each for each in FEEDS.values() if each.source == contract.source])
    if taken.name != contract.name:
        raise FileRejected(
            f"列名更符合《{taken.title}》（{taken.name}），会按它接收："
            f"请核对 --feed，或按《{contract.title}》补全各列。",
            "another_feed",
        )
    return at


def _answered(sheets: Sequence[Sheet], returned: ReturnList, contract: FeedContract, month: str, sure: bool) -> Located:
    """The feed's tables in a return list that comes back corrected."""
    if sure and returned.month != month:
        raise FileRejected(f"是 {returned.month} 的退回清单，不是 {month} 的：请按它的月份检查。", "wrong_month")
    names = {answer.sheet for answer in returned.sheets if answer.feed == contract.name}
    if not names:
        raise FileRejected(f"退回清单里没有《{contract.title}》：请核对 --feed。", "another_feed")
    return locate([sheet for sheet in sheets if sheet.name in names], contract)


def _month_of(at: Located, name: str, archive: str | None, month: str, policy: Policy, sure: bool) -> str:
    """The month the file is checked for. FileRejected when it says another one than was surely meant, or several.

    archive: the name of the zip it came in.
    """
    titles = {title for _, heading in at.tables for title in heading.above}
    last_day = int(policy.value("calendar.publish_by_day", "", end(month)).value)
    problem = contradiction(month, name, titles, last_day, archive)
    if problem is None:
        return month
    if sure:
        raise FileRejected(problem, "wrong_month")
    first = next(each for _, said in sayings(month, name, titles, archive) for each in said)
    early = first.day is not None and first.day.day <= last_day
    return _month_of(at, name, archive, shift(first.month, -1) if early else first.month, policy, sure=True)


def _key(contract: FeedContract) -> list[str]:
    """The columns of judged rows that hold the contract's key: identity numbers are keys by then."""
    return ["person_key" if contract.column(name).kind == "id_number" else name for name in contract.key]


def _duplicates(rows: pl.DataFrame, contract: FeedContract) -> list[dict[str, Any]]:
    """A reason for each row whose key a row before it has."""
    if rows.is_empty():
        return []
    first = rows.with_columns(first_row=pl.col("source_row").first().over(_key(contract)))
    again = first.filter(pl.col("source_row") != pl.col("first_row")).select("source_row", "first_row")
    todo = validate.RULES["duplicate_key"].split("；")[-1]
    return [
        {
            "row": row,
            "column": "",
            "rule": "duplicate_key",
            "level": validate.level("duplicate_key"),
            "message": f"与第{before}行重复；{todo}",
            "value": None,
        }
        for row, before in again.iter_rows()
    ]


def _reason(at: Located, reason: dict[str, Any]) -> Reason:
    sheet, sheet_row = at.where(reason["row"])
    return Reason(**reason, sheet=sheet and showable(sheet), sheet_row=sheet_row)


def _require_whole(found: Inspection, facts: Facts) -> None:
    """Every row of the file has one fate; else the program is wrong, and says so."""
    told = found.header_rows + found.blank_rows + len(found.asides) + found.accepted + found.quarantined
    if told != found.rows_in_file or facts.lines not in (None, found.rows_in_file):
        raise FangpinError(
            f"文件 {facts.lines or found.rows_in_file} 行，只说得清 {told} 行的去向：这是程序缺陷，请报告。"
        )
