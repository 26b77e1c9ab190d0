"""ref.succession: what became of last month's villages, in the first month of another year of divisions."""

from __future__ import annotations

import duckdb
import polars as pl

from assets.build import Build, table_asset
from checks.ref.succession import Succession
from fangpin.errors import FangpinError
from fangpin.places import divisions, year_of_month, years
from fangpin.succession import fates, seats

UNCHANGED = "select count(*) = 0 from prev.ref.division anti join ref.division using (village_code, village_name)"
SEATS = ("township_code", "county_code", "city_code", "province_code")
"""From the smallest: households of a village without a successor are counted in the first that still is."""
SCHEMA = {name: column.dtype.type for name, column in Succession.model.to_schema().columns.items()}


@table_asset(Succession, inputs=("ref.division", "prev.ref.division"))
def succession(build: Build) -> pl.DataFrame:
    """上月的行政村在本月区划中的去向：改了代码的、去向不明的；区划年度未变时没有行。"""
    return succeeded(build.con, build.month)


def succeeded(con: duckdb.DuckDBPyConnection, month: str) -> pl.DataFrame:
    """The rows of the table, from last month's divisions and this one's on `con`."""
    if con.sql(UNCHANGED).fetchall() == [(True,)]:
        return pl.DataFrame(schema=SCHEMA)
    before, now = con.sql("from prev.ref.division").pl(), con.sql("from ref.division").pl()
    after = year_of_month(month)
    return moved(before, now, year_of(before, after, month), after)


def year_of(before: pl.DataFrame, after: int, month: str) -> int:
    """The shipped year last month's divisions are of. Read from what was published, not from the calendar: a year
    shipped late comes into force in the middle of its year.
    """
    place = ["village_code", "village_name"]
    for year in reversed(years()):
        if year <= after and before.join(divisions(year), on=place, how="anti").is_empty():
            return year
    raise FangpinError(
        f"{month} 不能判断各村的沿革：上月已发布版本的行政区划与随程序提供的各年"
        f"（{'、'.join(map(str, years()))}）都不一致。请用现在的程序重新运行上月，或恢复当年的区划文件。"
    )


def moved(before: pl.DataFrame, now: pl.DataFrame, earlier: int, later: int) -> pl.DataFrame:
    """What became of each village of `before`, which are of the year `earlier`, in `now`, which are of `later`."""
    provinces = before["province_code"].unique().sort()
    fate = pl.concat([fates(province, earlier, later) for province in provinces])
    seat = pl.concat([seats(province, earlier, later) for province in provinces])
    known = {level: now[level].unique().implode() for level in SEATS}
    where = pl.col("successor").is_not_null()
    found = (
        before.select(
            "village_code",
            "province_code",
            previous_name=pl.format("{}{}{}", "county_name", "township_name", "village_name"),
        )
        .join(fate.select("village_code", "kind", reached="successor"), on="village_code")
        .join(seat, on="village_code")
        .join(
            now.select(*SEATS, reached="village_code", successor="village_code"),
            on="reached",
            how="left",
            suffix="_now",
        )
        .filter(pl.col("successor").ne_missing(pl.col("village_code")))
        .with_columns(
            pl.when(where).then(f"{level}_now").when(pl.col(level).is_in(known[level])).then(level).alias(level)
            for level in SEATS
        )
    )
    nearest = pl.coalesce(SEATS).str.pad_end(12, "0")
    return found.select(
        "previous_name",
        "kind",
        *SEATS,
        previous_village_code="village_code",
        village_code="successor",
        remainder_code=pl.when(~where).then(nearest),
    ).sort("previous_village_code")
