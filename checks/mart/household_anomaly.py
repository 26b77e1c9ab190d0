"""农户异常: what `mart.household_anomaly` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("mart", key=("household_id", "kind"))
class HouseholdAnomaly(pa.DataFrameModel):
    """One row per household and anomaly kind: a lead with evidence and counter-evidence."""

    household_id: pl.Int32 = col("农户内部编号")
    village_code: pl.String = col("行政村代码（12位）")
    in_province: pl.Boolean = col("是否计入本省合计、排名与抽样")
    kind: pl.String = col("异常类型")
    title: pl.String = col("异常名称")
    severity: pl.Int32 = col("程度（0至100，用于排序）", ge=0, le=100)
    evidence: pl.String = col("依据")
    counter_evidence: pl.String = col("反证")
    clause: pl.String = col("条款")
