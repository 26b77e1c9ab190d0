"""资产清单分档: what `ref.asset_step` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("county_code", "item", "step"))
class AssetStep(pa.DataFrameModel):
    """One row per county, item of the asset list and amount from which it counts."""

    county_code: pl.String = col("县代码")
    item: pl.String = col("资产项目", isin=["car", "business", "property", "payroll"])
    step: pl.Int32 = col("第几档", ge=0)
    smallest: pl.Int64 = col("从多少起（金额为分，其余为个数；空为不论多少）", nullable=True, ge=0)
    listed: pl.Boolean = col("是否资产清单的数值")
    segment: pl.String = col("分档的叫法")
