"""How sure ranks are: against oracles, brute force and exact probabilities; order of rows, monotone, and worth it."""

from __future__ import annotations

import csv
import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from fangpin.ranks import funnel
from fangpin.ranks.certainty import Terms, certainty
from fangpin.ranks.confidence import rank_sets
from fangpin.ranks.posterior import Betas, Gammas, Posterior, expected_ranks, pooled_quantiles, top_chances
from fangpin.ranks.stream import keys, uniforms
from fangpin.rates import kleinman, shrunken
from tests.rules.oracles import FOLDER, oracle

TERMS = Terms(
    seed="s",
    draws=500,
    top=3,
    posterior_level=0.9,
    interval_z=1.959963984540054,
    prior_shape=3,
    winsorised_share=0.1,
    small_sample_households=10,
    rank_sets=True,
)


def test_uniform_numbers_are_those_of_splitmix64() -> None:
    """Seed 1234567: the first numbers of SplitMix64 as published with it (Vigna, splitmix64.c)."""
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    found = uniforms(np.array([1234567], dtype=np.uint64), 4)[0]
    assert found.tolist() == [((number >> 11) + 0.5) / 2**53 for number in published]


def test_a_place_has_its_own_numbers_whoever_stands_beside_it() -> None:
    one, both = keys("s", ["b"]), keys("s", ["a", "b"])
    assert one[0] == both[1] != both[0]
    assert keys("t", ["b"])[0] != one[0]


def chances(posterior: Posterior, top: int, draws: int, seed: str = "s") -> np.ndarray:
    codes = [f"{n:06}" for n in range(posterior.size)]
    return top_chances([posterior], [pooled_quantiles(posterior)], keys(seed, codes), top, draws)[0]


def some_betas(count: int) -> Betas:
    dice = np.random.default_rng(3)
    size = 1.0 + dice.poisson(6, count)
    ratio = dice.binomial(size.astype(int), dice.beta(7, 3, count)) / size
    return Betas.shrunken(ratio, size, np.full(count, 0.7), np.full(count, 1 / 11))


@pytest.mark.parametrize("top", [1, 20, 150])
def test_chances_equal_inverting_every_draw(top: int) -> None:
    """Only draws above a level are inverted, and on nodes: all but the draws next to a tie come out the same."""
    posterior = some_betas(150)
    drawn = special.betainccinv(
        posterior.a[:, None], posterior.b[:, None], uniforms(keys("s", [f"{n:06}" for n in range(150)]), 400)
    )
    position = np.argsort(np.argsort(-drawn, axis=0, kind="stable"), axis=0)
    exact = pl.DataFrame({"a": posterior.a, "b": posterior.b, "share": (position < top).mean(axis=1)})
    alike = exact.select(pl.col("share").mean().over("a", "b"))["share"].to_numpy()
    assert np.abs(chances(posterior, top, 400) - alike).max() <= 4 / 400


def test_chances_by_exact_enumeration() -> None:
    """Three places: P(first) by integration, within Monte Carlo error of 20,000 draws (four standard errors)."""
    posterior = Betas(np.array([8.0, 5.0, 2.0]), np.array([4.0, 4.0, 2.0]))
    grid = np.linspace(0, 1, 20001)
    exact = []
    for place in range(3):
        density = stats.beta.pdf(grid, posterior.a[place], posterior.b[place])
        others = [stats.beta.cdf(grid, posterior.a[o], posterior.b[o]) for o in range(3) if o != place]
        exact.append(np.trapezoid(density * np.prod(others, axis=0), grid))
    found = chances(posterior, 1, 20000)
    assert found == pytest.approx(exact, abs=4 * np.sqrt(0.25 / 20000))
    assert found.sum() == pytest.approx(1)


@pytest.mark.parametrize("kind", ["beta", "gamma"])
def test_expected_ranks_by_quadrature(kind: str) -> None:
    dice = np.random.default_rng(4)
    posterior: Posterior
    if kind == "beta":
        posterior = some_betas(30)
        laws = [stats.beta(a, b) for a, b in zip(posterior.a, posterior.b, strict=True)]
        grid = np.linspace(0, 1, 4001)
    else:
        posterior = Gammas(3 + dice.poisson(4, 30).astype(float), 3 + dice.uniform(0.5, 8, 30))
        laws = [stats.gamma(s, scale=1 / r) for s, r in zip(posterior.shape, posterior.rate, strict=True)]
        grid = np.linspace(0, 12, 8001)
    density, above = (np.array([f(law) for law in laws]) for f in (lambda w: w.pdf(grid), lambda w: w.sf(grid)))
    wins = np.trapezoid(density[:, None, :] * above[None, :, :], grid, axis=2)
    exact = 1 + wins.sum(axis=1) - np.diag(wins)
    found = expected_ranks(posterior, pooled_quantiles(posterior))
    assert found == pytest.approx(exact, abs=0.1)
    assert found.mean() == pytest.approx(15.5, abs=1e-9)


def test_quantiles_and_chance_above_a_level() -> None:
    with (FOLDER / "t4_eb_posterior_prior7_3.csv").open(encoding="utf-8") as file:
        rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
    size = np.array([r["n"] for r in rows])
    ratio = np.array([r["x"] for r in rows]) / size
    posterior = Betas.shrunken(ratio, size, np.full(len(rows), 0.7), np.full(len(rows), 1 / 11))
    assert posterior.quantile(0.05) == pytest.approx([r["q05"] for r in rows], abs=1e-9)
    assert posterior.quantile(0.95) == pytest.approx([r["q95"] for r in rows], abs=1e-9)
    assert posterior.above(special.logit(np.array([0.8])))[:, 0] == pytest.approx(
        [r["p_gt_0_8"] for r in rows], abs=1e-9
    )


def test_standardised_quantiles() -> None:
    data = oracle("t4_standardised_elimination.json")
    observed, expected = (np.array([v[k] for v in data["villages"]], dtype=float) for k in ("observed", "expected"))
    posterior = Gammas(observed + data["prior_shape"], expected + data["prior_shape"])
    assert posterior.quantile(0.05) == pytest.approx([v["eb_q05"] for v in data["villages"]], abs=1e-9)
    above = posterior.above(np.array([1.5]))[:, 0]
    assert above == pytest.approx([v["p_gt_1_5"] for v in data["villages"]], abs=1e-9)


def test_funnel_with_overdispersion() -> None:
    data = oracle("t4_funnel_overdispersion.json")
    size = np.array(data["den"], dtype=float)
    found = funnel.of_ratios(np.array(data["num"]) / size, size, data["target"], 0.1)
    assert found.z == pytest.approx(data["z"], abs=1e-9)
    assert (found.phi, found.tau2) == pytest.approx((data["phi_winsorised"], data["tau2"]), abs=1e-9)
    assert found.adjusted == pytest.approx(data["z_overdispersion_adjusted"], abs=1e-9)
    for name, z in (("95", 1.959963984540054), ("998", 3.090232306167813)):
        for kind, spread in (("naive", False), ("od", True)):
            limits = [side[0] for side in found.limits(np.array([50.0]), z, overdispersed=spread)]
            assert limits == pytest.approx(data["limits_n50"][f"{kind}{name}"], abs=1e-6)


def test_funnel_limits_stay_between_nothing_and_all() -> None:
    size = np.array([1.0, 2.0, 400.0])
    found = funnel.of_ratios(np.array([1.0, 1.0, 0.9]), size, 0.9, 0.1)
    low, high = found.limits(size, 3.09, overdispersed=False)
    assert (low >= 0).all() and (high <= 1).all() and (low <= 0.9).all() and (high >= 0.9).all()


def holm(p: list[float], alpha: float) -> list[bool]:
    """Holm's step-down one by one."""
    rejected = [False] * len(p)
    for step, place in enumerate(sorted(range(len(p)), key=lambda n: p[n])):
        if p[place] > alpha / (len(p) - step):
            break
        rejected[place] = True
    return rejected


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1.5), st.floats(0.01, 0.5)), min_size=1, max_size=9))
def test_rank_sets_pair_by_pair(places: list[tuple[float, float]]) -> None:
    low, high = rank_sets(np.array([v for v, _ in places]), np.array([e for _, e in places]), 0.05)
    for i, (value, error) in enumerate(places):
        others = [p for j, p in enumerate(places) if j != i]
        z = [(v - value) / np.hypot(e, error) for v, e in others]
        rejected = holm([2 * special.ndtr(-abs(each)) for each in z], 0.05)
        assert low[i] == 1 + sum(r and each > 0 for r, each in zip(rejected, z, strict=True))
        assert high[i] == len(places) - sum(r and each < 0 for r, each in zip(rejected, z, strict=True))


def rates(count: int = 12) -> tuple[pl.DataFrame, pl.DataFrame]:
    dice = np.random.default_rng(7)
    n = dice.integers(1, 30, count)
    x = dice.binomial(n, dice.beta(5, 3, count))
    households = pl.DataFrame(
        {
            "place_code": [f"41{number:04}" for number in range(count)],
            "monitored": n,
            "eliminated": x,
            "units": n.astype(float),
            "size": n.astype(float),
            "ratio": x / n,
            "prior_mean": 0.6,
            "rho": 0.1,
            "observed": x,
            "expected": n * 0.5,
        }
    ).with_columns(
        eb_mean=pl.struct("ratio", "size").map_elements(
            lambda r: shrunken(r["ratio"], r["size"], 0.6, 0.1), return_dtype=pl.Float64
        )
    )
    persons = households.with_columns(pl.col("monitored", "eliminated", "observed") * 3, pl.col("expected") * 3)
    return households, persons


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(random: Any) -> None:
    households, persons = rates()
    order = list(range(households.height))
    random.shuffle(order)
    key = ["criterion", "place_code"]
    assert (
        certainty(households[order], persons[order[::-1]], TERMS)
        .sort(key)
        .equals(certainty(households, persons, TERMS).sort(key))
    )


def test_another_seed_draws_otherwise_and_estimates_the_same() -> None:
    households, persons = rates()
    one, other = (
        certainty(households, persons, Terms(**{**TERMS.__dict__, "seed": seed})) for seed in ("s", "another")
    )
    assert one["p_top"].to_list() != other["p_top"].to_list()
    assert one.drop("p_top").equals(other.drop("p_top"))


def test_what_is_due_nowhere_is_not_compared_and_small_samples_are_not_tested() -> None:
    households, persons = rates()
    none = pl.when(pl.col("place_code") == "410000").then(0.0).otherwise("expected").alias("expected")
    found = certainty(households, persons.with_columns(none, none.alias("observed").cast(pl.Int64)), TERMS)
    assert "410000" not in found.filter(criterion="oe_persons")["place_code"]
    small = households.filter(pl.col("monitored") < 10)["place_code"]
    tested = found.with_columns(small=pl.col("place_code").is_in(small.implode()))
    assert 0 < small.len() < households.height
    assert tested.filter("small")["q_value"].is_null().all()
    assert tested.filter(~pl.col("small"))["q_value"].is_not_null().all()


def test_no_place_at_all() -> None:
    households, persons = rates()
    found = certainty(households.clear(), persons.clear(), TERMS)
    assert found.height == 0


def test_more_eliminations_never_lower_the_chance() -> None:
    """Place 0 with 0, 1 ... 12 of twelve: its chance of being at the top rises, its expected rank falls."""
    seen = []
    for x in range(13):
        base = some_betas(40)
        a, b = base.a.copy(), base.b.copy()
        a[0], b[0] = x + 7, 12 - x + 3
        posterior = Betas(a, b)
        seen.append((chances(posterior, 10, 500)[0], expected_ranks(posterior, pooled_quantiles(posterior))[0]))
    assert all(after[0] >= before[0] and after[1] < before[1] for before, after in itertools.pairwise(seen))


def test_places_next_to_certainty_are_told_apart() -> None:
    """Almost all spread is between places (rho .9), all are at 1: what differs is how much stands behind each."""
    size = np.array([1.0] * 30 + [40.0] * 10)
    posterior = Betas.shrunken(np.ones(40), size, np.full(40, 0.5), np.full(40, 0.9))
    found = chances(posterior, 10, 4000)
    assert special.betainc(posterior.b, posterior.a, 1e-16).min() > 0.1  # a tenth lies nearer to 1 than theta can show
    exact = _first_by_logs(posterior, 10, 4000)
    assert found[:30].mean() == pytest.approx(exact[:30].mean(), abs=0.01)
    assert found[30:].mean() == pytest.approx(exact[30:].mean(), abs=0.02)


def _first_by_logs(posterior: Betas, top: int, draws: int) -> np.ndarray:
    """Shares among the first by drawing log(w), w = 1 - theta, of a small b: P(w < x) is x^b / (b B(b, a)) near 0."""
    dice = np.random.default_rng(8)
    uniform = np.log(dice.random((draws, posterior.size)))
    value = (uniform + np.log(posterior.b) + special.betaln(posterior.b, posterior.a)) / posterior.b
    position = np.argsort(np.argsort(value, axis=1), axis=1)
    return np.asarray((position < top).mean(axis=0))


def test_equals_are_left_to_chance() -> None:
    """No spread between places (rho 0): whatever they observed, each of 40 is as likely in the first 10."""
    equal = Betas.shrunken(np.linspace(0, 1, 40), np.full(40, 4.0), np.full(40, 0.5), np.zeros(40))
    assert chances(equal, 10, 200) == pytest.approx(np.full(40, 0.25), abs=1e-12)
    assert expected_ranks(equal, pooled_quantiles(equal)) == pytest.approx(np.full(40, 20.5), abs=1e-9)


def test_the_first_twenty_are_right_more_often_than_by_raw_ratios() -> None:
    """200 places, 7 households each on average, beta-binomial truth (methods 0.2): of the true first twenty the
    shrunken order and P(top-20) find at least .08 more than the raw ratio."""
    dice = np.random.default_rng(20211031)
    hits = {"raw": 0.0, "shrunken": 0.0, "chance": 0.0}
    rounds = 40
    for _ in range(rounds):
        truth = dice.beta(7, 3, 200)
        n = dice.geometric(1 / 7, 200)  # many small places and a few large ones
        x = dice.binomial(n, truth)
        means, rho = kleinman([(a / b, float(b), "") for a, b in zip(x, n, strict=True)], 0.999)
        mean = np.array([shrunken(a / b, b, means[""], rho) for a, b in zip(x, n, strict=True)])
        posterior = Betas.shrunken(x / n, n.astype(float), np.full(200, means[""]), np.full(200, rho))
        orders = {"raw": x / n, "shrunken": mean, "chance": chances(posterior, 20, 500)}
        best = set(np.argsort(-truth, kind="stable")[:20])
        for name, values in orders.items():
            hits[name] += len(best & set(np.argsort(-values, kind="stable")[:20])) / 20 / rounds
    assert hits["shrunken"] >= hits["raw"] + 0.08
    assert hits["chance"] >= hits["raw"] + 0.08
