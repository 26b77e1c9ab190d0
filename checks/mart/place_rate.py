"""地区消除率: what `mart.place_rate` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "limits_hold_ratio",
        "消除率在威尔逊区间内，收缩估计在消除率与上级水平之间",
        """select place_code from mart.place_rate
        where wilson_low > ratio or wilson_high < ratio
          or eb_mean < least(ratio, prior_mean) - 1e-9 or eb_mean > greatest(ratio, prior_mean) + 1e-9""",
    ),
    Audit(
        "levels_agree",
        "各级监测对象、已消除、应消除之和相等",
        """select measure from (
          select
            level, measure, sum(monitored) as monitored, sum(eliminated) as eliminated,
            sum(observed) as observed, round(sum(expected), 6) as expected
          from mart.place_rate group by level, measure
        ) group by measure
        having count(distinct (monitored, eliminated, observed)) > 1 or max(expected) - min(expected) > 1e-5""",
    ),
)


@table("mart", key=("level", "place_code", "measure"), audits=AUDITS)
class PlaceRate(pa.DataFrameModel):
    """One row per place with ranked monitored households, level and measure."""

    level: pl.String = col("层级", isin=["county", "township", "village"])
    place_code: pl.String = col("地区代码")
    measure: pl.String = col("按户或按人", isin=["households", "persons"])
    monitored: pl.Int64 = col("参加排名的监测对象户数或人数", ge=1)
    eliminated: pl.Int64 = col("其中已消除户数或人数", ge=0)
    units: pl.Float64 = col("独立的消除结果数（同一户的人算一个结果）", gt=0)
    size: pl.Float64 = col("有效样本量（县、乡再计入同一村的户不全独立）", gt=0)
    ratio: pl.Float64 = col("风险消除率", ge=0, le=1, unit="share")
    wilson_low: pl.Float64 = col("消除率威尔逊95%下限", ge=0, le=1, unit="share")
    wilson_high: pl.Float64 = col("消除率威尔逊95%上限", ge=0, le=1, unit="share")
    prior_mean: pl.Float64 = col("上级的收缩消除率", ge=0, le=1, unit="share")
    rho: pl.Float64 = col("同级地区之间的组内相关系数", ge=0, le=1)
    eb_mean: pl.Float64 = col("收缩后消除率", ge=0, le=1, unit="share")
    observed: pl.Int64 = col("已消除户数或人数（不含自然消除，监测时长已知）", ge=0)
    expected: pl.Float64 = col("按全省同类水平应消除户数或人数", ge=0)
