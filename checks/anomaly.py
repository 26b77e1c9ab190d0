"""The columns every household anomaly shares: one lead, its evidence and its counter-evidence.

Does not belong here: what makes a household one (sql/mart/anomaly_*.sql).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col


class AnomalyColumns(pa.DataFrameModel):
    """Columns of mart.household_anomaly; every mart.anomaly_<kind> begins with them, in this order."""

    household_id: pl.Int32 = col("农户内部编号")
    village_code: pl.String = col("行政村代码（12位）")
    in_province: pl.Boolean = col("是否计入本省合计、排名与抽样")
    kind: pl.String = col("异常类型")
    title: pl.String = col("异常名称")
    severity: pl.Int32 = col("程度（0至100，用于排序）", ge=0, le=100)
    evidence: pl.String = col("依据")
    counter_evidence: pl.String = col("反证")
    clause: pl.String = col("条款")
