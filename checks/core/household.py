"""农户: what `core.household` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id",),
    audits=(
        Audit(
            "village_unknown",
            "每户的行政村代码都在本月行政区划中",
            """select household_id from core.household
            where village_code not in (select village_code from ref.division)""",
        ),
        Audit(
            "persons_reconcile",
            "各户成员人数之和等于人员总数，每名成员恰属一户",
            """select members.persons
            from (select coalesce(sum(persons), 0) as persons from core.household) as households
            cross join (select count(*) as persons from core.person) as members
            where households.persons <> members.persons""",
        ),
        Audit(
            "no_members",
            "名册上没有成员的农户，人均数无法计算",
            "select household_id from core.household where persons = 0",
            blocking=False,
        ),
        Audit(
            "registered_differs",
            "登记人口与名册上在册成员人数不一致的农户",
            "select household_id from core.household where registered_persons <> persons",
            blocking=False,
        ),
    ),
)
class Household(pa.DataFrameModel):
    """One row per household of the month's list."""

    household_id: pl.Int32 = col("农户内部编号", ge=1)
    village_code: pl.String = col("行政村代码（12位）")
    household_type: pl.String = col("户类型", isin=["脱贫户", "一般农户"])
    served: pl.Boolean = col("脱贫户是否享受政策（报送的户类型写明的，空为没有写明）", nullable=True)
    registered_persons: pl.Int32 = col("登记人口", ge=1)
    persons: pl.Int32 = col("期末成员人数（扣除死亡、迁出）", ge=0)
    labourers: pl.Int32 = col("有劳动能力人数", ge=0)
    labour_unknown: pl.Int32 = col("劳动技能不详的劳动年龄人数（不含在校生）", ge=0)
    uninsured: pl.Int32 = col("未参加基本医疗保险人数", ge=0)
    insurance_unknown: pl.Int32 = col("参保情况不详人数", ge=0)
    asset_consent: pl.Boolean = col("是否授权查询家庭资产")
    from_household_id: pl.Int32 = col("分户前农户内部编号", nullable=True)
    in_province: pl.Boolean = col("是否计入本省合计、排名与抽样")
