"""mart.rule_yield: how often the leads of every rule were true when somebody looked."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.mart.rule_yield import RuleYield
from fangpin.month import end
from fangpin.policy import Policy
from fangpin.research.field import Answer
from fangpin.research.item import LEAD
from fangpin.research.items import BY_CODE
from fangpin.research.results import yields
from fangpin.research.yields import PROPOSALS, RULES, Standard, standard

_LEADS = """select kind, count(*) as leads from mart.household_anomaly where in_province group by kind
union all select kind, count(*) as leads from mart.village_anomaly where in_province group by kind"""
SCHEMA = {name: column.dtype.type for name, column in RuleYield.model.to_schema().columns.items()}


def rule_standard(policy: Policy, month: str) -> Standard:
    """policy/rule_yield.yaml at the month's end."""
    on = end(month)
    return standard({name: policy.value(f"rule_yield.{name}", "", on).value for name in policy.group("rule_yield")})


@table_asset(RuleYield, inputs=("ref.field_answer", "ref.threshold", "mart.household_anomaly", "mart.village_anomaly"))
def rule_yield(build: Build) -> pl.DataFrame:
    """规则属实率：截至本月末实地核查的线索里属实的占比、区间和建议；一条都没有核查的，只有核查前的预期。"""
    told = build.read("ref.field_answer").filter(pl.col("checked").is_not_null())
    answers = [
        Answer(item, checked, "", "")
        for item, checked in told.select("item", "checked").iter_rows()
        if BY_CODE[item].answer == LEAD
    ]
    leads = dict(build.con.sql(_LEADS).fetchall())
    z = build.read("ref.threshold")["interval_z"][0]
    rows = [
        (
            each.rule, RULES[each.rule].question, RULES[each.rule].subject, leads.get(each.rule, 0), each.checked,
            each.confirmed, each.refuted, each.not_seen,
            each.confirmed / each.checked if each.checked else None, each.low, each.high, each.a, each.b, each.mean,
            PROPOSALS[each.proposal],
        )
        for each in yields(answers, rule_standard(build.policy, build.month), z)
    ]  # fmt: skip
    return pl.DataFrame(rows, SCHEMA, orient="row").sort("rule")
