"""务工人员: what `core.worker` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.raw import FEEDS
from checks.table import Audit, col, table

_PLACES = next(c.codes for c in FEEDS["employment"].columns if c.name == "work_place")


@table(
    "core",
    key=("person_id",),
    audits=(
        Audit(
            "work_is_described",
            "在务工的有务工地点和本年月数，不在务工的没有务工地点；连续务工的在务工",
            """select person_id from core.worker
            where working <> (work_place is not null) or (working and months_this_year = 0)
              or (stable and not working)""",
        ),
    ),
)
class Worker(pa.DataFrameModel):
    """One row per member of a household who has reported work: now, this year and a year ago."""

    person_id: pl.Int32 = col("人员内部编号")
    household_id: pl.Int32 = col("农户内部编号")
    working: pl.Boolean = col("期末是否在务工")
    stable: pl.Boolean = col("是否连续务工六个月以上且在岗")
    lost_recently: pl.Boolean = col("近三个月是否失去工作且未再就业")
    working_since: pl.String = col("现在这段务工的开始月份", nullable=True)
    work_place: pl.String = col("务工所在地", nullable=True, isin=list(_PLACES))
    channel: pl.String = col("就业渠道", nullable=True)
    monthly_wage_fen: pl.Int64 = col("务工月收入", nullable=True, ge=0, unit="fen")
    months_this_year: pl.Int32 = col("本年务工月数", ge=0, le=12)
    working_year_earlier: pl.Boolean = col("上年同月是否在务工（没有那时的报送为空）", nullable=True)
    place_year_earlier: pl.String = col("上年同月务工所在地", nullable=True, isin=list(_PLACES))
    wage_year_earlier_fen: pl.Int64 = col("上年同月务工月收入", nullable=True, ge=0, unit="fen")
