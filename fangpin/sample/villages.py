"""Which villages of the real province are in the sample, how many households each has, and how counties differ.

Does not belong here: what is planted in a village (planted.py) or who lives there (people.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from fangpin.places import divisions
from fangpin.sample.draws import hashed, stream
from fangpin.sample.identity_numbers import retired_codes
from fangpin.sample.timeline import Floats

YEAR = 2021
REAL_VILLAGE_SIZE = 450.0
"""Households of a real administrative village on average; 44,691 villages make 20 million households."""
FULL_SET_SCALE = 1 / 400
"""From this scale on every county has six villages, or all it has."""
VILLAGES_OF_A_COUNTY = 6
TOGETHER = 3
"""Villages taken of a township before the next township is turned to: an office has villages to compare."""
BLOCK_HOUSEHOLDS = 150_000
"""Households worked on at once: bounds memory at any scale."""

FLOODED_CITIES = ("4101", "4105", "4106", "4107", "4116")
"""Cities struck by the flood of July 2021."""


def left_out(year: int = YEAR) -> pl.DataFrame:
    """Units of the own province that have only 居民委员会: no farm households, hence not in the sample."""
    return divisions(year).filter(pl.col("in_province") & ~pl.col("rural"))


def chosen_villages(seed: int, scale: float) -> pl.DataFrame:
    """The sample's villages: their division columns and how many `households` they have, sorted by code.

    At `scale` the province has scale x 20 million households. Each county keeps scale x its villages, six at least
    (below 1/400 in proportion fewer, one at least), chosen by hash, three of a township at a time.
    """
    rural = divisions(YEAR).filter(pl.col("in_province") & pl.col("rural"))
    least = max(1, round(VILLAGES_OF_A_COUNTY * min(1.0, scale / FULL_SET_SCALE)))
    townships = rural["township_code"].unique().sort().to_list()
    ranked = (
        rural.with_columns(
            order=pl.Series(hashed(seed, rural["village_code"].to_list())),
            township_order=pl.col("township_code").replace_strict(townships, hashed(seed, townships)),
            villages=pl.len().over("county_code"),
        )
        .with_columns(turn=(pl.col("order").rank("ordinal").over("township_code") - 1) // TOGETHER)
        .sort("county_code", "turn", "township_order", "order")
        .with_columns(rank=1 + pl.int_range(pl.len()).over("county_code"))
    )
    wanted = pl.max_horizontal((pl.col("villages") * scale).round(), pl.lit(least))
    kept = ranked.filter(pl.col("rank") <= wanted).sort("village_code")
    mean = min(REAL_VILLAGE_SIZE, max(16.0, scale * rural.height * REAL_VILLAGE_SIZE / kept.height))
    spread = hashed(seed, [f"size|{code}" for code in kept["village_code"]])
    size = mean * _lognormal(spread, 0.32)
    return kept.with_columns(households=pl.Series(np.maximum(12, np.rint(size)).astype(np.int64))).select(
        *rural.columns, "households"
    )


def _lognormal(uniform: Floats, sigma: float) -> Floats:
    """Lognormal numbers of mean 1 from uniform ones (logistic approximation of the normal quantile)."""
    normal = np.log(np.clip(uniform, 1e-9, 1 - 1e-9) / (1 - np.clip(uniform, 1e-9, 1 - 1e-9))) / 1.702
    return np.asarray(np.exp(sigma * normal - sigma**2 / 2))


def county_traits(seed: int, counties: list[str]) -> pl.DataFrame:
    """How counties differ: `wealth` (factor on income), `exit_hazard` (monthly, after the sixth month), `frailty`
    (factor on the share of monitored households), `flooded`, and the region codes their people carry.

    Counties whose hazard is truly high are an honest thing: nothing is planted by it.
    """
    rng = stream(seed, "41", "counties")
    count = len(counties)
    neighbours = np.array([int(code) for code in counties])
    retired = retired_codes(YEAR)
    return pl.DataFrame(
        {
            "county_code": counties,
            "wealth": np.exp(rng.normal(0.0, 0.09, count)),
            "exit_hazard": np.exp(rng.normal(np.log(0.32), 0.5, count)),
            "frailty": np.exp(rng.normal(-0.03, 0.25, count)),
            "flooded": [code[:4] in FLOODED_CITIES for code in counties],
            "region": neighbours,
            "next_region": np.roll(neighbours, -1),
            "after_next_region": np.roll(neighbours, -2),
            "retired_region": [retired.get(code, int(code)) for code in counties],
        }
    )


def blocks(villages: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The villages city by city, large cities in several blocks of whole counties."""
    for of_city in villages.sort("village_code").partition_by("city_code", maintain_order=True):
        held: list[pl.DataFrame] = []
        size = 0
        for of_county in of_city.partition_by("county_code", maintain_order=True):
            inside = int(of_county["households"].sum())
            if held and size + inside > BLOCK_HOUSEHOLDS:
                yield pl.concat(held)
                held, size = [], 0
            held.append(of_county)
            size += inside
        yield pl.concat(held)
