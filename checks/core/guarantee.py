"""三保障和饮水: what `core.guarantee` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id",),
    audits=(
        Audit(
            "every_household",
            "每户恰有一行",
            "select count(*) from core.guarantee having count(*) <> (select count(*) from core.household)",
        ),
        Audit(
            "gaps_add_up",
            "缺口项数、不详项数等于四项之和，人数与缺口相符",
            """select household_id from core.guarantee
            where open_gaps + unknown_gaps
              + cast(not coalesce(education_gap, true) as integer) + cast(not coalesce(medical_gap, true) as integer)
              + cast(not coalesce(housing_gap, true) as integer) + cast(not coalesce(water_gap, true) as integer) <> 4
              or (dropouts > 0) <> coalesce(education_gap, false) or (uninsured > 0) <> coalesce(medical_gap, false)""",
        ),
        Audit(
            "water_is_its_indicators",
            "饮水安全缺口与四项指标相符：有一项不达标为缺口，四项达标才没有缺口",
            """select household_id from core.guarantee
            where water_gap is distinct from
              (water_quality_gap or water_quantity_gap or water_access_gap or water_supply_gap)""",
        ),
    ),
)
class Guarantee(pa.DataFrameModel):
    """One row per household: the three guarantees and drinking water; NULL is unknown."""

    household_id: pl.Int32 = col("农户内部编号")
    education_gap: pl.Boolean = col("义务教育缺口", nullable=True)
    medical_gap: pl.Boolean = col("基本医疗缺口", nullable=True)
    housing_gap: pl.Boolean = col("住房安全缺口", nullable=True)
    water_gap: pl.Boolean = col("饮水安全缺口", nullable=True)
    water_quality_gap: pl.Boolean = col("水质不达标", nullable=True)
    water_quantity_gap: pl.Boolean = col("水量不达标", nullable=True)
    water_access_gap: pl.Boolean = col("取水方便程度不达标", nullable=True)
    water_supply_gap: pl.Boolean = col("供水保证率不达标", nullable=True)
    dropouts: pl.Int32 = col("疑似失学辍学人数", ge=0)
    uninsured: pl.Int32 = col("未参保人数", ge=0)
    open_gaps: pl.Int32 = col("缺口项数", ge=0, le=4)
    unknown_gaps: pl.Int32 = col("不详项数", ge=0, le=4)
