"""状态变化: what `core.status_event` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id", "round", "event"),
    audits=(
        Audit(
            "elimination_without_identification",
            "风险消除之前没有识别审核记录",
            """select eliminated.household_id
            from core.status_event as eliminated
            left join core.status_event as identified
              on eliminated.household_id = identified.household_id
              and identified.event = 'identified'
              and identified.event_date <= eliminated.event_date
            where eliminated.event = 'eliminated' and identified.household_id is null""",
            blocking=False,
        ),
        Audit(
            "return_without_elimination",
            "回退之前没有风险消除记录",
            """select returned.household_id
            from core.status_event as returned
            left join core.status_event as eliminated
              on returned.household_id = eliminated.household_id
              and eliminated.event = 'eliminated'
              and eliminated.event_date <= returned.event_date
            where returned.event = 'returned' and eliminated.household_id is null""",
            blocking=False,
        ),
    ),
)
class StatusEvent(pa.DataFrameModel):
    """One row per household, round and status change."""

    household_id: pl.Int32 = col("农户内部编号")
    round: pl.Int32 = col("轮次", ge=1)
    event: pl.String = col("状态变化", isin=["identified", "eliminated", "returned"])
    event_date: pl.Date = col("日期")
    event_month: pl.String = col("月份")
    batch_no: pl.String = col("批次号", nullable=True)
