"""在校生学籍信息（教育局）: the contract of the feed `education`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="在校生学籍信息",
    source="教育局",
    delivery=SNAPSHOT,
    key=("id_number",),
)
class Education(pa.DataFrameModel):
    """每行一名在籍学生。"""

    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    school_stage: pl.String = column(
        "学段", "code", codes=("学前教育", "小学", "初中", "普通高中", "中职", "高职高专", "本科", "硕士")
    )
    grade_year: pl.Int32 = column("年级", "integer", ge=1, le=6)
    enrolment: pl.String = column("学籍状态", "code", codes=("在读", "疑似辍学", "休学", "送教上门"))
    yearly_cost: pl.Int64 = column("年度自付教育费用", "money", ge=0, le=10_000_000)
    aided: pl.Boolean = column("是否享受资助", "yesno")
