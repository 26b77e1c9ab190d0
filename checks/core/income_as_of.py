"""识别或消除时收入: what `core.income_as_of` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("household_id", "as_of_month"))
class IncomeAsOf(pa.DataFrameModel):
    """One row per household and month it was identified or eliminated in, not judged before: its income as of then."""

    household_id: pl.Int32 = col("农户内部编号")
    as_of_month: pl.String = col("识别或消除监测时间")
    basis: pl.String = col("依据", isin=["window", "earliest_window"])
    begins_before: pl.Int32 = col("核算的12个月始于该月前几个月（负数为该月之后）", le=12)
    net_income_fen: pl.Int64 = col("12个月家庭纯收入", unit="fen")
    income_per_head_fen: pl.Int64 = col("12个月人均纯收入", unit="fen_per_head")
