"""调研抽样名单: what `mart.research_sample` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("mart", key=("village_code", "role"))
class ResearchSample(pa.DataFrameModel):
    """One row per drawn village or reserve of the research plan."""

    city_code: pl.String = col("市代码")
    city_name: pl.String = col("市名称")
    county_code: pl.String = col("县代码")
    county_name: pl.String = col("县名称")
    county_criterion: pl.String = col("选县依据", isin=["count", "ratio"])
    village_code: pl.String = col("行政村代码（12位）")
    village_name: pl.String = col("行政村名称")
    role: pl.String = col("类别", isin=["primary", "reserve"])
    criterion: pl.String = col("选村依据", isin=["count", "ratio"])
    slot: pl.Int32 = col("序号", ge=1)
    monitored_households: pl.Int64 = col("监测对象户数")
    eliminated_households: pl.Int64 = col("已消除户数")
    eb_ratio: pl.Float64 = col("收缩后消除率（户）", nullable=True)
    reason: pl.String = col("入选理由")
