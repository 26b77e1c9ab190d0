"""边缘易致贫户不边缘: what `mart.anomaly_not_marginal` must be."""

from __future__ import annotations

import polars as pl

from checks.anomaly import AnomalyColumns
from checks.table import col, table


@table("mart", key=("household_id",))
class AnomalyNotMarginal(AnomalyColumns):
    """One row per marginal household that was not marginal when it was identified."""

    margin: pl.Float64 = col("最小相对余量（不小于0为不边缘）", ge=0)
    binding: pl.String = col("最紧的一项", isin=["income", "rigid", "livelihood", "guarantee", "shock", "duration"])
