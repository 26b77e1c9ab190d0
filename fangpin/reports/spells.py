"""How long households stay monitored and how that ends (topic 七): curves of competing ends, as a table and a chart.

Does not belong here: the arithmetic (fangpin/competing_risks.py), what the ends are (fangpin/topics/elimination.py).
"""

from __future__ import annotations

import polars as pl

from fangpin.competing_risks import Incidence, cumulative_incidence
from fangpin.reports import charts, tables
from fangpin.reports.page import Section
from fangpin.reports.tables import Column, Table
from fangpin.reports.topic_figures import Figures
from fangpin.topics.elimination import ENDED, LASTING, TOPIC

TEXT = (
    "每户从识别当月起算，看满若干个月时有多大比例已经消除、各以什么方式消除。几种消除方式互相竞争：以一种方式消除了，"
    "就不会再以另一种方式消除，所以各列之和加上“未消除”等于100%（Aalen–Johansen估计）。还在监测中的户计到本月为止。",
)


def incidence(of: Figures) -> list[Incidence]:
    """The curves of the province."""
    spells = {
        name: {
            int(segment): value
            for (place, indicator, segment), (value, _) in of.cells.items()
            if place == of.province and indicator == name
        }
        for name in (*ENDED, LASTING)
    }
    return cumulative_incidence({name: spells[name] for name in ENDED}, spells[LASTING])


def table(of: Figures) -> Table:
    """A row for every month in which a household was eliminated."""
    points = incidence(of)
    rows = [{"months": p.months, "at_risk": p.at_risk, "remaining": p.remaining, **p.ended} for p in points]
    columns = (
        Column("months", ("监测满（月）",), width=12),
        Column("at_risk", ("监测到该月的户数",), width=16),
        *(Column(name, ("已消除（累计）", title), tables.SHARE, 18) for name, title in ENDED.items()),
        Column("remaining", ("未消除",), tables.SHARE, 12),
    )
    schema = {c.key: pl.Float64 if c.kind == tables.SHARE else pl.Int64 for c in columns}
    return Table(f"{TOPIC.title}：监测时长与消除方式（全省）", columns, pl.DataFrame(rows, schema=schema), unit="户")


def section(of: Figures) -> Section:
    found = table(of)
    if found.rows.is_empty():
        return Section("spells", "监测多久、怎样消除", text=("本月没有已消除的户。",))
    chart = charts.shares_over(
        "chart-spells", "监测满若干个月时已消除的比例，按消除方式", found.rows, "months", ENDED, "监测时长（月）"
    )
    return Section("spells", "监测多久、怎样消除", text=TEXT, charts=(chart,), tables=(found,))
