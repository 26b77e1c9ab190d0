"""务工监测信息（人社局）: the contract of the feed `employment`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import INCREMENT, column, feed


@feed(
    title="务工监测信息",
    source="人社局",
    delivery=INCREMENT,
    key=("id_number", "started", "ended"),
    period="reported",
    window_months=120,
)
class Employment(pa.DataFrameModel):
    """每行一人一段务工经历的一次报送（开始或结束）。"""

    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    reported: pl.String = column("报送月份", "month")
    started: pl.String = column("开始时间", "month")
    ended: pl.String = column("结束时间", "month", required=False, planned=True)
    work_place: pl.String = column("务工所在地", "code", codes=("县内", "省内县外", "省外"))
    industry: pl.String = column("所属行业", required=False, example="制造业")
    channel: pl.String = column("就业渠道", required=False, example="帮扶车间")
    monthly_wage: pl.Int64 = column("务工月收入", "money", ge=0, le=5_000_000)
