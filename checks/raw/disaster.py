"""灾害事故信息（应急局）: the contract of the feed `disaster`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import INCREMENT, column, feed


@feed(
    title="灾害事故信息",
    source="应急局",
    delivery=INCREMENT,
    key=("household_no", "event_type", "happened_on"),
    period="happened_on",
    window_months=18,
)
class Disaster(pa.DataFrameModel):
    """每行一户一次灾害或事故。"""

    household_no: pl.String = column("户编号", "household_no")
    event_type: pl.String = column(
        "类型",
        "code",
        codes=(
            "洪涝",
            "地质灾害",
            "旱灾",
            "生物灾害",
            "气象灾害",
            "地震",
            "火灾",
            "交通事故",
            "安全生产事故",
            "其他",
        ),
    )
    happened_on: pl.Date = column("发生日期", "date")
    loss: pl.Int64 = column("核定损失", "money", ge=0, le=500_000_000)
    compensated: pl.Int64 = column("赔付金额", "money", required=False, ge=0)
    casualty: pl.Boolean = column("是否伤亡", "yesno")
