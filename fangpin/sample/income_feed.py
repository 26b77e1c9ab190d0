"""农户收支台账: the statements A1 to E4 that villages write, from the economy of the block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.draws import first_of_group, stream, whole
from fangpin.sample.economy import Economy
from fangpin.sample.people import Households, Persons
from fangpin.sample.stories import Stories
from fangpin.sample.timeline import NEVER, Flags, Floats, Ints, compact
from fangpin.sample.welfare import Welfare

SEPTEMBER = 8
"""Months are counted from 0: ordinary households report the year to September."""

ITEMS = (
    "A1务工",
    "A2行业部门公益岗",
    "A3乡镇公益岗",
    "A4村级公益岗",
    "A5自主采摘",
    "B1种植",
    "B2养殖",
    "B3林果",
    "B4其他",
    "C1资产收益扶贫分红",
    "C2土地流转",
    "C3金融贷款项目",
    "C4代种代养",
    "C5其他",
    "D1计划生育金",
    "D2低保金",
    "D3特困供养金",
    "D4养老保险金",
    "D5生态补偿",
    "D6其他",
    "E1种植",
    "E2养殖",
    "E3林果",
    "E4其他",
)
BUSINESS_MIX = ((0.8, 0.12, 0.02, 0.06), (0.3, 0.62, 0.02, 0.06), (0.3, 0.05, 0.6, 0.05), (0.2, 0.05, 0.0, 0.75))
"""Shares of B1..B4 by a household's main line of business."""


@dataclass(frozen=True)
class CopiedBlocks:
    """Households whose statements were copied from a neighbour's: `source` holds for every household whose figures its
    statements show (its own but in the blocks)."""

    households: Ints
    source: Ints
    since: int  # the first month of a copied statement


def copied_blocks(
    seed: int,
    code: str,
    villages: pl.DataFrame,
    households: Households,
    persons: Persons,
    stories: Stories,
    welfare: Welfare,
    first_folder: int,
) -> CopiedBlocks:
    """In each planted village a run of neighbours of one type, without stories, that show the first one's figures."""
    rng = stream(seed, code, "copied")
    free = (villages["plan"].to_numpy() == planted.COPIED)[households.village] & (households.parent < 0)
    free[stories.household] = False
    free[persons.household[(welfare.tekun_since < NEVER) | (persons.splits < NEVER) | (welfare.post_type >= 0)]] = False
    by_month = np.bincount(households.village[free & households.tuopin], minlength=villages.height) >= 5
    by_month &= rng.random(villages.height) < 0.5
    free &= households.tuopin == by_month[households.village]
    wanted = whole(rng, 7, 13, villages.height)
    after = whole(rng, 1, 9, villages.height)
    order = ((households.serial - after[households.village]) % 10_000).astype(np.float64)
    block = np.flatnonzero(first_of_group(households.village, order, free, wanted))
    source = np.arange(households.count)
    if block.size:
        village = households.village[block]
        starts = np.r_[True, village[1:] != village[:-1]]
        source[block] = block[np.flatnonzero(starts)][np.cumsum(starts) - 1]
    return CopiedBlocks(block, source, first_folder - 15)


def ever_monthly(households: Households, stories: Stories, month: int) -> Flags:
    """Households that report every month: out of poverty, or in the register by then."""
    flags = households.tuopin.copy()
    flags[stories.household[stories.identified <= month]] = True
    return flags


def statements(
    seed: int,
    code: str,
    households: Households,
    persons: Persons,
    stories: Stories,
    economy: Economy,
    copied: CopiedBlocks,
    numbers: pl.Series,
    here: Flags,
    first_folder: int,
    month: int,
) -> pl.DataFrame:
    """Statements delivered in a month: the month's own, and in the first folder those of the fifteen months before.

    A household that begins to report monthly hands in the months since its last yearly statement.
    """
    monthly = ever_monthly(households, stories, month) & here
    if month == first_folder:
        parts = [(np.flatnonzero(monthly), range(month - 15, month + 1))]
    else:
        before = ever_monthly(households, stories, month - 1)
        joining = np.flatnonzero(monthly & ~before)
        since = month - (month - SEPTEMBER - 1) % 12
        parts = [(np.flatnonzero(monthly & before), range(month, month + 1)), (joining, range(since, month + 1))]
    frames = []
    for rows, months in parts:
        for each in months:
            live = rows[(households.exists_from[rows] <= each)]
            if live.size:
                frames.append(_monthly(seed, code, households, persons, economy, copied, numbers, live, each))
    yearly = np.flatnonzero(~monthly & here)
    for each in range(month - 15 if month == first_folder else month, month + 1):
        if each % 12 == SEPTEMBER:
            live = yearly[(households.exists_from[yearly] <= each)]
            frames.append(_yearly(economy, copied, numbers, live, each))
    return pl.concat(frames)


def _monthly(
    seed: int,
    code: str,
    households: Households,
    persons: Persons,
    economy: Economy,
    copied: CopiedBlocks,
    numbers: pl.Series,
    rows: Ints,
    month: int,
) -> pl.DataFrame:
    own, rows = rows, copied.source[rows]
    rng = stream(seed, code, f"statement {month}")
    noise = np.exp(rng.normal(0.0, 0.08, (2, households.count)))[:, rows]
    parts = {name: values[:, 0] for name, values in economy.components(rows, month, month).items()}
    parts["work"] = parts["work"] * noise[0]
    parts["business"] = parts["business"] * noise[1]
    split = np.zeros(households.count, dtype=np.int64)
    np.add.at(split, persons.household[persons.splits <= month], 1)
    left = 1 - split[rows] / np.maximum(households.size[rows], 1)
    for name in ("work", "business", "gathering", "family"):
        parts[name] = parts[name] * left
    return _written(economy, numbers.gather(own), rows, parts, compact(month), 1)


def _yearly(economy: Economy, copied: CopiedBlocks, numbers: pl.Series, rows: Ints, month: int) -> pl.DataFrame:
    own, rows = rows, copied.source[rows]
    sums: dict[str, Floats] = {}
    for each in range(month - 11, month + 1):
        for name, values in economy.components(rows, each, each).items():
            sums[name] = sums[name] + values[:, 0] if name in sums else values[:, 0]
    noise = economy.noise[rows, (month // 12) % 2]
    sums["work"] = sums["work"] * noise
    sums["business"] = sums["business"] * noise
    return _written(economy, numbers.gather(own), rows, sums, compact(month), 12)


def _written(
    economy: Economy, numbers: pl.Series, rows: Ints, parts: dict[str, Floats], period: str, months: int
) -> pl.DataFrame:
    """Components spread over the items, in whole yuan."""
    level = economy.post_level[rows]
    mix = np.array(BUSINESS_MIX)[economy.mix[rows]]
    gross = parts["business"] / (1 - economy.cost_share[rows])
    cost = gross - parts["business"]
    estate_kind = rows % 5
    values: list[Floats] = [parts["work"]]
    values += [np.where(level == index, parts["post"], 0.0) for index in range(3)]
    values.append(parts["gathering"])
    values += [gross * mix[:, index] for index in range(4)]
    values += [np.where(estate_kind == index, 0.75, 0.0625) * parts["estate"] for index in range(5)]
    values += [
        np.where(rows % 9 == 0, parts["grants"] * 0.6, 0.0),
        parts["dibao"],
        parts["tekun"],
        parts["pension"],
        np.where(rows % 9 == 0, parts["grants"] * 0.4, parts["grants"]),
        parts["family"],
    ]
    values += [cost * mix[:, index] for index in range(4)]
    columns = {title: np.rint(value).astype(np.int64) for title, value in zip(ITEMS, values, strict=True)}
    return pl.DataFrame(
        {
            "户编号": numbers,
            "所属期": pl.repeat(period, rows.size, eager=True),
            "涵盖月数": pl.repeat(months, rows.size, dtype=pl.Int64, eager=True),
            **columns,
            "理赔收入": np.rint(parts["claims"]).astype(np.int64),
        }
    )
