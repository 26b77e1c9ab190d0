"""公益性岗位台账（人社局）: the contract of the feed `public_post`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="公益性岗位台账",
    source="人社局",
    delivery=SNAPSHOT,
    key=("id_number", "post_type"),
)
class PublicPost(pa.DataFrameModel):
    """每行一人一个在岗公益性岗位。"""

    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    post_type: pl.String = column(
        "岗位类型", "code", codes=("护林员", "护路员", "保洁员", "护水员", "护理员", "村务协管", "其他")
    )
    funder: pl.String = column("设岗层级", "code", codes=("行业部门", "乡镇", "村级"))
    started: pl.String = column("上岗月份", "month")
    monthly_pay: pl.Int64 = column("月补贴", "money", ge=0, le=500_000)
    duties: pl.String = column("岗位职责", required=False, example="村内保洁")
