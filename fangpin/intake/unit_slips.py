"""Whether a money column came in another unit than last month: the medians of a place, this month against the last.

A slip between 元 and 万元 moves a median by four powers of ten, which nothing honest does. It is reported, never
corrected. Does not belong here: one amount among many (doubts.py), where last month's medians are kept (the ledger).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from fangpin.intake.doubts import Plausible

WHOLE_FILE = 0
"""The row number of a reason that is about a column of the whole file."""

LEVELS = {"place": pl.String, "column": pl.String, "amounts": pl.Int64, "median": pl.Float64}
"""The columns of `levels`: how many positive amounts a place has in a money column, and their median in fen."""


def levels(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The median of the positive amounts of each place and column; rows: `place` and the money columns in fen."""
    long = rows.select("place", *columns).unpivot(index="place", variable_name="column", value_name="fen")
    positive = long.filter(pl.col("fen") > 0).drop_nulls("place")
    found = positive.group_by("place", "column").agg(
        amounts=pl.len().cast(pl.Int64), median=pl.col("fen").median().cast(pl.Float64)
    )
    return found.select(pl.col(name).cast(kind) for name, kind in LEVELS.items()).sort("place", "column")


def slips(now: pl.DataFrame, before: pl.DataFrame, limits: Plausible) -> pl.DataFrame:
    """The places and columns of `now` whose median lies powers of ten away from the one `before`, with both.

    Columns place, column, amounts, median, median_before; nothing of a place with few amounts in either month.
    """
    enough = pl.col("amounts") >= limits.few_amounts
    both = now.filter(enough).join(before.filter(enough), on=["place", "column"], suffix="_before")
    median, median_before, factor = pl.col("median"), pl.col("median_before"), 10.0**limits.slip_decades
    slipped = (median * factor <= median_before) | (median >= median_before * factor)
    found = both.filter(slipped).sort("place", "column")
    return found.select("place", "column", "amounts", "median", "median_before")


def sentence(place: str, header: str, amounts: int, median: float, median_before: float) -> str:
    """What the department is told of one slip."""
    return (
        f"{place}的「{header}」：本期{amounts:,}个金额的中位数为{_yuan(median)}元，上期为{_yuan(median_before)}元，"
        "疑似元、万元混用；请核实单位，无误可不改"
    )


def _yuan(fen: float) -> str:
    return f"{fen / 100:,.2f}".removesuffix(".00")
