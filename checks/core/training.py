"""技能培训: what `core.training` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("person_id", "project", "started"))
class Training(pa.DataFrameModel):
    """One row per member of a household and course of training that ended in the 12 months ending this month."""

    person_id: pl.Int32 = col("人员内部编号")
    project: pl.String = col("培训项目")
    started: pl.Date = col("开始日期")
    household_id: pl.Int32 = col("农户内部编号")
    organiser: pl.String = col("组织部门")
    ended: pl.Date = col("结束日期")
    certified: pl.Boolean = col("是否取得证书")
    subsidy_fen: pl.Int64 = col("培训补贴", nullable=True, ge=0, unit="fen")
    working: pl.Boolean = col("期末是否在务工")
    employed: pl.Boolean = col("是否培训结束后开始现在这段务工")
