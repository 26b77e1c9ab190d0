"""监测线备选方案: what `ref.line_candidate` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

IN_FORCE = "in_force"
"""The scenario that is the line in force."""


@table(
    "ref",
    key=("scenario", "county_code"),
    audits=(
        Audit(
            "in_force_everywhere",
            "现行监测线在备选方案中每县恰有一行且数值相同",
            """select line.county_code from ref.monitoring_line as line
            left join ref.line_candidate as candidate
              on line.county_code = candidate.county_code and candidate.scenario = 'in_force'
            where line.line_fen is distinct from candidate.line_fen""",
        ),
    ),
)
class LineCandidate(pa.DataFrameModel):
    """One row per scenario and county: a line that is in force or could be."""

    scenario: pl.String = col("方案（in_force 为现行）")
    number: pl.Int32 = col("顺序", ge=0)
    title: pl.String = col("方案名称")
    county_code: pl.String = col("县代码")
    line_fen: pl.Int64 = col("监测线（取整后；缺少所需数据时为空）", nullable=True, unit="fen_per_head")
    exact_yuan: pl.Float64 = col("公式结果（取整前，元）", nullable=True)
    formula: pl.String = col("算法")
    warning: pl.String = col("注意", nullable=True)
    document: pl.String = col("依据")
