"""资产矛盾: what `mart.anomaly_asset_contradiction` must be."""

from __future__ import annotations

from checks.anomaly import AnomalyColumns
from checks.table import table


@table("mart", key=("household_id",))
class AnomalyAssetContradiction(AnomalyColumns):
    """One row per monitored household that owned a registered asset before it was identified."""
