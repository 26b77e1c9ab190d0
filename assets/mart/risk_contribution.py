"""mart.risk_contribution: every point of every score, named, with its reason and clause."""

from __future__ import annotations

from assets.build import Build, table_asset
from checks.mart.risk_contribution import RiskContribution
from fangpin.month import end
from fangpin.scorecard import parse
from fangpin.scorecard_sql import contribution_sql


@table_asset(RiskContribution, inputs=("core.household_month", "mart.household_risk", "ref.scorecard"))
def risk_contribution(build: Build) -> str:
    """风险分构成：逐项得分、理由和依据；合计等于风险分。"""
    return contribution_sql(parse(build.policy.value("scorecard", "", end(build.month)).value))
