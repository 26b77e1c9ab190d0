"""What households earn: yearly rates of the items A1 to E4, their months, and the path a story gives them.

A household's income is a sum of components (work, own business, property, pension, welfare, public posts, other
transfers), each with its rate, its season and its growth; a story moves work and business so that the whole follows the
story's levels. Statements are written from it in income_feed.py, the register's income fields in register.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fangpin.sample.codes import LOST
from fangpin.sample.draws import around, chance, pick, stream
from fangpin.sample.people import Households, Persons
from fangpin.sample.stories import DISASTER, FAILED_TRADE, JOBLESS, Stories
from fangpin.sample.timeline import NEVER, Floats, Ints, number

START = number("2018-11")
"""First month of the income axis: twelve months before the first identifications."""
BASE = number("2021-03")
"""The month at whose prices levels are stated (the middle of the year to September 2021)."""
YEARLY_GROWTH = 0.085

QUARTERS = (0.285, 0.204, 0.236, 0.275)
"""Shares of a year's rural income by quarter: 28.5, 48.9 and 72.5 % cumulatively (NBS 2021)."""
WITHIN_QUARTER = ((0.40, 0.28, 0.32), (0.32, 0.33, 0.35), (0.33, 0.33, 0.34), (0.36, 0.33, 0.31))
FLAT_SHARE = 0.16
"""About this part of income (pensions, welfare, posts) comes evenly; the rest carries the season."""

BASE_PENSION = 1_296.0
"""城乡居民基础养老金, yuan a year."""


def seasonal_weights() -> Floats:
    """Twelve weights of mean 1 for earned income: the whole follows QUARTERS though income grows meanwhile."""
    total = np.array([q * w for q, inside in zip(QUARTERS, WITHIN_QUARTER, strict=True) for w in inside]) * 12
    earned = (total - FLAT_SHARE) / (1 - FLAT_SHARE) / (1 + YEARLY_GROWTH) ** ((np.arange(12) - 5.5) / 12)
    return np.asarray(earned / earned.mean())


@dataclass
class Economy:
    """Yearly rates in yuan per household at BASE prices, and what changes them by month."""

    last: int
    work: Floats  # A1
    gathering: Floats  # A5
    business: Floats  # net of cost, B - E
    estate: Floats  # C
    family: Floats  # D6: support by relatives and other transfers
    grants: Floats  # D1, D5 and farm subsidies
    pension: Floats
    cost_share: Floats  # E / B
    mix: Ints  # main line of business: 0 crops, 1 livestock, 2 orchard, 3 other
    noise: Floats  # [household, 2]: the two yearly statements' own deviations
    story_of: Ints  # row of the stories or -1
    work_path: Floats  # [story, month]: factor on work
    business_path: Floats  # the same for business and for what relatives give
    post_rate: Floats  # yearly pay of the household's public posts
    post_level: Ints  # 0 sector, 1 township, 2 village
    post_since: Ints
    dibao: Floats  # yearly dibao at BASE prices
    dibao_since: Ints
    tekun: Floats
    tekun_since: Ints
    claims: Floats  # insurance money of a story's accident or disaster, yuan
    claims_month: Ints

    @property
    def months(self) -> int:
        return self.last - START + 1

    def components(self, rows: Ints, first: int, last: int) -> dict[str, Floats]:
        """Income of the household rows in each month of first..last: arrays [row, month] in yuan."""
        months = np.arange(first, last + 1)
        growth = (1 + YEARLY_GROWTH) ** ((months - BASE) / 12) / 12
        season = seasonal_weights()[months % 12]
        story = self.story_of[rows]
        at = np.maximum(story, 0)
        window = slice(first - START, last - START + 1)
        flat = (story < 0)[:, None]
        work = np.where(flat, 1.0, self.work_path[at, window]) if self.work_path.size else 1.0
        trade = np.where(flat, 1.0, self.business_path[at, window]) if self.business_path.size else 1.0
        earned = (growth * season)[None, :]
        even = np.full((1, months.size), 1 / 12)

        def since(rate: Floats, start: Ints) -> Floats:
            return np.asarray(rate[rows][:, None] * (start[rows][:, None] <= months[None, :]) / 12)

        return {
            "work": self.work[rows][:, None] * earned * work,
            "gathering": self.gathering[rows][:, None] * earned,
            "business": self.business[rows][:, None] * earned * trade,
            "estate": self.estate[rows][:, None] * even,
            "family": self.family[rows][:, None] * growth[None, :] * trade,
            "grants": self.grants[rows][:, None] * even,
            "pension": self.pension[rows][:, None] * even,
            "post": since(self.post_rate, self.post_since),
            "dibao": since(self.dibao, self.dibao_since),
            "tekun": since(self.tekun, self.tekun_since),
            "claims": np.where(self.claims_month[rows][:, None] == months[None, :], self.claims[rows][:, None], 0.0),
        }


@dataclass
class Assistance:
    """Dibao, tekun and public posts, decided before incomes (welfare.py)."""

    post_rate: Floats
    post_level: Ints
    post_since: Ints
    dibao: Floats
    dibao_since: Ints
    tekun: Floats
    tekun_since: Ints


def make(
    seed: int, code: str, households: Households, persons: Persons, stories: Stories, help_: Assistance, last: int
) -> Economy:
    """The economy of a block: composition by type, then the stories' paths."""
    rng = stream(seed, code, "economy")
    count = households.count
    age = persons.age(BASE)
    adult = (age >= 16) & (age < 66) & (persons.labour < LOST)
    hands = np.bincount(persons.household[adult], minlength=count)
    elders = np.bincount(persons.household[age >= 60], minlength=count)
    story_of = np.full(count, -1, dtype=np.int64)
    story_of[stories.household] = np.arange(stories.count)
    level = households.level.copy()
    level[stories.household] = stories.before
    total = level * households.size

    pension = elders * BASE_PENSION * around(rng, 1.04, 0.05, count)
    grants = total * 0.02 * around(rng, 1.0, 0.5, count)
    estate = total * 0.016 * around(rng, 1.0, 0.6, count) * chance(rng, 0.75, count)
    family = total * np.where(households.tuopin, 0.03, 0.13) * around(rng, 1.0, 0.4, count)
    steady = np.where(help_.dibao_since < BASE, help_.dibao, 0.0) + np.where(help_.tekun_since < BASE, help_.tekun, 0.0)
    steady = steady + np.where(help_.post_since < BASE, help_.post_rate, 0.0)
    earned = np.maximum(total - pension - grants - estate - family - steady, 0.02 * total)
    family = np.where(hands == 0, family + 0.8 * earned, family)
    earned = np.where(hands == 0, 0.2 * earned, earned)
    share = np.clip(rng.beta(5.0, 2.0, count) * np.where(households.tuopin, 1.115, 0.79), 0.0, 0.97)
    share = np.where(hands == 0, 0.0, share)
    gathering = np.where(households.tuopin & (hands > 0) & chance(rng, 0.06, count), 0.03 * earned, 0.0)
    economy = Economy(
        last=last,
        work=share * earned,
        gathering=gathering,
        business=(1 - share) * earned - gathering,
        estate=estate,
        family=family,
        grants=grants,
        pension=pension,
        cost_share=np.clip(rng.normal(0.38, 0.05, count), 0.2, 0.55),
        mix=pick(rng, (0.62, 0.2, 0.06, 0.12), count),
        noise=np.exp(rng.normal(0.0, 0.06, (count, 2))),
        story_of=story_of,
        work_path=np.ones((0, 0)),
        business_path=np.ones((0, 0)),
        claims=np.zeros(count),
        claims_month=np.full(count, NEVER, dtype=np.int64),
        **vars(help_),
    )
    _tell(rng, economy, stories, households)
    return economy


def _tell(rng: np.random.Generator, economy: Economy, stories: Stories, households: Households) -> None:
    """Work and business paths that carry each story's income levels."""
    months = np.arange(START, economy.last + 1)
    level = levels_by_month(stories, months)
    rows = stories.household
    economy.work_path = np.ones((stories.count, months.size))
    economy.business_path = np.ones((stories.count, months.size))
    if stories.count == 0:
        return
    growth = (1 + YEARLY_GROWTH) ** ((months - BASE) / 12)
    wanted = level * households.size[rows][:, None] * growth[None, :]
    fixed = np.repeat((economy.estate + economy.grants + economy.pension)[rows][:, None], months.size, axis=1)
    for rate, since in (
        (economy.post_rate, economy.post_since),
        (economy.dibao, economy.dibao_since),
        (economy.tekun, economy.tekun_since),
    ):
        fixed = fixed + rate[rows][:, None] * (since[rows][:, None] <= months[None, :])
    moved = economy.work + economy.business + economy.family
    earned = np.maximum(moved[rows], 1.0)[:, None] * growth[None, :]
    factor = np.clip((wanted - fixed) / earned, 0.0, 6.0)
    wobble = np.exp(rng.normal(0.0, 0.05, factor.shape))
    economy.work_path = factor * wobble
    economy.business_path = factor * wobble
    lost = (stories.cause == JOBLESS) & (stories.before > 7_000.0)
    jobless = lost[:, None] & (level < stories.before[:, None] * 0.9)
    economy.work_path = np.where(jobless, np.minimum(economy.work_path, 0.06), economy.work_path)
    failed = (stories.cause == FAILED_TRADE)[:, None] & (level < stories.before[:, None] * 0.9)
    economy.business_path = np.where(failed, np.minimum(economy.business_path, 0.1), economy.business_path)
    paid = (stories.cause == DISASTER) & chance(rng, 0.6, stories.count)
    economy.claims[rows] = np.where(paid, np.rint(stories.before * 0.12 / 100) * 100, 0.0)
    economy.claims_month[rows] = np.where(paid, stories.falls + 2, NEVER)


def levels_by_month(stories: Stories, months: Ints) -> Floats:
    """Income per head and year that each story gives to each month: array [story, month]."""
    m = months[None, :]
    level = np.broadcast_to(stories.before[:, None], (stories.count, months.size))
    level = np.where(m >= stories.falls[:, None], stories.during[:, None], level)
    level = np.where(m >= stories.recovers[:, None], stories.after[:, None], level)
    again = stories.returned[:, None] - 2
    return np.asarray(np.where(m >= again, stories.during[:, None], level))


def persons_at(persons: Persons, households: int, month: int) -> Ints:
    """Members of each household at the month's end."""
    here = persons.present(month)
    return np.bincount(persons.home(month)[here], minlength=households)
