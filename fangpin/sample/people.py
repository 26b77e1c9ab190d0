"""The people of a block of villages: households by size and shape, ages, kinship, schooling, health, labour.

Life before any story: what befalls them is in stories.py, what they earn in economy.py. Ages obey the rules of the
register (under 16 no labour, over 60 no full labourer, school by age).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from fangpin.sample import condition, identity_numbers, names
from fangpin.sample.codes import CHILD, DISABLED, GRANDCHILD, HEAD, IN_LAW, PARENT, PLAIN, SPOUSE
from fangpin.sample.draws import around, chance, pick, stream, whole
from fangpin.sample.timeline import NEVER, Flags, Floats, Ints, age_on, first_day, month_of

# (size, share among that size, is the head's generation old, roles)
SHAPES: tuple[tuple[int, float, bool, tuple[int, ...]], ...] = (
    (1, 0.60, True, (HEAD,)),
    (1, 0.40, False, (HEAD,)),
    (2, 0.50, True, (HEAD, SPOUSE)),
    (2, 0.27, False, (HEAD, SPOUSE)),
    (2, 0.08, False, (HEAD, CHILD)),
    (2, 0.15, True, (HEAD, CHILD)),
    (3, 0.62, False, (HEAD, SPOUSE, CHILD)),
    (3, 0.28, True, (HEAD, SPOUSE, CHILD)),
    (3, 0.10, False, (HEAD, SPOUSE, PARENT)),
    (4, 0.58, False, (HEAD, SPOUSE, CHILD, CHILD)),
    (4, 0.17, False, (HEAD, SPOUSE, CHILD, PARENT)),
    (4, 0.17, True, (HEAD, SPOUSE, CHILD, IN_LAW)),
    (4, 0.08, False, (HEAD, SPOUSE, PARENT, PARENT)),
    (5, 0.42, False, (HEAD, SPOUSE, CHILD, CHILD, PARENT)),
    (5, 0.15, False, (HEAD, SPOUSE, CHILD, CHILD, CHILD)),
    (5, 0.43, True, (HEAD, SPOUSE, CHILD, IN_LAW, GRANDCHILD)),
    (6, 0.40, False, (HEAD, SPOUSE, CHILD, CHILD, PARENT, PARENT)),
    (6, 0.60, True, (HEAD, SPOUSE, CHILD, IN_LAW, GRANDCHILD, GRANDCHILD)),
    (7, 1.00, True, (HEAD, SPOUSE, CHILD, IN_LAW, GRANDCHILD, GRANDCHILD, GRANDCHILD)),
)
ORDINARY_SIZES = (0.095, 0.215, 0.215, 0.235, 0.15, 0.07, 0.02)
TUOPIN_SIZES = (0.17, 0.235, 0.195, 0.19, 0.13, 0.065, 0.015)


@dataclass
class Households:
    """One entry per household of the block."""

    village: Ints  # row of the block's villages
    serial: Ints  # number within the village, from 1
    tuopin: Flags
    size: Ints  # members over the whole axis
    shape: Ints
    level: Floats  # yearly net income per head in yuan before any story, at the prices of the first month's year
    consent: Flags
    hamlet: Ints
    exists_from: Ints  # month number; 0 for the old households
    parent: Ints  # the household it split from, or -1

    @property
    def count(self) -> int:
        return int(self.village.size)


@dataclass
class Persons:
    """One entry per person of the block, in the order of households."""

    household: Ints
    role: Ints
    relation: Ints
    male: Flags
    birth: Ints  # day number
    education: Ints
    school: Ints
    grade_year: Ints  # year within the school stage, 0 for those not at school
    health: Ints
    labour: Ints
    disability: Ints  # kind of the certificate, or -1
    disability_grade: Ints  # 1 (worst) to 4; 0 without a certificate
    insured: Flags
    employee: Flags
    arrives: Ints  # month of birth or marriage into the household; 0 for those who were always here
    leaves: Ints  # month of death or removal; NEVER for those who stay
    dies: Flags  # leaves by death
    splits: Ints  # month in which the person goes to `split_to`
    split_to: Ints
    id_number: pl.Series
    name: pl.Series

    @property
    def count(self) -> int:
        return int(self.household.size)

    def age(self, month: int) -> Ints:
        """Whole years at the month's end."""
        return age_on(self.birth, int(first_day(month + 1)) - 1)

    def present(self, month: int) -> Flags:
        """Living members at the month's end."""
        return np.asarray((self.arrives <= month) & (self.leaves > month))

    def home(self, month: int) -> Ints:
        """The household each belongs to at the month's end."""
        return np.where(self.splits <= month, self.split_to, self.household)


def make_households(seed: int, code: str, villages: pl.DataFrame, tuopin_share: float = 0.112) -> Households:
    """Households of a block's villages with their size, shape, type and income level."""
    rng = stream(seed, code, "households")
    counts = villages["households"].to_numpy().astype(np.int64)
    village = np.repeat(np.arange(counts.size), counts)
    starts = np.cumsum(counts) - counts
    serial = np.arange(village.size) - starts[village] + 1
    share = np.clip(tuopin_share * around(rng, 1.0, 0.35, counts.size), 0.02, 0.5)
    tuopin = chance(rng, share[village], village.size)
    size = np.where(tuopin, pick(rng, TUOPIN_SIZES, village.size), pick(rng, ORDINARY_SIZES, village.size)) + 1
    return finish_households(rng, villages, village, serial, tuopin, size)


def finish_households(
    rng: np.random.Generator, villages: pl.DataFrame, village: Ints, serial: Ints, tuopin: Flags, size: Ints
) -> Households:
    """Shape, income level and the rest for households whose village, type and size are given."""
    count = village.size
    wealth = villages["wealth"].to_numpy()[village]
    hamlets = villages["hamlets"].to_numpy()[village]
    return Households(
        village=village,
        serial=serial,
        tuopin=tuopin,
        size=size,
        shape=_shapes(rng, size),
        level=_levels(rng, tuopin, wealth),
        consent=chance(rng, np.where(tuopin, 0.985, 0.93), count),
        hamlet=whole(rng, 1, hamlets, count),
        exists_from=np.zeros(count, dtype=np.int64),
        parent=np.full(count, -1, dtype=np.int64),
    )


def _shapes(rng: np.random.Generator, size: Ints) -> Ints:
    shape = np.zeros(size.size, dtype=np.int64)
    for people in range(1, 8):
        candidates = [i for i, s in enumerate(SHAPES) if s[0] == people]
        rows = np.flatnonzero(size == people)
        drawn = pick(rng, tuple(SHAPES[i][1] for i in candidates), rows.size)
        shape[rows] = np.array(candidates)[drawn]
    return shape


def _levels(rng: np.random.Generator, tuopin: Flags, wealth: Floats) -> Floats:
    """Lognormal income per head; those who would have too little to live on are found among the stories, not here."""
    median = np.where(tuopin, 11_150.0, 14_900.0) * wealth
    spread = np.where(tuopin, 0.35, 0.49)
    level = np.asarray(median * np.exp(rng.normal(0.0, 1.0, tuopin.size) * spread))
    for _ in range(6):
        low = np.flatnonzero(level < 7_600.0)
        level[low] = median[low] * np.exp(rng.normal(0.0, 1.0, low.size) * spread[low])
    return np.clip(level, 7_600.0, 90_000.0)


def make_persons(
    seed: int, code: str, villages: pl.DataFrame, households: Households, last: int, still: bool = False
) -> Persons:
    """The members of every household. `last` is the axis's last month number; `still` people neither come nor go."""
    rng = stream(seed, code, "persons")
    household = np.repeat(np.arange(households.count), households.size)
    starts = np.cumsum(households.size) - households.size
    slot = np.arange(household.size) - starts[household]
    table = np.full((len(SHAPES), 7), -1, dtype=np.int64)
    for i, (people, _, _, roles) in enumerate(SHAPES):
        table[i, :people] = roles
    role = table[households.shape[household], slot]
    old = np.array([s[2] for s in SHAPES])[households.shape]
    age = _ages(rng, households, old, household, slot, role)
    male = _sexes(rng, households, role, household)
    end = int(first_day(last + 1))
    birth = np.minimum(end - np.rint(age * 365.2425).astype(np.int64) - 1, end - (900 if still else 3))
    count = household.size
    born = month_of(birth)
    school, grade_year, left = condition.schooling(rng, birth, last, count)
    ages = age_on(birth, end - 1)
    health = condition.health_of(rng, ages, households.tuopin[household])
    disability = np.where(health == DISABLED, pick(rng, (0.13, 0.12, 0.02, 0.52, 0.09, 0.08, 0.04), count), -1)
    grade = np.where(health == DISABLED, 1 + pick(rng, (0.14, 0.26, 0.34, 0.26), count), 0)
    labour = condition.labour_of(rng, ages, health, grade, school)
    employee = chance(rng, 0.05, count) & (ages >= 22) & (ages < 60) & (labour <= PLAIN)
    marries = (role == IN_LAW) & chance(rng, 0.02, count)
    arrives = np.where(marries, last - whole(rng, 0, 17, count), 0)
    arrives = np.maximum(arrives, np.where(born > last - 20, born, 0))
    if still:
        arrives = np.zeros(count, dtype=np.int64)
    return Persons(
        household=household,
        role=role,
        relation=_relations(role, male),
        male=male,
        birth=birth,
        education=condition.education_of(ages, school, left),
        school=school,
        grade_year=grade_year,
        health=health,
        labour=labour,
        disability=disability,
        disability_grade=grade,
        insured=~employee,
        employee=employee,
        arrives=arrives,
        leaves=np.full(count, NEVER, dtype=np.int64),
        dies=np.zeros(count, dtype=bool),
        splits=np.full(count, NEVER, dtype=np.int64),
        split_to=household.copy(),
        id_number=_identities(rng, villages, households, household, role, male, birth),
        name=names.full_names(rng, male),
    )


def _ages(
    rng: np.random.Generator,
    households: Households,
    old: Flags,
    household: Ints,
    slot: Ints,
    role: Ints,
) -> Floats:
    """Years at the end of the axis, with fractions."""
    count = households.count
    single = households.size == 1
    head = np.where(old, 50.0 + 38.0 * rng.beta(1.5, 2.4, count), 26.0 + 27.0 * rng.beta(1.4, 1.5, count))
    head = np.where(old & single, 60.0 + 33.0 * rng.beta(1.3, 2.2, count), head)
    head = np.where(old & (households.size == 2), np.maximum(head, 57.0 + 6.0 * rng.random(count)), head)
    eldest = head - np.where(old, 20.0 + 7.5 * rng.random(count), 21.5 + 9.5 * rng.random(count))
    eldest = np.where(eldest < 0.1, 4.0 * rng.random(count), _at_most(rng, eldest, 50.0))
    grandchild = eldest - (20.5 + 8.0 * rng.random(count))
    grandchild = np.where(grandchild < 0.1, 4.0 * rng.random(count), _at_most(rng, grandchild, 25.0))
    size = household.size
    first_child = np.full(count, 99, dtype=np.int64)
    np.minimum.at(first_child, household[role == CHILD], slot[role == CHILD])
    first_grandchild = np.full(count, 99, dtype=np.int64)
    np.minimum.at(first_grandchild, household[role == GRANDCHILD], slot[role == GRANDCHILD])
    later = slot - np.where(role == GRANDCHILD, first_grandchild[household], first_child[household])
    gap = np.where(later > 0, later * (1.6 + 3.2 * rng.random(size)), 0.0)
    h = household
    age = head[h].copy()
    age = np.where(role == SPOUSE, head[h] + rng.normal(-1.2, 2.4, size), age)
    age = np.where(role == PARENT, _at_most(rng, head[h] + 20.5 + 11.0 * rng.random(size), 95.0), age)
    age = np.where(role == IN_LAW, _at_least(rng, eldest[h] + rng.normal(-0.8, 1.8, size), 20.5), age)
    age = np.where(role == CHILD, _younger(rng, eldest[h], gap), age)
    age = np.where(role == GRANDCHILD, _younger(rng, grandchild[h], gap), age)
    return np.asarray(np.where(role == SPOUSE, _at_least(rng, age, 21.0), age))


def _at_most(rng: np.random.Generator, age: Floats, limit: float) -> Floats:
    """Ages beyond a limit become ages of the ten years before it: nobody shares a birthday by clipping."""
    return np.where(age > limit, limit - 10.0 * rng.random(age.size), age)


def _at_least(rng: np.random.Generator, age: Floats, limit: float) -> Floats:
    return np.where(age < limit, limit + 4.0 * rng.random(age.size), age)


def _younger(rng: np.random.Generator, eldest: Floats, gap: Floats) -> Floats:
    """A sibling's age; one that would not be born yet becomes a small child instead."""
    age = eldest - gap
    return np.where(age < 0.02, np.minimum(eldest, 0.1 + 3.0 * rng.random(age.size)), age)


def _sexes(rng: np.random.Generator, households: Households, role: Ints, household: Ints) -> Flags:
    size = household.size
    head_male = chance(rng, np.where(households.size == 1, 0.62, 0.87), households.count)
    son_stays = chance(rng, 0.92, households.count)
    with_in_law = np.zeros(households.count, dtype=bool)
    with_in_law[household[role == IN_LAW]] = True
    male = chance(rng, 0.53, size)
    male = np.where(role == HEAD, head_male[household], male)
    male = np.where(role == SPOUSE, ~head_male[household], male)
    male = np.where((role == CHILD) & with_in_law[household], son_stays[household], male)
    male = np.where(role == IN_LAW, ~son_stays[household], male)
    parent = role == PARENT
    earlier_parent = np.r_[False, parent[:-1] & (household[1:] == household[:-1])]
    two_parents = np.zeros(households.count, dtype=bool)
    two_parents[household[parent & earlier_parent]] = True
    male = np.where(parent & two_parents[household], ~earlier_parent, male)
    male = np.where(parent & ~two_parents[household], rng.random(size) < 0.32, male)
    return np.asarray(male, dtype=bool)


def _relations(role: Ints, male: Flags) -> Ints:
    base = np.array([0, 1, 2, 4, 6, 8])[role]
    with_sex = np.isin(role, (CHILD, PARENT, GRANDCHILD))
    relation = np.where(with_sex, base + ~male, base)
    return np.where((role == IN_LAW) & male, 7, relation).astype(np.int64)


def _identities(
    rng: np.random.Generator,
    villages: pl.DataFrame,
    households: Households,
    household: Ints,
    role: Ints,
    male: Flags,
    birth: Ints,
) -> pl.Series:
    count = household.size
    village = households.village[household]
    region, retired, following, after = (
        villages[name].to_numpy()[village] for name in ("region", "retired_region", "next_region", "after_next_region")
    )
    day = pl.Series(birth).cast(pl.Int32).cast(pl.Date)
    written = (day.dt.year().cast(pl.Int64) * 10_000 + day.dt.month().cast(pl.Int64) * 100 + day.dt.day()).to_numpy()
    draw = rng.random(count)
    married_in = np.isin(role, (SPOUSE, IN_LAW))
    near, far = married_in & (draw < 0.11), married_in & (draw >= 0.11) & (draw < 0.16)
    code = np.where((written < identity_numbers.RETIRED_BEFORE) & ~near & ~far, retired, region)
    code = np.where(near, following, np.where(far, after, code))
    band = np.where(near, identity_numbers.NEXT, np.where(far, identity_numbers.AFTER_NEXT, identity_numbers.NATIVE))
    return identity_numbers.identity_numbers(code, written, male, band)


def append(households: Households, more: Households) -> Households:
    """Both sets, the second behind the first."""
    return Households(
        **{f.name: np.concatenate([getattr(households, f.name), getattr(more, f.name)]) for f in fields(Households)}
    )
