"""县排名: what `mart.county_ranking` must be."""

from __future__ import annotations

from checks.ranking import RankingColumns
from checks.table import table


@table("mart", key=("place_code", "criterion"))
class CountyRanking(RankingColumns):
    """One row per county of the province and criterion."""
