"""Identities of counting below lines, on households made up at random: counties, levels and lines agree."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.catalogue import contracts
from pipelines.models import load_models

MODELS = {model.name: model for model in load_models(Path(__file__).parents[2] / "sql")}
LINES = (600_000, 620_000, 640_000, 700_000)
HOUSEHOLDS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 9), st.one_of(st.none(), st.integers(-200_000, 900_000))), max_size=25
)


def counted(households: Sequence[tuple[int, int, int | None]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """mart.line_scenario and mart.line_group of three counties under the lines. households: county, persons, income."""
    with duckdb.connect() as con:
        for schema in ("ref", "core", "mart"):
            con.execute(f"create schema {schema}")
        for name in ("ref.division", "ref.place", "ref.line_candidate", "core.household_month"):
            con.execute(contracts()[name].ddl())
        for county in range(3):
            con.execute(
                """insert into ref.division by name select $v as village_code, $t as township_code, $c as county_code,
                  's' as city_code, 'p' as province_code""",
                {"v": f"v{county}", "t": f"t{county}", "c": f"c{county}"},
            )
            con.execute("insert into ref.place by name select 'county' as level, $c as place_code", {"c": f"c{county}"})
            for number, line in enumerate(LINES):
                con.execute(
                    """insert into ref.line_candidate by name select $s as scenario, $n as number, $s as title,
                      $c as county_code, $l as line_fen""",
                    {"s": str(line), "n": number, "c": f"c{county}", "l": line},
                )
        con.execute("insert into ref.place by name select 'province' as level, 'p' as place_code")
        for number, (county, persons, income) in enumerate(households):
            con.execute(
                """insert into core.household_month by name select $n as household_id, $v as village_code,
                  $p as persons, $i as net_income_per_head_fen, 'none' as status, '一般农户' as household_type,
                  $n % 2 as dibao_persons""",
                {"n": number, "v": f"v{county}", "p": persons, "i": income},
            )
        frames = []
        for name in ("mart.line_scenario", "mart.line_group"):
            con.execute(contracts()[name].ddl())
            con.execute(f"insert into {name} by name {MODELS[name].sql}")
            frames.append(con.sql(f"select * from {name}").pl())
    return frames[0], frames[1]


@given(HOUSEHOLDS)
@settings(max_examples=12, deadline=None)
def test_counties_add_up_to_the_province_in_every_index(households: list[tuple[int, int, int | None]]) -> None:
    """Subgroups weighed by their persons (Foster, Greer and Thorbecke 1984)."""
    lines, groups = counted(households)
    for scenario in map(str, LINES):
        of = lines.filter(scenario=scenario)
        counties = of.filter(level="county").to_dicts()
        provinces = of.filter(level="province").to_dicts()
        assert len(provinces) == bool(households)
        for whole in provinces:
            known: list[dict[str, Any]] = [each for each in counties if each["persons"]]
            for index in ("headcount", "gap_index", "severity"):
                weighed = sum(each["persons"] * each[index] for each in known)
                assert weighed == pytest.approx((whole[index] or 0) * whole["persons"], abs=1e-9)
            for count in ("households", "households_below", "persons_below", "households_unknown"):
                assert sum(each[count] for each in counties) == whole[count]
            grouped = groups.filter(scenario=scenario)
            assert grouped["households_below"].sum() == whole["households_below"]
            assert grouped["persons_below"].sum() == whole["persons_below"]


@given(HOUSEHOLDS)
@settings(max_examples=12, deadline=None)
def test_a_higher_line_covers_no_fewer_and_one_more_yuan_costs_as_many_as_are_below(
    households: list[tuple[int, int, int | None]],
) -> None:
    """dG/dz = N(z): from one line to the next the gap grows by at least N(lower) and at most N(higher) a yuan."""
    lines, _ = counted(households)
    province = {int(row["scenario"]): row for row in lines.filter(level="province").to_dicts()}
    for lower, higher in itertools.pairwise(LINES):
        if not province:
            continue
        one, two, yuan = province[lower], province[higher], (higher - lower) / 100
        assert one["households_below"] <= two["households_below"]
        assert one["persons_below"] <= two["persons_below"]
        grown = two["gap_yuan"] - one["gap_yuan"]
        assert yuan * one["persons_below"] - 1 <= grown <= yuan * two["persons_below"] + 1  # gaps in whole yuan
