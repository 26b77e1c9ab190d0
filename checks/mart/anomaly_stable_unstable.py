"""脱贫不稳定户较稳定: what `mart.anomaly_stable_unstable` must be."""

from __future__ import annotations

import polars as pl

from checks.anomaly import AnomalyColumns
from checks.table import col, table


@table("mart", key=("household_id",))
class AnomalyStableUnstable(AnomalyColumns):
    """One row per unstable household that is stable: all margins non-negative, for months."""

    margin: pl.Float64 = col("最小相对余量（不小于0为不边缘）", ge=0)
    binding: pl.String = col("最紧的一项", isin=["income", "rigid", "livelihood", "guarantee", "shock", "duration"])
