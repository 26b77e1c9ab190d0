"""应纳未纳: what `mart.anomaly_unlisted_risk` must be."""

from __future__ import annotations

from checks.anomaly import AnomalyColumns
from checks.table import table


@table("mart", key=("household_id",))
class AnomalyUnlistedRisk(AnomalyColumns):
    """One row per household at risk that is not in the register."""
