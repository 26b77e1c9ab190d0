"""Which feed came for which city and county: hand-made deliveries over three counties, told by hand."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from assets.build import POLICY_FOLDER, Build
from assets.lake import raw_view_sql
from assets.mart.feed_coverage import COUNTIES, PLACES, covered
from assets.mart.feed_quality import quality as counted
from checks.catalogue import contracts
from checks.mart.feed_coverage import FeedCoverage
from checks.raw import FEEDS
from fangpin import policy
from fangpin.places import divisions_of_month
from tests import deliveries as d

MONTH = "2021-10"
FEEDS_SENT = ("household_list", "person_list", "medical")
IN_TIME = dt.datetime(2021, 11, 3, tzinfo=dt.UTC).timestamp()


def villages() -> pl.DataFrame:
    """A village of 中牟县, one of 兰考县, 赵家坪村 of 兴县, and a unit of 老城区, where there are no villages."""
    known = divisions_of_month(MONTH)
    lankao, old_town = (known.filter(county_code=code).head(1) for code in ("410225", "410302"))
    return pl.concat([known.filter(pl.col("village_code").is_in([d.CODE, "141123208200"])), lankao, old_town])


ZHONGMU, LANKAO, NOBODY = d.id_number(1), d.id_number(2), d.id_number(7)


def deliver(home: Path, *, in_zhongmu: int, in_lankao: int, settled: list[str]) -> None:
    """Households in two counties, none in the third; one person in each of the two; a settlement for each `settled`."""
    rows, persons = [], []
    for place in villages().sort("village_code").iter_rows(named=True):
        count, person = {"410122": (in_zhongmu, ZHONGMU), "410225": (in_lankao, LANKAO)}.get(
            place["county_code"], (0, NOBODY)
        )
        numbers = [f"{place['county_code']}{n:06d}" for n in range(1, count + 1)]
        names = {"县": place["county_name"], "乡": place["township_name"], "村": place["village_name"]}
        rows += [d.household(number, **names, 行政村代码=place["village_code"]) for number in numbers]
        persons += [d.person(person, number) for number in numbers[:1]]
    settlements = [d.settlement(f"J{n}", person) for n, person in enumerate(settled)]
    d.write_csv(home, MONTH, "household_list", [d.HOUSEHOLD_HEADER, *rows], "户.csv")
    d.write_csv(home, MONTH, "person_list", [d.PERSON_HEADER, *persons], "人.csv")
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, *settlements])
    for path in (home / "inbox").rglob("*.csv"):
        os.utime(path, (IN_TIME, IN_TIME))
    d.take_in_all(home, MONTH, *FEEDS_SENT)


@contextmanager
def opened(home: Path) -> Iterator[Build]:
    """A warehouse with what the table reads."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as prev")
        for schema in ("raw", "ref", "mart", "prev.core"):
            con.execute(f"create schema {schema}")
        con.execute(contracts()["core.person"].ddl().replace("table core.", "table prev.core."))
        con.register("villages", villages())
        con.execute("create table ref.division as from villages")
        con.register("counts", counted(home, MONTH))
        con.execute("create table mart.feed_quality as from counts")
        for feed in FEEDS_SENT:
            con.execute(f"create view raw.{feed} as {raw_view_sql(home, MONTH, FEEDS[feed])}")
        for statement in PLACES:
            con.execute(statement)
        yield Build(MONTH, con, policy.load(POLICY_FOLDER), home, lambda _: None)


def grid(build: Build, feed: str, level: str) -> dict[str, tuple[Any, ...]]:
    found = covered(build, build.con.sql(COUNTIES).pl())
    schema = {name: column.dtype.type for name, column in FeedCoverage.model.to_schema().columns.items()}
    FeedCoverage.model.validate(found.select(*schema).cast(schema))
    rows = found.filter(feed=feed, level=level).select("place_name", "state", "accepted", "expected_rows", "blind_spot")
    return {name: rest for name, *rest in rows.rows()}


def test_rows_are_counted_where_their_household_is_and_what_is_nowhere_is_told(tmp_path: Path) -> None:
    deliver(tmp_path, in_zhongmu=12, in_lankao=4, settled=[ZHONGMU, LANKAO, LANKAO, NOBODY])
    with opened(tmp_path) as build:
        assert grid(build, "household_list", "city") == {
            "吕梁市": ["零报送", 0, 0.0, False],
            "开封市": ["已报送", 4, 4.0, False],
            "郑州市": ["已报送", 12, 12.0, False],
        }
        assert grid(build, "medical", "county") == {
            "兴县": ["零报送", 0, 0.0, False],
            "兰考县": ["已报送", 2, 0.75, False],  # 3 placed rows, 4 of 16 households
            "中牟县": ["已报送", 1, 2.25, False],
        }  # and not 老城区, which has only residents' committees and no household
        assert grid(build, "medical", "none") == {"未能定位": ["已报送", 1, None, False]}
        # asked for and not come; not asked for and not come
        assert {row[0] for row in grid(build, "water", "county").values()} == {"未报送"}
        assert grid(build, "village_info", "county") == {}


@pytest.mark.parametrize(("settlements", "blind"), [(9, False), (10, True)])
def test_no_row_where_by_households_there_should_be_five_is_a_suspected_blind_spot(
    tmp_path: Path, settlements: int, blind: bool
) -> None:
    """Half of the households are in each of two counties; all settlements are of one: 10 of them make 5 expected."""
    deliver(tmp_path, in_zhongmu=3, in_lankao=3, settled=[ZHONGMU] * settlements)
    with opened(tmp_path) as build:
        found = grid(build, "medical", "city")
    assert found["开封市"] == ["零报送", 0, settlements / 2, blind]
    assert not found["郑州市"][-1] and not found["吕梁市"][-1]


def test_when_most_rows_cannot_be_placed_nothing_is_said_of_the_places_without_one(tmp_path: Path) -> None:
    deliver(tmp_path, in_zhongmu=3, in_lankao=3, settled=[ZHONGMU] * 20 + [NOBODY] * 21)
    with opened(tmp_path) as build:
        assert grid(build, "medical", "city")["开封市"] == ["地区不详", 0, 10, False]


def test_who_is_listed_no_longer_is_where_he_was_last_month(tmp_path: Path) -> None:
    deliver(tmp_path, in_zhongmu=3, in_lankao=3, settled=[ZHONGMU, NOBODY])
    with opened(tmp_path) as build:
        ((household, number),) = build.con.sql("select household_id, number from home order by 1 limit 1").fetchall()
        ((listed,),) = build.con.sql("select min(person_id) from raw.person_list").fetchall()
        build.con.executemany(
            "insert into prev.core.person (person_id, household_id) values (?, ?)",
            [(99, household), (listed, household)],
        )
        for statement in PLACES:
            build.con.execute(statement)
        resident = build.con.sql("select person_id, count(*), min(number) from resident group by all").fetchall()
    assert (99, 1, number) in resident
    assert sorted(count for _, count, _ in resident) == [1, 1, 1]
