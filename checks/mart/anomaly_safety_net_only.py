"""一兜了之: what `mart.anomaly_safety_net_only` must be."""

from __future__ import annotations

from checks.anomaly import AnomalyColumns
from checks.table import table


@table("mart", key=("household_id",))
class AnomalySafetyNetOnly(AnomalyColumns):
    """One row per eliminated household that lives above the line by the safety net only."""
