"""农户异常: what `mart.household_anomaly` must be."""

from __future__ import annotations

import polars as pl

from checks.anomaly import AnomalyColumns
from checks.table import col, table


@table("mart", key=("household_id", "kind"))
class HouseholdAnomaly(AnomalyColumns):
    """One row per household and anomaly kind: a lead with evidence, counter-evidence and what the last visit found."""

    field_result: pl.String = col(
        "最近一次实地核查的结果（没有核查为空）", nullable=True, isin=["属实", "不属实", "无法核实"]
    )
    field_checked_on: pl.Date = col("最近一次实地核查的日期", nullable=True)
