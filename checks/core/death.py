"""成员死亡: what `core.death` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("person_id",),
    audits=(
        Audit(
            "still_listed",
            "死亡人员仍在本月名册中，已按死亡扣除",
            "select person_id from core.death where still_listed",
            blocking=False,
        ),
    ),
)
class Death(pa.DataFrameModel):
    """One row per death, in the 12 months ending this month, of a member of a household."""

    person_id: pl.Int32 = col("人员内部编号")
    household_id: pl.Int32 = col("农户内部编号")
    died_on: pl.Date = col("死亡日期")
    still_listed: pl.Boolean = col("本月名册中是否仍有此人")
