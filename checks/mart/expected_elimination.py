"""按同类水平应消除: what `mart.expected_elimination` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "expected_is_observed",
        "本省应消除户数、人数之和等于实际消除户数、人数之和",
        """select sum(expected.observed_households) as households
        from mart.expected_elimination as expected
        inner join ref.division as division on expected.village_code = division.village_code
        where division.in_province
        having abs(sum(expected.expected_households) - sum(expected.observed_households)) > 1e-6
          or abs(sum(expected.expected_persons) - sum(expected.observed_persons)) > 1e-6""",
    ),
)


@table("mart", key=("household_id",), audits=AUDITS)
class ExpectedElimination(pa.DataFrameModel):
    """One row per monitored household with a known time under monitoring: what its class, time and cause let expect."""

    household_id: pl.Int32 = col("农户内部编号")
    village_code: pl.String = col("行政村代码（12位）")
    persons: pl.Int32 = col("监测信息中的人数", ge=1)
    months_at_risk: pl.Int32 = col("识别至今（或至消除）月数，含识别当月", ge=1)
    observed_households: pl.Int32 = col("是否已消除（1为是，不含自然消除）", ge=0, le=1)
    observed_persons: pl.Int32 = col("已消除人数（不含自然消除）", ge=0)
    expected_households: pl.Float64 = col("按全省同类别、同时长、同原因水平应消除户数", ge=0)
    expected_persons: pl.Float64 = col("按全省同类别、同时长、同原因水平应消除人数", ge=0)
