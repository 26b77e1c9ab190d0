"""乡镇排名: what `mart.township_ranking` must be."""

from __future__ import annotations

from checks.ranking import RankingColumns
from checks.table import table


@table("mart", key=("place_code", "criterion"))
class TownshipRanking(RankingColumns):
    """One row per township of the province and criterion."""
