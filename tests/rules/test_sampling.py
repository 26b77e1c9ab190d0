"""The research draw: quotas, one by count and one by ratio, reserves, ties, and nothing that depends on row order."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.errors import FangpinError
from fangpin.sampling import Place, Plan, alternate, draw, number, ordered, parse
from tests.rules.oracles import oracle

PLAN = Plan(seed="s", cities=2, city_codes=(), counties_per_city=2, villages_per_county=2, reserves_per_village=1)
NAMES = {"4101": "甲市", "4102": "乙市", "4103": "丙市"}


def test_permanent_random_numbers() -> None:
    data = oracle("t6_pareto_pps_prn.json")
    for unit in data["units"]:
        assert number(data["seed"], unit["id"]) == pytest.approx(unit["u"], abs=1e-15)


def place(code: str, monitored: int, ratio: float) -> Place:
    return Place(code, code, "p", monitored, round(monitored * ratio), ratio)


def test_one_by_count_and_one_by_ratio_never_the_same() -> None:
    best = [place("a", 90, 0.95), place("b", 80, 0.7), place("c", 10, 0.9)]
    assert [(p.code, criterion, rank) for p, criterion, rank in alternate(best, 2, "s")] == [
        ("a", "count", 1),
        ("c", "ratio", 2),  # a is best by ratio too, but already chosen
    ]


def test_ties_go_by_the_seed_and_not_by_the_code() -> None:
    tied = [place(f"{n:02}", 5, 0.5) for n in range(20)]
    by_seed = {seed: [p.code for p in ordered(tied, "count", seed)] for seed in ("a", "b")}
    assert by_seed["a"] == sorted(by_seed["a"], key=lambda code: number("a", code))
    assert by_seed["a"] != by_seed["b"]


def rankings(cities: int = 3, counties: int = 3, villages: int = 5) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Counties and villages with monitored counts that fall and ratios that rise with the code."""
    county_rows, village_rows = [], []
    for c in range(cities):
        for k in range(counties):
            county = f"410{c + 1}2{k}"
            n = 200 - 10 * c - k
            county_rows.append((county, f"县{c}{k}", f"410{c + 1}", n, n // 2, 0.5 + k / 100))
            for v in range(villages):
                village = f"{county}00{v}000"
                village_rows.append((village, f"村{c}{k}{v}", county, 20 - v, 10, 0.5 + v / 100))
    columns = ["place_code", "place_name", "city_code", "monitored_households", "eliminated_households", "eb_ratio"]
    return (
        pl.DataFrame(county_rows, schema=columns, orient="row"),
        pl.DataFrame(village_rows, schema=[*columns[:2], "county_code", *columns[3:]], orient="row"),
    )


def test_a_draw_by_hand() -> None:
    """Cities 4101 and 4102 have most; by count county 0, by ratio county 2; in it village 0, then village 4."""
    drawn = draw(*rankings(), NAMES, PLAN)
    assert drawn.height == 2 * 2 * 2 * 2
    first = drawn.filter(pl.col("county_code") == "410120")
    assert first.select("village_code", "role", "criterion", "slot", "county_criterion").rows() == [
        ("410120000000", "primary", "count", 1, "count"),
        ("410120001000", "reserve", "count", 1, "count"),
        ("410120004000", "primary", "ratio", 2, "count"),
        ("410120003000", "reserve", "ratio", 2, "count"),
    ]
    assert drawn["city_name"].unique(maintain_order=True).to_list() == ["甲市", "乙市"]
    assert drawn["county_code"].unique(maintain_order=True).to_list() == ["410120", "410122", "410220", "410222"]
    assert first["reason"][0] == "县00按监测对象数量（200户）入选；村000按监测对象数量（20户），列全县第1位"
    assert first["reason"][3] == (
        "县00按监测对象数量（200户）入选；村003按消除率（10/17户，收缩后53.0%），列全县第2位，为第2个村的备选"
    )


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_any_ranking_keeps_the_quotas_and_any_order_draws_the_same(seed: int) -> None:
    dice = random.Random(seed)
    counties, villages = rankings()
    villages = villages.with_columns(
        monitored_households=pl.Series([dice.randint(1, 6) for _ in range(villages.height)]),
        eb_ratio=pl.Series([dice.choice([0.4, 0.5, 0.6]) for _ in range(villages.height)]),
    )
    drawn = draw(counties, villages, NAMES, PLAN)
    assert drawn["village_code"].n_unique() == drawn.height == 16
    assert drawn.filter(pl.col("role") == "primary").group_by("county_code").len()["len"].to_list() == [2] * 4
    assert drawn.group_by("county_code", "slot", "role").len()["len"].to_list() == [1] * 16
    shuffled = villages.sample(fraction=1, shuffle=True, seed=seed)
    assert draw(counties.reverse(), shuffled, NAMES, PLAN).equals(drawn)


def test_a_village_without_monitored_households_is_drawn_only_as_the_last_reserve() -> None:
    counties, villages = rankings()
    empty = pl.col("place_code").str.ends_with("0000")
    villages = villages.with_columns(
        monitored_households=pl.when(empty).then(0).otherwise(pl.col("monitored_households")),
        eb_ratio=pl.when(empty).then(None).otherwise(pl.col("eb_ratio")),
    )
    drawn = draw(counties, villages, NAMES, PLAN)
    assert drawn.filter(pl.col("village_code").str.ends_with("0000")).is_empty()  # four others are enough
    three = villages.filter(~pl.col("place_code").str.ends_with("4000"))
    last = draw(counties, three, NAMES, PLAN).filter(pl.col("village_code").str.ends_with("0000"))
    assert last.select("role", "monitored_households").unique().rows() == [("reserve", 0)]
    assert last["reason"][0].endswith("没有监测对象，全县没有其他可选的村，列全县第4位，为第2个村的备选")


def test_a_county_too_small_for_its_reserves_is_passed_over() -> None:
    counties, villages = rankings()
    small = villages.filter((pl.col("county_code") != "410120") | pl.col("place_code").str.ends_with("0000"))
    assert "410120" not in draw(counties, small, NAMES, PLAN)["county_code"].to_list()


def test_named_cities_are_taken_as_named() -> None:
    plan = Plan("s", 1, ("4103",), 2, 2, 1)
    assert draw(*rankings(), NAMES, plan)["city_code"].unique().to_list() == ["4103"]


def test_a_plan_that_cannot_be_met_says_what_is_missing() -> None:
    with pytest.raises(FangpinError, match=r"要求 4 个市，只有 3 个市"):
        draw(*rankings(), NAMES, Plan("s", 4, (), 2, 2, 1))
    with pytest.raises(FangpinError, match="丁市"):
        draw(*rankings(), NAMES | {"4109": "丁市"}, Plan("s", 1, ("4109",), 2, 2, 1))


def test_the_plan_is_read_as_written() -> None:
    content = {
        "seed": "s",
        "cities": 6,
        "city_codes": ["4101"],
        "counties_per_city": 2,
        "villages_per_county": 2,
        "reserves_per_village": 1,
    }
    assert parse(content) == Plan("s", 6, ("4101",), 2, 2, 1)
    assert parse(content).villages_needed == 4
