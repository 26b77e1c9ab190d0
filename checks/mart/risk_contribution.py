"""风险分构成: what `mart.risk_contribution` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "contributions_make_score",
        "逐户构成之和等于风险分及其上限",
        """select risk.household_id
        from mart.household_risk as risk
        left join (
          select household_id, sum(points) as points, sum(points_high) as points_high
          from mart.risk_contribution
          group by household_id
        ) as total on risk.household_id = total.household_id
        where coalesce(total.points, 0) <> risk.score or coalesce(total.points_high, 0) <> risk.score_high""",
    ),
)


@table("mart", key=("household_id", "indicator"), audits=AUDITS)
class RiskContribution(pa.DataFrameModel):
    """One row per household and indicator that contributes points, or lifts the upper bound when unknown."""

    household_id: pl.Int32 = col("农户内部编号")
    indicator: pl.String = col("指标")
    family: pl.String = col("族")
    value: pl.Float64 = col("指标值（空为不详）", nullable=True)
    points: pl.Int32 = col("分值（封顶调整为负）")
    points_high: pl.Int32 = col("上限分值")
    reason: pl.String = col("中文理由")
    clause: pl.String = col("依据")
