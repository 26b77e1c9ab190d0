"""mart.household_risk: the score card compiled to one SELECT over core.household_month."""

from __future__ import annotations

from assets.build import Build, table_asset
from checks.mart.household_risk import HouseholdRisk
from fangpin.month import end
from fangpin.scorecard import parse
from fangpin.scorecard_sql import risk_sql


@table_asset(HouseholdRisk, inputs=("core.household_month", "ref.scorecard"))
def household_risk(build: Build) -> str:
    """各户风险分：四族封顶、必核查、不详区间、风险等级。分数是线索，不是决定。"""
    return risk_sql(parse(build.policy.value("scorecard", "", end(build.month)).value))
