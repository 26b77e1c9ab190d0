"""程序时限: what `ref.time_limit` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("identification_days",))
class TimeLimit(pa.DataFrameModel):
    """One row: every parameter of policy/time_limit.yaml as a column, in force this month."""

    identification_days: pl.Int32 = col("发现线索至识别认定的最长天数", unit="days", ge=1)
    publicity_days: pl.Int32 = col("村级公示的最短天数", unit="days", ge=1)
    first_measure_months: pl.Int32 = col("识别后落实第一项帮扶措施的最长月数", unit="months", ge=1)
    first_measure_in_quarter: pl.Boolean = col("第一项帮扶措施是否须在识别的当季落实")
    development_measure_months: pl.Int32 = col("有劳动能力的监测对象落实开发式帮扶的最长月数", unit="months", ge=1)
