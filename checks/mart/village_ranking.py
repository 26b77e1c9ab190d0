"""村排名: what `mart.village_ranking` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "no_empty_ratio_ranked",
        "没有监测对象的村不参加消除率排名，消除率为空的不排在前面",
        """select place_code from mart.village_ranking
        where (eb_ratio is null) <> (rank_ratio is null)
          or (monitored_households = 0) <> (ratio_households is null)
          or wilson_low > ratio_households or wilson_high < ratio_households""",
    ),
    Audit(
        "ranks_run_through",
        "名次从1起连续不重",
        """select rank_count from mart.village_ranking group by rank_count having count(*) > 1
        union all
        select max(rank_count) from mart.village_ranking having max(rank_count) <> count(*)
        union all
        select max(rank_ratio) from mart.village_ranking having max(rank_ratio) <> count(distinct rank_ratio)""",
    ),
    Audit(
        "every_village",
        "本省每个村恰有一行，外省没有",
        """select place_code from mart.place_month
        where level = 'village' and in_province
          and place_code in (select village_code from ref.division where rural)
          and place_code not in (select place_code from mart.village_ranking)
        union all
        select place_code from mart.village_ranking
        where place_code not in (select place_code from mart.place_month where level = 'village' and in_province)""",
    ),
)


@table("mart", key=("place_code",), audits=AUDITS)
class VillageRanking(pa.DataFrameModel):
    """One row per rural village of the province."""

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
