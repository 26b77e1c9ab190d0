"""The curve of coverage: how many would be below any line, what topping up would cost, and how sure that is.

All of it from counts in bands of 100 yuan of income per head, so exact at every multiple of 100 yuan. Strictly less
than the line counts. Source: Foster, Greer and Thorbecke 1984; docs/decisions/0064-line-reports.md. Does not belong
here: how households are counted (sql/mart/income_band.sql), candidate lines (candidate_line.py), which to choose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import special

from fangpin.anomaly import bunching_p

STEP = 100
"""Yuan in a band."""


def summed(bands: pl.DataFrame) -> pl.DataFrame:
    """Bands of several places added up, every band there is room for once and in order: from_yuan, households, persons,
    income_fen (of all persons together). bands: mart.income_band.
    """
    counts = ("households", "persons", "income_fen")
    found = bands.group_by("from_yuan").agg(pl.col(counts).sum())
    top = found.select(pl.col("from_yuan").max()).item() or 0
    every = pl.DataFrame({"from_yuan": range(-STEP, top + STEP, STEP)}, schema={"from_yuan": pl.Int32})
    return every.join(found, on="from_yuan", how="left").with_columns(pl.col(counts).fill_null(0)).sort("from_yuan")


def curve(bands: pl.DataFrame) -> pl.DataFrame:
    """One row per line at every 100 yuan from 0 to the start of the last, open band; bands: as `summed` gives them.

    households, persons: below the line. gap_fen: what lifts them to it. more_*: what 100 yuan more would add.
    elasticity: per cent more persons below for a line one per cent higher.
    """
    below = bands.select(
        line=pl.col("from_yuan") + STEP,
        households=pl.col("households").cum_sum(),
        persons=pl.col("persons").cum_sum(),
        income_fen=pl.col("income_fen").cum_sum(),
    ).head(bands.height - 1)
    z = pl.col("line").cast(pl.Int64)
    return (
        below.with_columns(gap_fen=z * 100 * pl.col("persons") - pl.col("income_fen"))
        .with_columns(
            more_households=pl.col("households").shift(-1) - pl.col("households"),
            more_persons=pl.col("persons").shift(-1) - pl.col("persons"),
            more_gap_fen=pl.col("gap_fen").shift(-1) - pl.col("gap_fen"),
            slope=(pl.col("persons").shift(-1) - pl.col("persons").shift(1)) / (2 * STEP),
        )
        .with_columns(elasticity=pl.when(pl.col("persons") > 0).then(z * pl.col("slope") / pl.col("persons")))
        .drop("income_fen", "slope")
    )


@dataclass(frozen=True)
class Bunching:
    """Households just under and just above a line, and how likely so many are under it by chance (one-sided)."""

    under: int
    above: int
    p: float


def bunching(bands: pl.DataFrame, line: int, width: int) -> Bunching | None:
    """One-sided binomial test of the bands `width` yuan to each side; None where bands do not end at the line."""
    if line % STEP or width % STEP:
        return None
    start = pl.col("from_yuan")
    under = int(bands.filter((start >= line - width) & (start < line))["households"].sum())
    above = int(bands.filter((start >= line) & (start < line + width))["households"].sum())
    return Bunching(under, above, float(bunching_p(np.array([under]), np.array([above]))[0]))


@dataclass(frozen=True)
class Expected:
    """Expected counts below a line when recorded incomes err. wrongly_below: recorded below it, in truth not;
    wrongly_above: recorded at or above it, in truth below (both households).
    """

    households: float
    persons: float
    wrongly_below: float
    wrongly_above: float


def with_error(bands: pl.DataFrame, line: int, error: float) -> Expected:
    """Counts below the line if true income is the recorded one times exp(N(-error^2/2, error^2)), the same on average.

    A band stands for its mean income; an income of zero or less stays below the line.
    """
    persons = bands["persons"].to_numpy().astype(float)
    households = bands["households"].to_numpy().astype(float)
    mean = bands["income_fen"].to_numpy() / 100 / np.maximum(persons, 1)
    with np.errstate(divide="ignore"):
        distance = (np.log(line) - np.log(np.maximum(mean, 0)) + error**2 / 2) / error
    chance = special.ndtr(distance)
    recorded = bands["from_yuan"].to_numpy() < line
    return Expected(
        households=float(chance @ households),
        persons=float(chance @ persons),
        wrongly_below=float((1 - chance[recorded]) @ households[recorded]),
        wrongly_above=float(chance[~recorded] @ households[~recorded]),
    )
