"""Life stories: which households fall into hardship, when and why, what the office does about it, when they recover.

One row of `Stories` per household whose life is not flat. What happens to it is decided in honest.py and misrule.py;
what the feeds show of it in a month follows in economy.py, health.py, work.py and register.py. None uses a threshold of
the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.codes import CHRONIC, LOST, NONE, PLAIN, SENIOR, SERIOUS, WEAK
from fangpin.sample.draws import first_of_group
from fangpin.sample.people import Households, Persons
from fangpin.sample.timeline import NEVER, Flags, Floats, Ints, number

UNSTABLE, MARGINAL, SUDDEN = range(3)
NOT_LISTED = -1
CATEGORIES = ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
CAUSES = (
    "因病",
    "因自然灾害",
    "因残",
    "因缺劳动力",
    "因意外事故",
    "因产业失败",
    "因务工就业不稳",
    "因学",
    "因安全住房",
    "因安全饮水",
    "其他",
)
(ILLNESS, DISASTER, DISABILITY, FEW_HANDS, ACCIDENT, FAILED_TRADE, JOBLESS, SCHOOLING, HOUSE, WATER, OTHER) = range(11)
NO_CAUSE = -1

FIRST_SWEEP = number("2019-11")
"""The first identifications (两摸底)."""
SUDDEN_SINCE = number("2021-05")
"""中农组发〔2021〕7号 adds the third class on 2021-05-16."""
FLOOD = number("2021-07")


@dataclass
class Stories:
    """One entry per household whose life is not flat; income levels are yuan per head and year."""

    household: Ints
    kind: Ints  # a planted household kind or HONEST
    category: Ints  # NOT_LISTED for households outside the register
    cause: Ints
    second: Ints  # a second cause or NO_CAUSE
    identified: Ints  # month, NEVER for unlisted
    eliminated: Ints
    returned: Ints
    natural: Flags  # eliminated by itself (自然消除)
    helped: Flags  # gets measures
    falls: Ints  # month the income falls
    recovers: Ints
    before: Floats
    during: Floats
    after: Floats
    bills: Floats  # self-paid medical bills of the blow, yuan
    patient: Ints  # person, or -1
    well_off: Flags  # old assets: car, shop or flat bought in good years
    declared_entry: Floats  # what the office wrote at identification, nan for the truth
    declared_exit: Floats
    same_day: Flags  # eliminated with the whole village on one day

    @property
    def count(self) -> int:
        return int(self.household.size)

    @property
    def listed(self) -> Flags:
        return np.asarray(self.category >= 0)

    def state(self, month: int) -> tuple[Flags, Flags]:
        """(in the register, eliminated) at the month's end."""
        inside = self.identified <= month
        back = self.returned <= month
        return inside, inside & (self.eliminated <= month) & ~back


def empty(household: Ints, level: Floats) -> Stories:
    """Stories in which nothing happens yet."""
    count = household.size
    never = np.full(count, NEVER, dtype=np.int64)
    unknown = np.full(count, np.nan)
    none = np.full(count, -1, dtype=np.int64)
    no = np.zeros(count, dtype=bool)
    return Stories(
        household=household,
        kind=np.full(count, planted.HONEST, dtype=np.int64),
        category=none.copy(),
        cause=none.copy(),
        second=none.copy(),
        identified=never.copy(),
        eliminated=never.copy(),
        returned=never.copy(),
        natural=no.copy(),
        helped=~no,
        falls=never.copy(),
        recovers=never.copy(),
        before=level.copy(),
        during=level.copy(),
        after=level.copy(),
        bills=np.zeros(count),
        patient=none.copy(),
        well_off=no.copy(),
        declared_entry=unknown.copy(),
        declared_exit=unknown.copy(),
        same_day=no.copy(),
    )


def joined(parts: list[Stories]) -> Stories:
    """All stories in the order of households."""
    whole_set = {f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Stories)}
    order = np.argsort(whole_set["household"], kind="stable")
    return Stories(**{name: values[order] for name, values in whole_set.items()})


def _count(persons: Persons, flags: Flags, households: int) -> Ints:
    return np.bincount(persons.household[flags], minlength=households)


@dataclass
class Traits:
    """What a household's members make likely: counts per household."""

    able: Ints
    weak: Ints
    disabled: Ints
    sick: Ints
    students: Ints  # beyond compulsory school


def traits(persons: Persons, households: int, month: int) -> Traits:
    age = persons.age(month)
    adult = (age >= 18) & (age < 60)
    return Traits(
        able=_count(persons, adult & (persons.labour <= PLAIN), households),
        weak=_count(persons, persons.labour == WEAK, households),
        disabled=_count(persons, persons.disability >= 0, households),
        sick=_count(persons, (persons.health == SERIOUS) | (persons.health == CHRONIC), households),
        students=_count(persons, (persons.school >= SENIOR) & (persons.school < 20), households),
    )


@dataclass
class Scene:
    """What a maker of stories sees: the block, what its households are like, and who has a story already."""

    villages: pl.DataFrame
    households: Households
    seen: Traits
    taken: Flags
    last: int


def choose(rng: np.random.Generator, probability: Floats, free: Flags) -> Ints:
    """Free households, each with its probability."""
    return np.flatnonzero(free & (rng.random(free.size) < probability))


def settled(story: Stories, last: int) -> Stories:
    """Dates in order: no elimination before the identification, no return without one."""
    story.identified = np.maximum(story.identified, FIRST_SWEEP)
    story.eliminated = np.where(story.eliminated > last, NEVER, np.maximum(story.eliminated, story.identified))
    story.returned = np.where((story.eliminated == NEVER) | (story.returned > last), NEVER, story.returned)
    sudden = story.category == SUDDEN
    story.identified = np.where(sudden, np.maximum(story.identified, SUDDEN_SINCE), story.identified)
    story.eliminated = np.where(story.eliminated < story.identified, story.identified, story.eliminated)
    return story


def strike(rng: np.random.Generator, stories: Stories, persons: Persons, last: int) -> None:
    """Gives each illness or accident a patient: an adult, who falls ill or can work less from then on."""
    sick = np.isin(stories.cause, (ILLNESS, ACCIDENT)) & (
        (stories.bills > 0) | (stories.listed & (stories.kind == planted.HONEST))
    )
    of_household = np.full(int(persons.household[-1]) + 1 if persons.count else 0, -1, dtype=np.int64)
    rows = np.flatnonzero(sick)
    of_household[stories.household[rows]] = rows
    wanted = (of_household >= 0).astype(np.int64)
    age = persons.age(last)
    order = rng.random(persons.count) + np.where(age < 20, 2.0, 0.0) + np.where(persons.health == CHRONIC, -0.5, 0.0)
    struck = np.flatnonzero(first_of_group(persons.household, order, wanted[persons.household] > 0, wanted))
    at = of_household[persons.household[struck]]
    stories.patient[at] = struck
    serious = (stories.cause[at] == ILLNESS) & (rng.random(struck.size) < 0.6) & (persons.disability[struck] < 0)
    persons.health[struck] = np.where(
        serious, SERIOUS, np.where(persons.disability[struck] >= 0, persons.health[struck], CHRONIC)
    )
    weaker = np.where(serious & (age[struck] < 60), LOST, WEAK)
    weaker = np.where((age[struck] < 16) | (age[struck] >= 68) | (persons.labour[struck] == NONE), NONE, weaker)
    persons.labour[struck] = np.where(stories.listed[at] | serious, weaker, persons.labour[struck])
