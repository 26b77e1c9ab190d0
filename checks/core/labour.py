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
            "every_household",
            "每户恰有一行",
            "select count(*) from core.labour having count(*) <> (select count(*) from core.household)",
        ),
        Audit(
            "parts_within_whole",
            "稳定务工人数不超过在务工人数",
            "select household_id from core.labour where stable_earners > working",
        ),
    ),
)
class Labour(pa.DataFrameModel):
    """One row per household: working capacity and work."""

    household_id: pl.Int32 = col("农户内部编号")
    labourers: pl.Int32 = col("有劳动能力人数", ge=0)
    labour_unknown: pl.Int32 = col("劳动技能不详的劳动年龄人数", ge=0)
    working: pl.Int32 = col("期末在务工人数", ge=0)
    stable_earners: pl.Int32 = col("连续务工六个月以上且在岗人数", ge=0)
    earliest_stable_start: pl.String = col("稳定务工者最早开始月份", nullable=True)
    jobs_lost_recent: pl.Int32 = col("近三个月失去工作且未再就业人数", ge=0)
    last_job_end: pl.String = col("最近一次务工结束月份", nullable=True)
    wage_now_fen: pl.Int64 = col("期末在岗月工资合计", ge=0, unit="fen")
    posts: pl.Int32 = col("公益性岗位人数", ge=0)
