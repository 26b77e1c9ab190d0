"""农户: what `core.household` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("household_id",))
class Household(pa.DataFrameModel):
    """One row per household of the month's list."""

    household_id: pl.Int32 = col("农户内部编号", ge=1)
    village_code: pl.String = col("行政村代码（12位）")
    household_type: pl.String = col("户类型", isin=["脱贫户", "一般农户"])
    registered_persons: pl.Int32 = col("登记人口", ge=1)
    persons: pl.Int32 = col("期末成员人数（扣除死亡、迁出）", ge=0)
    labourers: pl.Int32 = col("有劳动能力人数", ge=0)
    labour_unknown: pl.Int32 = col("劳动技能不详的劳动年龄人数（不含在校生）", ge=0)
    uninsured: pl.Int32 = col("未参加基本医疗保险人数", ge=0)
    insurance_unknown: pl.Int32 = col("参保情况不详人数", ge=0)
    asset_consent: pl.Boolean = col("是否授权查询家庭资产")
    from_household_id: pl.Int32 = col("分户前农户内部编号", nullable=True)
    in_province: pl.Boolean = col("是否计入本省合计、排名与抽样")
