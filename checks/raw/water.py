"""饮水安全监测信息（水利局）: the contract of the feed `water`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="饮水安全监测信息",
    source="水利局",
    delivery=SNAPSHOT,
    key=("household_no",),
    mandatory=False,
)
class Water(pa.DataFrameModel):
    """每行一户饮水安全四项指标。"""

    household_no: pl.String = column("户编号", "household_no")
    quality_ok: pl.Boolean = column("水质是否达标", "yesno", required=False)
    quantity_ok: pl.Boolean = column("水量是否达标", "yesno", required=False)
    access_ok: pl.Boolean = column("取水方便程度是否达标", "yesno", required=False)
    supply_ok: pl.Boolean = column("供水保证率是否达标", "yesno", required=False)
