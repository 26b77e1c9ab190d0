"""The columns every table of a research topic shares: one figure of a village, by indicator and segment.

Does not belong here: what the figures are (sql/mart/topic_*.sql), their words (fangpin/topics).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col


class TopicColumns(pa.DataFrameModel):
    """Columns of every mart.topic_<name>. value and base are in the indicator's unit and add up over villages."""

    village_code: pl.String = col("行政村代码（12位）")
    indicator: pl.String = col("指标")
    segment: pl.String = col("分组（无分组为空文本）")
    value: pl.Int64 = col("数值")
    base: pl.Int64 = col("分母（计数类为空）", nullable=True)
