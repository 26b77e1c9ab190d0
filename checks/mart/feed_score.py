"""部门数据质量得分: what `mart.feed_score` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table
from fangpin.quality import GRADES


@table("mart", key=("month", "source"))
class FeedScore(pa.DataFrameModel):
    """One row per month and department: twelve months, the earlier ones as they were judged then."""

    month: pl.String = col("报送月份")
    source: pl.String = col("报送部门")
    score: pl.Float64 = col("得分＝各项指标取值按权重平均×100（没有取值的指标不计）", unit="points", ge=0, le=100)
    grade: pl.String = col("等级", isin=list(GRADES))
    change: pl.Float64 = col("得分较上月（上月没有得分时为空）", nullable=True, unit="points", ge=-100, le=100)
    weakest: pl.String = col("失分最多的指标（没有失分时为空）", nullable=True)
