"""mart.feed_coverage: which feed came for which city and county, with how many rows, in time or late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from assets import lake, ledger, receipt
from assets.build import Build, calendar_value, table_asset
from assets.ledger import TakenIn
from assets.receipt import Arrival
from checks.feed import FeedContract
from checks.mart.feed_coverage import NOWHERE, PLACED, FeedCoverage
from checks.raw import FEEDS
from fangpin import quality
from fangpin.month import shift
from fangpin.places import OWN_PROVINCE

SCHEMA = {name: column.dtype.type for name, column in FeedCoverage.model.to_schema().columns.items()}
INPUTS = (
    *("mart.feed_quality", "ref.division", "prev.core.person", "prev.mart.feed_coverage"),
    *(f"raw.{feed}" for feed in FEEDS),
)

PLACES = (
    """create or replace temp table county as
    select county_code, any_value(county_name) as county_name, any_value(city_code) as city_code,
      any_value(city_name) as city_name, bool_or(rural) as rural,
      cast(row_number() over (order by county_code) as smallint) as number
    from ref.division group by county_code""",
    """create or replace temp table village as
    select division.village_code, county.number as number
    from ref.division as division join county using (county_code)""",
    """create or replace temp table home as
    select listed.household_id, village.number as number
    from raw.household_list as listed join village using (village_code)""",
    """create or replace temp table resident as
    select person.person_id, home.number as number from raw.person_list as person join home using (household_id)
    union all
    select person.person_id, home.number as number
    from prev.core.person as person anti join raw.person_list using (person_id) join home using (household_id)""",
)
"""The month's counties, numbered, and in which of them each village, household and person is; who is listed no longer
(has died or moved) is where he was last month."""
COUNTIES = """
select county.*, count(home.household_id) as households
from county left join home using (number) group by all order by county_code"""
COUNTS = f"""
select count(*) filter (where state = '{quality.MISSING}') as missing,
  count(*) filter (where state = '{quality.LATE}') as late, count(*) filter (where state = '{quality.ZERO}') as zero,
  count(*) filter (where blind_spot) as blind_spots
from mart.feed_coverage where level = 'county' and month = (select max(month) from mart.feed_coverage)"""


@table_asset(FeedCoverage, inputs=INPUTS, kinds=("duckdb", "sqlite", "python"), counts=COUNTS)
def feed_coverage(build: Build) -> pl.DataFrame:
    """报送覆盖：每类数据在各市、县的报送情况、行数、是否迟报、是否疑似盲区。"""
    for statement in PLACES:
        build.con.execute(statement)
    now = covered(build, build.con.sql(COUNTIES).pl())
    first = shift(build.month, 1 - quality.TREND_MONTHS)
    earlier = build.read("prev.mart.feed_coverage").filter(pl.col("month") >= first)
    return pl.concat([earlier, now.select(earlier.columns)], how="vertical_relaxed")


def covered(build: Build, counties: pl.DataFrame) -> pl.DataFrame:
    """The month's rows: of every feed of mart.feed_quality, by city and county, and the rows that cannot be placed."""
    deadline = quality.deadline(build.month, calendar_value("delivery_day"))
    blind_spot_rows = quality.standard(build.policy, build.month).blind_spot_rows
    cities = counties.group_by("city_code", "city_name").agg(pl.col("households").sum(), pl.col("rural").any())
    about = ("city_code", "households", "rural")
    places = pl.concat(
        [
            cities.select(*about, level=pl.lit("city"), code="city_code", name="city_name"),
            counties.select(*about, level=pl.lit("county"), code="county_code", name="county_name"),
        ]
    ).sort("level", "code")
    found: list[dict[str, Any]] = []
    with ledger.open_ledger(build.home) as con:
        came = receipt.arrivals(con, build.month, deadline)
        for feed in build.read("mart.feed_quality").sort("feed")["feed"]:
            contract = FEEDS[feed]
            files = ledger.in_force(con, feed, build.month, lake.determination(con, contract, build.month))
            rows = build.con.sql(located(contract, build.month)).pl() if files else NO_ROWS
            about = {"month": build.month, "feed": feed, "title": contract.title, "source": contract.source}
            found += [about | row for row in _of_feed(contract, rows, places, files, came, blind_spot_rows)]
    return pl.DataFrame(found, SCHEMA)


NO_ROWS = pl.DataFrame(schema={"city_code": pl.String, "county_code": pl.String, "accepted": pl.Int64})


def located(contract: FeedContract, month: str) -> str:
    """SELECT of the month's accepted rows of a feed by city and county; NULL where no place can be found.

    A row lies where it says; else where its household is listed, else its person's household. A feed that only names
    its places lies in the county of that name, if there is one.
    """
    columns = {name for name, _, _ in contract.lake_columns}
    known = {"village_code": "village", "household_id": "home", "person_id": "resident"}
    joins = [f"left join {table} using ({key})" for key, table in known.items() if key in columns]
    places = [f"{table}.number" for key, table in known.items() if key in columns]
    if not places:
        once = "select county_name, any_value(number) as number from county group by county_name having count(*) = 1"
        joins, places = [f"left join ({once}) as named on delivered.county = named.county_name"], ["named.number"]
    return f"""
        with rows_of as (
          select coalesce({", ".join(places)}) as number, count(*) as accepted
          from raw.{contract.name} as delivered {" ".join(joins)}
          where delivered.delivery_month = '{month}' group by all
        )
        select county.city_code, county.county_code, rows_of.accepted as accepted
        from rows_of left join county using (number)"""


def _of_feed(
    contract: FeedContract,
    rows: pl.DataFrame,
    places: pl.DataFrame,
    files: list[TakenIn],
    came: Mapping[tuple[str, str], Arrival],
    blind_spot_rows: float,
) -> Iterator[dict[str, Any]]:
    """A feed's places. Of one that nobody is asked for, only those for which it came; a place without a rural village
    has no farm households to speak of.
    """
    counts = {
        level: dict(rows.drop_nulls().group_by(f"{level}_code").agg(pl.col("accepted").sum()).iter_rows())
        for level in PLACED
    }
    accepted: Counter[str] = Counter()
    for file in files:
        accepted[file.place] += file.accepted
    refused = {file.place for file in files if file.quarantined and not accepted[file.place]}
    placed, nowhere = sum(counts["city"].values()), rows.filter(pl.col("county_code").is_null())["accepted"].sum()
    households = places.filter(level="city")["households"].sum()
    columns = ("level", "code", "name", "city_code", "households", "rural")
    for level, code, name, city, listed, rural in places.select(columns).iter_rows():
        owner = OWN_PROVINCE if contract.place_level == "province" else city
        arrival = came[contract.name, owner] if owner in accepted else None
        if arrival is None and not contract.expected:
            continue
        number = counts[level].get(code, 0)
        if not (rural or listed or number):
            continue
        expected = placed * listed / households if arrival and households else None
        yield {
            "level": level,
            "place_code": code,
            "place_name": name,
            "state": quality.state(
                came=arrival is not None,
                late=arrival is not None and arrival.late,
                accepted=number,
                refused_whole=owner in refused,
                placeable=nowhere <= placed,
            ),
            "accepted": number,
            "expected_rows": expected,
            "blind_spot": number == 0 and nowhere <= placed and expected is not None and expected >= blind_spot_rows,
            "sent_on": arrival.sent_on if arrival else None,
            "late": arrival.late if arrival else None,
        }
    if nowhere:
        yield {
            "level": NOWHERE,
            "place_code": "",
            "place_name": "未能定位",
            "state": quality.DELIVERED,
            "accepted": nowhere,
            "blind_spot": False,
        }
