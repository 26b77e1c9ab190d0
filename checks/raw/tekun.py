"""农村特困供养人员名单（民政局）: the contract of the feed `tekun`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="农村特困供养人员名单",
    source="民政局",
    delivery=SNAPSHOT,
    key=("id_number",),
)
class Tekun(pa.DataFrameModel):
    """每行一名特困供养人员。"""

    serial: pl.Int32 = column("序号", "integer", required=False)
    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    care_mode: pl.String = column("供养方式", "code", codes=("分散供养", "集中供养"))
    monthly_amount: pl.Int64 = column("月供养金额", "money", ge=0, le=500_000)
    approved: pl.String = column("批准月份", "month")
