"""监测线以下农户构成: what `mart.line_group` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "mart",
    key=("scenario", "county_code", "category", "status", "household_type", "dibao"),
    audits=(
        Audit(
            "every_household",
            "现行监测线下各类之和等于收入低于监测线的户数、人数",
            """select grouped.households
            from (
              select coalesce(sum(households_below), 0) as households, coalesce(sum(persons_below), 0) as persons
              from mart.line_group where scenario = 'in_force'
            ) as grouped
            cross join (
              select count(*) as households, coalesce(sum(persons), 0) as persons
              from core.household_month where net_income_per_head_fen < line_fen
            ) as feature
            where grouped.households <> feature.households or grouped.persons <> feature.persons""",
        ),
    ),
)
class LineGroup(pa.DataFrameModel):
    """One row per scenario, county and kind of household below the line."""

    scenario: pl.String = col("方案（in_force 为现行）")
    county_code: pl.String = col("县代码")
    category: pl.String = col("监测对象类别（未列入监测的为“未列入”）")
    status: pl.String = col("监测状态", isin=["none", "active", "eliminated"])
    household_type: pl.String = col("户类型", isin=["脱贫户", "一般农户"])
    dibao: pl.Boolean = col("是否有低保人员")
    households_below: pl.Int64 = col("低于监测线户数", ge=0)
    persons_below: pl.Int64 = col("低于监测线人数", ge=0)
    gap_yuan: pl.Int64 = col("补足到监测线的差额（元，每年）", ge=0)
