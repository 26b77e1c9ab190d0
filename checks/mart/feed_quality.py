"""部门数据质量: what `mart.feed_quality` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table

DELIVERED, NOT_DELIVERED = "已报送", "未报送"
"""Whether a feed came this month."""


@table("mart", key=("feed",))
class FeedQuality(pa.DataFrameModel):
    """One row per feed that is asked for or came: what came, what was accepted, what went back."""

    feed: pl.String = col("数据来源标识")
    title: pl.String = col("数据名称")
    source: pl.String = col("报送部门")
    delivery: pl.String = col("报送方式")
    delivery_state: pl.String = col("报送情况", isin=[DELIVERED, NOT_DELIVERED])
    files: pl.Int32 = col("文件数", ge=0)
    rows_in_file: pl.Int64 = col("文件总行数", ge=0)
    header_rows: pl.Int64 = col("标题表头行数", ge=0)
    blank_rows: pl.Int64 = col("空行数", ge=0)
    total_rows: pl.Int64 = col("合计行数", ge=0)
    accepted: pl.Int64 = col("接收行数", ge=0)
    quarantined: pl.Int64 = col("退回行数", ge=0)
    replaced: pl.Int64 = col("被补正替代行数", ge=0)
    matched: pl.Int64 = col("匹配人员或农户的行数", ge=0)
    unmatched: pl.Int64 = col("未匹配行数", ge=0)
    match_rate: pl.Float64 = col("匹配率", nullable=True, ge=0, le=1)
    reasons: pl.String = col("退回原因及行数")
