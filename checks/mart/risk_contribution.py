"""风险分构成: what `mart.risk_contribution` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("mart", key=("household_id", "indicator"))
class RiskContribution(pa.DataFrameModel):
    """One row per household and indicator that contributes points, or lifts the upper bound when unknown."""

    household_id: pl.Int32 = col("农户内部编号")
    indicator: pl.String = col("指标")
    family: pl.String = col("族")
    value: pl.Float64 = col("指标值（空为不详）", nullable=True)
    points: pl.Int32 = col("分值（封顶调整为负）")
    points_high: pl.Int32 = col("上限分值")
    reason: pl.String = col("中文理由")
    clause: pl.String = col("依据")
