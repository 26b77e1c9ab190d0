"""信访反映信息（信访局）: the contract of the feed `petition`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import INCREMENT, column, feed


@feed(
    title="信访反映信息",
    source="信访局",
    delivery=INCREMENT,
    key=("petition_no",),
    period="received_on",
    window_months=18,
)
class Petition(pa.DataFrameModel):
    """每行一件涉户信访事项。"""

    petition_no: pl.String = column("信访件编号", example="SHILI202110001", document=True)
    household_no: pl.String = column("户编号", "household_no")
    received_on: pl.Date = column("受理日期", "date")
    topic: pl.String = column("反映事项", "code", codes=("生活困难", "住房", "就医", "就学", "产业", "其他"))
