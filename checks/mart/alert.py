"""预警: what `mart.alert` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("mart", key=("household_id", "kind"))
class Alert(pa.DataFrameModel):
    """One row per household and alert in force this month."""

    household_id: pl.Int32 = col("农户内部编号")
    village_code: pl.String = col("行政村代码（12位）")
    kind: pl.String = col("预警类型")
    first_month: pl.String = col("首次出现月份")
    is_new: pl.Boolean = col("是否本月新增")
    monitored: pl.Boolean = col("是否已在监测中（未消除）")
    evidence: pl.String = col("依据")
    clause: pl.String = col("条款")
