"""监测线测算: what `mart.line_scenario` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "mart",
    key=("scenario", "level", "place_code"),
    audits=(
        Audit(
            "counties_add_up",
            "各县之和等于全省",
            """with total as (
              select
                scenario, substr(place_code, 1, 2) as province_code,
                sum(case level when 'county' then households_below else -households_below end) as households,
                sum(case level when 'county' then persons_below else -persons_below end) as persons
              from mart.line_scenario where level in ('province', 'county')
              group by scenario, province_code
            )
            select scenario from total where households <> 0 or persons <> 0""",
        ),
        Audit(
            "below_within_whole",
            "低于监测线的户数、人数不超过收入已知的户数、人数",
            """select scenario from mart.line_scenario
            where households_below > households or persons_below > persons""",
        ),
        Audit(
            "higher_line_more_below",
            "同一地方，线高的方案涵盖的户数、人数和差额不少于线低的",
            """select place_code from (
              select
                place_code,
                households_below
                < max(households_below) over (partition by level, place_code order by line range unbounded preceding)
                or persons_below
                < max(persons_below) over (partition by level, place_code order by line range unbounded preceding)
                or gap_yuan
                < max(gap_yuan) over (partition by level, place_code order by line range unbounded preceding) as fell
              from mart.line_scenario where line is not null
            ) as judged
            where fell""",
        ),
    ),
)
class LineScenario(pa.DataFrameModel):
    """One row per scenario and place of every level."""

    scenario: pl.String = col("方案（in_force 为现行）")
    number: pl.Int32 = col("顺序", ge=0)
    title: pl.String = col("方案名称")
    line: pl.Float64 = col("监测线（元，各县不同时为空）", nullable=True)
    level: pl.String = col("级别", isin=["province", "city", "county", "township", "village"])
    place_code: pl.String = col("地区代码")
    households: pl.Int64 = col("收入已知户数", ge=0)
    persons: pl.Int64 = col("收入已知人数", ge=0)
    households_unknown: pl.Int64 = col("收入不详户数", ge=0)
    households_below: pl.Int64 = col("低于监测线户数", ge=0)
    persons_below: pl.Int64 = col("低于监测线人数", ge=0)
    gap_yuan: pl.Int64 = col("补足到监测线的差额（元，每年）", ge=0)
    headcount: pl.Float64 = col("低于监测线人口比例", nullable=True)
    gap_index: pl.Float64 = col("差额指数（FGT1）", nullable=True)
    severity: pl.Float64 = col("差额平方指数（FGT2）", nullable=True)
