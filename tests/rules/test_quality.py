"""Dimensions of data quality: every rule of intake in exactly one, score and grade, what is late."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangpin import policy, quality
from fangpin.intake import validate
from fangpin.quality import Standard

POLICY = policy.load(Path(__file__).resolve().parents[2] / "policy")
BY = Standard(
    weight_well_formed=1,
    weight_filled=1,
    weight_delivered=1,
    weight_accurate=2,
    weight_consistent=2,
    weight_on_time=1,
    weight_readable=2,
    grade_excellent=0.9,
    grade_good=0.8,
    grade_fair=0.5,
    blind_spot_rows=5,
)
NAMES = [indicator.name for indicator in quality.INDICATORS]
ALL = dict.fromkeys(NAMES, 1.0)


def test_every_rule_of_intake_belongs_to_one_dimension() -> None:
    assert set(quality.RULES) == set(validate.RULES)
    assert set(quality.RULES.values()) <= set(quality.DIMENSIONS)
    assert sorted(rule for d in quality.DIMENSIONS for rule in quality.rules_of(d)) == sorted(quality.RULES)


def test_the_dimensions_are_the_six_of_the_standard_and_all_are_measured() -> None:
    assert quality.DIMENSIONS == ("规范性", "完整性", "准确性", "一致性", "时效性", "可访问性")
    assert {indicator.dimension for indicator in quality.INDICATORS} == set(quality.DIMENSIONS)


def test_the_weights_of_the_policy_are_of_a_hundred_and_its_grades_in_order() -> None:
    by = quality.standard(POLICY, "2021-10")
    assert sum(by.weight(name) for name in NAMES) == 100
    assert 1 > by.grade_excellent > by.grade_good > by.grade_fair > 0
    assert {f"weight_{name}" for name in NAMES} == {f.name for f in fields(Standard) if f.name.startswith("weight_")}


@pytest.mark.parametrize(
    ("share", "expected"),
    [(1.0, "优"), (0.9, "优"), (0.8999, "良"), (0.8, "良"), (0.7999, "中"), (0.5, "中"), (0.4999, "差"), (0.0, "差")],
)
def test_grade_at_its_limits(share: float, expected: str) -> None:
    assert quality.grade(share, BY) == expected


def test_what_is_unknown_has_no_grade_and_no_part_in_the_score() -> None:
    assert quality.grade(None, BY) is None
    assert quality.score(ALL, BY) == 1
    # 9 of 10 points known, of the 2 for 准确性 a half lost: 8/9 ... of the other 8, all
    half = ALL | {"accurate": 0.5, "on_time": None}
    assert quality.score(half, BY) == pytest.approx(8 / 9)
    assert quality.score(dict.fromkeys(NAMES), BY) is None


def test_the_weakest_indicator_is_the_one_that_costs_the_most_points() -> None:
    assert quality.weakest(ALL, BY) is None
    assert quality.weakest(ALL | {"filled": 0.7, "accurate": 0.8}, BY) == "内容准确"  # 0.3 x 1 < 0.2 x 2
    assert quality.weakest(ALL | {"filled": 0.5, "accurate": 0.8, "on_time": None}, BY) == "必填齐全"


@given(st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1)))
def test_a_score_lies_between_its_shares(shares: dict[str, float]) -> None:
    total = quality.score(dict.fromkeys(NAMES) | shares, BY)
    if shares:
        assert total is not None
        assert min(shares.values()) - 1e-9 <= total <= max(shares.values()) + 1e-9
    else:
        assert total is None


def test_the_deadline_is_the_end_of_the_day_in_beijing() -> None:
    assert quality.deadline("2021-10", 4) == dt.datetime(2021, 11, 4, 16, tzinfo=dt.UTC)
    assert quality.deadline("2021-12", 4) == dt.datetime(2022, 1, 4, 16, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("came", "late", "accepted", "refused_whole", "placeable", "expected"),
    [
        (True, False, 3, False, True, "已报送"),
        (True, True, 3, False, True, "迟报"),
        (True, True, 3, False, False, "迟报"),
        (True, False, 0, False, True, "零报送"),
        (True, True, 0, False, True, "零报送"),
        (True, False, 0, False, False, "地区不详"),
        (True, False, 0, True, True, "全部退回"),
        (False, False, 0, False, True, "未报送"),
    ],
)
def test_state(came: bool, late: bool, accepted: int, refused_whole: bool, placeable: bool, expected: str) -> None:
    found = quality.state(came=came, late=late, accepted=accepted, refused_whole=refused_whole, placeable=placeable)
    assert found == expected
