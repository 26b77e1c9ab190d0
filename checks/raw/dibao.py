"""农村低保对象名单（民政局）: the contract of the feed `dibao`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="农村低保对象名单",
    source="民政局",
    delivery=SNAPSHOT,
    key=("id_number",),
)
class Dibao(pa.DataFrameModel):
    """每行一名在保人员。"""

    serial: pl.Int32 = column("序号", "integer", required=False)
    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    household_no: pl.String = column("户编号", "household_no")
    dibao_class: pl.String = column("低保类别", "code", codes=("A类", "B类", "C类"))
    monthly_amount: pl.Int64 = column("月保障金额", "money", ge=0, le=500_000)
    approved: pl.String = column("批准月份", "month")
