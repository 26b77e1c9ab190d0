"""收入与刚性支出分布: what `mart.rigid_map` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("mart", key=("across", "up"))
class RigidMap(pa.DataFrameModel):
    """One row per hexagon of net income and rigid expenditure per head."""

    across: pl.Int32 = col("横向位置（人均纯收入，半格）", ge=0)
    up: pl.Int32 = col("纵向位置（人均刚性支出，半行）", ge=0)
    households: pl.Int64 = col("户数", ge=1)
    hardship_households: pl.Int64 = col("其中扣除刚性支出后低于监测线", ge=0)
