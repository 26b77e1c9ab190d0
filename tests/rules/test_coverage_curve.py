"""The curve of coverage against households counted one by one, the oracle of bunching and identities of the curve."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from fangpin.coverage_curve import bunching, curve, summed, with_error
from tests.rules.oracles import oracle

TOP = 2000
HANDBOOK, OLD = oracle("t3_handbook_fgt.json"), oracle("t5_bunching.json")

people = st.lists(st.tuples(st.integers(-50_000, 300_000), st.integers(1, 8)), min_size=1, max_size=40)
"""(income per head in fen, persons) of households."""


def bands(households: Sequence[tuple[int, int]], top: int = TOP) -> pl.DataFrame:
    """mart.income_band of one county, as its comment says: below zero one band, open at the top."""
    rows = [
        {"from_yuan": max(-100, min(math.floor(fen / 10_000) * 100, top)), "persons": n, "income_fen": fen * n}
        for fen, n in [*households, (top * 100, 1)]
    ]
    found = (
        pl.DataFrame(rows)
        .group_by("from_yuan")
        .agg(pl.len().alias("households"), pl.col("persons", "income_fen").sum())
    )
    return summed(found)


@given(people)
def test_every_line_counts_who_is_strictly_below(households: list[tuple[int, int]]) -> None:
    found = curve(bands(households))
    assert found["line"].to_list() == list(range(0, TOP + 100, 100))
    for row in found.iter_rows(named=True):
        below = [(fen, n) for fen, n in households if fen < row["line"] * 100]
        assert row["households"] == len(below)
        assert row["persons"] == sum(n for _, n in below)
        assert row["gap_fen"] == sum(n * (row["line"] * 100 - fen) for fen, n in below)


@given(people)
def test_one_more_yuan_costs_as_many_yuan_as_there_are_persons_below(households: list[tuple[int, int]]) -> None:
    """dG/dz = N(z): over 100 yuan the cost grows by between 100 N(z) and 100 N(z + 100) yuan."""
    found = curve(bands(households)).drop_nulls("more_gap_fen")
    for row in found.iter_rows(named=True):
        assert row["more_persons"] >= 0
        assert 100 * 100 * row["persons"] <= row["more_gap_fen"] <= 100 * 100 * (row["persons"] + row["more_persons"])


def test_gap_of_the_handbook() -> None:
    """Haughton and Khandker 2009, ch. 4: C = 100, 110, 150, 160 and z = 125 give P1 = 0.08; here all times 8, for a
    line at a multiple of 100.
    """
    found = curve(bands([(8 * 100 * c, 1) for c in HANDBOOK["C"]])).filter(line=8 * HANDBOOK["z"]).row(0, named=True)
    assert found["households"] / 4 == HANDBOOK["P0"]
    assert found["gap_fen"] / 100 / (8 * HANDBOOK["z"]) / 4 == pytest.approx(HANDBOOK["P1"], abs=1e-12)


def test_elasticity_by_hand() -> None:
    """Below 1000: 10 persons, below 900: 8, below 1100: 14; 6 more over 200 yuan, 1000 x 6 / 200 / 10 = 3."""
    found = curve(bands([(85_000, 8), (95_000, 2), (105_000, 4)]))
    row = found.filter(line=1000).row(0, named=True)
    assert row["elasticity"] == pytest.approx(3)
    assert (row["more_persons"], row["more_households"], row["more_gap_fen"]) == (4, 1, 100 * 100 * 10 + 4 * 5_000)
    assert found.filter(line=500)["elasticity"].item() is None  # nobody below
    assert found.filter(line=TOP)["more_persons"].item() is None  # beyond the last band that ends


def test_places_add_up_and_empty_bands_are_zero() -> None:
    two = pl.concat([bands([(5_000, 2)]).filter(pl.col("households") > 0)] * 2)
    found = summed(two)
    assert found["from_yuan"].to_list() == list(range(-100, TOP + 100, 100))
    assert found.filter(from_yuan=0).row(0) == (0, 2, 4, 20_000)
    assert found.filter(from_yuan=100).row(0) == (100, 0, 0, 0)


def test_bunching_of_the_oracle() -> None:
    found = bunching(bands([(x * 100, 3) for x in OLD["x"]], top=8000), OLD["L"], OLD["delta"])
    assert found is not None
    assert (found.under, found.above) == (OLD["below"], OLD["above"])
    assert found.p == pytest.approx(OLD["p_one_sided"], abs=1e-12)


@pytest.mark.parametrize(("line", "width"), [(1050, 100), (1000, 150)])
def test_no_test_where_bands_do_not_end_at_the_line(line: int, width: int) -> None:
    assert bunching(bands([(99_000, 1)]), line, width) is None


def test_nobody_near_the_line_is_no_bunching() -> None:
    found = bunching(bands([(10_000, 1)]), 1000, 200)
    assert found is not None and (found.under, found.above, found.p) == (0, 0, 1.0)


def test_error_of_income_by_hand() -> None:
    """One band of mean 1050 under error 0.1 and a line of 1100: Phi((ln(1100 / 1050) + 0.005) / 0.1)."""
    of = bands([(104_000, 1), (106_000, 1)]).filter(pl.col("from_yuan") < TOP)
    found = with_error(of, 1100, 0.1)
    chance = norm.cdf((math.log(1100 / 1050) + 0.005) / 0.1)
    assert found.households == pytest.approx(2 * chance)
    assert found.persons == pytest.approx(2 * chance)
    assert found.wrongly_below == pytest.approx(2 * (1 - chance))
    assert found.wrongly_above == 0


@given(people, st.sampled_from([500, 1000, 1500]), st.sampled_from([0.05, 0.1, 0.2]))
def test_who_moves_explains_the_change(households: list[tuple[int, int]], line: int, error: float) -> None:
    of = bands(households)
    found = with_error(of, line, error)
    recorded = curve(of).filter(line=line)["households"].item()
    assert found.households == pytest.approx(recorded - found.wrongly_below + found.wrongly_above)
    assert 0 <= found.households <= len(households) + 1


@given(people)
def test_a_vanishing_error_changes_nothing_away_from_the_line(households: list[tuple[int, int]]) -> None:
    of = bands([(fen // 10_000 * 10_000 + 5_000, n) for fen, n in households])
    found = with_error(of, 1000, 1e-6)
    assert found.households == pytest.approx(curve(of).filter(line=1000)["households"].item())


def test_income_of_nothing_stays_below_every_line() -> None:
    of = bands([(0, 2), (-30_000, 3)]).filter(pl.col("from_yuan") < TOP)
    found = with_error(of, 100, 0.2)
    assert (found.households, found.persons, found.wrongly_below) == (2, 5, 0)
