"""Time in the sample province: months as whole numbers, days as whole numbers, and how departments write them.

Does not belong here: windows of a judgement (fangpin/month.py) or what happens when (stories.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEVER = 999_999
"""The month number (or day number) of what does not happen."""

EPOCH = 1970 * 12


def number(month: str) -> int:
    """'2021-10' -> months since year 0."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def text(month: int) -> str:
    """The inverse of `number`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def compact(month: int) -> str:
    """'202110'."""
    return text(month).replace("-", "")


def first_day(months: Any) -> Ints:
    """Days since 1970-01-01 of the first day of each month number."""
    since = (np.asarray(months, dtype=np.int64) - EPOCH).astype("datetime64[M]")
    return since.astype("datetime64[D]").astype(np.int64)


def month_of(days: Ints) -> Ints:
    """Month number of each day number."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + EPOCH


def day_in(months: Any, day_of_month: Any) -> Ints:
    """Day number of a day of the month (from 1), never past the month's end."""
    start = first_day(months)
    last = first_day(np.asarray(months) + 1) - 1
    result: Ints = np.minimum(start + np.asarray(day_of_month, dtype=np.int64) - 1, last)
    return result


def age_on(birth: Ints, day: int) -> Ints:
    """Whole years between two day numbers."""
    born = birth.astype("datetime64[D]")
    on = np.int64(day).astype("datetime64[D]")
    born_month, on_month = born.astype("datetime64[M]"), on.astype("datetime64[M]")
    months = (on_month - born_month).astype(np.int64)
    early = (on - on_month).astype(np.int64) < (born - born_month).astype(np.int64)
    years: Ints = (months - early) // 12
    return years


def written_months(months: Ints, style: str = "compact") -> pl.Series:
    """Month numbers as departments write them; NEVER becomes an empty cell.

    style: 'compact' 202110, 'dash' 2021-10, 'chinese' 2021年10月.
    """
    frame = pl.DataFrame({"n": months}).select(
        n="n",
        year=(pl.col("n") // 12).cast(pl.String),
        month=(pl.col("n") % 12 + 1).cast(pl.String).str.zfill(2),
    )
    joined = {
        "compact": pl.col("year") + pl.col("month"),
        "dash": pl.col("year") + "-" + pl.col("month"),
        "chinese": pl.col("year") + "年" + pl.col("month") + "月",
    }[style]
    return frame.select(pl.when(pl.col("n") < NEVER).then(joined)).to_series()


def written_days(days: Ints, style: str = "dash") -> pl.Series:
    """Day numbers as departments write them; NEVER becomes an empty cell.

    style: 'dash' 2021-10-05, 'slash' 2021/10/05, 'compact' 20211005, 'chinese' 2021年10月05日.
    """
    pattern = {"dash": "%Y-%m-%d", "slash": "%Y/%m/%d", "compact": "%Y%m%d", "chinese": "%Y年%m月%d日"}[style]
    series = pl.Series(days)
    known = pl.select(pl.when(series < NEVER).then(series)).to_series().cast(pl.Int32).cast(pl.Date)
    return known.dt.to_string(pattern)


def yes_no(flags: Any) -> pl.Series:
    """True -> 是, False -> 否."""
    return pl.select(
        pl.when(pl.Series(np.asarray(flags, dtype=bool))).then(pl.lit("是")).otherwise(pl.lit("否"))
    ).to_series()


def listed(values: tuple[str, ...] | list[str], index: Any) -> pl.Series:
    """The text at each index; an index below zero is an empty cell."""
    at = pl.Series(np.asarray(index, dtype=np.int64))
    known = pl.select(pl.when(at >= 0).then(at)).to_series()
    return pl.Series(values, dtype=pl.String).gather(known)
