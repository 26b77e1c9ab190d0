"""排名地区的背景: what `mart.place_context` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("mart", key=("level", "place_code"))
class PlaceContext(pa.DataFrameModel):
    """One row per county, township and rural village: where it lies and what else is known there."""

    level: pl.String = col("层级", isin=["county", "township", "village"])
    place_code: pl.String = col("地区代码")
    city_code: pl.String = col("市代码")
    county_code: pl.String = col("县代码")
    township_code: pl.String = col("乡镇代码（县为空）", nullable=True)
    anomalies: pl.Int64 = col("异常线索数", ge=0)
    anomaly_kinds: pl.String = col("异常线索（名称和条数，多的在前；没有为空字）")
    blind_feeds: pl.Int64 = col("所在县疑似漏报的数据类数", ge=0)
    last_visit: pl.Date = col("最近一次调研日期", nullable=True)
