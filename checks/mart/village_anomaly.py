"""村级异常: what `mart.village_anomaly` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("mart", key=("village_code", "kind"))
class VillageAnomaly(pa.DataFrameModel):
    """One row per village and anomaly kind: a lead with evidence and counter-evidence."""

    village_code: pl.String = col("行政村代码（12位）")
    in_province: pl.Boolean = col("是否计入本省合计、排名与抽样")
    kind: pl.String = col("异常类型")
    title: pl.String = col("异常名称")
    observed: pl.Float64 = col("观测值")
    expected: pl.Float64 = col("期望值", nullable=True)
    p_value: pl.Float64 = col("显著性", nullable=True, ge=0, le=1)
    evidence: pl.String = col("依据")
    counter_evidence: pl.String = col("反证")
    clause: pl.String = col("条款")
