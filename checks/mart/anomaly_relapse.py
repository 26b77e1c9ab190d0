"""返复: what `mart.anomaly_relapse` must be."""

from __future__ import annotations

from checks.anomaly import AnomalyColumns
from checks.table import table


@table("mart", key=("household_id",))
class AnomalyRelapse(AnomalyColumns):
    """One row per household that came back within months of its elimination."""
