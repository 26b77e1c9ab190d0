"""Ranks of the same month a year before, under this month's codes of places.

Does not belong here: what a report makes of them (fangpin/reports), what became of a village (fangpin/succession.py).
"""

from __future__ import annotations

import duckdb
import polars as pl

from assets.build import Build
from assets.publish import history
from assets.publish.bundle import COPY
from assets.ref.succession import year_of
from fangpin.month import shift
from fangpin.places import OWN_PROVINCE, year_of_month
from fangpin.succession import fates, seats

RANKS = {"level": pl.String, "place_code": pl.String, "criterion": pl.String, "rank": pl.Int64}


def last_years_ranks(build: Build) -> tuple[str | None, pl.DataFrame]:
    """The version in force of the same month a year before, and its ranks; nothing when none is published, or by a
    program whose rankings were others.
    """
    reference = history.reference(build.home, shift(build.month, -12))
    if reference is not None:
        with duckdb.connect(str(build.home / "published" / reference / COPY), read_only=True) as con:
            known = con.sql("select column_name from duckdb_columns() where table_name = 'place_ranking'").fetchall()
            if set(RANKS) <= {column for (column,) in known}:
                ranks = con.sql(f"select {', '.join(RANKS)} from mart.place_ranking").pl()
                now = year_of_month(build.month)
                then = year_of(con.sql("select village_code, village_name from ref.division").pl(), now, build.month)
                return reference, ranks if then == now else followed(ranks, then, now)
    return None, pl.DataFrame(schema=RANKS)


def followed(ranks: pl.DataFrame, before: int, after: int) -> pl.DataFrame:
    """Ranks under the codes of the divisions of `after`. A place that became several, came out of several or is no more
    has no rank to compare with: none is made up for it."""
    villages = fates(OWN_PROVINCE, before, after).select(
        place_code="village_code", now="successor", level=pl.lit("village")
    )
    seat = seats(OWN_PROVINCE, before, after)
    above = [
        seat.select(
            place_code=pl.col("village_code").str.head(digits), now=f"{level}_code", level=pl.lit(level)
        ).unique()
        for level, digits in (("township", 9), ("county", 6))
    ]
    moves = pl.concat([villages, *above]).drop_nulls("now")
    one_to_one = moves.filter(pl.struct("level", "place_code").is_unique() & pl.struct("level", "now").is_unique())
    joined = ranks.join(one_to_one, on=["level", "place_code"], how="inner", maintain_order="left")
    return joined.select("level", place_code="now", criterion="criterion", rank="rank")
