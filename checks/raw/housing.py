"""住房安全鉴定信息（住建局）: the contract of the feed `housing`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="住房安全鉴定信息",
    source="住建局",
    delivery=SNAPSHOT,
    key=("household_no",),
    mandatory=False,
)
class Housing(pa.DataFrameModel):
    """每行一户住房安全鉴定结果。"""

    household_no: pl.String = column("户编号", "household_no")
    grade: pl.String = column("鉴定等级", "code", codes=("A级", "B级", "C级", "D级"))
    occupied: pl.Boolean = column("是否住人", "yesno")
    assessed: pl.String = column("鉴定月份", "month")
    plan: pl.String = column("处置方案", required=False, example="维修加固")
