"""帮扶措施: what `core.support` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("household_id",))
class Support(pa.DataFrameModel):
    """One row per household with a support measure carried out by the month's end."""

    household_id: pl.Int32 = col("农户内部编号")
    measures: pl.Int32 = col("已实施措施数", ge=0)
    first_measure_month: pl.String = col("首项措施月份", nullable=True)
    last_measure_month: pl.String = col("最近一项措施月份", nullable=True)
    development_measures: pl.Int32 = col("开发式措施数（产业、就业、金融、公益岗位）", ge=0)
    safety_net_measures: pl.Int32 = col("综合保障措施数", ge=0)
    measure_types: pl.String = col("措施类型（顿号分隔）", nullable=True)
