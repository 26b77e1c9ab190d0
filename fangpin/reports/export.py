"""The workbook for other offices: protected tables, and a sheet that says what was done to them and for whom.

Does not belong here: what is protected and how (fangpin/disclosure.py), reading and recording (pipelines/exporting.py).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from xlsxwriter.workbook import Workbook

from fangpin.disclosure import HIDDEN, Rules, counts, money, nested, ratio
from fangpin.reports.topic_figures import TOPICS
from fangpin.topics.topic import COUNT, MEAN, SHARE, UNITS

LEVELS = {"province": "省", "city": "市", "county": "县", "township": "乡镇"}
EXACT = (pl.col("level") == "province") & pl.col("own")
"""The own province's row; `own` is whether a place belongs to it. Of another province we know a few places only."""

PLACES = {
    "households": "农户数",
    "persons": "人口数",
    "tuopin_households": "脱贫户数",
    "monitored_households": "监测对象户数",
    "monitored_persons": "监测对象人数",
    "active_households": "未消除户数",
    "active_persons": "未消除人数",
    "eliminated_households": "已消除户数",
    "eliminated_persons": "已消除人数",
    "identified_households": "本月新识别户数",
    "eliminated_this_month_households": "本月消除户数",
}
LINES = {
    "households": "收入已知户数",
    "households_below": "低于监测线户数",
    "persons_below": "低于监测线人数",
    "gap_yuan": "差额（元/年）",
}


@dataclass(frozen=True)
class Sheet:
    """A titled table. shares: columns shown as percentages."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[str | int | float]]
    shares: frozenset[int] = frozenset()


def places(frame: pl.DataFrame, level: str, rule: Rules) -> Sheet:
    """mart.place_month down to a level, with full_name and own; percentages from what is shown."""
    rows = counts(_down_to(frame, level), list(PLACES), rule, EXACT).with_columns(
        ratio_households=ratio("eliminated_households", "monitored_households"),
        ratio_persons=ratio("eliminated_persons", "monitored_persons"),
    )
    header = ("级别", "地区代码", "地区", *PLACES.values(), "风险消除率（按户）", "风险消除率（按人）")
    body = [
        (*_place(row), *(_cell(row[name]) for name in PLACES), _share(row, "households"), _share(row, "persons"))
        for row in rows.iter_rows(named=True)
    ]
    return Sheet("监测对象", header, body, frozenset({len(header) - 2, len(header) - 1}))


def lines(frame: pl.DataFrame, level: str, rule: Rules) -> Sheet:
    """mart.line_scenario down to the county at most: steps of lines that differ by too few households are hidden."""
    frame = _down_to(frame, "county" if level == "township" else level).with_columns(exact="households_below")
    rows = counts(frame.sort("number"), ["households", "households_below", "persons_below"], rule, EXACT)
    rows = rows.with_columns(money("gap_yuan", "households_below", rule, EXACT))
    rows = nested(
        rows, ["level", "place_code"], "line", "exact", ["households_below", "persons_below", "gap_yuan"], rule
    )
    header = ("级别", "地区代码", "地区", "方案", "监测线（元）", *LINES.values())
    body = [
        (*_place(row), row["title"], row["line"] or "各县不同", *(_cell(row[name]) for name in LINES))
        for row in rows.iter_rows(named=True)
    ]
    return Sheet("监测标准测算", header, body)


def topics(frame: pl.DataFrame, level: str, rule: Rules) -> Sheet:
    """mart.topic_figure down to a level: counts and shares of counts, and means of at least the smallest count.

    Sums of money are not handed out, nor shares of them: no count of households stands behind them.
    """
    told = {(topic.name, each.name): (topic, each) for topic in TOPICS for each in topic.indicators}
    keys = [key for key, (_, each) in told.items() if each.unit != "fen" or each.shown == MEAN]
    wanted = pl.DataFrame(keys, schema=["topic", "indicator"], orient="row").with_row_index("order")
    exact = _down_to(frame, level).join(wanted, on=["topic", "indicator"], maintain_order="left")
    rows = counts(exact.with_columns(exact_value="value", exact_base="base"), ["value", "base"], rule, EXACT)
    header = ("级别", "地区代码", "地区", "专题", "指标", "分组", "数值", "分母", "比例（%）或平均值", "单位")
    body = []
    length = pl.col("place_code").str.len_chars()  # the province before its cities, cities before counties
    for row in rows.sort("order", length, "place_code", "segment").iter_rows(named=True):
        topic, each = told[row["topic"], row["indicator"]]
        value, base, shown = _figure(row, each.shown)
        if each.unit == "fen" and isinstance(shown, float):
            shown = round(shown / 100, 2)
        unit = "%" if each.shown == SHARE else UNITS[each.unit]
        body.append((*_place(row), topic.title, each.title, row["segment"], value, base, shown, unit))
    return Sheet("专题", header, body)


def _figure(row: dict[str, Any], shown: str) -> tuple[str | int, str | int, str | float]:
    """Value, base, and their ratio, of what is shown of a figure."""
    if shown == COUNT:
        return _cell(row["value"]), "", ""
    if shown == MEAN:
        known = row["base"] is not None and row["exact_base"] > 0
        return "", _cell(row["base"]), round(row["exact_value"] / row["exact_base"], 2) if known else HIDDEN
    if row["exact_base"] == 0:
        return 0, 0, "—"
    known = row["value"] is not None and row["base"] is not None
    return _cell(row["value"]), _cell(row["base"]), round(100 * row["value"] / row["base"], 1) if known else HIDDEN


def _down_to(frame: pl.DataFrame, level: str) -> pl.DataFrame:
    order = list(LEVELS)
    kept = order[: order.index(level) + 1]
    ranked = frame.filter(pl.col("level").is_in(kept)).with_columns(
        place_order=pl.col("level").replace_strict(dict(zip(order, range(len(order)), strict=True)))
    )
    return ranked.sort("place_order", "place_code").drop("place_order")


def _place(row: dict[str, Any]) -> tuple[str, str, str]:
    return LEVELS[row["level"]], row["place_code"], row["full_name"]


def _cell(value: int | None) -> str | int:
    return HIDDEN if value is None else value


def _share(row: dict[str, Any], unit: str) -> str | float:
    if row[f"monitored_{unit}"] == 0:
        return "—"
    share = row[f"ratio_{unit}"]
    return HIDDEN if share is None else share


def hidden(sheet: Sheet) -> int:
    """Cells of the sheet that are not shown."""
    return sum(cell == HIDDEN for row in sheet.rows for cell in row)


def workbook(sheets: Sequence[Sheet], notes: Sequence[tuple[str, str]], made: dt.date) -> bytes:
    """The sheets and the notes (label, text); the same input gives the same bytes. made: for the file's properties."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(buffer, options)
    book.set_properties({"title": "监测数据（外发）", "created": dt.datetime.combine(made, dt.time())})
    base = {"font_name": "仿宋", "font_size": 10.5, "border": 1, "valign": "vcenter"}
    head = book.add_format(
        base | {"font_name": "黑体", "bold": True, "align": "center", "text_wrap": True, "bg_color": "#F2EFE9"}
    )
    text, number = book.add_format(base), book.add_format(base | {"num_format": "#,##0", "align": "right"})
    percent, star = book.add_format(base | {"num_format": "0.0%"}), book.add_format(base | {"align": "right"})
    long = book.add_format(base | {"text_wrap": True, "valign": "top"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.freeze_panes(1, 3)
        page.set_footer(f"&L{notes[0][1]}&C第 &P 页 共 &N 页&R外发数据")
        page.set_row(0, 44)
        page.set_column(0, 1, 10)
        page.set_column(2, 2, 34)
        page.set_column(3, len(sheet.header) - 1, 13)
        for column, title in enumerate(sheet.header):
            page.write_string(0, column, title, head)
        for at, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(at, column, cell, text if column < 4 else star)
                else:
                    page.write_number(at, column, cell, percent if column in sheet.shares else number)
    page = book.add_worksheet("说明")
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 110)
    for at, (label, words) in enumerate(notes):
        page.write_string(at, 0, label, head)
        page.write_string(at, 1, words, long)
    book.close()
    return buffer.getvalue()
