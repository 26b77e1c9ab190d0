"""消除缺程序: what `mart.anomaly_elimination_without_procedure` must be."""

from __future__ import annotations

from checks.anomaly import AnomalyColumns
from checks.table import table


@table("mart", key=("household_id",))
class AnomalyEliminationWithoutProcedure(AnomalyColumns):
    """One row per household eliminated without review, publicity or approval."""
