"""社会保障: what `core.welfare` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("household_id",))
class Welfare(pa.DataFrameModel):
    """One row per household with social assistance, a certified disability or a micro-loan."""

    household_id: pl.Int32 = col("农户内部编号")
    dibao_persons: pl.Int32 = col("低保人数", ge=0)
    dibao_monthly_fen: pl.Int64 = col("低保月金额", ge=0, unit="fen")
    tekun_persons: pl.Int32 = col("特困供养人数", ge=0)
    relief_fen: pl.Int64 = col("近12个月临时救助金额", ge=0, unit="fen")
    relief_times: pl.Int32 = col("近12个月临时救助次数", ge=0)
    disabled: pl.Int32 = col("持证残疾人数", ge=0)
    severe_disabled: pl.Int32 = col("一二级残疾人数", ge=0)
    newly_severe: pl.Int32 = col("近三个月新增重度残疾人数", ge=0)
    microcredit_fen: pl.Int64 = col("在贷小额信贷余额", ge=0, unit="fen")
    microcredit_overdue: pl.Boolean = col("是否有逾期")
