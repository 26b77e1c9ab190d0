"""The truth beside the sample: what was planted where, honest cases that look like it, dirty rows, units left out.

Written to home/truth/, which the pipeline never reads. Households are known by 户编号 and village code.
Does not belong here: any judgement of what detectors found.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.income_feed import CopiedBlocks
from fangpin.sample.people import Households, Persons
from fangpin.sample.stories import JOBLESS, SUDDEN, Stories
from fangpin.sample.timeline import NEVER, Flags, Ints, text
from fangpin.sample.welfare import INELIGIBLE, Welfare

FAST_MONTHS = 4
"""A village that clears everybody clears its latest after one to four months."""


def _month_texts(months: Ints) -> pl.Series:
    return pl.Series([text(int(m)) if m < NEVER else None for m in months], dtype=pl.String)


def _rows(
    villages: pl.DataFrame, households: Households, numbers: pl.Series, at: Ints, kind: str, since: Ints, origin: str
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "household_no": numbers.gather(at),
            "village_code": villages["village_code"].gather(households.village[at]),
            "kind": pl.repeat(kind, at.size, dtype=pl.String, eager=True),
            "from_month": _month_texts(since),
            "origin": pl.repeat(origin, at.size, dtype=pl.String, eager=True),
        }
    )


def planted_households(
    villages: pl.DataFrame,
    households: Households,
    persons: Persons,
    numbers: pl.Series,
    stories: Stories,
    welfare: Welfare,
    copied: CopiedBlocks,
    last: int,
) -> pl.DataFrame:
    """household_no, village_code, kind, from_month (from which it is true), origin: 'household', or 'village' where it
    comes with what its village does."""
    plan = villages["plan"].to_numpy()[households.village[stories.household]]
    known = stories.listed & (stories.identified <= last)
    gone = known & (stories.eliminated <= last)
    since = np.where(stories.kind == planted.UNLISTED_RISK, stories.falls + 3, stories.identified)
    since = np.where(stories.kind == planted.STABLE_UNSTABLE, stories.recovers + 12, since)
    since = np.where(
        np.isin(stories.kind, (planted.FAST, planted.WITHOUT_MEASURE, planted.BELOW_LINE)), stories.eliminated, since
    )
    parts = []

    def add(flags: Flags, kind: str, months: Ints, origin: str) -> None:
        at = np.flatnonzero(flags)
        parts.append(_rows(villages, households, numbers, stories.household[at], kind, months[at], origin))

    for kind in range(planted.INELIGIBLE_POST):
        inside = (stories.kind == kind) & (known | (kind == planted.UNLISTED_RISK))
        add(inside & (gone | (kind < planted.FAST)), planted.HOUSEHOLD_KINDS[kind], since, "household")
    add(stories.same_day & gone, "same_day_batch", stories.eliminated, "village")
    add((plan == planted.INFLATED) & gone, "inflated_elimination", stories.eliminated, "village")
    hurried = (plan == planted.INFLATED) & gone & (stories.eliminated - stories.identified <= FAST_MONTHS)
    add(hurried, "fast_elimination", stories.eliminated, "village")
    poor = np.isin(plan, (planted.INFLATED, planted.BUNCHED_EXIT)) & gone
    poor &= (stories.recovers == NEVER) & (stories.category != SUDDEN)
    add(poor, "elimination_below_line", stories.eliminated, "village")
    add((plan == planted.BUNCHED_ENTRY) & known, "bunching_identification", stories.identified, "village")
    add((plan == planted.BUNCHED_EXIT) & gone, "bunching_elimination", stories.eliminated, "village")
    holders = np.flatnonzero(welfare.ineligible >= 0)
    parts.append(
        _rows(
            villages,
            households,
            numbers,
            persons.household[holders],
            "ineligible_post",
            welfare.post_since[holders],
            "household",
        )
    )
    block = copied.households
    parts.append(
        _rows(villages, households, numbers, block, "copied_income", np.full(block.size, copied.since), "village")
    )
    return pl.concat(parts)


def confusable_households(
    villages: pl.DataFrame,
    households: Households,
    numbers: pl.Series,
    stories: Stories,
    last: int,
) -> pl.DataFrame:
    """Honest households that look like a planted kind: household_no, village_code, kind (which one), story."""
    plain = villages["plan"].to_numpy()[households.village[stories.household]] == planted.PLAIN_VILLAGE
    honest = (stories.kind == planted.HONEST) & plain
    known = stories.listed & (stories.identified <= last)
    active = honest & known & ((stories.eliminated > last) | (stories.returned <= last))
    gone = honest & known & (stories.eliminated <= last)
    borne = honest & ~stories.listed & (stories.falls < NEVER)
    looks = (
        ("not_marginal", "bought things in better years, then fell", active & stories.well_off),
        ("stable_unstable", "recovered lately, not yet cleared", active & (stories.recovers <= last)),
        (
            "unlisted_risk",
            "struck lately, not yet listed",
            honest & stories.listed & (stories.identified > last) & (stories.falls <= last),
        ),
        ("unlisted_risk", "a costly illness that the family can bear", borne & (stories.cause != JOBLESS)),
        ("unlisted_risk", "work lost and found again", borne & (stories.cause == JOBLESS)),
        (
            "fast_elimination",
            "the need passed by itself within months",
            gone & stories.natural & (stories.eliminated - stories.identified < 6),
        ),
        (
            "elimination_without_measure",
            "the need passed by itself without help",
            gone & stories.natural & ~stories.helped,
        ),
    )
    parts = []
    for kind, story, flags in looks:
        at = np.flatnonzero(flags)
        rows = _rows(villages, households, numbers, stories.household[at], kind, stories.falls[at], "household")
        parts.append(rows.with_columns(story=pl.lit(story)).drop("origin", "from_month"))
    return pl.concat(parts)


def planted_villages(villages: pl.DataFrame) -> pl.DataFrame:
    """village_code, kind."""
    return villages.filter(pl.col("plan") != planted.PLAIN_VILLAGE).select(
        "village_code",
        kind=pl.col("plan").replace_strict(dict(enumerate(planted.VILLAGE_KINDS)), return_dtype=pl.String),
    )


def ineligible_posts(persons: Persons, welfare: Welfare, numbers: pl.Series) -> pl.DataFrame:
    """household_no, reason of each post that should not be held."""
    rows = np.flatnonzero(welfare.ineligible >= 0)
    return pl.DataFrame(
        {
            "household_no": numbers.gather(persons.household[rows]),
            "reason": pl.Series(INELIGIBLE).gather(welfare.ineligible[rows]),
        }
    )
