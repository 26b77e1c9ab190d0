"""监测收入线: what `ref.monitoring_line` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("county_code",))
class MonitoringLine(pa.DataFrameModel):
    """One row per county: the monitoring line in force this month."""

    county_code: pl.String = col("县代码")
    line_fen: pl.Int64 = col("监测收入线（分/人年）", ge=1, unit="fen_per_head")
    measure: pl.String = col("收入口径")
    document: pl.String = col("依据文件")
    clause: pl.String = col("条款")
    effective_from: pl.Date = col("生效日期")
    still_valid_on: pl.Date = col("最近一次确认有效的日期")
    warning: pl.String = col("超过确认日期的提示", nullable=True)
