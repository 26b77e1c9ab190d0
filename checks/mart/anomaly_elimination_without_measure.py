"""无帮扶消除: what `mart.anomaly_elimination_without_measure` must be."""

from __future__ import annotations

from checks.anomaly import AnomalyColumns
from checks.table import table


@table("mart", key=("household_id",))
class AnomalyEliminationWithoutMeasure(AnomalyColumns):
    """One row per household eliminated without any measure."""
