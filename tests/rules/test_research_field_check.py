"""Which households to check: noisy-or by hand and monotone, the greedy order against a plain one, caps, chance."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.research.field_check import (
    BY_CHANCE,
    Candidate,
    Weights,
    consequence,
    hours,
    probability,
    ranked,
)
from fangpin.research.order import number
from fangpin.research.yields import expected_information

FAMILIES = {"a": "x", "b": "x", "c": "y"}
MEANS = {"a": 0.5, "b": 0.2, "c": 0.4}
BELIEFS = {"a": (2.0, 2.0), "b": (1.0, 4.0), "c": (2.0, 3.0)}


def limits(**changes: Any) -> Weights:
    given: dict[str, Any] = {
        **{"families": FAMILIES, "visit_hours": 1, "lead_hours": 0.25, "information": 1, "capacity": 7},
        **{"village_cap": 2, "random_share": 0.15, "seed": "s", "again_months": 12},
    }
    return Weights(**given | changes)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [((), 0.0), (("a",), 0.5), (("b",), 0.2), (("a", "b"), 0.5), (("a", "c"), 0.7), (("a", "b", "c"), 0.7)],
)
def test_rules_of_a_family_do_not_add_up(rules: tuple[str, ...], expected: float) -> None:
    """1 - (1 - 0.5)(1 - 0.4) = 0.7."""
    assert probability(rules, MEANS, FAMILIES) == pytest.approx(expected)


shares = st.floats(0.001, 0.999)


@given(
    st.fixed_dictionaries(dict.fromkeys("abc", shares)), st.sets(st.sampled_from("abc")), st.sampled_from("abc"), shares
)
def test_another_lead_or_a_better_rule_never_lowers_it(
    means: dict[str, float], rules: set[str], other: str, better: float
) -> None:
    before = probability(tuple(rules), means, FAMILIES)
    assert probability(tuple({*rules, other}), means, FAMILIES) >= before
    assert probability(tuple(rules), means | {other: max(better, means[other])}, FAMILIES) >= before


def test_priority_by_hand() -> None:
    """4 persons x 0.5 depth = 2; P = 0.7; 1 + 2 x 0.25 hours: 0.7 x 2 / 1.5, and what both rules would tell."""
    one = Candidate(1, "v", "k", 4, 50, ("a", "c"))
    (pick,) = ranked([one], BELIEFS, limits())
    told = expected_information(2, 2) + expected_information(2, 3)
    assert (consequence(one), hours(one, limits())) == (2.0, 1.5)
    assert pick.priority == pytest.approx(0.7 * 2 / 1.5 + told)
    assert (pick.probability, pick.information, pick.rank) == (pytest.approx(0.7), pytest.approx(told), 1)


candidates = st.lists(
    st.builds(
        Candidate,
        household_id=st.integers(1, 10_000),
        village_code=st.sampled_from(("k1v1", "k1v2", "k2v1", "k2v2")),
        county_code=st.just(""),
        persons=st.integers(0, 8),
        severity=st.integers(0, 100),
        rules=st.sets(st.sampled_from("abc"), min_size=1).map(lambda r: tuple(sorted(r))),
    ).map(lambda c: Candidate(c.household_id, c.village_code, c.village_code[:2], c.persons, c.severity, c.rules)),
    max_size=25,
    unique_by=lambda c: c.household_id,
)


def plain(given: list[Candidate], known: Weights) -> list[int]:
    """The same choice, looking at everybody at every step."""
    belief, left, found = dict(BELIEFS), list(given), []
    villages: Counter[str] = Counter()
    counties: Counter[str] = Counter()
    means = {rule: a / (a + b) for rule, (a, b) in BELIEFS.items()}
    while True:
        able = [
            c for c in left if villages[c.village_code] < known.village_cap and counties[c.county_code] < known.by_lead
        ]
        if not able:
            return found

        def value(c: Candidate) -> float:
            worth = probability(c.rules, means, FAMILIES) * consequence(c) / hours(c, known)
            return worth + known.information * math.fsum(expected_information(*belief[r]) for r in c.rules)

        best = min(able, key=lambda c: (-value(c), c.household_id))
        left.remove(best)
        found.append(best.household_id)
        villages[best.village_code] += 1
        counties[best.county_code] += 1
        for rule in best.rules:
            belief[rule] = (belief[rule][0] + means[rule], belief[rule][1] + 1 - means[rule])


@settings(max_examples=60)
@given(candidates, st.randoms(use_true_random=False))
def test_the_greedy_choice_is_the_plain_one_in_any_order(given: list[Candidate], random: Any) -> None:
    known = limits(capacity=4)
    picks = ranked(given, BELIEFS, known)
    assert [p.candidate.household_id for p in picks] == plain(given, known)
    shuffled = random.sample(given, len(given))
    assert ranked(shuffled, BELIEFS, known) == picks
    assert max(Counter(p.candidate.village_code for p in picks).values(), default=0) <= 2
    for county in ("k1", "k2"):
        ranks = [p.rank for p in picks if p.candidate.county_code == county]
        assert ranks == list(range(1, len(ranks) + 1)) and len(ranks) <= known.by_lead == 3


def test_what_was_chosen_makes_its_rule_less_worth_looking_at() -> None:
    """With information alone: after the first of rule a, one of rule c is worth more than a second of rule a."""
    two = [Candidate(n, f"v{n}", "k", 0, 0, (rule,)) for n, rule in enumerate("aac", start=1)]
    beliefs = {"a": (1.0, 1.0), "b": (1.0, 1.0), "c": (1.2, 1.2)}
    assert [p.candidate.household_id for p in ranked(two, beliefs, limits())] == [1, 3, 2]


@pytest.mark.parametrize(("capacity", "by_chance"), [(20, 3), (10, 2), (4, 1), (7, 1)])
def test_part_of_the_capacity_is_by_chance(capacity: int, by_chance: int) -> None:
    known = limits(capacity=capacity)
    assert (known.by_chance, known.by_lead) == (by_chance, capacity - by_chance)


def test_chance_is_the_permanent_random_number() -> None:
    """The same numbers as in a draw; every household of a county with the same chance, all of a small one certain."""
    rows = [(n, "k1") for n in range(1, 31)] + [(99, "k2")]
    with duckdb.connect() as con:
        eligible = pl.DataFrame(rows, {"household_id": pl.Int32, "county_code": pl.String}, orient="row")
        con.register("eligible", eligible.sample(fraction=1, shuffle=True, seed=1))
        found = con.execute(BY_CHANCE, {"seed": "s|2021-12", "n": 3}).fetchall()
    smallest = sorted((number("s|2021-12", str(n)), n) for n in range(1, 31))[:3]
    assert [(row[2], row[0]) for row in found if row[1] == "k1"] == smallest
    assert [row[3] for row in found] == [0.1, 0.1, 0.1, 1.0]
