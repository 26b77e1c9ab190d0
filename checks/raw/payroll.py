"""财政供养人员名单（财政局）: the contract of the feed `payroll`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="财政供养人员名单",
    source="财政局",
    delivery=SNAPSHOT,
    key=("id_number",),
)
class Payroll(pa.DataFrameModel):
    """每行一名财政供养人员。"""

    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    employer_type: pl.String = column("单位性质", "code", codes=("机关", "事业单位", "村干部"))
    started: pl.String = column("起薪月份", "month")
    monthly_pay: pl.Int64 = column("月工资", "money", ge=0, le=5_000_000)
