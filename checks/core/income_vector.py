"""收支明细指纹: what `core.income_vector` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("household_id",))
class IncomeVector(pa.DataFrameModel):
    """One row per household with a record in the current statement: the newest one as a fingerprint."""

    household_id: pl.Int32 = col("农户内部编号")
    period: pl.String = col("所属期")
    months: pl.Int32 = col("涵盖月数", ge=1)
    fingerprint: pl.Int64 = col("收支指纹（各类金额和非零项目数全部相同则相同）")
    items: pl.Int32 = col("非零项目数", ge=0)
