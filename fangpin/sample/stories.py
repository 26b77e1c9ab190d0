"""Life stories: which households fall into hardship, when and why, what the office does about it, and when they recover.

One row of `Stories` per household whose life is not flat. A story says what happens to a household; what the feeds show
of it in a month follows in economy.py, health.py, work.py and register.py. No threshold of the rules is used here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.draws import chance, first_of_group, pick, stream, whole
from fangpin.sample.people import CHRONIC, LOST, NONE, PLAIN, SENIOR, SERIOUS, WEAK, Households, Persons
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

CLASS_SHARES = (0.0115, 0.0042, 0.0062)
"""Honest monitored households per 脱贫户 (first) and per household (the others), before a county's own factor."""


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


def empty(count: int, household: Ints, level: Floats) -> Stories:
    """Stories in which nothing happens yet."""
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


def assign(
    seed: int, code: str, villages: pl.DataFrame, households: Households, persons: Persons, first: int, last: int
) -> Stories:
    """The stories of a block; people struck by illness have their health and labour changed in `persons`."""
    rng = stream(seed, code, "stories")
    seen = traits(persons, households.count, last)
    taken = np.zeros(households.count, dtype=bool)
    parts = []
    for make in (_of_planted_villages, _planted_households, _honest_listed, _honest_unlisted):
        part = make(rng, villages, households, seen, taken, last)
        taken[part.household] = True
        parts.append(part)
    stories = joined(parts)
    strike(rng, stories, persons, last)
    return stories


def _choose(rng: np.random.Generator, probability: Floats, free: Flags) -> Ints:
    return np.flatnonzero(free & (rng.random(free.size) < probability))


def _of_planted_villages(
    rng: np.random.Generator, villages: pl.DataFrame, households: Households, seen: Traits, taken: Flags, last: int
) -> Stories:
    """Monitored households of villages whose office does what it should not; the households themselves are honest."""
    plan = villages["plan"].to_numpy()
    wanted = villages["planted_cases"].to_numpy()
    order = rng.random(households.count) - 0.35 * households.tuopin
    chosen = np.flatnonzero(
        first_of_group(households.village, order, (wanted > 0)[households.village] & (households.size >= 2), wanted)
    )
    story = listed_lives(rng, villages, households, seen, chosen, last, sudden_share=0.25)
    what = plan[households.village[chosen]]
    count = chosen.size
    village = households.village[chosen]
    cleared = whole(rng, last - 9, last - 1, villages.height)[village]
    batch = what == planted.SAME_DAY
    story.identified = np.where(batch, np.minimum(story.identified, cleared - 7), story.identified)
    story.category = np.where(batch, np.where(households.tuopin[chosen], UNSTABLE, MARGINAL), story.category)
    story.eliminated = np.where(batch, cleared, story.eliminated)
    story.recovers = np.where(batch, np.maximum(story.identified, cleared - 8), story.recovers)
    story.same_day = batch

    inflated = what == planted.INFLATED
    hurried = inflated & ((story.eliminated > last) | (story.identified > last - 7))
    story.identified = np.where(hurried, np.minimum(story.identified, last - 1), story.identified)
    soon = story.identified + whole(rng, 1, 4, count)
    late = np.maximum(soon, last - whole(rng, 0, 6, count))
    story.eliminated = np.where(
        hurried, np.minimum(np.where(story.identified < last - 8, late, soon), last), story.eliminated
    )
    story.returned = np.where(inflated | batch, NEVER, story.returned)
    story.recovers = np.where(hurried, NEVER, story.recovers)
    story.natural = story.natural & ~inflated & ~batch

    low = what == planted.BUNCHED_ENTRY
    story.category = np.where(low, np.where(households.tuopin[chosen], UNSTABLE, MARGINAL), story.category)
    story.declared_entry = np.where(low, 5_850.0 + 149.0 * np.sqrt(rng.random(count)), np.nan)
    high = what == planted.BUNCHED_EXIT
    gone = np.minimum(story.eliminated, last - whole(rng, 0, 10, count))
    story.identified = np.where(high, np.minimum(story.identified, gone - 6), story.identified)
    story.eliminated = np.where(high, gone, story.eliminated)
    still_poor = high & (rng.random(count) < 0.5)
    story.recovers = np.where(still_poor, NEVER, np.where(high, np.maximum(story.identified, gone - 7), story.recovers))
    story.declared_exit = np.where(high, 6_002.0 + 150.0 * rng.random(count) ** 1.5, np.nan)
    return _settled(story, last)


def _planted_households(
    rng: np.random.Generator, villages: pl.DataFrame, households: Households, seen: Traits, taken: Flags, last: int
) -> Stories:
    """Wrongly listed, wrongly left out, wrongly cleared: one household each."""
    plain = (villages["plan"].to_numpy() == planted.PLAIN_VILLAGE)[households.village]
    fit = {
        planted.NOT_MARGINAL: ~households.tuopin & (seen.able >= 2) & (seen.sick == 0) & (households.size >= 3),
        planted.STABLE_UNSTABLE: households.tuopin & (seen.able >= 2) & (seen.sick == 0) & (households.size >= 2),
        planted.UNLISTED_RISK: (households.size >= 2) & (seen.able >= 1) & (seen.able <= 2),
        planted.FAST: households.size >= 2,
        planted.WITHOUT_MEASURE: households.size >= 2,
        planted.BELOW_LINE: households.size >= 2,
    }
    parts = []
    for kind, fits in fit.items():
        free = fits & plain & ~taken
        share = planted.HOUSEHOLD_SHARES[kind] * free.size / max(1, int(free.sum()))
        chosen = _choose(rng, np.full(free.size, share), free)
        taken[chosen] = True
        parts.append(_planted(rng, villages, households, seen, chosen, kind, last))
    return joined(parts)


def _planted(
    rng: np.random.Generator,
    villages: pl.DataFrame,
    households: Households,
    seen: Traits,
    chosen: Ints,
    kind: int,
    last: int,
) -> Stories:
    count = chosen.size
    if kind == planted.UNLISTED_RISK:
        story = _unlisted_risk(rng, households, chosen, last)
    elif kind == planted.NOT_MARGINAL:
        story = empty(count, chosen, households.level[chosen])
        story.category[:] = MARGINAL
        story.cause = pick(rng, (0.3, 0.0, 0.0, 0.1, 0.0, 0.1, 0.3, 0.1, 0.0, 0.0, 0.1), count)
        story.identified = whole(rng, last - 13, last - 1, count)
        income = np.exp(rng.normal(np.log(21_000.0), 0.22, count))
        story.before = story.during = story.after = np.clip(income, 14_500.0, 60_000.0)
        story.well_off[:] = True
        story.declared_entry = np.where(rng.random(count) < 0.6, 4_200.0 + 1_700.0 * rng.random(count), np.nan)
    elif kind == planted.STABLE_UNSTABLE:
        story = empty(count, chosen, households.level[chosen])
        story.category[:] = UNSTABLE
        story.cause = pick(rng, (0.25, 0.0, 0.0, 0.2, 0.0, 0.15, 0.4), count)
        story.cause = np.where(story.cause >= JOBLESS, JOBLESS, story.cause)
        story.identified = whole(rng, FIRST_SWEEP, FIRST_SWEEP + 7, count)
        story.falls = story.identified - whole(rng, 4, 10, count)
        story.recovers = story.identified + whole(rng, 2, 6, count)
        story.before = 5_000.0 + 1_400.0 * rng.random(count)
        story.during = 3_900.0 + 1_300.0 * rng.random(count)
        story.after = np.clip(np.exp(rng.normal(np.log(15_500.0), 0.16, count)), 12_000.0, 30_000.0)
    else:
        story = listed_lives(
            rng, villages, households, seen, chosen, last, sudden_share=0.5 if kind == planted.FAST else 0.15
        )
        if kind == planted.FAST:
            story.identified = np.maximum(story.identified, last - whole(rng, 4, 13, count))
            story.eliminated = story.identified + whole(rng, 0, 3, count)
            story.before = 8_200.0 + 3_000.0 * rng.random(count)
            story.during = story.before * 0.93
            story.recovers = story.eliminated + 1
            story.after = story.before
            story.natural[:] = False
        else:
            gone = last - whole(rng, 0, 9, count)
            story.identified = np.minimum(story.identified, gone - whole(rng, 6, 9, count))
            story.category = np.where(
                story.identified < SUDDEN_SINCE,
                np.where(households.tuopin[chosen], UNSTABLE, MARGINAL),
                story.category,
            )
            story.eliminated = gone
            story.natural[:] = False
            if kind == planted.BELOW_LINE:
                story.before = 4_600.0 + 1_200.0 * rng.random(count)
                story.during = 3_500.0 + 1_500.0 * rng.random(count)
                story.recovers[:] = NEVER
                story.declared_exit = np.where(rng.random(count) < 0.5, 6_400.0 + 3_500.0 * rng.random(count), np.nan)
            else:
                story.recovers = np.maximum(story.identified, gone - whole(rng, 6, 8, count))
                story.helped[:] = False
        story.returned[:] = NEVER
    story.kind[:] = kind
    return _settled(story, last)


def _unlisted_risk(rng: np.random.Generator, households: Households, chosen: Ints, last: int) -> Stories:
    """Real hardship that nobody entered: a serious illness, lost work, a house nobody may live in."""
    count = chosen.size
    story = empty(count, chosen, households.level[chosen])
    story.cause = np.array([ILLNESS, JOBLESS, HOUSE])[pick(rng, (0.45, 0.35, 0.2), count)]
    story.before = 8_000.0 + 3_500.0 * rng.random(count)
    story.falls = last - whole(rng, 5, 11, count)
    story.during = np.where(
        story.cause == ILLNESS, story.before * (0.5 + 0.2 * rng.random(count)), 1_800.0 + 1_900.0 * rng.random(count)
    )
    house = story.cause == HOUSE
    story.before = np.where(house, 4_000.0 + 1_500.0 * rng.random(count), story.before)
    story.during = np.where(house, story.before * 0.9, story.during)
    need = story.before * households.size[chosen]
    story.bills = np.where(story.cause == ILLNESS, need * (0.55 + 0.5 * rng.random(count)), 0.0)
    story.helped[:] = False
    return story


def _honest_listed(
    rng: np.random.Generator, villages: pl.DataFrame, households: Households, seen: Traits, taken: Flags, last: int
) -> Stories:
    """Households in real need, found by the office one to three months after the blow."""
    plan = villages["plan"].to_numpy()
    village_factor = villages["frailty"].to_numpy() * rng.gamma(1.6, 1 / 1.6, villages.height)
    village_factor = np.where(plan >= 0, 0.25, village_factor)[households.village]
    of_size = np.exp(0.10 * (households.size - 3.4))
    needy = 1.0 + 0.8 * (seen.disabled > 0) + 0.6 * (seen.sick > 0) + 0.5 * (seen.able == 0)
    unstable, marginal, sudden = CLASS_SHARES
    flooded = 1.0 + 0.35 * villages["flooded"].to_numpy()[households.village]
    rate_type = np.where(households.tuopin, unstable * 4.0, marginal) * of_size * needy / 1.45
    rate_sudden = sudden * flooded * np.exp(-0.14 * (households.size - 3.4))
    rate = (rate_type + rate_sudden) * village_factor
    chosen = _choose(rng, np.minimum(rate, 0.6), ~taken)
    share = (rate_sudden / (rate_type + rate_sudden))[chosen]
    return _settled(listed_lives(rng, villages, households, seen, chosen, last, sudden_share=share), last)


def listed_lives(
    rng: np.random.Generator,
    villages: pl.DataFrame,
    households: Households,
    seen: Traits,
    chosen: Ints,
    last: int,
    sudden_share: float | Floats,
) -> Stories:
    """Honest monitored households: need, identification, help, recovery, elimination by the county's habits."""
    count = chosen.size
    story = empty(count, chosen, households.level[chosen])
    tuopin = households.tuopin[chosen]
    story.category = np.where(chance(rng, sudden_share, count), SUDDEN, np.where(tuopin, UNSTABLE, MARGINAL))
    is_sudden = story.category == SUDDEN
    story.identified = np.where(is_sudden, _sudden_months(rng, count, last), _other_months(rng, count, last))
    flooded = villages["flooded"].to_numpy()[households.village[chosen]]
    story.cause = _causes(
        rng, seen, chosen, is_sudden, flooded & (story.identified > FLOOD) & (story.identified < FLOOD + 5)
    )
    again = _causes(rng, seen, chosen, np.zeros(count, dtype=bool), np.zeros(count, dtype=bool))
    story.second = np.where((rng.random(count) < 0.35) & (again != story.cause), again, NO_CAUSE)
    delay = whole(rng, 1, 3, count)
    struck = np.where(
        story.cause == DISASTER,
        np.minimum(story.identified - 1, np.maximum(FLOOD, story.identified - 3)),
        story.identified - delay,
    )
    story.falls = np.where(is_sudden, struck, story.identified - whole(rng, 2, 9, count))
    story.before = np.where(
        is_sudden, 8_200.0 + 6_500.0 * rng.random(count) ** 1.5, 4_700.0 + 1_600.0 * rng.random(count)
    )
    dearly = is_sudden & np.isin(story.cause, (ILLNESS, ACCIDENT, DISASTER, SCHOOLING, HOUSE, WATER, OTHER))
    story.during = np.where(
        dearly, story.before * (0.62 + 0.23 * rng.random(count)), 3_400.0 + 1_900.0 * rng.random(count)
    )
    need = story.before * households.size[chosen]
    heavy = np.where(is_sudden, 0.5 + 0.5 * rng.random(count), 0.12 + 0.25 * rng.random(count))
    story.bills = np.where(np.isin(story.cause, (ILLNESS, ACCIDENT)), need * heavy, 0.0)
    hazard = villages["exit_hazard"].to_numpy()[households.village[chosen]] * np.where(is_sudden, 1.25, 1.0)
    wait = 5 + rng.geometric(np.clip(hazard, 0.015, 0.7), count)
    never = chance(rng, np.where(seen.able[chosen] == 0, 0.3, 0.05), count)
    story.eliminated = np.where(never, NEVER, story.identified + wait)
    story.natural = chance(rng, 0.06, count) & ~never
    story.helped = ~(story.natural & chance(rng, 0.5, count))
    story.recovers = np.where(never, NEVER, np.maximum(story.identified, story.eliminated - whole(rng, 6, 8, count)))
    story.after = np.where(is_sudden, np.maximum(story.before * 0.95, 9_000.0), 9_300.0 + 4_200.0 * rng.random(count))
    relapse = chance(rng, 0.035, count) & ~never
    story.returned = np.where(relapse, story.eliminated + whole(rng, 2, 9, count), NEVER)
    story.well_off = chance(rng, 0.05, count) & is_sudden
    return story


def _sudden_months(rng: np.random.Generator, count: int, last: int) -> Ints:
    """Months of identification of the third class; the last of them lie after the axis (struck, not yet listed)."""
    span = max(1, last + 2 - SUDDEN_SINCE)
    return SUDDEN_SINCE + np.floor(span * rng.beta(1.0, 1.25, count)).astype(np.int64)


def _other_months(rng: np.random.Generator, count: int, last: int) -> Ints:
    part = pick(rng, (0.46, 0.24, 0.30), count)
    early = whole(rng, FIRST_SWEEP, FIRST_SWEEP + 7, count)
    middle = whole(rng, FIRST_SWEEP + 8, SUDDEN_SINCE - 1, count)
    late = whole(rng, SUDDEN_SINCE, max(SUDDEN_SINCE, last + 1), count)
    return np.select([part == 0, part == 1], [early, middle], late)


def _causes(rng: np.random.Generator, seen: Traits, chosen: Ints, sudden: Flags, flooded: Flags) -> Ints:
    count = chosen.size
    able, disabled = seen.able[chosen], seen.disabled[chosen]
    weights = np.zeros((count, len(CAUSES)))
    weights[:, ILLNESS] = np.where(sudden, 0.5, 0.3 + 0.15 * (seen.sick[chosen] > 0))
    weights[:, DISASTER] = np.where(flooded, 0.9, 0.015)
    weights[:, DISABILITY] = np.where(disabled > 0, np.where(sudden, 0.05, 0.5), 0.0)
    weights[:, FEW_HANDS] = np.where(able == 0, np.where(sudden, 0.03, 0.45), 0.0)
    weights[:, ACCIDENT] = np.where(sudden, 0.14, 0.03)
    weights[:, FAILED_TRADE] = np.where(able > 0, 0.05, 0.0)
    weights[:, JOBLESS] = np.where(able > 0, np.where(sudden, 0.16, 0.14), 0.0)
    weights[:, SCHOOLING] = np.where(seen.students[chosen] > 0, np.where(sudden, 0.03, 0.14), 0.0)
    weights[:, HOUSE] = 0.015
    weights[:, WATER] = 0.004
    weights[:, OTHER] = 0.02
    edges = np.cumsum(weights, axis=1)
    draw = rng.random(count) * edges[:, -1] if count else np.zeros(0)
    return (edges < draw[:, None]).sum(axis=1).astype(np.int64)


def _honest_unlisted(
    rng: np.random.Generator, villages: pl.DataFrame, households: Households, seen: Traits, taken: Flags, last: int
) -> Stories:
    """A blow that the household bears by itself: illness of a well-off family, a job lost and found again."""
    rich = (households.level > 19_000.0) & (seen.able >= 2) & (households.size >= 3) & ~taken
    chosen = _choose(rng, np.full(rich.size, 0.02), rich)
    count = chosen.size
    story = empty(count, chosen, households.level[chosen])
    ill = rng.random(count) < 0.6
    story.cause = np.where(ill, ILLNESS, JOBLESS)
    story.falls = last - whole(rng, 3, 14, count)
    story.recovers = story.falls + np.where(ill, whole(rng, 2, 5, count), whole(rng, 1, 2, count))
    story.during = story.before * np.where(ill, 0.85, 0.55)
    story.bills = np.where(ill, story.before * households.size[chosen] * (0.08 + 0.12 * rng.random(count)), 0.0)
    story.helped[:] = False
    return story


def _settled(story: Stories, last: int) -> Stories:
    """Order of dates made sure of: a return comes after an elimination, an elimination not before the identification."""
    story.eliminated = np.where(story.eliminated > last, NEVER, np.maximum(story.eliminated, story.identified))
    story.returned = np.where((story.eliminated == NEVER) | (story.returned > last), NEVER, story.returned)
    sudden = story.category == SUDDEN
    story.identified = np.where(sudden, np.maximum(story.identified, SUDDEN_SINCE), story.identified)
    story.eliminated = np.where(story.eliminated < story.identified, story.identified, story.eliminated)
    return story


def strike(rng: np.random.Generator, stories: Stories, persons: Persons, last: int) -> None:
    """Gives each illness or accident a patient: an adult, who falls ill or can work less; each disability its person."""
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
