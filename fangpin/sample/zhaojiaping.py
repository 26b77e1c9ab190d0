"""赵家坪乡 (141123208, 山西省兴县): a township outside the province, with the figures of its own report of 2022.

10 villages, 34 hamlets, 2,535 households of 7,160 persons, 891 of 2,493 out of poverty; in the register 3 unstable of
11 and 1 marginal of 3 not eliminated, 41 of 117 eliminated. The report does not split these by class: 24 of 70 unstable
and 17 of 47 marginal is our choice. Nobody comes or goes, nothing is dirty, at every scale and in every month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.places import divisions
from fangpin.sample import honest, people, planted, stories, villages
from fangpin.sample.draws import pick, stream, whole
from fangpin.sample.people import ORDINARY_SIZES, TUOPIN_SIZES, Households
from fangpin.sample.timeline import NEVER, Ints

TOWNSHIP = "141123208"
VILLAGE_HOUSEHOLDS = (312, 268, 301, 243, 227, 259, 236, 248, 221, 220)
VILLAGE_HAMLETS = (4, 4, 4, 4, 3, 3, 3, 3, 3, 3)


@dataclass(frozen=True)
class Group:
    """Households of one kind: how many, of how many persons."""

    households: int
    persons: int
    tuopin: bool
    category: int
    eliminated: bool


GROUPS = (
    Group(3, 11, True, stories.UNSTABLE, False),
    Group(1, 3, False, stories.MARGINAL, False),
    Group(24, 70, True, stories.UNSTABLE, True),
    Group(17, 47, False, stories.MARGINAL, True),
    Group(864, 2412, True, stories.NOT_LISTED, False),
    Group(1626, 4617, False, stories.NOT_LISTED, False),
)


def frame(seed: int) -> pl.DataFrame:
    """The ten villages with the columns that a block of the province has."""
    rows = divisions(villages.YEAR).filter(pl.col("township_code") == TOWNSHIP)
    traits = villages.county_traits(seed, [TOWNSHIP[:6]]).with_columns(flooded=pl.lit(False))
    return rows.join(traits, on="county_code", how="left", maintain_order="left").with_columns(
        households=pl.Series(VILLAGE_HOUSEHOLDS, dtype=pl.Int64),
        hamlets=pl.Series(VILLAGE_HAMLETS, dtype=pl.Int64),
        plan=pl.lit(planted.PLAIN_VILLAGE, dtype=pl.Int64),
        planted_cases=pl.lit(0, dtype=pl.Int64),
        township=pl.lit(0, dtype=pl.Int64),
    )


def settle(
    seed: int, of_township: pl.DataFrame, first: int, last: int
) -> tuple[Households, people.Persons, stories.Stories]:
    """Households, persons and stories with exactly the report's figures."""
    rng = stream(seed, TOWNSHIP, "households")
    group = np.repeat(np.arange(len(GROUPS)), [g.households for g in GROUPS])
    size = np.concatenate([_sizes(rng, g) for g in GROUPS])
    order = rng.permutation(group.size)
    group, size = group[order], size[order]
    counts = np.array(VILLAGE_HOUSEHOLDS)
    village = np.repeat(np.arange(counts.size), counts)
    serial = np.arange(village.size) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    tuopin = np.array([g.tuopin for g in GROUPS])[group]
    households = people.finish_households(rng, of_township, village, serial, tuopin, size)
    households.hamlet = serial % np.array(VILLAGE_HAMLETS)[village] + 1
    persons = people.make_persons(seed, TOWNSHIP, of_township, households, last, still=True)
    return households, persons, _stories(rng, of_township, households, persons, group, first, last)


def _sizes(rng: np.random.Generator, group: Group) -> Ints:
    """Household sizes that add up to the group's persons."""
    size = 1 + pick(rng, TUOPIN_SIZES if group.tuopin else ORDINARY_SIZES, group.households)
    missing = group.persons - int(size.sum())
    while missing:
        step = 1 if missing > 0 else -1
        able = np.flatnonzero((size + step >= 1) & (size + step <= 6))
        chosen = rng.choice(able, min(abs(missing), able.size), replace=False)
        size[chosen] += step
        missing = group.persons - int(size.sum())
    return size


def _stories(
    rng: np.random.Generator,
    of_township: pl.DataFrame,
    households: Households,
    persons: people.Persons,
    group: Ints,
    first: int,
    last: int,
) -> stories.Stories:
    category = np.array([g.category for g in GROUPS])[group]
    chosen = np.flatnonzero(category != stories.NOT_LISTED)
    seen = stories.traits(persons, households.count, last)
    scene = stories.Scene(of_township, households, seen, np.zeros(households.count, dtype=bool), last)
    story = honest.listed_lives(rng, scene, chosen, sudden_share=0.0)
    gone = np.array([g.eliminated for g in GROUPS])[group][chosen]
    story.identified = whole(rng, stories.FIRST_SWEEP, stories.FIRST_SWEEP + 10, chosen.size)
    story.eliminated = np.where(gone, np.minimum(story.identified + whole(rng, 6, 11, chosen.size), first - 1), NEVER)
    story.recovers = np.where(gone, np.maximum(story.identified, story.eliminated - 7), NEVER)
    story.falls = story.identified - whole(rng, 2, 9, chosen.size)
    story.returned[:] = NEVER
    story.natural[:] = False
    story.helped[:] = True
    story.well_off[:] = False
    stories.strike(rng, story, persons, last)
    return story
