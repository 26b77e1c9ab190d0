"""政策参数: what `ref.policy_value` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("parameter", "place", "effective_from"))
class PolicyValue(pa.DataFrameModel):
    """One row per dated policy value, with its legal source or our decision."""

    parameter: pl.String = col("参数")
    title: pl.String = col("名称")
    place: pl.String = col("适用地区（代码前缀，空为全国）")
    effective_from: pl.Date = col("生效日期")
    value: pl.String = col("取值")
    unit: pl.String = col("单位")
    source: pl.String = col("依据（文件与条款，或决定编号）")
    still_valid_on: pl.Date = col("最近一次确认有效的日期", nullable=True)
    in_force: pl.Boolean = col("本月是否适用")
    for_reference: pl.String = col("供谁查阅（不参与计算的参数）", nullable=True)
