"""监测对象的帮扶措施: what `core.measure` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.raw import FEEDS
from checks.table import col, table

_KINDS = next(c.codes for c in FEEDS["measure"].columns if c.name == "measure_type")


@table("core", key=("household_id", "measure_type", "started"))
class Measure(pa.DataFrameModel):
    """One row per monitored household, kind of help and month it began in."""

    household_id: pl.Int32 = col("农户内部编号")
    measure_type: pl.String = col("措施类型", isin=list(_KINDS))
    started: pl.String = col("开始月份")
    done: pl.Boolean = col("是否已实施")
    amount_fen: pl.Int64 = col("帮扶金额", nullable=True, ge=0, unit="fen")
