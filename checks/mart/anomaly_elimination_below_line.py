"""线下消除: what `mart.anomaly_elimination_below_line` must be."""

from __future__ import annotations

from checks.anomaly import AnomalyColumns
from checks.table import table


@table("mart", key=("household_id",))
class AnomalyEliminationBelowLine(AnomalyColumns):
    """One row per household eliminated with an income below the line."""
