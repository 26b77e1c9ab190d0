"""监测对象收支记录: what `core.income_record` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("household_id", "period"))
class IncomeRecord(pa.DataFrameModel):
    """One row per household ever identified and reported period: its net income as reported."""

    household_id: pl.Int32 = col("农户内部编号")
    period: pl.String = col("所属期（该期最后一个月）")
    months: pl.Int32 = col("涵盖月数", ge=1, le=12)
    net_income_fen: pl.Int64 = col("纯收入（四项收入减生产经营性支出）", unit="fen")
