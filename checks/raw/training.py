"""技能培训台账（人社局）: the contract of the feed `training`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import INCREMENT, column, feed


@feed(
    title="技能培训台账",
    source="人社局",
    delivery=INCREMENT,
    key=("id_number", "project", "started"),
    period="ended",
    window_months=24,
    mandatory=False,
)
class Training(pa.DataFrameModel):
    """每行一人参加完的一次技能培训。"""

    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    project: pl.String = column("培训项目", example="家政服务")
    organiser: pl.String = column(
        "组织部门",
        "code",
        codes=("人社", "农业农村", "乡村振兴", "工信", "科协", "工会", "共青团", "妇联", "残联", "其他"),
    )
    started: pl.Date = column("开始日期", "date")
    ended: pl.Date = column("结束日期", "date")
    certified: pl.Boolean = column("是否取得证书", "yesno")
    subsidy: pl.Int64 = column("培训补贴", "money", required=False, ge=0, le=2_000_000)
