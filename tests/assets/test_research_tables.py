"""The rehearsal's tables from a month's rankings: of every plan in force, right by their own contracts and audits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

import pipelines.definitions  # noqa: F401  # declares every step
from assets import research
from assets.build import STEPS, Build, fill_table
from checks.catalogue import contracts
from fangpin.places import OWN_PROVINCE
from fangpin.policy import Policy, load
from fangpin.research import plan as plans
from pipelines import law
from tests.made_up_draw import MONTH, publish
from tests.made_up_research import POLICY

TABLES = ("mart.research_sample", "mart.research_household", "mart.research_team", "mart.research_day")


@pytest.fixture(scope="module")
def two_plans(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The shipped plan; beside it one of three cities that takes the top only and knows its days."""
    folder = tmp_path_factory.mktemp("policy") / "policy"
    (folder / "research").mkdir(parents=True)
    text = (POLICY / "research" / "plan.yaml").read_text(encoding="utf-8")
    other = yaml.safe_load(text)
    changes = {"cities": 3, "top_only": True, "rehearsal_seed": "spring"}
    for name, value in (changes | {"first_day": dt.date(2022, 3, 1), "last_day": dt.date(2022, 3, 9)}).items():
        other[name]["values"][0]["value"] = value
    (folder / "research" / "plan.yaml").write_text(text, encoding="utf-8")
    (folder / "research" / "spring.yaml").write_text(yaml.safe_dump(other, allow_unicode=True), encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def built(two_plans: Policy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    home = tmp_path_factory.mktemp("home")
    folder = publish(home)
    with duckdb.connect(str(folder / "fangpin.duckdb")) as con:
        build = Build(month=MONTH, con=con, policy=two_plans, home=home, report=lambda _: None)
        for name in TABLES:
            fill_table(con, contracts()[name], STEPS[name].produce(build))
        yield build


def test_every_plan_in_force_is_rehearsed(built: Build) -> None:
    drawn = built.read("mart.research_sample").filter(role="primary")
    assert dict(drawn.group_by("plan").agg(pl.col("city_code").n_unique()).iter_rows()) == {"plan": 6, "spring": 3}
    assert drawn.filter(plan="spring")["reason"].str.contains("不可推断总体").all()
    assert set(drawn.filter(plan="spring")["arm"]) == {"risk"}
    days = built.read("mart.research_day")
    assert days.filter(plan="plan")["day"].null_count() == days.filter(plan="plan").height  # left blank
    assert days.filter(plan="spring")["day"].min() == dt.date(2022, 3, 1)
    assert built.read("mart.research_household").filter(role="primary").group_by("plan", "village_code").len()[
        "len"
    ].unique().to_list() == [10]


@pytest.mark.parametrize("name", TABLES)
def test_contract_and_audits_hold(built: Build, name: str, two_plans: Policy) -> None:
    con, contract = built.con, contracts()[name]
    assert set(con.sql(contract.contract_sql()).fetchall()[0]) == {0}
    on = dt.date(2021, 12, 31)
    rows = [
        (f"research/{plan}.{key}", str(two_plans.value(parameter.name, OWN_PROVINCE, on).value), True)
        for plan in ("plan", "spring")
        for key, parameter in two_plans.group(f"research/{plan}").items()
        if key in ("cities", "rehearsal_seed")
    ]
    con.execute("create or replace table ref.policy_value (parameter VARCHAR, value VARCHAR, in_force BOOLEAN)")
    con.executemany("insert into ref.policy_value values (?, ?, ?)", rows)
    con.execute(
        """create or replace table ref.division as
        select place_code as village_code, county_code, city_code, true as in_province from mart.village_ranking"""
    )
    for audit in contract.audits:
        assert con.sql(audit.sql).fetchall() == [], audit.name


def test_strata_of_the_list_of_households(built: Build) -> None:
    """A village of 27 monitored of 54: leads are those with a hard trigger or in the list of unlisted at risk."""
    listed = research.listing(built.con, ["410120000200"])
    register = built.con.sql("select * from core.monitored_household where village_code = '410120000200'").pl()
    counted = dict(listed.group_by("stratum").len().iter_rows())
    for category in register["category"].unique():
        gone = register.filter((pl.col("category") == category) & pl.col("eliminated")).height
        assert counted.get(f"{category}·已标注消除", 0) == gone
    leads = listed.filter(stratum="未列入监测·有线索")
    risk = built.con.sql("select household_id, score, hard_trigger from mart.household_risk").pl()
    scores = dict(leads.join(risk, on="household_id").select("household_id", "score").iter_rows())
    assert {n: max(score, 1) for n, score in scores.items()} == dict(leads.select("household_id", "size").iter_rows())
    assert listed.height == counted["未列入监测·有线索"] + counted["未列入监测·随机"] + register.height


def test_plans_are_part_of_the_check_of_policy(two_plans: Policy, tmp_path: Path) -> None:
    assert plans.problems(two_plans, OWN_PROVINCE) == []
    (tmp_path / "research").mkdir()
    text = (POLICY / "research" / "plan.yaml").read_text(encoding="utf-8")
    (tmp_path / "research" / "wrong.yaml").write_text(text.replace("value: 6,", "value: 0,", 1), encoding="utf-8")
    (tmp_path / "research" / "unread.yaml").write_text(text.replace("\ncities:", "\ncitys:", 1), encoding="utf-8")
    found = law.problems(load(tmp_path), POLICY.parent)
    assert any("wrong.yaml 有误：cities 应为不小于1的整数，现为 0。请改正。（自 2021-04-01）" in each for each in found)
    assert any("unread.yaml 没有适用于 41 的 cities" in each for each in found)
