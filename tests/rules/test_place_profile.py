"""Profiles of places: ranges by hand arithmetic and tables of distributions, phases at their boundaries, trends."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangpin.research import profile as p
from fangpin.research.profile import Limits, count_range, profile

LIMITS = Limits(0.9, 5, 1, 2, 3, 0.1, 1, 3)


def place_month(counts: dict[str, int], peers: int = 8, base: int = 100) -> pl.DataFrame:
    """A village with these counts, and peers in its county that have 5 of everything."""
    columns = [i.column for i in p.INDICATORS]
    rows = [{"place_code": "410102001201", **{c: counts.get(c, 5) for c in columns}}]
    rows += [{"place_code": f"4101020012{n + 10}", **dict.fromkeys(columns, 5)} for n in range(peers)]
    frame = pl.DataFrame(rows)
    return frame.with_columns(level=pl.lit("village"), households=base, monitored_households=base)


def test_equal_peers_give_the_poisson_range() -> None:
    """Mean 5: P(X <= 1) = 0.0404, P(X <= 2) = 0.1247, P(X <= 8) = 0.9319, P(X <= 9) = 0.9682 (tables of Poisson)."""
    assert count_range([5] * 8, [100] * 8, 100, 0.9) == (2, 9)


def test_different_peers_give_a_wider_range() -> None:
    """Marshall by hand: mean 0.05, spread 0.0016, between 0.0016 - 0.05 / 100 = 0.0011: variance 5 + 11, not 5."""
    low, high = count_range([1, 9] * 4, [100] * 8, 100, 0.9)
    assert low < 2
    assert high > 9


def test_peers_without_any_are_not_taken_for_never() -> None:
    """Gamma(1/2, 245) and 49 households: P(0) = (245 / 294)^(1/2) = 0.913 < 0.95, so one is no surprise."""
    assert count_range([0] * 5, [49] * 5, 49, 0.9) == (0, 1)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(31, 400)), min_size=5, max_size=30), st.integers(1, 500))
def test_a_range_is_a_range_and_the_order_of_peers_makes_no_difference(peers: list[tuple[int, int]], base: int) -> None:
    counts, bases = [c for c, _ in peers], [n for _, n in peers]
    low, high = count_range(counts, bases, base, 0.9)
    assert 0 <= low <= high <= base
    assert count_range(counts[::-1], bases[::-1], base, 0.9) == pytest.approx((low, high), abs=1)


@pytest.mark.parametrize(("above", "phase"), [(0, p.NORMAL), (1, p.WATCH), (2, p.ALERT), (3, p.ALARM), (5, p.ALARM)])
def test_the_phase_counts_indicators_above_their_range(above: int, phase: str) -> None:
    phased = [i for i in p.INDICATORS if i.phased][:above]
    found = profile({"2021-12": place_month({i.column: 10 for i in phased})}, "village", "410102001201", LIMITS)
    assert found.phase == phase
    assert found.above == tuple(i.title for i in phased)
    assert found.trend == p.NO_TREND


def test_the_edge_of_the_range_is_normal_and_many_eliminations_are_no_alarm() -> None:
    counts = {"active_households": 9, "eliminated_households": 60}
    found = profile({"2021-12": place_month(counts)}, "village", "410102001201", LIMITS)
    assert found.phase == p.NORMAL
    assert found.readings[-1].state == p.ABOVE


def test_recovery_follows_an_alert() -> None:
    months = {"2021-11": place_month({"active_households": 12, "band_high": 12}), "2021-12": place_month({})}
    found = profile(months, "village", "410102001201", LIMITS)
    assert (found.phase_before, found.phase, found.trend) == (p.ALERT, p.RECOVERY, p.IMPROVING)


@pytest.mark.parametrize(
    ("before", "now", "trend"),
    [
        (5, 6, p.STABLE),  # one household more is no trend
        (5, 7, p.WORSENING),
        (7, 5, p.IMPROVING),
        (30, 33, p.STABLE),  # 10 % exactly
        (30, 34, p.WORSENING),
    ],
)
def test_a_move_must_be_of_some_size(before: int, now: int, trend: str) -> None:
    months = {"2021-11": place_month({"band_high": before}), "2021-12": place_month({"band_high": now})}
    assert profile(months, "village", "410102001201", LIMITS).trend == trend


def test_one_worse_and_one_better_is_stable() -> None:
    before, now = {"band_high": 3, "new_alerts": 8}, {"band_high": 8, "new_alerts": 3}
    months = {"2021-11": place_month(before), "2021-12": place_month(now)}
    found = profile(months, "village", "410102001201", LIMITS)
    assert (found.trend, found.worse, found.better) == (p.STABLE, ("高风险户",), ("本月新增预警（条）",))


def test_too_few_peers_give_no_verdict() -> None:
    found = profile({"2021-12": place_month({"band_high": 90}, peers=4)}, "village", "410102001201", LIMITS)
    assert found.phase == p.UNJUDGED
    assert {reading.state for reading in found.readings} == {p.NO_RANGE}
    assert found.peers == "全省其他4个村"


def test_peers_are_looked_for_further_away_when_the_county_has_too_few() -> None:
    near = place_month({}, peers=3)
    far = place_month({}).with_columns(place_code=pl.col("place_code").str.replace("410102", "410103"))
    found = profile({"2021-12": pl.concat([near, far])}, "village", "410102001201", LIMITS)
    assert found.peers == "同市其他12个村"
