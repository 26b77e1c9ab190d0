"""县村排名: what `mart.place_ranking` must be."""

from __future__ import annotations

import polars as pl

from checks.ranking import RankingColumns
from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "no_empty_ratio_ranked",
        "没有监测对象的县、村不参加消除率排名，消除率为空的不排在前面",
        """select place_code from mart.place_ranking
        where (eb_ratio is null) <> (rank_ratio is null)
          or (monitored_households = 0) <> (ratio_households is null)
          or wilson_low > ratio_households or wilson_high < ratio_households""",
    ),
    Audit(
        "ranks_run_through",
        "县、村名次各从1起连续不重",
        """select level from mart.place_ranking group by level, rank_count having count(*) > 1
        union all
        select level from mart.place_ranking group by level
        having max(rank_count) <> count(*) or max(rank_ratio) <> count(distinct rank_ratio)
          or count(rank_ratio) <> count(distinct rank_ratio)""",
    ),
    Audit(
        "every_place",
        "本省每个县、每个行政村恰有一行，外省没有",
        """(
          select level, place_code from mart.place_month
          where in_province and (
            level = 'county'
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
        )""",
    ),
)


@table("mart", key=("level", "place_code"), audits=AUDITS)
class PlaceRanking(RankingColumns):
    """One row per ranked place: every county and every rural village of the province, each ranked within its level."""

    level: pl.String = col("层级", isin=["county", "village"])
