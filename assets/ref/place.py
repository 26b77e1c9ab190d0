"""ref.place: every place of every level, with its full name."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.place import Place

LEVELS = ("province", "city", "county", "township", "village")


@table_asset(Place, inputs=("ref.division",))
def place(build: Build) -> pl.DataFrame:
    """各级地区名称、全称与上级。"""
    division = build.read("ref.division")
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
    return pl.concat(parts).sort("level", "place_code")
