"""The policy map: households by net income and rigid expenditure per head, as hexagons and as a coarse table.

Does not belong here: how it is drawn (what_if_charts.py), how households are counted (sql/mart/rigid_map.sql).
"""

from __future__ import annotations

import itertools
import math

import polars as pl

from fangpin.reports import tables
from fangpin.reports.edition import Edition
from fangpin.reports.tables import Column, Table

INCOMES = (1.0, 1.5, 2.0)
"""Edges of income per head in the table of the map, in lines."""
EXPENDITURES = (1000, 2000, 4000, 6000)
"""Edges of rigid expenditure per head in the table of the map, in yuan."""


def hexagons(edition: Edition) -> pl.DataFrame:
    """mart.rigid_map with the centres in yuan: x is net income, y is rigid expenditure, both per head."""
    step = int(edition.policy("threshold.map_step_yuan"))
    return (
        edition.frame("mart.rigid_map")
        .sort("across", "up")
        .with_columns(x=pl.col("across") * step / 2, y=pl.col("up") * step * math.sqrt(3) / 2)
    )


def counted(edition: Edition, line: int) -> Table:
    """The map counted coarsely: income per head in lines across, rigid expenditure per head down."""
    edges = [round(times * line) for times in INCOMES]
    across = [
        f"不足{edges[0]:,}元",
        *(f"{a:,}至{b:,}元" for a, b in itertools.pairwise(edges)),
        f"{edges[-1]:,}元及以上",
    ]
    steps = [0, *EXPENDITURES]
    down = [*(f"{a:,}至{b:,}元" for a, b in itertools.pairwise(steps)), f"{steps[-1]:,}元及以上"]
    cells = (
        hexagons(edition)
        .with_columns(
            column=pl.sum_horizontal((pl.col("x") >= edge).cast(pl.Int32) for edge in edges),
            row=pl.sum_horizontal((pl.col("y") >= edge).cast(pl.Int32) for edge in EXPENDITURES),
        )
        .group_by("row", "column")
        .agg(pl.col("households", "hardship_households").sum())
    )
    known = {(row, column): (n, low) for row, column, n, low in cells.iter_rows()}
    rows = []
    for number, words in enumerate(down):
        told = {"expenditure": words}
        for column in range(len(across)):
            told |= dict(zip((f"all_{column}", f"low_{column}"), known.get((number, column), (0, 0)), strict=True))
        rows.append(told)
    columns = (
        Column("expenditure", ("人均刚性支出",), tables.TEXT, 16),
        *(
            Column(f"{key}_{number}", (f"人均纯收入{words}", word), width=12)
            for number, words in enumerate(across)
            for key, word in (("all", "户数"), ("low", "其中低于监测线"))
        ),
    )
    note = "按图上六边形的中心归档，与逐户归档略有出入；“低于监测线”指扣除刚性支出后的人均收入，逐户计。"
    return Table("收入与刚性支出分布", columns, pl.DataFrame(rows), (note,), unit="户")
