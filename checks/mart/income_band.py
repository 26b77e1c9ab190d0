"""收入分布: what `mart.income_band` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "mart",
    key=("county_code", "from_yuan"),
    audits=(
        Audit(
            "every_household",
            "各档户数之和等于收入已知的户数",
            """select banded.households
            from (select coalesce(sum(households), 0) as households from mart.income_band) as banded
            cross join (
              select count(net_income_per_head_fen) as households from core.household_month
            ) as feature
            where banded.households <> feature.households""",
        ),
    ),
)
class IncomeBand(pa.DataFrameModel):
    """One row per county and band of 100 yuan of net income per head."""

    county_code: pl.String = col("县代码")
    from_yuan: pl.Int32 = col("人均纯收入从（元；-100 为低于0，最高一档不封顶）")
    households: pl.Int64 = col("户数", ge=0)
    persons: pl.Int64 = col("人数", ge=0)
    income_fen: pl.Int64 = col("人均纯收入乘人数之和", unit="fen")
    active_households: pl.Int64 = col("其中监测中户数", ge=0)
    eliminated_households: pl.Int64 = col("其中已标注消除户数", ge=0)
