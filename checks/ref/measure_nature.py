"""措施的性质: what `ref.measure_nature` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.raw import FEEDS
from checks.table import col, table

_KINDS = next(c.codes for c in FEEDS["measure"].columns if c.name == "measure_type")


@table("ref", key=("measure_type",))
class MeasureNature(pa.DataFrameModel):
    """One row per kind of help whose nature is known."""

    measure_type: pl.String = col("措施类型", isin=list(_KINDS))
    nature: pl.String = col("性质")
    position: pl.Int32 = col("性质的次序，最持久的为1", ge=1)
    document: pl.String = col("依据")
