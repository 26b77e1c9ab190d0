"""The tables officials read, declared once: a workbook sheet and a page show the same columns in the same words.

Does not belong here: how a sheet or page looks (workbooks.py, templates/), and any figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from fangpin import quality
from fangpin.reports.edition import Edition

TEXT = "text"  # short
LONG = "long"  # wrapped
CODE = "code"  # an identifier
COUNT = "count"  # a whole number
SHARE = "share"  # a ratio from 0 to 1
DECIMAL = "decimal"  # one digit after the point
CHANGE = "change"  # a whole number with its sign
FINE_SHARE = "fine_share"  # a small ratio from 0 to 1
FINE = "fine"  # three digits after the point
PROBABILITY = "probability"  # three digits, or less than the last of them
FLAG = "flag"  # yes, or blank
RANK = "rank"
INTERVAL = "interval"  # drawn, on pages only: struct of low, high, ratio, shrunken
FIGURE = "figure"  # a struct of the kind to print and the number
STATE = "state"  # a struct of state (a word of COLOURS), text, and a number where the text is one
LINKS = "links"  # on pages only: list of structs of group and links, each a text and an href

UNKNOWN = "—"
"""What is printed for NULL: unknown, or a ratio without a denominator."""


@dataclass(frozen=True)
class Column:
    """One column. header: from the top heading down, so that neighbours with the same heading share one cell."""

    key: str
    header: tuple[str, ...]
    kind: str = COUNT
    width: float = 8  # characters, on the sheet
    link: str | None = None  # the field that holds the address of the page behind the cell
    below: str | None = None  # on pages only: the field printed small under the cell


@dataclass(frozen=True)
class Table:
    """A titled table: its columns and a frame with (at least) their keys. emphasis: leading rows that are totals."""

    title: str
    columns: tuple[Column, ...]
    rows: pl.DataFrame
    notes: tuple[str, ...] = ()
    emphasis: int = 0
    id: str = ""
    anchor: str = ""  # the field that holds each row's own anchor
    unit: str = "户、人"  # on the sheet
    lead: tuple[str, ...] = ()  # on the sheet, above the header
    dense: bool = False  # on the page: small, with a scroll bar of its own; on the sheet: low rows
    folded: str = ""  # the field that says which rows are folded on the sheet: there, and neither seen nor printed
    sortable: bool = False  # on the page: by a click on a heading, where scripts are allowed


@dataclass(frozen=True)
class HeaderCell:
    text: str
    row: int
    column: int
    height: int
    width: int
    kind: str


def plain_cells(columns: Sequence[Column]) -> list[tuple[Column, str, bool]]:
    """Each column with its kind, and whether its cells are plain: no link, no drawing, nothing below."""
    drawn = (INTERVAL, STATE, LINKS, FLAG)
    return [(c, c.kind, c.kind not in drawn and c.link is None and c.below is None) for c in columns]


def header_cells(columns: Sequence[Column]) -> list[list[HeaderCell]]:
    """The header as rows of cells: neighbours under one heading are joined, a short header reaches down."""
    depth = max(len(c.header) for c in columns)
    rows = []
    for row in range(depth):
        cells = []
        start = 0
        while start < len(columns):
            column = columns[start]
            stop = start + 1
            if row < len(column.header):
                last = row == len(column.header) - 1
                while not last and stop < len(columns) and columns[stop].header[: row + 1] == column.header[: row + 1]:
                    stop += 1
                height = depth - row if last else 1
                cells.append(HeaderCell(column.header[row], row, start, height, stop - start, column.kind))
            start = stop
        rows.append(cells)
    return rows


def framed(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> pl.DataFrame:
    """The rows with the types of their columns, also where there are none; words for the links of columns."""
    kinds = {TEXT: pl.String, LONG: pl.String, COUNT: pl.Int64}
    schema: dict[str, Any] = {c.key: kinds.get(c.kind, pl.Float64) for c in columns}
    schema |= {c.link: pl.String for c in columns if c.link}
    return pl.DataFrame([{key: row.get(key) for key in schema} for row in rows], schema=schema)


_PRINTED = {
    CHANGE: "{:+,}",
    SHARE: "{:.1%}",
    FINE_SHARE: "{:.3%}",
    DECIMAL: "{:,.1f}",
    FINE: "{:,.3f}",
    PROBABILITY: "{:.3f}",
}


def shown(kind: str, value: Any) -> str:
    """A value as it is printed."""
    if value is None:
        return UNKNOWN
    if kind == FLAG:
        return "是" if value else ""
    if kind == STATE:
        return str(value["text"])
    if kind == FIGURE:
        return shown(value["kind"], value["number"])
    if kind == COUNT:
        return f"{round(value):,}"
    if kind == CHANGE and value == 0:
        return "0"
    if kind == PROBABILITY and value < 0.001:
        return "<0.001"
    if kind in _PRINTED:
        return _PRINTED[kind].format(value)
    return cited(str(value))


COLOURS = {
    quality.DELIVERED: "#dbe6ec",
    quality.LATE: "#f3d58a",
    quality.UNPLACED: "#e9e5dc",
    quality.ZERO: "#f7ead3",
    quality.REFUSED: "#edb9a4",
    quality.MISSING: "#e08a7e",
    quality.EXCELLENT: "#dbe6ec",
    quality.GOOD: "#e8efdc",
    quality.FAIR: "#f3d58a",
    quality.POOR: "#e08a7e",
    UNKNOWN: "#f6f4ef",
}
"""The ground of a cell by what it says: the states of a delivery, and grades."""


_DECISION = re.compile(r"(?:决定 ?)?docs/decisions/(\d{4})-[\w-]+\.md")


def cited(text: str) -> str:
    """A source as it is printed: a decision of the project by its number, not by its file."""
    return _DECISION.sub(r"本项目决定\1", text)


def _households_and_persons(key: str, *header: str) -> tuple[Column, Column]:
    return (
        Column(f"{key}_households", (*header, "户"), width=6.5),
        Column(f"{key}_persons", (*header, "人"), width=7),
    )


PLACE_FIGURES = (
    Column("households", ("农户", "户"), width=9),
    Column("persons", ("农户", "人"), width=10),
    *_households_and_persons("monitored", "监测对象", "合计"),
    *_households_and_persons("unstable", "监测对象", "脱贫不稳定户"),
    *_households_and_persons("marginal", "监测对象", "边缘易致贫户"),
    *_households_and_persons("sudden", "监测对象", "突发严重困难户"),
    *_households_and_persons("active", "风险未消除", "小计"),
    *_households_and_persons("unstable_active", "风险未消除", "脱贫不稳定户"),
    *_households_and_persons("marginal_active", "风险未消除", "边缘易致贫户"),
    *_households_and_persons("sudden_active", "风险未消除", "突发严重困难户"),
    *_households_and_persons("eliminated", "风险已消除"),
    Column("elimination_ratio_households", ("风险消除率", "按户"), SHARE, 7.5),
    Column("elimination_ratio_persons", ("风险消除率", "按人"), SHARE, 7.5),
)
"""Households and persons by class and status, and the elimination ratio both ways: mart.place_month."""

PLACE_SHORT = (
    Column("households", ("农户数",)),
    *_households_and_persons("monitored", "监测对象"),
    *_households_and_persons("active", "风险未消除"),
    *_households_and_persons("eliminated", "风险已消除"),
    Column("elimination_ratio_households", ("风险消除率", "按户"), SHARE),
    Column("elimination_ratio_persons", ("风险消除率", "按人"), SHARE),
    Column("identified_households", ("本月变化（户）", "新识别")),
    Column("eliminated_this_month_households", ("本月变化（户）", "消除")),
    Column("returned_households", ("本月变化（户）", "回退")),
    Column("new_alerts", ("新增预警",)),
    Column("household_anomalies", ("农户异常",)),
)
"""The narrower selection of a page."""

CLASS_FIGURES = (
    Column("category", ("类别",), TEXT),
    *_households_and_persons("monitored", "监测对象"),
    *_households_and_persons("active", "风险未消除"),
    *_households_and_persons("eliminated", "风险已消除"),
    Column("ratio_households", ("风险消除率", "按户"), SHARE),
    Column("ratio_persons", ("风险消除率", "按人"), SHARE),
)
"""One row per class of monitored household, for one place."""

FEEDS = (
    Column("title", ("数据名称",), TEXT, 26),
    Column("source", ("报送部门",), TEXT, 16),
    Column("delivery_state", ("报送情况",), TEXT, 9),
    Column("files", ("文件数",), width=8),
    Column("rows_in_file", ("文件总行数",), width=11),
    Column("outside_rows", ("表头、空行、合计行",), width=11),
    Column("accepted", ("接收行数",), width=11),
    Column("quarantined", ("退回行数",), width=10),
    Column("accepted_share", ("接收率",), SHARE, 9),
    Column("match_rate", ("匹配率",), SHARE, 9),
)

ALERT_TITLES = {
    "income_below_line": "扣除刚性支出后收入低于监测线",
    "income_drop": "收入大幅下降",
    "rigid_share": "刚性支出占比高",
    "medical_year": "年度自付医疗费较大",
    "medical_stay": "单次住院自付较大",
    "medical_income": "自付医疗费与收入之比高",
    "dropout": "义务教育阶段疑似辍学",
    "uninsured": "未参加基本医疗保险",
    "unsafe_house": "住房不安全",
    "unsafe_water": "饮水不安全",
    "disaster": "受灾或发生意外事故",
    "petition": "信访反映",
    "job_lost": "务工人员失业",
    "newly_severe": "新增重病重残",
    "helped_unlisted": "享受救助而未监测",
    "field_unlisted": "调研认为应纳而未纳",
    "field_risk_remains": "调研认为风险未消除",
}
"""Words for the kinds of mart.alert."""


def versions(edition: Edition) -> tuple[tuple[str, str], ...]:
    """What an edition is and rests on: (term, value), for the policy page and the workbooks' notes."""
    return (
        ("月份", edition.month_title),
        ("版次", f"{edition.number}（{edition.month}/{edition.version}）"),
        ("上月版本", edition.previous or "无（首月）"),
        ("政策版本", edition.policy_version),
        ("程序版本", edition.code_version),
        ("抽样种子", edition.seed or UNKNOWN),
    )
