"""Identity numbers of people who do not exist: valid by GB 11643-1999, unique in the province.

Unique without a register of given numbers: within a region, birthday and sex numbers are given in turn, and each way
into a county has its own range of turns.
Does not belong here: checking delivered numbers (fangpin/identity.py).
"""

from __future__ import annotations

import csv
from functools import lru_cache

import numpy as np
import polars as pl

from fangpin.places import DATA, covered
from fangpin.sample.timeline import Flags, Ints

NATIVE, STRANGER, NEXT, AFTER_NEXT = 0, 300, 350, 425
"""First turn of each band: born here, not in the rural lists, married in from the next county or the one after."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
RETIRED_BEFORE = 20000101
"""Births before this day keep the county's retired region code where it has one."""


@lru_cache(maxsize=2)
def retired_codes(year: int) -> dict[str, int]:
    """County code -> the retired region code of the same place, each given to one county only.

    Places are matched by name without 县, 市 or 区, within the same province (fangpin/data/region_codes.csv).
    """
    current = covered(year).select("county_code", "county_name").unique().sort("county_code")
    in_use = set(current["county_code"])
    old: dict[tuple[str, str], list[str]] = {}
    with (DATA / "region_codes.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["code"] not in in_use:
                old.setdefault((row["code"][:2], _stem(row["name"])), []).append(row["code"])
    found: dict[str, int] = {}
    for code, name in current.iter_rows():
        codes = old.get((code[:2], _stem(name)), [])
        if len(codes) == 1 and int(codes[0]) not in found.values():
            found[code] = int(codes[0])
    return found


def _stem(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "县市区" else name


def identity_numbers(region: Ints, birth: Ints, male: Flags, band: Ints) -> pl.Series:
    """18-character numbers; `birth` as YYYYMMDD. ValueError when a band is full (500 of a region, day and sex)."""
    turn = (
        pl.DataFrame({"region": region, "birth": birth, "male": male, "band": band})
        .select(pl.int_range(pl.len()).over("region", "birth", "male", "band"))
        .to_series()
        .to_numpy()
    ) + band
    if turn.size and turn.max() >= 500:
        raise ValueError("more people of one region, birthday and sex than identity numbers allow")
    body = (region * 100_000_000 + birth) * 1000 + turn * 2 + male
    total = np.zeros(body.size, dtype=np.int64)
    rest = body.copy()
    for weight in reversed(WEIGHTS):
        rest, digit = np.divmod(rest, 10)
        total += digit * weight
    check = pl.Series(list(CHECK_CHARACTERS)).gather(total % 11)
    return pl.select(pl.Series(body).cast(pl.String) + check).to_series()
