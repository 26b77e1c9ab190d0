"""The province's corrections of delivered rows, policy/corrections/<feed>.yaml: what an entry says, and whether it may.

An entry tells rows by columns that are not personal, or by file and row; drops, overrides or flags them; and says in
`expect` what the row must still hold. Does not belong here: what becomes of the rows (fangpin/intake/correcting.py).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from fangpin.errors import PolicyError
from fangpin.intake import agreed, cells
from fangpin.intake.contract import Column, Contract
from fangpin.month import end, parse
from fangpin.policy import LOADER

RULES = {
    "dropped_by_province": "省级更正：该行不计入；无需重报",
    "overridden_by_province": "省级更正：已按更正后的内容计入；请在来源系统中改正",
    "flagged_by_province": "省级提示；请核实",
}
"""What a row carries after a correction, and what the department should do."""

WARNINGS = ("overridden_by_province", "flagged_by_province")
"""Rules of level 警告: the row is accepted."""

PERSONAL = frozenset({"id_number", "name", "phone"})
"""Kinds that no entry may name: the files under policy/ are read by many."""


@dataclass(frozen=True)
class Correction:
    """An entry. first, last: delivery months (last None: until further notice). It tells its rows by `where` (column ->
    text as a department writes it) or by `file` (sha256, 16 digits) and `row`, and has one of drop, override, flag.
    expect: column -> what each such row must hold. every: it may be several rows.
    """

    feed: str
    id: str
    first: str
    last: str | None
    expect: Mapping[str, str]
    reason: str
    who: str
    date: dt.date
    where: Mapping[str, str] = field(default_factory=dict)
    file: str | None = None
    row: int | None = None
    drop: bool = False
    override: Mapping[str, str] = field(default_factory=dict)
    flag: str | None = None
    every: bool = False

    @property
    def named(self) -> str:
        """The entry as people are told of it."""
        return f"policy/corrections/{self.feed}.yaml 更正 {self.id}"

    @property
    def signed(self) -> str:
        """Why, who, when, which."""
        return f"{self.reason}（{self.who}，{self.date}，更正 {self.id}）"

    def holds(self, first: str, last: str) -> bool:
        """Whether it is in force for the delivery of any month from first to last."""
        return self.first <= last and (self.last is None or first <= self.last)


def load(folder: Path, contracts: Mapping[str, Contract]) -> dict[str, tuple[Correction, ...]]:
    """Feed -> its entries, in the order of the file; PolicyError listing all problems of all files at once."""
    found: dict[str, tuple[Correction, ...]] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        feed, name = path.stem, f"policy/corrections/{path.name}"
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
        except yaml.YAMLError as error:
            problems.append(f"{name}：不是有效的 YAML：{error}")
            continue
        if feed not in contracts:
            problems.append(f"{name}：没有名为 {feed} 的数据；文件名应为其中之一：{'、'.join(sorted(contracts))}")
        elif content is not None and not isinstance(content, list):
            problems.append(f"{name}：应为一条一条的列表，每条以“- id:”开头")
        else:
            entries = content or []  # all entries of a file may have been deleted
            wrong = [f"{name} {problem}" for problem in _file_problems(entries, contracts[feed])]
            problems += wrong
            if not wrong:
                found[feed] = tuple(_correction(feed, said) for said in entries)
    if problems:
        raise PolicyError("更正文件有误：\n" + "\n".join(problems))
    return found


def typed(column: Column, texts: list[str]) -> cells.Read:
    """Texts as a department would write them, read as its files are."""
    return cells.convert(column, pl.Series(texts, dtype=pl.String), latest=dt.date.max)


_KEYS = {
    "id": "编号",
    "month": "报送月份",
    "from": "起始报送月份",
    "to": "截止报送月份",
    "where": "按哪些列找到这一行",
    "file": "来源文件（sha256 前16位）",
    "row": "来源行号",
    "drop": "不计入",
    "override": "改写",
    "flag": "提示",
    "expect": "更正时原来的内容",
    "every": "是否更正所有符合的行",
    "reason": "理由",
    "who": "决定更正的处室或岗位",
    "date": "更正日期",
}
"""The keys of an entry, in words."""

_ACTIONS = ("drop", "override", "flag")
_PRIVATE = re.compile(r"(?<!\d)(1\d{10}|\d{15}|\d{17}[\dXx])(?!\d)")
"""A mobile number or an identity number."""


def _correction(feed: str, said: Mapping[str, Any]) -> Correction:
    others = {key: value for key, value in said.items() if key not in {"month", "from", "to"}}
    months = (said["month"], said["month"]) if "month" in said else (said["from"], said.get("to"))
    return Correction(feed=feed, first=months[0], last=months[1], **others)


def _file_problems(content: list[Any], contract: Contract) -> Iterator[str]:
    ids = Counter(str(said["id"]) for said in content if isinstance(said, dict) and "id" in said)
    for number, said in enumerate(content, start=1):
        if not isinstance(said, dict):
            yield f"第{number}条：应为“名称: 值”的一组"
            continue
        name = f"第{number}条（{said['id']}）" if "id" in said else f"第{number}条"
        for problem in _problems(said, contract):
            yield f"{name}：{problem}"
        if ids[str(said.get("id"))] > 1:
            yield f"{name}：编号与另一条相同，请换一个"


def _problems(said: Mapping[str, Any], contract: Contract) -> Iterator[str]:
    for key in said:
        if key not in _KEYS:
            yield f"不认识的项“{key}”；可用：{'、'.join(_KEYS)}"
    for key in ("id", "reason", "who"):
        if not isinstance(said.get(key), str) or not said[key].strip():
            yield f"缺少 {key}（{_KEYS[key]}），应为文字"
    for key in ("reason", "who", "flag"):
        if isinstance(said.get(key), str) and _PRIVATE.search(said[key]):
            yield f"{key} 里有手机号或证件号码：更正文件不得写个人信息"
    if type(said.get("date")) is not dt.date:
        yield f"缺少 date（{_KEYS['date']}），应写作 YYYY-MM-DD"
    if not isinstance(said.get("every", False), bool):
        yield "every 只能是 true 或 false"
    yield from _month_problems(said)
    yield from _row_problems(said)
    yield from _action_problems(said, contract)
    for key in ("where", "override", "expect"):
        if key in said:
            yield from _cell_problems(key, said[key], contract)
    if "expect" not in said:
        yield "缺少 expect（更正时原来的内容）：没有它，来源改正以后这条更正还会继续生效"


def _month_problems(said: Mapping[str, Any]) -> Iterator[str]:
    if ("month" in said) == ("from" in said) or ("to" in said and "from" not in said):
        yield "报送月份应写 month（一个月），或 from 和 to（几个月；没有 to 表示一直有效）"
    for key in ("month", "from", "to"):
        if key in said and not _is_month(said[key]):
            yield f"{key} 应写作 YYYY-MM，如 2021-10"
    if _is_month(said.get("from")) and _is_month(said.get("to")) and said["to"] < said["from"]:
        yield "to 早于 from"


def _is_month(text: Any) -> bool:
    try:
        return isinstance(text, str) and bool(parse(text))
    except ValueError:
        return False


def _row_problems(said: Mapping[str, Any]) -> Iterator[str]:
    by_file = "file" in said or "row" in said
    if by_file == ("where" in said):
        yield "应写 where（列: 值），或 file 和 row，说明更正的是哪一行；二者只写一种"
    if not by_file:
        return
    if not re.fullmatch(r"[0-9a-f]{16}", str(said.get("file"))) or not isinstance(said["file"], str):
        yield "file 应为来源文件 sha256 的前16位，加引号"
    if type(said.get("row")) is not int or said["row"] < 1:
        yield "row 应为来源行号，如 3"
    if said.get("every"):
        yield "every 与 file、row 不能同时写：它们只说一行"


def _action_problems(said: Mapping[str, Any], contract: Contract) -> Iterator[str]:
    if sum(key in said for key in _ACTIONS) != 1:
        yield "drop（不计入）、override（改写）、flag（提示）应写且只写一种"
    if said.get("drop", True) is not True:
        yield "drop 只能写 true"
    if "flag" in said and (not isinstance(said["flag"], str) or not said["flag"].strip()):
        yield "flag 应为提示的文字"
    override, expect = said.get("override"), said.get("expect")
    if not isinstance(override, dict) or not isinstance(expect, dict):
        return
    columns = {column.name: column for column in contract.columns}
    for name in override:
        if name not in expect:
            yield f"override 改写了 {name}，expect 也要写它原来的内容"
        elif override[name] == expect[name]:
            yield f"override 的 {name} 与原来的内容相同"
    period, first = contract.period, said.get("month", said.get("from"))
    if period is not None and period in override and _is_month(first) and isinstance(override[period], str):
        latest = end(first) if columns[period].kind == "date" else first
        value = typed(columns[period], [override[period]]).values.item()
        if value is not None and value > latest:
            yield f"override 的 {period} 晚于报送月份"


def _cell_problems(key: str, values: Any, contract: Contract) -> Iterator[str]:
    """What is wrong with a mapping of columns to texts, by the rules for delivered cells."""
    if not isinstance(values, dict) or not values:
        yield f"{key} 应为“列名: 值”的一组"
        return
    columns = {column.name: column for column in contract.columns}
    row = {}
    for name, text in values.items():
        column = columns.get(name)
        if column is None:
            yield f"{key} 的 {name} 不是《{contract.title}》的列；可用：{'、'.join(_usable(contract))}"
        elif column.kind in PERSONAL:
            yield f"{key} 不得写 {name}（{column.header}）：更正文件不得写个人信息，请用别的列，或用 file 和 row"
        elif not isinstance(text, str):
            yield f'{key} 的 {name} 应加引号写成文字，如 "{text}"（空单元格写 ""）'
        else:
            read = typed(column, [text])
            if read.rules is None:
                row[name] = read.values
            else:
                yield f"{key} 的 {name}：{column.header}{cells.RULES[read.rules.item()].split('；')[0]}"
    for name, rule in _disagreed(row, contract):
        yield f"{key} 的 {name}：{columns[name].header}{agreed.RULES[rule].split('；')[0]}"


def _usable(contract: Contract) -> list[str]:
    return [column.name for column in contract.columns if column.kind not in PERSONAL]


def _disagreed(row: Mapping[str, pl.Series], contract: Contract) -> list[tuple[str, str]]:
    """(column, rule) of the cells that fail the feed's class."""
    schema = contract.model.to_schema().columns
    frame = pl.DataFrame(
        [row.get(name, pl.Series([None], dtype=column.dtype.type)).alias(name) for name, column in schema.items()]
    )
    others = [(0, name, "") for name in schema if name not in row]
    broken = agreed.broken(frame, contract, pl.DataFrame(others, agreed.BROKEN_SCHEMA, orient="row"))
    return [(name, rule) for _, name, rule in broken.iter_rows()]
