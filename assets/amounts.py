"""The amounts of a delivered file against last month's: medians by county, kept in the footer of the lake file.

Does not belong here: when two medians contradict each other (fangpin/intake/unit_slips.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq

from assets import lake, parts
from checks.feed import FeedContract
from checks.raw import FEEDS
from fangpin.intake import unit_slips
from fangpin.intake.doubts import Plausible
from fangpin.intake.levels import WARNING
from fangpin.month import shift
from fangpin.places import divisions_of_month

SAMPLED = 20_000
"""How many rows of a file, evenly spread over it, stand for its amounts."""

FOOTER = b"amounts"
"""The key under which a lake file's footer holds its medians."""


def of_rows(
    con: duckdb.DuckDBPyConnection, home: Path, contract: FeedContract, month: str, aside: Path, file_no: int
) -> pl.DataFrame:
    """The medians (unit_slips.LEVELS) of a file's accepted and numbered rows before they are stored."""
    money = [column.name for column in contract.columns if column.kind == "money"]
    mine = f"from numbered where file_no = {file_no}"
    numbered = con.sql(mine)
    (rows,) = numbered.count("*").fetchall()[0]
    counties = _counties(home, month, numbered.columns) if money and rows else None
    if counties is None:
        return pl.DataFrame(schema=unit_slips.LEVELS)
    step = max(1, rows // SAMPLED)
    spread = f"select min(source_row) {mine} group by source_row // {step}"
    sampled = con.sql(f"select * exclude (file_no) {mine} and source_row in ({spread})").pl()
    con.register("sampled", sampled)
    places = con.sql(counties).pl()
    con.unregister("sampled")
    amounts = parts.pick(aside, sampled["source_row"].to_list(), ("source_row", *money))
    return unit_slips.levels(amounts.join(places, on="source_row"), money)


def _counties(home: Path, month: str, keys: list[str]) -> str | None:
    """The SELECT of the county of each row of `sampled` as `place`; None when the month knows no households."""
    lists = {
        name: [home / file.lake_path for file in lake.taken_in(home, FEEDS[name], month, month)] for name in _LISTS
    }
    if not lists["household_list"]:
        return None
    household, join = "s.household_id", ""
    if "household_id" not in keys:
        if "person_id" not in keys or not lists["person_list"]:
            return None
        household = "p.household_id"
        join = f"left join {lake.parquet(lists['person_list'])} as p on p.person_id = s.person_id"
    return f"""
        select s.source_row, substr(h.village_code, 1, 6) as place from sampled as s {join}
        left join {lake.parquet(lists["household_list"])} as h on h.household_id = {household}"""


_LISTS = ("household_list", "person_list")


def footer(levels: pl.DataFrame) -> dict[bytes, bytes]:
    """What the footer of the lake file says of its amounts."""
    return {FOOTER: json.dumps(levels.rows()).encode()}


def slips(
    home: Path, contract: FeedContract, month: str, place: str, levels: pl.DataFrame, limits: Plausible
) -> list[Any]:
    """The reasons (of the whole file) for columns whose medians lie powers of ten from last month's."""
    if levels.is_empty():
        return []
    last = shift(month, -1)
    before = [
        pl.DataFrame(json.loads(said), unit_slips.LEVELS, orient="row")
        for file in lake.taken_in(home, contract, last, last)
        if file.place == place and (said := _said(home / file.lake_path)) is not None
    ]
    if not before:
        return []
    known = pl.concat(before).sort("amounts").unique(["place", "column"], keep="last")
    names = dict(divisions_of_month(month).select("county_code", "county_name").unique().iter_rows())
    headers = {column.name: column.header for column in contract.columns}
    return [
        (
            unit_slips.WHOLE_FILE,
            headers[column],
            "unit_slip",
            WARNING,
            unit_slips.sentence(names.get(county, county), headers[column], *said),
            None,
        )
        for county, column, *said in unit_slips.slips(levels, known, limits).iter_rows()
    ]


def _said(path: Path) -> bytes | None:
    return (pq.read_metadata(path).metadata or {}).get(FOOTER)
