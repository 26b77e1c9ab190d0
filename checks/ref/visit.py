"""调研过的行政村: what `ref.visit` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("trip", "visited_code"))
class Visit(pa.DataFrameModel):
    """One row per research trip and village it visited up to the month's end."""

    plan: pl.String = col("调研方案")
    trip: pl.String = col("抽样种子（替换村以后的各次抽样种子相同，算一次调研）")
    visited_code: pl.String = col("行政村代码（调研时）")
    village_code: pl.String = col("行政村代码（本月区划；没有可证明的去向为空）", nullable=True)
    first_day: pl.Date = col("第一天")
    last_day: pl.Date = col("最后一天")
    households: pl.Int32 = col("入户数", ge=0)
