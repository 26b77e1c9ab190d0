"""农户风险分: what `mart.household_risk` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "families_make_score",
        "四族得分之和等于风险分，上限不低于风险分，等级与分数相符",
        """select household_id from mart.household_risk
        where income_points + rigid_points + guarantee_points + labour_points <> score
          or score_low <> score or score_high < score or (band = '无') <> (score = 0)
          or hard_trigger <> (hard_reasons is not null)""",
    ),
    Audit(
        "every_household",
        "每户恰有一个风险分",
        """select coalesce(feature.household_id, risk.household_id) as household_id
        from core.household_month as feature
        full outer join mart.household_risk as risk on feature.household_id = risk.household_id
        where feature.household_id is null or risk.household_id is null""",
    ),
)


@table("mart", key=("household_id",), audits=AUDITS)
class HouseholdRisk(pa.DataFrameModel):
    """One row per household: the risk score of the month, a lead and never a decision."""

    household_id: pl.Int32 = col("农户内部编号")
    village_code: pl.String = col("行政村代码（12位）")
    score: pl.Int32 = col("风险分（已知部分）", ge=0, le=100)
    score_low: pl.Int32 = col("风险分下限", ge=0, le=100)
    score_high: pl.Int32 = col("风险分上限（不详项按最高计）", ge=0, le=100)
    income_points: pl.Int32 = col("收入族得分", ge=0, le=30)
    rigid_points: pl.Int32 = col("刚性支出族得分", ge=0, le=25)
    guarantee_points: pl.Int32 = col("三保障族得分", ge=0, le=25)
    labour_points: pl.Int32 = col("劳动力与突发族得分", ge=0, le=20)
    hard_trigger: pl.Boolean = col("是否必核查")
    hard_reasons: pl.String = col("必核查原因（顿号分隔）", nullable=True)
    band: pl.String = col("风险等级", isin=["高", "中", "低", "无"])
    unknowns: pl.Int32 = col("不详指标数", ge=0)
    mitigation: pl.String = col("保护因素（只作说明，不减分）", nullable=True)
