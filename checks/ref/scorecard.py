"""评分卡: what `ref.scorecard` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("indicator", "band_no"))
class Scorecard(pa.DataFrameModel):
    """One row per indicator and band of the score card."""

    indicator: pl.String = col("指标")
    band_no: pl.Int32 = col("档次序号")
    family: pl.String = col("族", isin=["income", "rigid", "guarantee", "labour"])
    lower: pl.Float64 = col("下限（含），空为无下限", nullable=True)
    upper: pl.Float64 = col("上限（不含），空为无上限", nullable=True)
    points: pl.Int32 = col("分值", ge=0)
    reason: pl.String = col("中文理由")
    clause: pl.String = col("依据")
    feeds: pl.String = col("来源数据（逗号分隔）")
