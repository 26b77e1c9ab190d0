"""The columns every ranking of places has: counts, ratios, ranks and the reason.

Does not belong here: how places are ranked (sql/mart/place_ranking.sql).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col


class RankingColumns(pa.DataFrameModel):
    """Columns of mart.county_ranking and mart.village_ranking; mart.place_ranking has them with the level."""

    place_code: pl.String = col("地区代码")
    place_name: pl.String = col("地区名称")
    full_name: pl.String = col("地区全称")
    city_code: pl.String = col("市代码")
    county_code: pl.String = col("县代码")
    households: pl.Int64 = col("农户数")
    monitored_households: pl.Int64 = col("监测对象户数（累计在册）")
    monitored_persons: pl.Int64 = col("监测对象人数")
    active_households: pl.Int64 = col("未消除户数")
    active_persons: pl.Int64 = col("未消除人数")
    per_thousand: pl.Float64 = col("每千农户监测对象户数", nullable=True, unit="per_thousand")
    eliminated_households: pl.Int64 = col("已消除户数")
    eliminated_persons: pl.Int64 = col("已消除人数")
    ratio_households: pl.Float64 = col("风险消除率（户）", nullable=True, unit="share")
    ratio_persons: pl.Float64 = col("风险消除率（人）", nullable=True, unit="share")
    wilson_low: pl.Float64 = col("消除率（户）威尔逊95%下限", nullable=True, ge=0, le=1)
    wilson_high: pl.Float64 = col("消除率（户）威尔逊95%上限", nullable=True, ge=0, le=1)
    eb_ratio: pl.Float64 = col("收缩后消除率（户）", nullable=True, ge=0, le=1)
    rank_count: pl.Int32 = col("按数量排名", ge=1)
    rank_ratio: pl.Int32 = col("按收缩消除率排名", nullable=True, ge=1)
    small_sample: pl.Boolean = col("是否小样本")
    household_anomalies: pl.Int64 = col("农户异常数")
    village_anomalies: pl.Int64 = col("村级异常数")
    new_alerts: pl.Int64 = col("本月新增预警数")
    reason: pl.String = col("上榜理由")
