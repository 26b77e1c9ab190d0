"""Village tests: oracles, exact probabilities, and villages that must and must not be listed."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin import anomaly
from tests.rules.oracles import oracle

LEVELS = anomaly.Levels(
    test_probability=0.05,
    false_discovery_rate=0.1,
    batch_min_households=4,
    inflated_min_ratio=1.5,
    inflated_min_households=4,
    prior_shape=3,
    copied_min_households=3,
    bunching_width_fen=10_000,
    bunching_min_households=4,
    bunching_probability=0.05,
    zero_report_probability=0.05,
)


def test_bunching_across_the_line() -> None:
    data = oracle("t5_bunching.json")
    below = sum(data["L"] - data["delta"] <= x < data["L"] for x in data["x"])
    above = sum(data["L"] <= x < data["L"] + data["delta"] for x in data["x"])
    assert (below, above) == (data["below"], data["above"])
    p = anomaly.bunching_p(np.array([below], dtype=float), np.array([above], dtype=float))
    assert p[0] == pytest.approx(data["p_one_sided"], abs=1e-12)


def test_zero_report_probability() -> None:
    for case in oracle("t5_zero_report.json")["cases"]:
        expected = case["households"] * case["months"] * case["county_rate_per_1000hh_month"] / 1000
        assert expected == pytest.approx(case["E"])
        assert anomaly.zero_probability(np.array([expected]))[0] == pytest.approx(case["p0"], abs=1e-12)


@given(st.integers(0, 12), st.integers(0, 12), st.floats(0.01, 0.99))
def test_binomial_tail_is_the_sum_of_its_terms(k: int, n: int, p: float) -> None:
    terms = sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
    found = anomaly.binomial_tail(np.array([float(k)]), np.array([float(n)]), np.array([p]))[0]
    assert found == pytest.approx(terms, abs=1e-12)


def batch_exact(total: int, largest: int, profile: np.ndarray) -> float:
    """P(some day has at least `largest`), exactly: 1 - N! [x^N] prod_d sum_{j<k} (p_d x)^j / j!."""
    series = np.zeros(total + 1)
    series[0] = 1.0
    for p in profile:
        terms = np.array([p**j / math.factorial(j) for j in range(min(largest, total + 1))])
        series = np.convolve(series, terms)[: total + 1]
    return float(1.0 - math.factorial(total) * series[total])


@pytest.mark.parametrize(("total", "largest", "days"), [(4, 3, 3), (5, 2, 4), (3, 3, 2), (6, 4, 2)])
def test_exact_batch_probability_by_enumeration(total: int, largest: int, days: int) -> None:
    profile = np.arange(1, days + 1) / sum(range(1, days + 1))
    hits = sum(
        math.prod(profile[d] for d in drawn)
        for drawn in itertools.product(range(days), repeat=total)
        if max(drawn.count(d) for d in range(days)) >= largest
    )
    assert batch_exact(total, largest, profile) == pytest.approx(hits, abs=1e-12)


def test_bonferroni_is_close_where_it_matters() -> None:
    """Ten eliminations over twelve days: five on one day. The bound is never below, and within 0.6 %."""
    profile = np.full(12, 1 / 12)
    exact, bound = (f(10, 5, profile) for f in (batch_exact, anomaly.batch_p))
    assert exact <= bound <= exact * 1.006


def day(n: int) -> dt.date:
    return dt.date(2021, 1, 1) + dt.timedelta(days=n)


def eliminations(**villages: list[int]) -> pl.DataFrame:
    rows = [(village, "410122", day(n)) for village, days in villages.items() for n in days]
    return pl.DataFrame(rows, schema=["village_code", "county_code", "event_date"], orient="row")


SPREAD = {f"v{n}": [n, n + 40, n + 80, n + 120, n + 160, n + 200] for n in range(30)}


def test_a_batch_the_county_does_not_know_is_listed() -> None:
    found = anomaly.same_day_batch(eliminations(batch=[300] * 6, **SPREAD), LEVELS)
    assert found["village_code"].to_list() == ["batch"]
    assert found["observed"].to_list() == [6.0]
    assert "6户在2021-10-28同一天" in found["evidence"][0]
    assert set(found.columns) == set(anomaly.FOUND)


def test_the_countys_own_meeting_day_is_lawful() -> None:
    """Everybody eliminates on two meeting days: six on one of them is what the days explain."""
    meeting = {f"v{n}": [100] * 3 + [200] * 3 for n in range(30)}
    assert anomaly.same_day_batch(eliminations(batch=[100] * 6, **meeting), LEVELS).is_empty()


def test_too_few_are_no_batch() -> None:
    assert anomaly.same_day_batch(eliminations(batch=[300] * 3, **SPREAD), LEVELS).is_empty()
    assert anomaly.same_day_batch(eliminations(batch=[300] * 4, **SPREAD), LEVELS).height == 1


def test_no_elimination_at_all() -> None:
    empty = pl.DataFrame(schema={"village_code": pl.String, "county_code": pl.String, "event_date": pl.Date})
    assert anomaly.same_day_batch(empty, LEVELS).is_empty()


def villages(**counted: tuple[int, int, float]) -> pl.DataFrame:
    """Villages of one county with (households, eliminated, expected)."""
    rows = [(village, "c", *counts) for village, counts in counted.items()]
    names = ["village_code", "county_code", "total", "observed", "expected"]
    return pl.DataFrame(rows, schema=names, orient="row")


ORDINARY = {f"v{n:02}": (6, 3, 3.0) for n in range(40)}


def test_a_village_faster_than_its_cohort_is_listed() -> None:
    found = anomaly.inflated_elimination(villages(fast=(10, 10, 1.5), **ORDINARY), LEVELS)
    assert found["village_code"].to_list() == ["fast"]
    assert found["observed"].to_list() == [10.0]
    assert found["p_value"][0] < 0.001


def test_a_high_ratio_that_the_cohort_explains_is_not_listed() -> None:
    """All eliminated, but after as long as everybody else: nothing inflated."""
    assert anomaly.inflated_elimination(villages(old=(6, 6, 5.5), **ORDINARY), LEVELS).is_empty()


def test_a_small_village_is_not_listed() -> None:
    assert anomaly.inflated_elimination(villages(few=(3, 3, 0.1), **ORDINARY), LEVELS).is_empty()


def test_what_the_rest_of_the_county_explains_is_not_listed() -> None:
    """Twice as fast as the province like the whole county."""
    county = dict.fromkeys(ORDINARY, (12, 6, 3.0))
    assert anomaly.inflated_elimination(villages(fast=(12, 6, 3.0), **county), LEVELS).is_empty()


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_byte(random: Any) -> None:
    frame = villages(fast=(10, 10, 1.5), **ORDINARY)
    rows = frame.rows()
    random.shuffle(rows)
    shuffled = pl.DataFrame(rows, schema=frame.schema, orient="row")
    assert anomaly.inflated_elimination(shuffled, LEVELS).equals(anomaly.inflated_elimination(frame, LEVELS))


def statements(**villages: tuple[int, int, int]) -> pl.DataFrame:
    rows = [(village, "c", *counts) for village, counts in villages.items()]
    return pl.DataFrame(
        rows, schema=["village_code", "county_code", "total", "observed", "largest"], orient="row"
    ).sort("village_code")


def test_copied_statements_are_listed_against_the_county() -> None:
    others = {f"v{n}": (60, 0, 1) for n in range(10)}
    found = anomaly.copied_income(statements(copied=(50, 8, 8), **others), LEVELS)
    assert found["village_code"].to_list() == ["copied"]
    assert "最大一组8户" in found["evidence"][0]
    same = {f"v{n}": (60, 10, 6) for n in range(10)}  # a county-wide flat subsidy
    assert anomaly.copied_income(statements(copied=(50, 8, 8), **same), LEVELS).is_empty()
    assert anomaly.copied_income(statements(copied=(50, 2, 2), **others), LEVELS).is_empty()


def incomes(line: int = 600_000, **villages: list[int]) -> pl.DataFrame:
    rows = [(village, "c", yuan * 100, line) for village, declared in villages.items() for yuan in declared]
    return pl.DataFrame(rows, schema=["village_code", "county_code", "income_fen", "line_fen"], orient="row")


LOW = {f"v{n}": [3000 + 37 * n, 4200 + 11 * n, 4800, 5300, 5700 + n] for n in range(30)}


def test_incomes_just_under_the_line_are_listed() -> None:
    found = anomaly.bunching(incomes(bunched=[5990, 5980, 5950, 5999, 5901], **LOW), LEVELS, below=True)
    assert found["village_code"].to_list() == ["bunched"]
    assert "5户（共5户）落在监测线6000元线下100元之内，线上同宽只有0户" in found["evidence"][0]


def test_four_under_and_none_across_is_not_enough_for_the_sided_test() -> None:
    """.5 ** 4 = .0625 is above .05; one more household passes."""
    assert anomaly.bunching(incomes(bunched=[5990, 5980, 5950, 5999], **LOW), LEVELS, below=True).is_empty()


def test_the_band_ends_at_the_line_and_at_its_width() -> None:
    """6000 is not under the line; 5900 is inside the band of 100 yuan, 5899 is not."""
    edge = anomaly.bunching(incomes(bunched=[5900] * 8 + [5899, 6000], **LOW), LEVELS, below=True)
    assert edge["observed"].to_list() == [8.0]
    outside = anomaly.bunching(incomes(bunched=[5899] * 8, **LOW), LEVELS, below=True)
    assert outside.is_empty()


def test_incomes_just_above_the_line_are_listed_at_elimination() -> None:
    high = {village: [yuan + 4000 for yuan in declared] for village, declared in LOW.items()}
    found = anomaly.bunching(incomes(bunched=[6000, 6010, 6020, 6099, 6050], **high), LEVELS, below=False)
    assert found["village_code"].to_list() == ["bunched"]
    assert "线上100元之内" in found["evidence"][0]


def test_a_county_that_bunches_as_a_whole_lists_no_single_village() -> None:
    everywhere = {f"v{n}": [5990, 5980, 5950, 5999, 5901] for n in range(30)}
    assert anomaly.bunching(incomes(**everywhere), LEVELS, below=True).is_empty()


def reporting(**villages: tuple[int, int]) -> pl.DataFrame:
    rows = [(village, "c", households, identified, 2) for village, (households, identified) in villages.items()]
    return pl.DataFrame(rows, schema=["village_code", "county_code", "households", "identified", "signs"], orient="row")


@pytest.mark.parametrize(("households", "listed"), [(300, True), (299, False)])
def test_zero_report_needs_an_expected_number_of_three(households: int, listed: bool) -> None:
    """At 1 in 100: e^-3 = .0498 is listed, e^-2.99 = .0503 is not."""
    others = {f"v{n}": (1000, 10) for n in range(5)}
    found = anomaly.zero_report(reporting(silent=(households, 0), **others), LEVELS)
    assert found["village_code"].to_list() == ["silent"] * listed
    if listed:
        assert found["expected"].to_list() == pytest.approx([3.0])
        assert found["p_value"].to_list() == pytest.approx([0.049787068367863944])
        assert "本月有2户必核查而未监测" in found["counter_evidence"][0]


def test_a_county_without_any_identification_lists_nobody() -> None:
    assert anomaly.zero_report(reporting(a=(2535, 0), b=(900, 0)), LEVELS).is_empty()
