"""状态变化: what `core.status_event` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("household_id", "round", "event"))
class StatusEvent(pa.DataFrameModel):
    """One row per household, round and status change."""

    household_id: pl.Int32 = col("农户内部编号")
    round: pl.Int32 = col("轮次", ge=1)
    event: pl.String = col("状态变化", isin=["identified", "eliminated", "returned"])
    event_date: pl.Date = col("日期")
    event_month: pl.String = col("月份")
    batch_no: pl.String = col("批次号", nullable=True)
