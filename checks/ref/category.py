"""监测对象类别: what `ref.category` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("category",))
class Category(pa.DataFrameModel):
    """One row per class of monitored object in force this month."""

    category: pl.String = col("监测对象类别")
    scheme: pl.String = col("类别方案")
    household_type: pl.String = col("应属户类型，空为不限", nullable=True)
    above_line: pl.Boolean = col("识别时收入是否应不低于监测线")
    since: pl.Date = col("这一类别自何日起才有，空为最早的方案已有", nullable=True)
    entitlements: pl.String = col("突发重大疾病时应落实的政策，空为没有依据", nullable=True)
    document: pl.String = col("依据文件")
