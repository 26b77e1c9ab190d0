"""ref.place: every place of every level, with its full name."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.place import Place

LEVELS = ("province", "city", "county", "township", "village")
REMAINDER = "去向待核实的原行政村"


@table_asset(Place, inputs=("ref.division", "ref.succession"))
def place(build: Build) -> pl.DataFrame:
    """各级地区名称、全称与上级；区划换年度的当月，另有去向待核实的原行政村在其上级之下的一行。"""
    places = of_divisions(build.read("ref.division"))
    return pl.concat([places, remainders(places, build.read("ref.succession"))]).sort("level", "place_code")


def of_divisions(division: pl.DataFrame) -> pl.DataFrame:
    """Every place of the divisions, from the province down."""
    parts = []
    for depth, level in enumerate(LEVELS):
        names = [pl.col(f"{upper}_name") for upper in LEVELS[: depth + 1]]
        parent = pl.col(f"{LEVELS[depth - 1]}_code") if depth else pl.lit(None, dtype=pl.String)
        parts.append(
            division.select(
                level=pl.lit(level),
                place_code=pl.col(f"{level}_code"),
                place_name=names[-1],
                full_name=pl.concat_str(names),
                parent_code=parent,
                in_province=pl.col("in_province"),
            ).unique()
        )
    return pl.concat(parts)


def remainders(places: pl.DataFrame, succession: pl.DataFrame) -> pl.DataFrame:
    """One row per place under which villages without a successor are counted (ref.succession), level village."""
    lost = succession.drop_nulls("remainder_code").select(
        place_code="remainder_code",
        parent_code=pl.coalesce("township_code", "county_code", "city_code", "province_code"),
    )
    return (
        lost.unique()
        .join(places.select("full_name", "in_province", parent_code="place_code"), on="parent_code")
        .select(
            level=pl.lit("village"),
            place_code="place_code",
            place_name=pl.lit(REMAINDER),
            full_name=pl.col("full_name") + REMAINDER,
            parent_code="parent_code",
            in_province="in_province",
        )
    )
