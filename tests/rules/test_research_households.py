"""Households of a village: exact allocation, what leads and chance give, probabilities, the hash of a list."""

from __future__ import annotations

import itertools
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangpin.research.households import (
    FLAGGED_STRATUM,
    LISTING_SHA256,
    RANDOM_STRATUM,
    allocate,
    digest,
    draw_households,
    shares,
)
from fangpin.research.order import inclusion
from fangpin.research.plan import STRATA
from tests.made_up_research import SEED, listing, plan
from tests.rules.oracles import oracle


def test_the_published_allocation() -> None:
    data = oracle("t6_allocation.json")
    strata = {str(n): (size, spread) for n, (size, spread) in enumerate(zip(data["N"], data["S"], strict=True))}
    assert list(allocate(data["n"], strata, data["min_per_stratum"]).values()) == data["exact"]


@given(st.integers(3, 9), st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=3))
def test_no_other_allocation_is_better(n: int, strata: list[tuple[int, int]]) -> None:
    """The variance sum N^2 S^2 / n_h is the smallest of all allocations with one each."""
    n = min(n, sum(size for size, _ in strata))
    given = {str(h): (size, float(spread)) for h, (size, spread) in enumerate(strata)}

    def variance(taken: Any) -> float:
        return sum((size * spread) ** 2 / k for (size, spread), k in zip(strata, taken, strict=True))

    found = list(allocate(n, given, 1).values())
    every = itertools.product(*(range(1, size + 1) for size, _ in strata))
    assert variance(found) == pytest.approx(min(variance(taken) for taken in every if sum(taken) == n))
    assert sum(found) == n


def test_too_few_places_for_all_strata_go_to_the_largest() -> None:
    assert allocate(2, {"a": (3, 0.3), "b": (9, 0.3), "c": (5, 0.3)}, 1) == {"a": 0, "b": 1, "c": 1}


FIRST, SECOND = STRATA[0], STRATA[1]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (  # 10 places: 2 leads, 2 by chance, 6 of the register
            {FIRST: 20, SECOND: 10, FLAGGED_STRATUM: 9, RANDOM_STRATUM: 400},
            {FIRST: 4, SECOND: 2, FLAGGED_STRATUM: 2, RANDOM_STRATUM: 2},
        ),
        (  # the register has three: the rest by leads as far as there are any, then by chance
            {FIRST: 3, FLAGGED_STRATUM: 4, RANDOM_STRATUM: 400},
            {FIRST: 3, FLAGGED_STRATUM: 4, RANDOM_STRATUM: 3},
        ),
        ({FIRST: 20, SECOND: 1, FLAGGED_STRATUM: 1}, {FIRST: 8, SECOND: 1, FLAGGED_STRATUM: 1, RANDOM_STRATUM: 0}),
        ({FIRST: 2, RANDOM_STRATUM: 3}, {FIRST: 2, FLAGGED_STRATUM: 0, RANDOM_STRATUM: 3}),  # fewer than ten in all
        (
            dict.fromkeys(STRATA, 1) | {RANDOM_STRATUM: 99},
            dict.fromkeys(STRATA, 1) | {FLAGGED_STRATUM: 0, RANDOM_STRATUM: 4},
        ),
    ],
)
def test_shares_by_hand(counts: dict[str, int], expected: dict[str, int]) -> None:
    assert shares(counts, plan()) == expected


@given(
    st.dictionaries(st.sampled_from([*STRATA, FLAGGED_STRATUM, RANDOM_STRATUM]), st.integers(1, 30)), st.integers(7, 20)
)
def test_shares_fill_the_plan_and_give_every_stratum_one(counts: dict[str, int], total: int) -> None:
    found = shares(counts, plan(households_per_village=total))
    assert sum(found.values()) == min(total, sum(counts.values()))
    assert all(0 <= n <= counts.get(stratum, 0) for stratum, n in found.items())
    if total >= 10:
        assert all(found[stratum] >= 1 for stratum in counts)


def test_drawn_households() -> None:
    """40 households: 5 in each stratum; six strata of the register one each, then leads and others two each."""
    villages = {"410120000200": 40, "410120001200": 40}
    given = listing(villages)
    drawn = draw_households(list(villages), given, plan(), SEED)
    first = drawn.filter(village_code="410120000200", role="primary")
    assert first.height == 10
    assert first.filter(arm="stratum").group_by("stratum").len()["len"].to_list() == [1] * 6
    assert first.filter(arm="stratum")["inclusion_probability"].unique().to_list() == [0.2]
    assert first.filter(arm="random")["inclusion_probability"].to_list() == [0.4, 0.4]
    sizes = given.filter(village_code="410120000200", stratum=FLAGGED_STRATUM)
    scores = {str(n): size for n, size in sizes.select("household_id", "size").iter_rows()}
    for row in first.filter(arm="flagged").rows(named=True):
        assert row["inclusion_probability"] == inclusion(scores, 2, str(row["household_id"]))
    reserve = drawn.filter(village_code="410120000200", role="reserve")
    assert reserve.height == 8 and reserve["inclusion_probability"].null_count() == 8
    assert reserve["reason"].str.ends_with("为本层的备选").all()
    shuffled = given.sample(fraction=1, shuffle=True, seed=1)
    assert draw_households(list(villages), shuffled, plan(), SEED).equals(drawn)


def test_the_hash_of_a_list_is_the_same_from_sql() -> None:
    given = listing({"a": 25, "b": 3})
    with duckdb.connect() as con:
        con.register("listing", given.sample(fraction=1, shuffle=True, seed=2))
        told = dict(con.sql(LISTING_SHA256).fetchall())
    for village in ("a", "b"):
        rows = given.filter(pl.col("village_code") == village).select("household_id", "stratum", "size")
        assert digest(rows.iter_rows()) == told[village]
