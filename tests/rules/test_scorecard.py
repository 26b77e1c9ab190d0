"""The score card: one household by hand, its invariants, and SQL that says the same of thousands."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.core.household_month import HouseholdMonth
from checks.mart.household_risk import HouseholdRisk
from checks.mart.risk_contribution import RiskContribution
from checks.ref.scorecard import Scorecard
from fangpin.errors import PolicyError
from fangpin.policy import load
from fangpin.scorecard import Card, Indicator, assess, counterfactuals, level, parse, rows
from fangpin.scorecard_sql import contribution_sql, risk_sql

CONTENT = load(Path(__file__).resolve().parents[2] / "policy").value("scorecard", "", dt.date(2021, 11, 30)).value
CARD = parse(CONTENT)

WELL_OFF = {
    "margin_pct": 120.0,
    "income_drop_share": 0.0,
    "transfer_share": 0.1,
    "rigid_share": 0.05,
    "medical_fen": 0,
    "students_non_compulsory": 0,
    "education_gap": False,
    "medical_gap": False,
    "housing_gap": False,
    "water_gap": False,
    "no_labour": False,
    "jobs_lost_recent": 0,
    "disasters": 0,
    "newly_severe": 0,
    "severe_disabled": 0,
    "petitions": 0,
    "dibao_persons": 0,
    "tekun_persons": 0,
    "stable_earners": 1,
    "assets": None,
}


def values(indicator: Indicator) -> st.SearchStrategy[Any]:
    """Values of the indicator's column, its band edges among them, unknown among them."""
    edges = sorted({b for band in indicator.bands for b in (band.lower, band.upper) if b is not None})
    if indicator.unit == "yesno":
        known: st.SearchStrategy[Any] = st.booleans()
    elif indicator.unit == "yuan":
        fen = [round(edge * 100) + step for edge in edges for step in (-1, 0, 1)]
        known = st.sampled_from(fen) | st.integers(0, 20_000_000)
    elif indicator.unit == "count":
        known = st.integers(0, 6)
    else:
        top = 500.0 if indicator.unit == "percent" else 5.0
        known = st.sampled_from(edges) | st.floats(-top, top, allow_nan=False)
    return st.none() | known


features = st.fixed_dictionaries(
    {i.column: values(i) for i in CARD.indicators} | {column: st.integers(0, 3) for column, _ in CARD.protective}
)


def test_a_well_off_household_scores_nothing() -> None:
    found = assess(CARD, WELL_OFF)
    assert (found.score, found.high, found.level, found.unknowns) == (0, 0, "无", 0)
    assert found.contributions == ()
    assert found.mitigation == ("有稳定务工",)
    assert counterfactuals(CARD, WELL_OFF) == ()


def test_a_household_by_hand() -> None:
    """Margin 12.4 % -> 20; rigid share 45 % -> 15, self-paid 20,000 -> 10, capped 25; dropout 20; a lost job 6."""
    found = assess(
        CARD,
        WELL_OFF
        | {
            "margin_pct": 12.4,
            "rigid_share": 0.45,
            "medical_fen": 2_000_000,
            "students_non_compulsory": 2,
            "education_gap": True,
            "jobs_lost_recent": 1,
        },
    )
    assert found.family_points == {"income": 20, "rigid": 25, "guarantee": 20, "labour": 6}
    assert (found.score, found.high, found.level) == (71, 71, "高")
    assert found.hard_reasons == ("疑似失学辍学",)
    by_name = {c.indicator: c for c in found.contributions}
    assert by_name["income_margin"].reason == "扣除刚性支出后人均收入仅高于监测线12%"
    assert by_name["rigid_share"].reason == "刚性支出占家庭纯收入45%，超过四成"
    assert by_name["medical_amount"].reason == "近12个月合规自付医疗支出20000元，超过2万元"
    assert (by_name["cap_rigid"].points, by_name["cap_rigid"].points_high) == (-5, -5)  # 15 + 10 + 5 - 25
    assert by_name["cap_rigid"].reason == "刚性支出合计30分，上限30分，按25分封顶"


def test_what_is_unknown_lifts_only_the_upper_bound() -> None:
    """Unknown income: margin 30 + drop 15 + transfers 5, capped 30; unknown rigid share 20."""
    unknown = dict.fromkeys(("margin_pct", "income_drop_share", "transfer_share", "rigid_share"))
    found = assess(CARD, WELL_OFF | unknown)
    assert (found.score, found.high, found.unknowns, found.hard_reasons) == (0, 50, 4, ())
    assert sum(c.points_high for c in found.contributions) == 50


@pytest.mark.parametrize(("margin", "hard"), [(-0.0001, True), (0.0, False)])
def test_below_the_line_is_a_hard_trigger(margin: float, hard: bool) -> None:
    assert bool(assess(CARD, WELL_OFF | {"margin_pct": margin}).hard_reasons) is hard


@pytest.mark.parametrize("column", ["education_gap", "housing_gap", "water_gap"])
def test_each_gap_is_a_hard_trigger_and_unknown_is_none(column: str) -> None:
    assert len(assess(CARD, WELL_OFF | {column: True}).hard_reasons) == 1
    assert assess(CARD, WELL_OFF | {column: None}).hard_reasons == ()


def test_levels_at_their_bounds() -> None:
    assert [level(CARD, s) for s in (0, 1, 24, 25, 44, 45, 100)] == ["无", "低", "低", "中", "中", "高", "高"]


def test_what_would_help_is_told() -> None:
    """Margin 12 % (20 points) to 20 % (10 points); 20,000 yuan (10) below 20,000 (5); a dropout solved (20)."""
    told = counterfactuals(CARD, WELL_OFF | {"margin_pct": 12.0, "medical_fen": 2_000_000, "education_gap": True})
    assert told == (
        "若扣除刚性支出后人均收入高出监测线的比例达到20%，风险分减10分",
        "若年度合规自付医疗支出低于20000元，风险分减5分",
        "若义务教育缺口得到解决，风险分减20分",
    )


def test_below_the_line_reason_and_hint_speak_of_one_measure() -> None:
    """129 % below the line (30 points); at the line, 0 % over it, 20 points."""
    row = WELL_OFF | {"margin_pct": -128.6}
    (found,) = assess(CARD, row).contributions
    assert found.reason == "扣除刚性支出后人均收入比监测线低129%"
    assert assess(CARD, row).hard_reasons == ("扣除刚性支出后收入低于监测线",)
    assert counterfactuals(CARD, row) == (
        "若扣除刚性支出后人均收入高出监测线的比例达到0%（即达到监测线），风险分减10分",
    )


def test_no_hint_for_what_nobody_can_change() -> None:
    """Students 5, no labour 8, one disaster 8, disability 8 and 4, a petition 3: no hint. A lost job 6: a hint."""
    facts = {
        "students_non_compulsory": 2,
        "no_labour": True,
        "disasters": 1,
        "newly_severe": 1,
        "severe_disabled": 1,
        "petitions": 1,
    }
    assert counterfactuals(CARD, WELL_OFF | facts) == ()
    assert assess(CARD, WELL_OFF | facts).score == 25  # 5, and 31 capped at 20
    assert counterfactuals(CARD, WELL_OFF | {"jobs_lost_recent": 1}) == ("若近三个月失去工作人数低于1，风险分减6分",)


def test_the_flag_of_the_card_decides() -> None:
    """The same indicator with the flag taken away gets its hint."""
    entries = [{k: v for k, v in entry.items() if k != "changeable"} for entry in CONTENT["indicators"]]
    told = counterfactuals(parse(CONTENT | {"indicators": entries}), WELL_OFF | {"no_labour": True})
    assert told == ("若整户无劳动能力得到解决，风险分减8分",)
    flagged = [entry | {"changeable": False} for entry in CONTENT["indicators"]]
    assert counterfactuals(parse(CONTENT | {"indicators": flagged}), WELL_OFF | {"education_gap": True}) == ()


@given(features)
def test_contributions_make_the_score(row: dict[str, Any]) -> None:
    found = assess(CARD, row)
    assert sum(c.points for c in found.contributions) == found.score
    assert sum(c.points_high for c in found.contributions) == found.high
    assert 0 <= found.score <= found.high <= sum(CARD.families.values()) == 100
    assert all(found.family_points[f] <= cap for f, cap in CARD.families.items())
    assert len({c.indicator for c in found.contributions}) == len(found.contributions)


@given(features, st.data())
def test_more_risk_never_scores_less(row: dict[str, Any], data: st.DataObject) -> None:
    indicator = data.draw(st.sampled_from(CARD.indicators))
    one, other = data.draw(values(indicator)), data.draw(values(indicator))
    if one is None or other is None:
        return
    better, worse = sorted((one, other), reverse=indicator.bands[0].lower is None)
    low, high = (assess(CARD, row | {indicator.column: v}) for v in (better, worse))
    assert low.score <= high.score
    assert low.high <= high.high
    assert set(low.hard_reasons) <= set(high.hard_reasons)


@given(features, st.data())
def test_unknown_is_never_zero(row: dict[str, Any], data: st.DataObject) -> None:
    """Forgetting a value never raises what is known and never lowers the bound."""
    indicator = data.draw(st.sampled_from(CARD.indicators))
    known, forgotten = assess(CARD, row), assess(CARD, row | {indicator.column: None})
    assert forgotten.score <= known.score
    assert forgotten.high >= known.high
    assert indicator.name in {c.indicator for c in forgotten.contributions}


@given(features)
def test_what_helps_does_help(row: dict[str, Any]) -> None:
    for sentence in counterfactuals(CARD, row):
        assert int(sentence.rsplit("风险分减", 1)[1].removesuffix("分")) > 0


def test_the_order_of_indicators_does_not_matter() -> None:
    backwards = Card(CARD.families, CARD.family_titles, CARD.levels, tuple(reversed(CARD.indicators)), CARD.protective)
    row = WELL_OFF | {"margin_pct": -3.0, "rigid_share": 1.2, "medical_fen": None, "water_gap": True, "disasters": 2}
    one, other = assess(CARD, row), assess(backwards, row)
    assert (one.score, one.high, one.family_points) == (other.score, other.high, other.family_points)
    assert sorted(c.indicator for c in one.contributions) == sorted(c.indicator for c in other.contributions)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"family": "other"}, "没有名为 other 的族"),
        ({"unit": "furlong"}, "furlong"),
        ({"changeable": "nobody"}, "changeable"),
        ({"bands": [{"lower": 0, "points": 5, "reason": "a"}, {"lower": 1, "points": 6, "reason": "b"}]}, "重叠"),
        (
            {
                "bands": [
                    {"lower": 0, "upper": 1, "points": 5, "reason": "a"},
                    {"lower": 1, "upper": 2, "points": 9, "reason": "b"},
                    {"lower": 2, "points": 6, "reason": "c"},
                ]
            },
            "单调",
        ),
        ({"name": "income_drop"}, "重复"),
    ],
)
def test_a_wrong_card_is_refused_by_name(change: dict[str, Any], problem: str) -> None:
    first, *rest = CONTENT["indicators"]
    with pytest.raises(PolicyError, match=problem):
        parse(CONTENT | {"indicators": [first | change, *rest]})


def random_households(count: int) -> list[dict[str, Any]]:
    """Households with every unit's band edges, unknowns and ordinary values, from a fixed seed."""
    dice = random.Random(20211130)
    households = []
    for _ in range(count):
        row: dict[str, Any] = {column: dice.choice([None, 0, 0, 1, 2]) for column, _ in CARD.protective}
        for i in CARD.indicators:
            edges = [b for band in i.bands for b in (band.lower, band.upper) if b is not None]
            if dice.random() < 0.1:
                row[i.column] = None
            elif i.unit == "yesno":
                row[i.column] = dice.random() < 0.2
            elif i.unit == "yuan":
                row[i.column] = dice.choice([round(dice.choice(edges) * 100) + dice.choice([-1, 0, 1]), 0, 123_456])
            elif i.unit == "count":
                row[i.column] = dice.choice([0, 0, 0, 1, 2, 3])
            else:
                scale = 100 if i.unit == "percent" else 1
                row[i.column] = dice.choice([float(dice.choice(edges)), dice.gauss(0.3, 0.4) * scale, 0.0])
        households.append(row)
    return households


def test_sql_says_what_the_twin_says() -> None:
    households = random_households(4000)
    with duckdb.connect() as con:
        con.execute("create schema core")
        con.execute(HouseholdMonth.ddl())
        columns = sorted(households[0])
        marks = ", ".join(["?"] * (len(columns) + 2))
        con.executemany(
            f"insert into core.household_month (household_id, village_code, {', '.join(columns)}) values ({marks})",
            [[n, "410122001001", *(row[c] for c in columns)] for n, row in enumerate(households)],
        )
        risks = con.sql(f"{risk_sql(CARD)} order by household_id").pl().to_dicts()
        contributions = con.sql(contribution_sql(CARD)).pl().to_dicts()
    of_household: dict[int, list[dict[str, Any]]] = {}
    for c in contributions:
        of_household.setdefault(c.pop("household_id"), []).append(c)
    seen = set()
    for n, (row, risk) in enumerate(zip(households, risks, strict=True)):
        expected = assess(CARD, row)
        seen |= {c.indicator for c in expected.contributions}
        assert risk == {
            "household_id": n,
            "village_code": "410122001001",
            "score": expected.score,
            "score_low": expected.score,
            "score_high": expected.high,
            **{f"{family}_points": points for family, points in expected.family_points.items()},
            "hard_trigger": bool(expected.hard_reasons),
            "hard_reasons": "、".join(expected.hard_reasons) or None,
            "band": expected.level,
            "unknowns": expected.unknowns,
            "mitigation": "、".join(expected.mitigation) or None,
        }
        wanted = sorted((vars(c) for c in expected.contributions), key=lambda c: c["indicator"])
        assert of_household.get(n, []) == wanted
    assert seen == {i.name for i in CARD.indicators} | {f"cap_{f}" for f in CARD.families}


def test_the_sql_fills_its_tables_columns() -> None:
    with duckdb.connect() as con:
        con.execute("create schema core")
        con.execute("create schema mart")
        con.execute(HouseholdMonth.ddl())
        for contract, sql in ((HouseholdRisk, risk_sql(CARD)), (RiskContribution, contribution_sql(CARD))):
            con.execute(contract.ddl())
            con.execute(f"insert into {contract.name} by name {sql}")
            assert {c.name for c in contract.columns} == {
                column for column, *_ in con.sql(f"describe ({sql})").fetchall()
            }


def test_the_card_as_rows() -> None:
    listed = rows(CARD)
    assert len(listed) == sum(len(i.bands) for i in CARD.indicators)
    assert {c.name for c in Scorecard.columns} == set(listed[0])
    assert listed[0]["indicator"] == "income_margin"
    assert (listed[0]["lower"], listed[0]["upper"], listed[0]["points"]) == (None, 0, 30)
