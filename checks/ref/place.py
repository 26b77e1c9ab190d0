"""地区: what `ref.place` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("level", "place_code"))
class Place(pa.DataFrameModel):
    """One row per place of every level."""

    level: pl.String = col("层级", isin=["province", "city", "county", "township", "village"])
    place_code: pl.String = col("地区代码")
    place_name: pl.String = col("地区名称")
    full_name: pl.String = col("地区全称")
    parent_code: pl.String = col("上级代码", nullable=True)
    in_province: pl.Boolean = col("是否计入本省合计、排名与抽样")
