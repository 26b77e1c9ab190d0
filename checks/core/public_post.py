"""公益性岗位: what `core.public_post` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("person_id", "post_type"))
class PublicPost(pa.DataFrameModel):
    """One row per member of a household and public post held at the end of the month."""

    person_id: pl.Int32 = col("人员内部编号")
    household_id: pl.Int32 = col("农户内部编号")
    post_type: pl.String = col("岗位类型")
    funder: pl.String = col("设岗层级")
    started: pl.String = col("上岗月份")
    monthly_pay_fen: pl.Int64 = col("月补贴", ge=0, unit="fen")
    duties_stated: pl.Boolean = col("台账是否写明岗位职责")
    age: pl.Int32 = col("期末周岁", ge=0)
    student: pl.Boolean = col("是否在校生")
    labour: pl.String = col("劳动技能", nullable=True)
    disabled: pl.Boolean = col("是否持证残疾人")
    posts: pl.Int32 = col("本人在岗岗位数", ge=1)
    on_payroll: pl.Boolean = col("本人是否财政供养")
    household_payroll_members: pl.Int32 = col("家庭财政供养人数", ge=0)
    working_away: pl.Boolean = col("期末是否在县外务工")
