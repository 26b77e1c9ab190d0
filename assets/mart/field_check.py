"""mart.field_check: the households every county is proposed to check next, by leads and by chance."""

from __future__ import annotations

import datetime as dt

import duckdb
import polars as pl

from assets.build import Build, table_asset
from checks.mart.field_check import FieldCheck
from fangpin.month import end, shift, start
from fangpin.policy import Policy
from fangpin.research.field_check import BY_CHANCE, RANDOM, RISK, Candidate, Pick, Weights, ranked, weights
from fangpin.research.item import HOUSEHOLD
from fangpin.research.yields import RULES

SCHEMA = {name: column.dtype.type for name, column in FieldCheck.model.to_schema().columns.items()}
_INPUTS = ("core.household", "ref.division", "mart.household_anomaly", "mart.rule_yield", "ref.field_answer")

_OPEN = """
create temp table eligible as
select household.household_id, household.village_code, household.persons, division.county_code
from core.household as household
join ref.division as division using (village_code)
where household.in_province and household.household_id not in (
  select household_id from ref.field_answer where household_id is not null and day >= $since
)"""
_CANDIDATES = """
select eligible.household_id, eligible.village_code, eligible.county_code, eligible.persons,
  max(lead.severity) as severity, list(lead.kind order by lead.kind) as rules
from mart.household_anomaly as lead join eligible using (household_id)
group by all order by household_id"""


@table_asset(FieldCheck, inputs=_INPUTS)
def field_check(build: Build) -> pl.DataFrame:
    """建议核查名单：每县按线索的属实概率、后果、成本和信息量排出的户，另有按随机数抽出的户（用来看规则漏掉多少）。"""
    known = check_weights(build.policy, build.month)
    since = start(shift(build.month, 1 - known.again_months)) if known.again_months else dt.date.max
    con = build.con
    con.execute(_OPEN, {"since": since})
    try:
        return checks(con, known, f"{known.seed}|{build.month}")
    finally:
        con.execute("drop table eligible")


def check_weights(policy: Policy, month: str) -> Weights:
    """policy/field_check.yaml at the month's end."""
    on = end(month)
    return weights({name: policy.value(f"field_check.{name}", "", on).value for name in policy.group("field_check")})


def checks(con: duckdb.DuckDBPyConnection, known: Weights, seed: str) -> pl.DataFrame:
    """Rows of the table; reads `eligible` (household_id, village_code, persons, county_code)."""
    beliefs = {rule: (a, b) for rule, a, b in con.sql("select rule, a, b from mart.rule_yield").fetchall()}
    candidates = [
        Candidate(number, village, county, persons, severity, tuple(rules))
        for number, village, county, persons, severity, rules in con.sql(_CANDIDATES).fetchall()
    ]
    picks = ranked(candidates, {r: b for r, b in beliefs.items() if RULES[r].subject == HOUSEHOLD}, known)
    chance = con.sql(BY_CHANCE, params={"seed": seed, "n": known.by_chance}).pl()
    villages = dict(
        con.execute(
            "select household_id, village_code from eligible where household_id in (select unnest(?))",
            [chance["household_id"].to_list()],
        ).fetchall()
    )
    told = {c.household_id: c for c in candidates}
    rows = [_by_lead(pick) for pick in picks]
    for number, county, random_number, probability, position in chance.iter_rows():
        leads = _titles(told[number].rules) if number in told else ""
        rows.append(
            (
                county, RANDOM, position, number, villages[number], leads, None, None, None, None, None, probability,
                random_number, f"随机抽取，入选概率{probability:.4f}，用来看规则漏掉多少",
            )
        )  # fmt: skip
    return pl.DataFrame(rows, SCHEMA, orient="row").sort("county_code", "arm", "position")


def _by_lead(pick: Pick) -> tuple[object, ...]:
    one = pick.candidate
    reason = (
        f"{_titles(one.rules)}：有问题的概率约{pick.probability:.0%}，{one.persons}人，程度{one.severity}，"
        f"约{pick.hours:g}小时"
    )
    return (
        one.county_code, RISK, pick.rank, one.household_id, one.village_code, _titles(one.rules), pick.probability,
        pick.consequence, pick.hours, pick.information, pick.priority, None, None, reason,
    )  # fmt: skip


def _titles(rules: tuple[str, ...]) -> str:
    return "、".join(RULES[rule].question for rule in rules)
