"""村排名: what `mart.village_ranking` must be."""

from __future__ import annotations

import polars as pl

from checks.ranking import RankingColumns
from checks.table import col, table


@table("mart", key=("place_code", "criterion"))
class VillageRanking(RankingColumns):
    """One row per rural village of the province and criterion."""

    township_code: pl.String = col("乡镇代码")
