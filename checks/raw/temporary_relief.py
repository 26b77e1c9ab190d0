"""临时救助发放名单（民政局）: the contract of the feed `temporary_relief`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import INCREMENT, column, feed


@feed(
    title="临时救助发放名单",
    source="民政局",
    delivery=INCREMENT,
    key=("id_number", "paid_month", "reason"),
    period="paid_month",
    window_months=18,
)
class TemporaryRelief(pa.DataFrameModel):
    """每行一次临时救助。"""

    serial: pl.Int32 = column("序号", "integer", required=False)
    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    paid_month: pl.String = column("救助月份", "month")
    reason: pl.String = column("救助原因", example="因病致困")
    amount: pl.Int64 = column("救助金额", "money", ge=0, le=10_000_000)
