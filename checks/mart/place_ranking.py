"""地区排名: what `mart.place_ranking` must be."""

from __future__ import annotations

import polars as pl

from checks.ranking import RankingColumns
from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "no_empty_ranked",
        "没有监测对象的不参加消除率排名，有名次的都有收缩估计，没有的为空且不排在前面",
        """select place_code from mart.place_ranking
        where not starts_with(criterion, 'count') and (
          (eb_mean is null) <> (rank is null) or (p_top is null) <> (rank is null)
          or (monitored_households = 0 and (ratio is not null or rank is not null))
        ) or (starts_with(criterion, 'ratio') and (monitored_households = 0) <> (rank is null))""",
    ),
    Audit(
        "counts_are_certain",
        "按数量排名没有区间和收缩估计，名次就是期望名次",
        """select place_code from mart.place_ranking
        where starts_with(criterion, 'count') and (
          wilson_low is not null or eb_mean is not null or q_value is not null
          or rank is null or expected_rank <> rank or p_top not in (0, 1)
        )""",
    ),
    Audit(
        "ranks_run_through",
        "各级各项名次从1起连续不重",
        """select level from mart.place_ranking group by level, criterion
        having count(rank) <> count(distinct rank) or coalesce(max(rank), 0) <> count(rank)""",
    ),
    Audit(
        "every_place",
        "本省每个县、乡镇、行政村每项恰有一行，外省没有",
        """(
          select level, place_code from mart.place_month
          where in_province and (
            level in ('county', 'township')
            or level = 'village' and place_code in (select village_code from ref.division where rural)
          )
          except
          select level, place_code from mart.place_ranking
        )
        union all
        (
          select level, place_code from mart.place_ranking
          except
          select level, place_code from mart.place_month where in_province
        )
        union all
        select level, place_code from mart.place_ranking
        group by level, place_code having count(*) <> 5""",
    ),
    Audit(
        "counts_agree_with_the_month",
        "排名包括全部类别和全部在册对象时，户数、人数与汇总表一致",
        """select ranking.place_code
        from mart.place_ranking as ranking
        inner join mart.place_month as month on ranking.level = month.level and ranking.place_code = month.place_code
        cross join ref.ranking as terms
        where terms.whole_register and len(string_split(terms.ranked_classes, '、')) = 3
          and (
            ranking.monitored_households <> month.monitored_households
            or ranking.monitored_persons <> month.monitored_persons
            or ranking.eliminated_households <> month.eliminated_households
            or ranking.eliminated_persons <> month.eliminated_persons
          )""",
    ),
)


@table("mart", key=("level", "place_code", "criterion"), audits=AUDITS)
class PlaceRanking(RankingColumns):
    """One row per ranked place (county, township, rural village of the province), level and criterion."""

    level: pl.String = col("层级", isin=["county", "township", "village"])
    township_code: pl.String = col("乡镇代码（县为空）", nullable=True)
