"""Estimates for the drawn cities: weights and variance by hand, over every sample, against a survey program."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import polars as pl
import pytest
import svy

from fangpin.research.estimate import Drawn, Place, design_weights, share
from tests.made_up_estimate import drawn


def place(village: str, chance: float, county_chance: float = 1.0) -> Place:
    return Place(village[:4], village[:6], village, county_chance, chance)


def test_weights_by_hand() -> None:
    """Village chance 0.5, household chance 0.2: 10 each. One of two did not answer: the other stands for both."""
    where = place("410120000200", 0.5)
    two = [
        Drawn(1, where, "甲", 0.2),
        Drawn(2, where, "甲", 0.2),
        Drawn(3, where, "乙", 0.1),
        Drawn(4, where, "甲", None),
    ]
    assert design_weights(two, {1, 2, 3}) == {1: 10, 2: 10, 3: 20}
    assert design_weights(two, {1, 3}) == {1: 20, 3: 20}
    assert design_weights(two, {1, 4, 3}) == {1: 10, 4: 10, 3: 20}  # the reserve in place of 2
    assert design_weights(two, {3}) == {3: 20}
    assert design_weights(two, set()) == {}


def test_unbiased_over_every_sample() -> None:
    """Four villages of four households, two taken by chance (1/2), of each two households (1/2): 6 x 6 x 6 samples."""
    truth = {f"41012000{v}200": [v >= h for h in range(4)] for v in range(4)}  # v + 1 of 4 have it
    total = sum(map(sum, truth.values())) / 16
    found = []
    for villages in itertools.combinations(truth, 2):
        for inside in itertools.product(itertools.combinations(range(4), 2), repeat=2):
            sample, values = [], {}
            for code, households in zip(villages, inside, strict=True):
                for h in households:
                    sample.append(Drawn(len(sample), place(code, 0.5), "甲", 0.5))
                    values[len(sample) - 1] = float(truth[code][h])
            weights = design_weights(sample, set(values))
            estimate = share(sample, values, weights)
            assert estimate is not None
            found.append(estimate.share)
    assert math.fsum(found) / len(found) == pytest.approx(total, abs=1e-12)


def test_a_domain_is_a_ratio_of_weights() -> None:
    """Asked of 1 (weight 10, yes) and 3 (weight 20, no) only: 1/3."""
    where = place("410120000200", 0.5)
    sample = [Drawn(1, where, "甲", 0.2), Drawn(2, where, "甲", 0.2), Drawn(3, where, "乙", 0.1)]
    estimate = share(sample, {1: 1.0, 3: 0.0}, design_weights(sample, {1, 2, 3}))
    assert estimate is not None
    assert (estimate.share, estimate.answered) == (pytest.approx(1 / 3), 2)


def test_two_villages_by_hand() -> None:
    """Two villages by chance in one certain county, one household each, equal weights, yes and no: R = 1/2, scores
    1/4 and -1/4, variance 2 x (1/16 + 1/16) = 1/4; one degree of freedom, so the interval is everything."""
    sample = [Drawn(n, place(f"41012000{n}200", 0.5), "甲", 1.0) for n in (1, 2)]
    estimate = share(sample, {1: 1.0, 2: 0.0}, design_weights(sample, {1, 2}))
    assert estimate is not None
    assert (estimate.share, estimate.error, estimate.freedom) == (0.5, pytest.approx(0.5), 1)
    assert (estimate.low, estimate.high) == (0, 1)


def test_one_village_by_chance_has_no_error() -> None:
    sample = [Drawn(n, place("410120000200", 0.5), "甲", 0.5) for n in (1, 2)]
    estimate = share(sample, {1: 1.0, 2: 0.0}, design_weights(sample, {1, 2}))
    assert estimate is not None
    assert (estimate.error, estimate.low, estimate.high) == (None, None, None)


def test_nobody_asked() -> None:
    sample, _ = drawn()
    assert share(sample, {}, {}) is None


def cluster(one: Drawn) -> tuple[str, str]:
    """The stratum and the cluster of a household for a survey program: what was drawn by chance in two cities that
    are compared, or the certain village and its household."""
    where, pair = one.place, (int(one.place.city_code[2:]) - 1) // 2
    if where.county_chance < 1:
        return f"counties of pair {pair}", where.county_code
    if where.village_chance < 1:
        return f"villages of pair {pair}", where.village_code
    return where.village_code, str(one.household_id)


@pytest.mark.parametrize("kept", [lambda n: True, lambda n: n % 3 != 0], ids=["all", "domain"])
def test_against_a_survey_program(kept: Callable[[int], bool]) -> None:
    """The mean of a domain and its standard error by svy: strata and clusters, Taylor linearisation."""
    sample, values = drawn()
    weights = design_weights(sample, set(values))
    estimate = share(sample, {n: v for n, v in values.items() if kept(n)}, weights)
    people = pl.DataFrame(
        [
            (*cluster(one), weights[one.household_id], values[one.household_id], kept(one.household_id))
            for one in sample
        ],
        schema=["stratum", "cluster", "weight", "value", "asked"],
        orient="row",
    )
    design = svy.Design(stratum="stratum", psu="cluster", wgt="weight")
    domains = svy.Sample(people.cast({"asked": pl.Int8}), design).estimation.mean("value", by="asked")
    assert isinstance(domains, svy.Estimate)
    theirs = domains.to_polars().filter(pl.col("asked").cast(pl.Int8) == 1)
    assert estimate is not None
    assert estimate.share == pytest.approx(theirs["est"].item(), abs=1e-12)
    assert estimate.error == pytest.approx(theirs["se"].item(), abs=1e-12)
    assert estimate.freedom == 24  # 3 pairs of counties, 3 pairs of villages, 6 villages of 4 households: 3 + 3 + 18


def test_where_everybody_says_the_same_no_error_is_claimed() -> None:
    """Linearisation would say plus or minus 0."""
    sample, values = drawn()
    estimate = share(sample, dict.fromkeys(values, 1.0), design_weights(sample, set(values)))
    assert estimate is not None
    assert (estimate.share, estimate.error, estimate.low) == (1, None, None)
