"""Yields of rules: the Beta posterior by hand, expected information against its oracle, when a rule is given up."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangpin.errors import PolicyError
from fangpin.research.yields import (
    BY_TITLE,
    KEEP,
    RETIRE,
    RULES,
    TOO_FEW,
    Standard,
    expected_information,
    measured,
    standard,
)
from tests.rules.oracles import oracle

Z = 1.959963984540054
EVEN = Standard(4.0, dict.fromkeys(RULES, 0.5), 0.1, 50)


@pytest.mark.parametrize("case", oracle("t5_expected_information.json")["cases"])
def test_expected_information(case: dict[str, float]) -> None:
    assert expected_information(case["a"], case["b"]) == pytest.approx(case["eig_nats"], abs=1e-9)


def test_one_more_check_of_what_is_not_known_tells_ln_2_less_a_half() -> None:
    assert expected_information(1, 1) == pytest.approx(math.log(2) - 0.5, abs=1e-12)


@given(st.floats(0.05, 500), st.floats(0.05, 500))
def test_each_check_tells_less_than_the_one_before(a: float, b: float) -> None:
    """After an outcome as expected the mean is the same, the information no larger: the greedy choice rests on it."""
    m = a / (a + b)
    assert 0 <= expected_information(a + m, b + 1 - m) <= expected_information(a, b) + 1e-12


def test_a_posterior_by_hand() -> None:
    """Beta(2, 2), 7 confirmed, 3 refuted: Beta(9, 5). Wilson 7/10: 0.3968, 0.8922 (Newcombe 1998, his method 3)."""
    found = measured("relapse", 7, 3, 2, EVEN, Z)
    assert (found.a, found.b, found.checked, found.not_seen) == (9, 5, 10, 2)
    assert found.mean == pytest.approx(9 / 14)
    assert (found.low, found.high) == (pytest.approx(0.3968, abs=1e-4), pytest.approx(0.8922, abs=1e-4))


def test_a_rule_nobody_checked_has_no_interval() -> None:
    found = measured("relapse", 0, 0, 3, EVEN, Z)
    assert (found.mean, found.low, found.high, found.proposal) == (0.5, None, None, TOO_FEW)


@pytest.mark.parametrize(
    ("confirmed", "refuted", "proposal"),
    [(0, 49, TOO_FEW), (4, 46, RETIRE), (5, 45, KEEP), (0, 50, RETIRE), (50, 0, KEEP), (9, 91, RETIRE), (10, 90, KEEP)],
)
def test_below_a_tenth_after_fifty_checks(confirmed: int, refuted: int, proposal: str) -> None:
    assert measured("relapse", confirmed, refuted, 9, EVEN, Z).proposal == proposal


VALUES = {"prior_strength": 4, "retire_share": 0.1, "retire_checks": 50, "expected": dict.fromkeys(BY_TITLE, 0.5)}


def test_policy_gives_every_rule_by_its_name() -> None:
    assert standard(VALUES) == EVEN


@pytest.mark.parametrize(
    ("change", "told"),
    [({"返复": 1.0}, "返复"), ({"返复": 0}, "返复"), ({"没有的规则": 0.5}, "没有的规则")],
)
def test_a_wrong_expectation_is_named(change: dict[str, float], told: str) -> None:
    with pytest.raises(PolicyError, match=told):
        standard(VALUES | {"expected": {**dict.fromkeys(BY_TITLE, 0.5), **change}})


def test_a_rule_without_an_expectation_is_named() -> None:
    expected = {title: 0.5 for title in BY_TITLE if title != "返复"}
    with pytest.raises(PolicyError, match="返复"):
        standard(VALUES | {"expected": expected})
