"""死亡人员信息（公安局）: the contract of the feed `death`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import INCREMENT, column, feed


@feed(
    title="死亡人员信息",
    source="公安局",
    delivery=INCREMENT,
    key=("id_number",),
    period="died_on",
    window_months=18,
)
class Death(pa.DataFrameModel):
    """每行一名死亡人员。"""

    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    died_on: pl.Date = column("死亡日期", "date")
