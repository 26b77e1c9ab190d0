"""Order sampling: random numbers, certainty, Pareto's order; the same from Python and from one SELECT, bit for bit."""

from __future__ import annotations

import random
from collections.abc import Mapping

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.research.order import SELECT, pareto, probabilities
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


def test_chance_of_being_drawn_is_what_is_told() -> None:
    """20,000 draws of 2 of 6: within 4 standard errors and the method's own deviation of about 1.7 %."""
    sizes = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 9}
    wanted = probabilities(sizes, 2)
    rounds = 20_000
    hits = dict.fromkeys(sizes, 0)
    for seed in range(rounds):
        for each in pareto(sizes, 2, str(seed))[:2]:
            hits[each.code] += 1
    for code, chance in wanted.items():
        error = 4 * (chance * (1 - chance) / rounds) ** 0.5 + 0.017 * chance
        assert hits[code] / rounds == pytest.approx(chance, abs=error), code


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
