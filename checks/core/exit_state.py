"""消除时收入: what `core.exit_state` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id",),
    audits=(
        Audit(
            "every_elimination",
            "每户填有消除时间的已消除户恰有一行",
            """select count(*) from core.exit_state
            having count(*) <> (
              select count(*) from core.monitored_household where eliminated and eliminated_month is not null
            )""",
        ),
    ),
)
class ExitState(pa.DataFrameModel):
    """One row per eliminated household: its income by the statement ledger when it was eliminated."""

    household_id: pl.Int32 = col("农户内部编号")
    eliminated_month: pl.String = col("消除监测时间")
    basis: pl.String = col("依据", isin=["window", "earliest_window", "none"])
    income_per_head_fen: pl.Int64 = col("消除时人均纯收入（按依据）", nullable=True, unit="fen_per_head")
