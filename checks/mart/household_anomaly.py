"""农户异常: what `mart.household_anomaly` must be."""

from __future__ import annotations

from checks.anomaly import AnomalyColumns
from checks.table import table


@table("mart", key=("household_id", "kind"))
class HouseholdAnomaly(AnomalyColumns):
    """One row per household and anomaly kind: a lead with evidence and counter-evidence."""
