"""公益性岗位规则: what `ref.public_post_rule` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("monthly_pay_min_yuan",))
class PublicPostRule(pa.DataFrameModel):
    """One row: the limits of a post's monthly pay in force this month; empty where no document is known."""

    monthly_pay_min_yuan: pl.Int32 = col("月补贴下限", nullable=True, unit="yuan", ge=0)
    monthly_pay_max_yuan: pl.Int32 = col("月补贴上限", nullable=True, unit="yuan", ge=0)
