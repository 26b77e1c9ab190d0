"""历来的监测收入线: what `ref.line_history` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "ref",
    key=("county_code", "from_month"),
    audits=(
        Audit(
            "ends_with_the_line_in_force",
            "各县最后一段的数值就是本月适用的监测线",
            """select last.county_code
            from ref.line_history as last
            join ref.month as month on last.to_month = month.month
            join ref.monitoring_line as line on last.county_code = line.county_code
            where last.line_fen <> line.line_fen""",
        ),
        Audit(
            "one_line_a_month",
            "同一县的各段月份不重叠",
            """select early.county_code
            from ref.line_history as early
            join ref.line_history as late on early.county_code = late.county_code and early.from_month < late.from_month
            where early.to_month >= late.from_month""",
        ),
    ),
)
class LineHistory(pa.DataFrameModel):
    """One row per county and spell of months with one monitoring line, as in force at the end of each month."""

    county_code: pl.String = col("县代码")
    from_month: pl.String = col("自哪个月起（含）")
    to_month: pl.String = col("至哪个月止（含；现行的至本月）")
    line_fen: pl.Int64 = col("监测收入线（分/人年）", ge=1, unit="fen_per_head")
