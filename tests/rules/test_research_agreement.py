"""Agreement of system and field: counts and intervals by hand, what does not count, any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangpin.research.agreement import ALL_COUNTIES, rates

Z = 1.959963984540054
ANSWERS = [
    *[("410122", "persons", "match")] * 7,
    *[("410122", "persons", "differ")] * 3,
    ("410122", "persons", "unknown"),
    ("410222", "persons", "match"),
    ("410222", "paper_reviewed", "missing"),
    ("410222", "paper_reviewed", "match"),
]


def test_by_county_and_item() -> None:
    """7 of 10: Wilson 0.3968 to 0.8922; a missing paper counts as not agreeing, what could not be told as nothing."""
    found = {(each.county_code, each.item): each for each in rates(ANSWERS, Z)}
    one = found["410122", "persons"]
    assert (one.compared, one.match, one.differ, one.unknown, one.rate) == (10, 7, 3, 1, 0.7)
    assert (one.low, one.high) == (pytest.approx(0.3968, abs=1e-4), pytest.approx(0.8922, abs=1e-4))
    assert found[ALL_COUNTIES, "persons"].compared == 11
    paper = found["410222", "paper_reviewed"]
    assert (paper.rate, paper.missing) == (0.5, 1)


def test_nothing_that_could_be_told_has_no_rate() -> None:
    (_, one) = rates([("410122", "persons", "unknown")], Z)
    assert (one.rate, one.low, one.high) == (None, None, None)


def test_leads_and_questions_are_no_comparison() -> None:
    assert rates([("410122", "lead_relapse", "confirmed"), ("410122", "food_clothing", "")], Z) == []


@given(st.permutations(ANSWERS))
def test_the_order_of_answers_is_nothing(answers: list[tuple[str, str, str]]) -> None:
    assert rates(answers, Z) == rates(ANSWERS, Z)
