"""农户家庭成员名册（乡村振兴局）: the contract of the feed `person_list`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks import wording
from checks.feed import SNAPSHOT, column, feed


@feed(
    title="农户家庭成员名册",
    source="乡村振兴局",
    delivery=SNAPSHOT,
    key=("id_number",),
    creates="person",
)
class PersonList(pa.DataFrameModel):
    """每行一人，期末家庭成员。"""

    household_no: pl.String = column("户编号", "household_no")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码"))
    person_name: pl.String = column("姓名", "name")
    relation: pl.String = column("与户主关系", example="户主")
    education: pl.String = column("文化程度", "code", required=False, codes=wording.EDUCATION)
    school_status: pl.String = column("在校生状况", "code", required=False, codes=wording.SCHOOL_STATUS)
    dropout_reason: pl.String = column(
        "失学或辍学原因", required=False, synonyms=("义务教育阶段未上学原因",), example="因病休学"
    )
    health: pl.String = column("健康状况", "code", required=False, codes=wording.HEALTH)
    labour: pl.String = column("劳动技能", "code", required=False, codes=wording.LABOUR)
    insured_resident: pl.Boolean = column("是否参加城乡居民基本医疗保险", "yesno", required=False)
    insured_employee: pl.Boolean = column("是否参加城镇职工基本医疗保险", "yesno", required=False)
    pension: pl.Boolean = column("是否参加城乡居民基本养老保险", "yesno", required=False)
    person_phone: pl.String = column("家庭成员联系电话", "phone", required=False, synonyms=("人联系电话",))
