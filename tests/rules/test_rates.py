"""Ratios with small denominators, against published intervals, an exact second implementation and hand arithmetic."""

from __future__ import annotations

import csv
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fangpin.rates import (
    benjamini_hochberg,
    binomial_mid_p,
    effective,
    gamma_mean,
    garwood,
    kleinman,
    poisson_mid_p,
    shrunken,
    wilson,
)
from tests.rules.oracles import FOLDER, oracle

Z = 1.959963984540054


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, Statistics in Medicine 17:857, table I
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
        (0, 20, 0.0, 0.1611),
    ],
)
def test_wilson_as_published(x: int, n: int, low: float, high: float) -> None:
    assert wilson(x, n, Z) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_the_township() -> None:
    expected = oracle("t4_seed004_township.json")["households"]
    assert wilson(expected["eliminated"], expected["eliminated"] + expected["active"], Z) == pytest.approx(
        expected["wilson95"], abs=1e-9
    )


def test_nothing_out_of_nothing_is_unknown() -> None:
    assert wilson(0, 0, Z) is None
    assert kleinman([], 0.999) == ({}, 0.0)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_ratio(pair: tuple[int, int]) -> None:
    x, n = pair
    interval = wilson(x, n, Z)
    assert interval is not None
    assert 0 <= interval[0] <= x / n <= interval[1] <= 1


def test_posterior_mean_under_a_known_prior() -> None:
    """Beta(7, 3): mu = .7, M = 10, rho = 1 / 11."""
    with (FOLDER / "t4_eb_posterior_prior7_3.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            x, n = int(row["x"]), int(row["n"])
            assert shrunken(x / n, n, 0.7, 1 / 11) == pytest.approx(float(row["post_mean"]), abs=1e-9)


def test_cascade_of_counties_and_villages() -> None:
    """Counties towards the whole on effective sizes, villages towards their county."""
    data = oracle("t4_hierarchical_cascade.json")
    rho_village, rho_county = 1 / (data["Mv"] + 1), 1 / (data["Mc"] + 1)
    means = {}
    for county in data["county"]:
        sizes = [v["n"] for v in data["village"] if v["county"] == county["county"]]
        assert sum(n * n for n in sizes) == county["n2"]
        size = effective(sizes, rho_village)
        assert size == pytest.approx(county["neff"], abs=1e-9)
        means[county["county"]] = shrunken(county["x"] / county["n"], size, data["mu"], rho_county)
        assert means[county["county"]] == pytest.approx(county["m"], abs=1e-9)
    for village in data["village"]:
        found = shrunken(village["x"] / village["n"], village["n"], means[village["county"]], rho_village)
        assert found == pytest.approx(village["post"], abs=1e-9)


def places(*pairs: tuple[int, int], parent: str = "") -> list[tuple[float, float, str]]:
    return [(x / n, float(n), parent) for x, n in pairs]


def test_prior_by_hand() -> None:
    """8, 4 and 6 of ten: mu .6, S .8, A 2, B 20, rho = (.8 - .48) / (.24 x 18) = 2/27.

    n is equal everywhere, so reweighting changes nothing.
    """
    means, rho = kleinman(places((8, 10), (4, 10), (6, 10)), 0.999)
    assert (means[""], rho) == pytest.approx((0.6, 2 / 27), abs=1e-12)
    assert shrunken(0.8, 10, 0.6, rho) == pytest.approx(15.5 / 22.5, abs=1e-12)


def test_differences_between_parents_are_no_spread_within_them() -> None:
    """Two parents at .9 and .3 whose places are all alike: no correlation within either."""
    means, rho = kleinman(places((9, 10), (9, 10), parent="a") + places((3, 10), (3, 10), parent="b"), 0.999)
    assert (means["a"], means["b"]) == pytest.approx((0.9, 0.3))
    assert rho == 0.0


def test_no_spread_pools_completely() -> None:
    means, rho = kleinman(places((9, 10), (18, 20), (27, 30)), 0.999)
    assert (means[""], rho) == (pytest.approx(0.9), 0.0)
    assert shrunken(0.0, 1, means[""], rho) == pytest.approx(0.9)


def exact_prior(pairs: list[tuple[int, int]]) -> tuple[Fraction, Fraction]:
    """Kleinman's moments in rational numbers: an independent second writing of the formulas."""
    rho = None
    mu = Fraction(0)
    for step in range(2):
        weight = [Fraction(n) if step == 0 else Fraction(n) / (1 + rho * (n - 1)) for _, n in pairs]
        whole = sum(weight)
        mu = sum((w * Fraction(x, n) for w, (x, n) in zip(weight, pairs, strict=True)), Fraction(0)) / whole
        spread = sum((w * (Fraction(x, n) - mu) ** 2 for w, (x, n) in zip(weight, pairs, strict=True)), Fraction(0))
        a = sum((w / n * (1 - w / whole) for w, (_, n) in zip(weight, pairs, strict=True)), Fraction(0))
        b = sum((w * (1 - w / whole) for w in weight), Fraction(0))
        below = mu * (1 - mu) * (b - a)
        rho = min(Fraction(999, 1000), max(Fraction(0), (spread - mu * (1 - mu) * a) / below)) if below else Fraction(0)
    assert rho is not None
    return mu, rho


counts = st.lists(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=12
)


@given(counts)
def test_prior_equals_exact_arithmetic(pairs: list[tuple[int, int]]) -> None:
    mu, rho = exact_prior(pairs)
    assume(all(abs(rho - edge) > Fraction(1, 10**6) or rho == edge for edge in (Fraction(0), Fraction(999, 1000))))
    means, found = kleinman(places(*pairs), 0.999)
    assert (means[""], found) == pytest.approx((float(mu), float(rho)), abs=1e-9)


@given(counts)
def test_shrinkage_lies_between_the_ratio_and_the_mean(pairs: list[tuple[int, int]]) -> None:
    means, rho = kleinman(places(*pairs), 0.999)
    for x, n in pairs:
        low, high = sorted((x / n, means[""]))
        assert low - 1e-12 <= shrunken(x / n, n, means[""], rho) <= high + 1e-12


@given(counts, st.randoms(use_true_random=False))
def test_prior_does_not_depend_on_order(pairs: list[tuple[int, int]], random: object) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert kleinman(places(*shuffled), 0.999) == kleinman(places(*pairs), 0.999)


def test_mid_p_of_a_binomial_by_hand() -> None:
    """3 of 4 at a half: (4 + 1)/16 and half of 4/16 less, 3/16; nothing observed: 1 less half of 1/16."""
    found = binomial_mid_p(np.array([3.0, 0.0]), np.array([4.0, 4.0]), np.array([0.5, 0.5]))
    assert found == pytest.approx([3 / 16, 31 / 32], abs=1e-12)


def test_exposure_standardised_counts() -> None:
    data = oracle("t4_standardised_elimination.json")
    villages = data["villages"]
    observed, expected = (np.array([v[c] for v in villages], dtype=float) for c in ("observed", "expected"))
    low, high = garwood(observed, expected)
    assert low == pytest.approx([v["ci95"][0] for v in villages], abs=1e-9)
    assert high == pytest.approx([v["ci95"][1] for v in villages], abs=1e-9)
    assert poisson_mid_p(observed, expected) == pytest.approx([v["p_mid"] for v in villages], abs=1e-9)
    shrunken = gamma_mean(observed, expected, data["prior_shape"])
    assert shrunken == pytest.approx([v["eb_gamma_mean"] for v in villages], abs=1e-9)


def test_garwood_of_nothing_starts_at_zero() -> None:
    """No event, one expected: upper limit -ln(.025)."""
    low, high = garwood(np.array([0.0]), np.array([1.0]))
    assert (low[0], high[0]) == pytest.approx((0.0, 3.688879454113936), abs=1e-12)


def test_benjamini_hochberg_1995() -> None:
    data = oracle("t4_fdr_bh1995.json")
    adjusted = benjamini_hochberg(np.array(data["p"]))
    assert adjusted == pytest.approx(data["bh"], abs=1e-9)
    assert int((adjusted <= 0.05).sum()) == data["rejected_bh_05"]
    assert len(benjamini_hochberg(np.array([]))) == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_adjusted_p_values_follow_their_own(p: list[float], random: Any) -> None:
    order = list(range(len(p)))
    random.shuffle(order)
    adjusted = benjamini_hochberg(np.array(p))
    assert benjamini_hochberg(np.array(p)[order]) == pytest.approx(adjusted[order])
    assert (adjusted >= np.array(p) - 1e-15).all()


@pytest.mark.parametrize(("within", "low", "high"), [(0.0, 0.0, 0.06), (0.2, 0.12, 0.34)])
def test_small_parents_do_not_make_a_spread_of_their_own(within: float, low: float, high: float) -> None:
    """Townships of one to three villages with few households each: what was put in comes out, on five streams."""
    for stream in range(5):
        draw = random.Random(stream)
        places = []
        for parent in range(600):
            for _ in range(draw.choice((1, 2, 2, 3))):
                p = draw.betavariate(0.5 * (1 / within - 1), 0.5 * (1 / within - 1)) if within else 0.5
                n = draw.choice((1, 1, 2, 3, 4, 8))
                places.append((sum(draw.random() < p for _ in range(n)) / n, float(n), str(parent)))
        assert low <= kleinman(places, 0.999)[1] <= high
