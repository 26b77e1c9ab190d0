"""ref.visit: which villages research teams visited, and under which code they are this month.

Does not belong here: what was found there (ref.field_answer).
"""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.visit import Visit
from fangpin.places import OWN_PROVINCE, year_of_month
from fangpin.succession import fates


@table_asset(Visit, inputs=("ref.field_answer",))
def visit(build: Build) -> pl.DataFrame:
    """调研过的行政村：哪次调研、哪天到哪天、入户多少；区划变了的按沿革找到本月的村。"""
    return visits(build.read("ref.field_answer"), build.month)


def visits(answers: pl.DataFrame, month: str) -> pl.DataFrame:
    """Rows of the table from those of ref.field_answer."""
    found = (
        answers.group_by("plan", "trip", "visited_code")
        .agg(
            first_day=pl.col("day").min(),
            last_day=pl.col("day").max(),
            households=pl.col("household_id").n_unique() - pl.col("household_id").is_null().any().cast(pl.UInt32),
        )
        .with_columns(pl.col("households").cast(pl.Int32), year=pl.col("last_day").dt.strftime("%Y-%m"))
    )
    now = year_of_month(month)
    parts = []
    for (when,), rows in found.group_by(["year"], maintain_order=True):
        then = year_of_month(str(when))
        if then == now:
            parts.append(rows.with_columns(village_code="visited_code"))
        else:
            known = fates(OWN_PROVINCE, then, now).select(visited_code="village_code", village_code="successor")
            parts.append(rows.join(known, on="visited_code", how="left"))
    columns = ["plan", "trip", "visited_code", "village_code", "first_day", "last_day", "households"]
    whole = (
        pl.concat([part.select(columns) for part in parts])
        if parts
        else found.with_columns(village_code="visited_code").select(columns)
    )
    return whole.sort("trip", "visited_code")
