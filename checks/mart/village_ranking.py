"""村排名: what `mart.village_ranking` must be."""

from __future__ import annotations

from checks.ranking import RankingColumns
from checks.table import table


@table("mart", key=("place_code",))
class VillageRanking(RankingColumns):
    """One row per rural village of the province."""
