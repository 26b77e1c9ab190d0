"""Cumulative incidence of competing ends: by hand arithmetic, and what must hold of any counts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangpin.competing_risks import Incidence, cumulative_incidence


def test_two_kinds_of_end_by_hand() -> None:
    """Ten spells. Month 2: one real, one by the safety net, of 10. Month 3: two last. Month 5: two real of 6.
    Month 7: one by the safety net of 4; three last.

    remaining: 8/10; x 4/6 = 8/15; x 3/4 = 2/5. real: 1/10; + 8/10 x 2/6 = 11/30. safety net: 1/10; + 8/15 x 1/4 = 7/30.
    """
    points = cumulative_incidence({"real": {2: 1, 5: 2}, "net": {2: 1, 7: 1}}, {3: 2, 7: 3})
    assert [(p.months, p.at_risk) for p in points] == [(2, 10), (5, 6), (7, 4)]
    assert [p.remaining for p in points] == pytest.approx([4 / 5, 8 / 15, 2 / 5])
    assert [p.ended["real"] for p in points] == pytest.approx([1 / 10, 11 / 30, 11 / 30])
    assert [p.ended["net"] for p in points] == pytest.approx([1 / 10, 1 / 10, 7 / 30])


def test_it_is_less_than_one_minus_kaplan_meier() -> None:
    """Four spells, two ends each way in turn: 1 - KM of the real ends alone says 1 - 3/4 x 1/2 = 5/8; half ended so."""
    points = cumulative_incidence({"real": {1: 1, 3: 1}, "net": {2: 1, 4: 1}}, {})
    assert points[-1].ended == pytest.approx({"real": 1 / 2, "net": 1 / 2})
    assert points[-1].remaining == 0.0


def test_ends_in_the_month_of_the_begin_count() -> None:
    assert cumulative_incidence({"real": {0: 1}}, {0: 3}) == [Incidence(0, 4, 0.75, {"real": 0.25})]


def test_nothing_ended_is_no_point() -> None:
    assert cumulative_incidence({"real": {}, "net": {4: 0}}, {6: 2}) == []


@pytest.mark.parametrize(("ended", "lasting"), [({"real": {-1: 1}}, {}), ({"real": {1: -1}}, {}), ({}, {1: -2})])
def test_negative_counts_are_refused(ended: dict[str, dict[int, int]], lasting: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="not negative"):
        cumulative_incidence(ended, lasting)


counts = st.dictionaries(st.integers(0, 40), st.integers(0, 50), max_size=12)


@given(real=counts, net=counts, lasting=counts)
def test_shares_add_up_and_never_fall(real: dict[int, int], net: dict[int, int], lasting: dict[int, int]) -> None:
    points = cumulative_incidence({"real": real, "net": net}, lasting)
    for point in points:
        assert point.remaining + sum(point.ended.values()) == pytest.approx(1.0)
    for before, after in pairwise(points):
        assert before.ended["real"] <= after.ended["real"]
        assert before.ended["net"] <= after.ended["net"]
        assert before.at_risk > after.at_risk


@given(real=counts, net=counts)
def test_without_lasting_spells_it_is_the_share_that_ended_so(real: dict[int, int], net: dict[int, int]) -> None:
    points = cumulative_incidence({"real": real, "net": net}, {})
    total = sum(real.values()) + sum(net.values())
    if total:
        assert points[-1].ended["real"] == pytest.approx(sum(real.values()) / total)
