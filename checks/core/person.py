"""人员: what `core.person` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("person_id",),
    audits=(
        Audit(
            "household_unknown",
            "名册中有人员的户编号无法对应到任何农户，未计入成员",
            "select person_id from raw.person_list where household_id is null",
            blocking=False,
        ),
    ),
)
class Person(pa.DataFrameModel):
    """One row per living member of a household of the month."""

    person_id: pl.Int32 = col("人员内部编号", ge=1)
    household_id: pl.Int32 = col("农户内部编号", ge=1)
    age: pl.Int32 = col("期末周岁", ge=0, le=130)
    out_of_school: pl.Boolean = col("名册登记为非在校生（空为不详）", nullable=True)
    before_school: pl.Boolean = col("名册登记为学龄前儿童或学前教育（空为不详）", nullable=True)
    labour: pl.String = col("劳动技能", nullable=True)
    insured: pl.Boolean = col("是否参加基本医疗保险（空为不详）", nullable=True)
    student: pl.Boolean = col("是否登记为在校生")
    secondary_education: pl.Boolean = col("文化程度是否为初中及以上（已毕业或在读）")
