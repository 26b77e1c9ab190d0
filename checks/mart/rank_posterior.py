"""排名把握: what `mart.rank_posterior` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "every_rate",
        "有监测对象的地区按户、按人各有一行，有应消除人数的另有一行",
        """(
          select level, place_code, 'ratio_' || measure as criterion from mart.place_rate
          union all
          select level, place_code, 'oe_persons' from mart.place_rate where measure = 'persons' and expected > 0
        )
        except
        select level, place_code, criterion from mart.rank_posterior""",
    ),
    Audit(
        "top_is_full",
        "排名靠前概率之和等于靠前的个数（不足时为全部）",
        """select posterior.level from mart.rank_posterior as posterior
        cross join ref.ranking as ranking
        group by posterior.level, posterior.criterion
        having abs(sum(posterior.p_top) - least(count(*), any_value(
          case posterior.level
            when 'county' then ranking.top_counties
            when 'township' then ranking.top_townships
            else ranking.top_villages
          end
        ))) > 1e-6""",
    ),
    Audit(
        "expected_ranks_add_up",
        "期望名次的平均数居中",
        """select level from mart.rank_posterior
        group by level, criterion
        having abs(avg(expected_rank) - (count(*) + 1) / 2) > 0.01""",
    ),
)


@table("mart", key=("level", "place_code", "criterion"), audits=AUDITS)
class RankPosterior(pa.DataFrameModel):
    """One row per level, place with ranked monitored households and criterion that is a ratio or O/E."""

    level: pl.String = col("层级", isin=["county", "township", "village"])
    place_code: pl.String = col("地区代码")
    criterion: pl.String = col("排名依据", isin=["ratio_households", "ratio_persons", "oe_persons"])
    eb_mean: pl.Float64 = col("收缩估计", ge=0)
    eb_low: pl.Float64 = col("收缩估计区间下限", ge=0)
    eb_high: pl.Float64 = col("收缩估计区间上限", ge=0)
    p_top: pl.Float64 = col("排名靠前概率", ge=0, le=1, unit="probability")
    expected_rank: pl.Float64 = col("期望名次", ge=0.5)
    rank_low: pl.Int64 = col("名次95%置信集合下限（村级不算）", nullable=True, ge=1)
    rank_high: pl.Int64 = col("名次95%置信集合上限（村级不算）", nullable=True, ge=1)
    oe_low: pl.Float64 = col("消除数与应消除数之比95%下限", nullable=True, ge=0)
    oe_high: pl.Float64 = col("消除数与应消除数之比95%上限", nullable=True, ge=0)
    funnel_z: pl.Float64 = col("漏斗图z值（已计入地区间离散）")
    q_value: pl.Float64 = col("离群检验的校正显著性（小样本为空）", nullable=True, ge=0, le=1, unit="probability")
