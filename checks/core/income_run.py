"""收入持续月数（首次出现）: what `core.income_run` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("household_id",))
class IncomeRun(pa.DataFrameModel):
    """One row per active monitored household not listed the month before: its runs of earlier months."""

    household_id: pl.Int32 = col("农户内部编号")
    months_below_line: pl.Int32 = col("本月之前连续低于监测线月数", ge=0)
    months_above_line: pl.Int32 = col("本月之前连续不低于监测线1.5倍月数", ge=0)
