"""Assistance measures of monitored households, and their feed."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.draws import chance, stream, whole
from fangpin.sample.economy import Economy
from fangpin.sample.people import Households
from fangpin.sample.stories import (
    ACCIDENT,
    CAUSES,
    DISABILITY,
    DISASTER,
    FAILED_TRADE,
    FEW_HANDS,
    HOUSE,
    ILLNESS,
    JOBLESS,
    OTHER,
    SCHOOLING,
    WATER,
    Stories,
    Traits,
)
from fangpin.sample.timeline import NEVER, Flags, Ints, listed, written_months

KINDS = (
    "产业帮扶",
    "就业帮扶",
    "金融帮扶",
    "公益岗位帮扶",
    "住房安全保障",
    "饮水安全保障",
    "健康帮扶",
    "义务教育保障",
    "教育帮扶",
    "综合保障",
    "社会帮扶",
)
(TRADE, JOB, CREDIT, POST, HOUSING, WATERING, HEALTH, COMPULSORY, EDUCATION, SAFETY_NET, SOCIAL) = range(11)
FIRST_FOR = {
    ILLNESS: HEALTH,
    DISASTER: SOCIAL,
    DISABILITY: SAFETY_NET,
    FEW_HANDS: SAFETY_NET,
    ACCIDENT: HEALTH,
    FAILED_TRADE: TRADE,
    JOBLESS: JOB,
    SCHOOLING: EDUCATION,
    HOUSE: HOUSING,
    WATER: WATERING,
    OTHER: SOCIAL,
}
AMOUNTS = (3_000, 1_500, 30_000, 4_800, 20_000, 1_000, 2_600, 1_250, 1_500, 3_400, 800)


@dataclass
class Measures:
    """One entry per measure."""

    story: Ints
    kind: Ints
    started: Ints
    amount: Ints
    done: Flags


def make(
    seed: int, code: str, households: Households, stories: Stories, economy: Economy, seen: Traits, last: int
) -> Measures:
    """Measures that answer the cause, the household's hands and what welfare it got; none where no help came."""
    rng = stream(seed, code, "support")
    helped = np.flatnonzero(stories.listed & stories.helped & (stories.identified <= last))
    count = helped.size
    first_for = np.array([FIRST_FOR[cause] for cause in range(len(CAUSES))])
    late = chance(rng, 0.03, count) & (stories.kind[helped] != planted.FAST)
    start = stories.identified[helped] + np.where(late, whole(rng, 3, 5, count), whole(rng, 0, 1, count))
    latest = np.maximum(stories.identified[helped], np.minimum(stories.eliminated[helped], NEVER) - 1)
    start = np.minimum(start, latest)
    hands = seen.able[stories.household[helped]] > 0
    home = stories.household[helped]
    parts: list[tuple[Ints, Ints, Ints]] = [(helped, first_for[stories.cause[helped]], start)]

    def more(flags: Flags, kind: int | Ints, month: Ints) -> None:
        at = np.flatnonzero(flags)
        kinds = np.broadcast_to(np.asarray(kind), flags.shape)[at]
        parts.append((helped[at], kinds, month[at]))

    later = np.minimum(start + whole(rng, 0, 2, count), latest)
    more(hands & chance(rng, 0.8, count), np.where(rng.random(count) < 0.55, TRADE, JOB), later)
    more(
        economy.dibao_since[home] <= last,
        SAFETY_NET,
        np.minimum(np.maximum(economy.dibao_since[home], stories.identified[helped]), latest),
    )
    more(
        economy.post_since[home] <= last,
        POST,
        np.minimum(np.maximum(economy.post_since[home], stories.identified[helped]), latest),
    )
    more(chance(rng, 0.2, count), SOCIAL, later)
    more(households.tuopin[home] & hands & chance(rng, 0.08, count), CREDIT, later)
    promised = np.flatnonzero((stories.kind == planted.WITHOUT_MEASURE) & chance(rng, 0.25, stories.count))
    parts.append((promised, np.full(promised.size, TRADE), stories.identified[promised]))
    story, kind, started = (np.concatenate([part[i] for part in parts]) for i in range(3))
    keep = started <= last
    story, kind, started = story[keep], kind[keep], started[keep]
    _, once = np.unique(np.column_stack((story, kind, started)), axis=0, return_index=True)
    story, kind, started = story[once], kind[once], started[once]
    amount = _amounts(rng, kind)
    given = Measures(story, kind, started, amount, stories.kind[story] != planted.WITHOUT_MEASURE)
    later = _after_elimination(seed, code, stories, given, last)
    return Measures(*(np.r_[getattr(given, f.name), getattr(later, f.name)] for f in fields(Measures)))


def _amounts(rng: np.random.Generator, kind: Ints) -> Ints:
    return 50 * np.rint(np.array(AMOUNTS)[kind] * np.exp(rng.normal(0.0, 0.3, kind.size)) / 50).astype(np.int64)


def _after_elimination(seed: int, code: str, stories: Stories, given: Measures, last: int) -> Measures:
    """Help that goes on after elimination, for some of those helped out: the first of its kinds again."""
    rng = stream(seed, code, "after-care")
    first = np.unique(given.story, return_index=True)[1]
    story, kind = given.story[first], given.kind[first]
    started = stories.eliminated[story] + whole(rng, 1, 4, first.size)
    at = chance(rng, 0.35, first.size) & given.done[first] & ~stories.natural[story] & (started <= last)
    story, kind, started = story[at], kind[at], started[at]
    return Measures(story, kind, started, _amounts(rng, kind), np.ones(story.size, dtype=bool))


def has_development(measures: Measures, stories: Stories, month: int) -> Flags:
    """Stories with a trade, job, credit or post measure carried out by the month's end."""
    at = measures.done & (measures.kind <= POST) & (measures.started <= month)
    flags = np.zeros(stories.count, dtype=bool)
    flags[measures.story[at]] = True
    return flags


def measure_feed(
    numbers: pl.Series, here: Flags, stories: Stories, measures: Measures, first: int, last: int
) -> pl.DataFrame:
    """帮扶措施台账 of the months first..last."""
    at = (measures.started >= first) & (measures.started <= last) & here[stories.household[measures.story]]
    rows = np.flatnonzero(at)
    return pl.DataFrame(
        {
            "户编号": numbers.gather(stories.household[measures.story[rows]]),
            "措施类型": listed(KINDS, measures.kind[rows]),
            "开始月份": written_months(measures.started[rows]),
            "帮扶金额": pl.Series(measures.amount[rows]).cast(pl.String),
            "实施情况": listed(("尚未实施", "已实施"), measures.done[rows].astype(np.int64)),
        }
    )
