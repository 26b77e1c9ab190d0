"""专题分段: what `ref.topic_band` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("band", "position"))
class TopicBand(pa.DataFrameModel):
    """One row per division into bands of policy/topic_band.yaml and band."""

    band: pl.String = col("分段的名称")
    position: pl.Int32 = col("第几段", ge=1)
    low: pl.Int64 = col("下限（含，空为不限；金额为分）", nullable=True)
    high: pl.Int64 = col("上限（不含，空为不限；金额为分）", nullable=True)
    segment: pl.String = col("分段的叫法")
