"""劳动力: what `core.labour` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id",),
    audits=(
        Audit(
            "parts_within_whole",
            "稳定务工人数不超过在务工人数",
            "select household_id from core.labour where stable_earners > working",
        ),
    ),
)
class Labour(pa.DataFrameModel):
    """One row per household with a member who has reported work."""

    household_id: pl.Int32 = col("农户内部编号")
    working: pl.Int32 = col("期末在务工人数", ge=0)
    stable_earners: pl.Int32 = col("连续务工六个月以上且在岗人数", ge=0)
    jobs_lost_recent: pl.Int32 = col("近三个月失去工作且未再就业人数", ge=0)
