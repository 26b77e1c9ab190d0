"""对症措施: what `ref.measure_cause` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.raw import FEEDS
from checks.table import col, table
from checks.wording import RISKS

_KINDS = next(c.codes for c in FEEDS["measure"].columns if c.name == "measure_type")
GAPS = ("失学辍学", "未参加基本医疗保险")
"""What is no cause of the register but is helped against like one."""


@table("ref", key=("cause", "measure_type"))
class MeasureCause(pa.DataFrameModel):
    """One row per cause and kind of help that fits it."""

    cause: pl.String = col("致贫返贫原因，或三保障缺口", isin=[*RISKS, *GAPS])
    measure_type: pl.String = col("对症的措施类型", isin=list(_KINDS))
    document: pl.String = col("依据")
