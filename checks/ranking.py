"""The columns every ranking of places has: counts, the ranked value and how sure it is, rank, reason.

Does not belong here: how places are ranked (sql/mart/place_ranking.sql, fangpin/ranks).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col
from fangpin.ranks.criteria import CRITERIA


class RankingColumns(pa.DataFrameModel):
    """Columns of mart.county_ranking, township_ranking and village_ranking; place_ranking has them with the level."""

    place_code: pl.String = col("地区代码")
    criterion: pl.String = col("排名依据", isin=list(CRITERIA))
    place_name: pl.String = col("地区名称")
    full_name: pl.String = col("地区全称")
    city_code: pl.String = col("市代码")
    county_code: pl.String = col("县代码")
    households: pl.Int64 = col("农户数", ge=0)
    monitored_households: pl.Int64 = col("参加排名的监测对象户数", ge=0)
    monitored_persons: pl.Int64 = col("参加排名的监测对象人数", ge=0)
    active_households: pl.Int64 = col("其中未消除户数", ge=0)
    active_persons: pl.Int64 = col("其中未消除人数", ge=0)
    eliminated_households: pl.Int64 = col("其中已消除户数", ge=0)
    eliminated_persons: pl.Int64 = col("其中已消除人数", ge=0)
    per_thousand: pl.Float64 = col("每千农户监测对象户数", nullable=True, ge=0, unit="per_thousand")
    units: pl.Float64 = col("独立的消除结果数（同一户的人算一个结果；按数量为空）", nullable=True, gt=0)
    ratio: pl.Float64 = col(
        "排名的比率：按数量为监测对象占农户（或人口）之比，按消除率为消除率，按消除快慢为空",
        nullable=True,
        ge=0,
        unit="share",
    )
    wilson_low: pl.Float64 = col("消除率威尔逊95%下限（按消除率排名）", nullable=True, ge=0, le=1, unit="share")
    wilson_high: pl.Float64 = col("消除率威尔逊95%上限（按消除率排名）", nullable=True, ge=0, le=1, unit="share")
    eb_mean: pl.Float64 = col("收缩估计：消除率，或消除数与应消除数之比（按数量为空）", nullable=True, ge=0)
    eb_low: pl.Float64 = col("收缩估计区间下限", nullable=True, ge=0)
    eb_high: pl.Float64 = col("收缩估计区间上限", nullable=True, ge=0)
    p_top: pl.Float64 = col("排名靠前概率（按数量为1或0）", nullable=True, ge=0, le=1, unit="probability")
    expected_rank: pl.Float64 = col("期望名次", nullable=True, ge=0.5)
    rank_low: pl.Int64 = col("名次95%置信集合下限", nullable=True, ge=1)
    rank_high: pl.Int64 = col("名次95%置信集合上限", nullable=True, ge=1)
    observed: pl.Int64 = col("消除人数（不含自然消除；按消除快慢排名）", nullable=True, ge=0)
    expected: pl.Float64 = col("按全省同类别、同监测时长、同原因水平应消除人数", nullable=True, ge=0)
    oe_ratio: pl.Float64 = col("消除数与应消除数之比", nullable=True, ge=0)
    oe_low: pl.Float64 = col("消除数与应消除数之比95%下限", nullable=True, ge=0)
    oe_high: pl.Float64 = col("消除数与应消除数之比95%上限", nullable=True, ge=0)
    funnel_z: pl.Float64 = col("漏斗图z值（已计入地区间离散）", nullable=True)
    q_value: pl.Float64 = col("离群检验的校正显著性（小样本为空）", nullable=True, ge=0, le=1, unit="probability")
    outlier: pl.Boolean = col("是否明显高于全省水平")
    small_sample: pl.Boolean = col("是否小样本")
    rank: pl.Int64 = col("名次（没有监测对象的不排消除率名次）", nullable=True, ge=1)
    rank_before: pl.Int64 = col("上月名次", nullable=True, ge=1)
    anomalies: pl.Int64 = col("异常线索数（农户和村级）", ge=0)
    anomaly_kinds: pl.String = col("异常线索，按类型")
    alerts: pl.Int64 = col("本月新增预警数", ge=0)
    blind_feeds: pl.Int64 = col("所在县疑似漏报的数据类数", ge=0)
    last_visit: pl.Date = col("最近一次调研日期", nullable=True)
    reason: pl.String = col("上榜理由")
