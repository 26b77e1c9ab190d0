"""Disasters, accidents and petitions: what befalls a household suddenly, what it complains of, and their feeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.draws import chance, pick, stream, whole
from fangpin.sample.names import serials
from fangpin.sample.people import Households
from fangpin.sample.stories import ACCIDENT, DISASTER, FLOOD, HOUSE, Stories
from fangpin.sample.timeline import NEVER, Flags, Ints, day_in, first_day, listed, written_days, yes_no

EVENTS = ("洪涝", "地质灾害", "旱灾", "生物灾害", "气象灾害", "地震", "火灾", "交通事故", "安全生产事故", "其他")
FLOODING, TRAFFIC, AT_WORK = 0, 7, 8
TOPICS = ("生活困难", "住房", "就医", "就学", "产业", "其他")


@dataclass
class Mishaps:
    """One entry per event, and one per petition."""

    event_household: Ints
    event_kind: Ints
    event_day: Ints
    event_loss: Ints
    event_paid: Ints
    event_casualty: Flags
    petition_household: Ints
    petition_day: Ints
    petition_topic: Ints


def make(
    seed: int, code: str, villages: pl.DataFrame, households: Households, stories: Stories, first: int, last: int
) -> Mishaps:
    """The blow of each disaster or accident story; small losses anywhere, more where the flood was; petitions."""
    rng = stream(seed, code, "mishaps")
    begin = first - 15
    struck = np.isin(stories.cause, (DISASTER, ACCIDENT)) & (stories.falls >= begin) & (stories.falls <= last)
    rows = np.flatnonzero(struck)
    count = rows.size
    natural = stories.cause[rows] == DISASTER
    flood = natural & (stories.falls[rows] >= FLOOD) & (stories.falls[rows] <= FLOOD + 2)
    natural_kind = np.where(flood, FLOODING, pick(rng, (0.3, 0.05, 0.2, 0.1, 0.2, 0.0, 0.15), count))
    kind = np.where(natural, natural_kind, np.where(rng.random(count) < 0.7, TRAFFIC, AT_WORK))
    need = stories.before[rows] * households.size[stories.household[rows]]
    loss = need * np.where(natural, 0.45 + 0.5 * rng.random(count), 0.1)
    month = np.where(flood, FLOOD, stories.falls[rows])
    day = day_in(month, np.where(flood, whole(rng, 19, 24, count), whole(rng, 1, 28, count)))
    casualty = ~natural & (rng.random(count) < 0.6)

    flat = np.ones(households.count, dtype=bool)
    flat[stories.household] = False
    flooded = villages["flooded"].to_numpy()[households.village]
    small = np.flatnonzero(flat & chance(rng, np.where(flooded, 0.03, 0.004), households.count))
    by_flood = flooded[small] & (rng.random(small.size) < 0.85) & (begin <= FLOOD <= last)
    small_month = np.where(by_flood, FLOOD, whole(rng, begin, last, small.size))
    small_kind = np.where(by_flood, FLOODING, pick(rng, (0.1, 0.05, 0.25, 0.2, 0.25, 0.0, 0.15), small.size))
    small_loss = households.level[small] * households.size[small] * 0.06 * rng.random(small.size)
    small_day = day_in(small_month, np.where(by_flood, whole(rng, 19, 24, small.size), whole(rng, 1, 28, small.size)))
    whole_loss = (np.rint(np.r_[loss, small_loss] / 10) * 10).astype(np.int64)

    complains = chance(rng, np.where(stories.kind == planted.UNLISTED_RISK, 0.3, 0.04), stories.count)
    at = np.flatnonzero((stories.falls < NEVER) & complains)
    any_one = np.flatnonzero(chance(rng, 0.0025, households.count))
    petitioner = np.r_[stories.household[at], any_one]
    months = np.r_[stories.falls[at] + whole(rng, 1, 3, at.size), whole(rng, begin, last, any_one.size)]
    other_topic = pick(rng, (0.05, 0.2, 0.15, 0.1, 0.2, 0.3), any_one.size)
    topic = np.r_[np.where(stories.cause[at] == HOUSE, 1, 0), other_topic]
    inside = (months >= begin) & (months <= last)
    petition_day = day_in(months, whole(rng, 1, 28, petitioner.size))
    return Mishaps(
        event_household=np.r_[stories.household[rows], small],
        event_kind=np.r_[kind, small_kind],
        event_day=np.r_[day, small_day],
        event_loss=whole_loss,
        event_paid=(whole_loss * (0.3 * rng.random(whole_loss.size))).astype(np.int64),
        event_casualty=np.r_[casualty, np.zeros(small.size, dtype=bool)],
        petition_household=petitioner[inside],
        petition_day=petition_day[inside],
        petition_topic=topic[inside],
    )


def none() -> Mishaps:
    """Nothing befalls anybody."""
    nothing = np.zeros(0, dtype=np.int64)
    return Mishaps(nothing, nothing, nothing, nothing, nothing, nothing.astype(bool), nothing, nothing, nothing)


def disaster_feed(numbers: pl.Series, mishaps: Mishaps, first: int, last: int) -> pl.DataFrame:
    """灾害事故信息 of the months first..last."""
    start, end = int(first_day(first)), int(first_day(last + 1)) - 1
    rows = np.flatnonzero((mishaps.event_day >= start) & (mishaps.event_day <= end))
    return pl.DataFrame(
        {
            "户编号": numbers.gather(mishaps.event_household[rows]),
            "类型": listed(EVENTS, mishaps.event_kind[rows]),
            "发生日期": written_days(mishaps.event_day[rows], "slash"),
            "核定损失": pl.Series(mishaps.event_loss[rows]).cast(pl.String),
            "赔付金额": pl.Series(mishaps.event_paid[rows]).cast(pl.String),
            "是否伤亡": yes_no(mishaps.event_casualty[rows]),
        }
    )


def petition_feed(numbers: pl.Series, mishaps: Mishaps, block: str, first: int, last: int) -> pl.DataFrame:
    """信访反映信息 of the months first..last."""
    start, end = int(first_day(first)), int(first_day(last + 1)) - 1
    rows = np.flatnonzero((mishaps.petition_day >= start) & (mishaps.petition_day <= end))
    return pl.DataFrame(
        {
            "信访件编号": serials(f"XF{block}", rows, 7),
            "户编号": numbers.gather(mishaps.petition_household[rows]),
            "受理日期": written_days(mishaps.petition_day[rows], "chinese"),
            "反映事项": listed(TOPICS, mishaps.petition_topic[rows]),
        }
    )
