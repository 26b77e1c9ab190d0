"""公益性岗位安置存疑: what `mart.anomaly_ineligible_post` must be."""

from __future__ import annotations

from checks.anomaly import AnomalyColumns
from checks.table import table


@table("mart", key=("household_id",))
class AnomalyIneligiblePost(AnomalyColumns):
    """One row per household with a public-post holder who does not qualify."""
