"""Order sampling: random numbers, certainty, Pareto's order; the same from Python and from one SELECT, bit for bit."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.research.order import SELECT, inclusion, pareto, probabilities
from tests.rules.oracles import oracle

SIZES = st.dictionaries(st.text("abcdefgh0123456789", min_size=1, max_size=6), st.integers(0, 300), max_size=15)


def test_the_published_example() -> None:
    data = oracle("t6_pareto_pps_prn.json")
    drawn = pareto({unit["id"]: int(unit["x"]) for unit in data["units"]}, data["n"], data["seed"])
    assert [each.code for each in drawn][:7] == data["sample"] + data["replacements"]
    told = {unit["id"]: unit for unit in data["units"]}
    for each in drawn:
        assert each.random_number == pytest.approx(told[each.code]["u"], abs=1e-15)
        assert each.probability == pytest.approx(told[each.code]["pi"], abs=1e-15)


@pytest.mark.parametrize(
    ("sizes", "n", "expected"),
    [
        ({"a": 1, "b": 1, "c": 2}, 1, {"a": 0.25, "b": 0.25, "c": 0.5}),
        ({"a": 10, "b": 1, "c": 1}, 2, {"a": 1, "b": 0.5, "c": 0.5}),  # 2 x 10/12 > 1
        ({"a": 100, "b": 10, "c": 1, "d": 1}, 3, {"a": 1, "b": 1, "c": 0.5, "d": 0.5}),  # b only once a is out
        ({"a": 2, "b": 1, "c": 1}, 2, {"a": 1, "b": 0.5, "c": 0.5}),  # exactly 1 is certain
        ({"a": 3, "b": 0}, 2, {"a": 1}),  # more than there are; nothing of size 0
        ({"a": 3, "b": 1}, 0, {"a": 0, "b": 0}),
        ({}, 2, {}),
    ],
)
def test_probabilities_by_hand(sizes: dict[str, int], n: int, expected: dict[str, float]) -> None:
    assert probabilities(sizes, n) == expected


def iterated(sizes: Mapping[str, int], n: int) -> dict[str, float]:
    """Certainty as the handbook says it: set all with 1 or more to 1, share what is left, again until none has."""
    certain: set[str] = set()
    sizes = {code: size for code, size in sizes.items() if size}
    while True:
        rest = {code: size for code, size in sizes.items() if code not in certain}
        total = sum(rest.values())
        found = {code for code, size in rest.items() if (n - len(certain)) * size >= total}
        if not found:
            return dict.fromkeys(certain, 1.0) | {c: (n - len(certain)) * s / total for c, s in rest.items()}
        certain |= found


@given(SIZES, st.integers(1, 8))
def test_one_pass_finds_what_iteration_finds(sizes: dict[str, int], n: int) -> None:
    found = probabilities(sizes, n)
    assert found == iterated(sizes, n)
    assert sum(found.values()) == pytest.approx(min(n, sum(size > 0 for size in sizes.values())))


@given(SIZES, st.integers(1, 8), st.text(max_size=5))
def test_order_of_rows_makes_no_difference(sizes: dict[str, int], n: int, seed: str) -> None:
    turned = dict(sorted(sizes.items(), reverse=True))
    assert pareto(sizes, n, seed) == pareto(turned, n, seed)


@given(SIZES, st.integers(1, 8), st.data())
def test_more_to_draw_never_lowers_a_chance(sizes: dict[str, int], n: int, data: st.DataObject) -> None:
    before, after = probabilities(sizes, n), probabilities(sizes, n + 1)
    assert all(after[code] >= chance for code, chance in before.items())


@pytest.mark.parametrize("ratio", [1.5, 2.0, 9.0, 400.0])
def test_exact_chance_of_one_of_two(ratio: float) -> None:
    """By hand: P(Q1 < Q2) = t (t - 1 - ln t) / (t - 1)^2, t the odds of the first over those of the second."""
    t = (1 / ratio) ** 2  # sizes 1 and r: the chances aimed at are 1/(1+r) and r/(1+r), their odds 1/r and r
    expected = t * (t - 1 - math.log(t)) / (t - 1) ** 2
    sizes = {"a": 100, "b": round(100 * ratio)}
    assert inclusion(sizes, 1, "a") == pytest.approx(expected, abs=1e-12)
    assert inclusion(sizes, 1, "b") == pytest.approx(1 - expected, abs=1e-12)


@given(SIZES.filter(lambda sizes: any(sizes.values())), st.integers(1, 5))
def test_exact_chances_add_up_and_grow_with_size(sizes: dict[str, int], n: int) -> None:
    known = {code: inclusion(sizes, n, code) for code in probabilities(sizes, n)}
    assert sum(known.values()) == pytest.approx(min(n, len(known)), abs=1e-9)
    order = sorted(known, key=lambda code: sizes[code])
    assert all(known[a] <= known[b] + 1e-12 for a, b in itertools.pairwise(order))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_chance_of_being_drawn_is_what_is_told(n: int) -> None:
    """15,000 draws of six: within 4 standard errors."""
    sizes = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 9}
    rounds = 15_000
    hits = dict.fromkeys(sizes, 0)
    for seed in range(rounds):
        for each in pareto(sizes, n, str(seed))[:n]:
            hits[each.code] += 1
    for code in sizes:
        chance = inclusion(sizes, n, code)
        assert hits[code] / rounds == pytest.approx(chance, abs=4 * (chance * (1 - chance) / rounds) ** 0.5), code


def test_a_large_one_and_many_small_ones() -> None:
    """Sizes 1 to 2,840: the integral holds where chances differ a thousandfold."""
    sizes = {f"{k:03}": 1 + k**3 // 30 for k in range(45)}
    assert sum(inclusion(sizes, 2, code) for code in sizes) == pytest.approx(2, abs=1e-9)


def in_sql(frames: Mapping[str, tuple[Mapping[str, int], int]], seed: str) -> dict[str, list[tuple[str, float, float]]]:
    """Stratum -> (code, probability, random number) in order."""
    units = [(name, code, size) for name, (sizes, _) in frames.items() for code, size in sizes.items()]
    text = pl.String
    with duckdb.connect() as con:
        con.register("unit", pl.DataFrame(units, {"stratum": text, "code": text, "size": pl.Int64}, orient="row"))
        con.register("take", pl.DataFrame([(f, n) for f, (_, n) in frames.items()], ["stratum", "n"], orient="row"))
        con.register("seed", pl.DataFrame({"seed": [seed]}))
        found: dict[str, list[tuple[str, float, float]]] = {name: [] for name in frames}
        for stratum, code, probability, random_number, _ in con.execute(SELECT).fetchall():
            found[stratum].append((code, probability, random_number))
    return found


def test_sql_and_python_draw_the_same_from_a_thousand_frames() -> None:
    dice = random.Random(7)
    frames = {}
    for each in range(1000):
        codes = dice.sample(range(100_000, 999_999), dice.randint(1, 12))
        sizes = {str(code): dice.choice((0, 1, 1, 2, 7, dice.randint(1, 400))) for code in codes}
        frames[f"{each:04}"] = (sizes, dice.randint(1, 5))
    found = in_sql(frames, "种子 2021|a'b")
    for name, (sizes, n) in frames.items():
        expected = [(o.code, o.probability, o.random_number) for o in pareto(sizes, n, "种子 2021|a'b")]
        assert found[name] == expected, name


@settings(max_examples=20, deadline=None)
@given(SIZES.filter(lambda sizes: any(sizes.values())), st.integers(0, 9), st.text("ab|'\"\\ 种", max_size=6))
def test_sql_and_python_agree_on_any_frame_and_seed(sizes: dict[str, int], n: int, seed: str) -> None:
    if n:
        assert in_sql({"s": (sizes, n)}, seed)["s"] == [
            (o.code, o.probability, o.random_number) for o in pareto(sizes, n, seed)
        ]
