"""刚性支出: what `core.rigid_expenditure` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id",),
    audits=(
        Audit(
            "adds_up",
            "分项之和等于刚性支出合计，单次住院不高于全年医疗自付",
            """select household_id from core.rigid_expenditure
            where rigid_fen <> medical_fen + education_fen + disaster_fen or largest_stay_fen > medical_fen""",
        ),
    ),
)
class RigidExpenditure(pa.DataFrameModel):
    """One row per household with a medical bill, a student, or a disaster in the 12 months ending this month."""

    household_id: pl.Int32 = col("农户内部编号")
    medical_fen: pl.Int64 = col("合规自付医疗支出", ge=0, unit="fen")
    statement_medical_fen: pl.Int64 = col("收入核算期内合规自付医疗支出", ge=0, unit="fen")
    largest_stay_fen: pl.Int64 = col("单次住院最高自付", ge=0, unit="fen")
    education_fen: pl.Int64 = col("自付教育支出", ge=0, unit="fen")
    disaster_fen: pl.Int64 = col("灾害事故净损失", ge=0, unit="fen")
    rigid_fen: pl.Int64 = col("刚性支出合计", ge=0, unit="fen")
    students_non_compulsory: pl.Int32 = col("非义务教育在校生人数", ge=0)
