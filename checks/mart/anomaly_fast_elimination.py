"""快速消除: what `mart.anomaly_fast_elimination` must be."""

from __future__ import annotations

from checks.anomaly import AnomalyColumns
from checks.table import table


@table("mart", key=("household_id",))
class AnomalyFastElimination(AnomalyColumns):
    """One row per household eliminated too soon after its identification."""
