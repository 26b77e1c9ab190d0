"""What a person is able to do by age and luck: school, education, health, labour. Ages obey the register's rules.

Does not belong here: kinship and households (people.py), illness that a story brings (stories.py).
"""

from __future__ import annotations

import numpy as np

from fangpin.sample.codes import (
    BACHELOR,
    CHRONIC,
    COLLEGE,
    DISABLED,
    HEALTHY,
    JUNIOR,
    KINDERGARTEN,
    LOST,
    MASTER,
    NONE,
    NOT_AT_SCHOOL,
    PLAIN,
    PRIMARY,
    SENIOR,
    SERIOUS,
    SKILLED,
    TODDLER,
    VOCATIONAL,
    WEAK,
)
from fangpin.sample.timeline import Flags, Ints, age_on, first_day


def schooling(rng: np.random.Generator, birth: Ints, last: int, count: int) -> tuple[Ints, Ints, Ints]:
    """(school status, year within the stage, education reached by those who left) by age on 31 August."""
    year = (last - 8) // 12
    age = age_on(birth, int(first_day(year * 12 + 8)) - 1)
    draw = rng.random(count)
    school = np.full(count, NOT_AT_SCHOOL, dtype=np.int64)
    stage_year = np.zeros(count, dtype=np.int64)

    def put(flags: Flags, status: Ints | int, years: Ints | int) -> None:
        school[flags] = np.broadcast_to(status, count)[flags]
        stage_year[flags] = np.broadcast_to(years, count)[flags]

    put(age < 3, TODDLER, 0)
    put((age >= 3) & (age < 6), KINDERGARTEN, age - 2)
    put((age >= 3) & (age < 6) & (draw < 0.08), TODDLER, 0)
    put((age >= 6) & (age < 12), PRIMARY, age - 5)
    put((age >= 12) & (age < 15), JUNIOR + age - 12, age - 11)
    put((age >= 15) & (age < 18) & (draw < 0.53), SENIOR + age - 15, age - 14)
    put((age >= 15) & (age < 18) & (draw >= 0.53) & (draw < 0.9), VOCATIONAL + age - 15, age - 14)
    put((age >= 18) & (age < 21) & (draw < 0.22), COLLEGE + age - 18, age - 17)
    put((age >= 18) & (age < 22) & (draw >= 0.22) & (draw < 0.41), BACHELOR + age - 18, age - 17)
    put((age >= 22) & (age < 25) & (draw < 0.012), MASTER, age - 21)
    reached = np.where(draw < 0.2, 4, np.where(draw < 0.36, 5, np.where(draw < 0.62, 3, 2)))
    reached = np.where(
        age >= 28, np.where(draw < 0.07, 4, np.where(draw < 0.10, 5, np.where(draw < 0.27, 3, 2))), reached
    )
    reached = np.where(age >= 45, np.where(draw < 0.11, 3, np.where(draw < 0.62, 2, 1)), reached)
    reached = np.where(
        age >= 62, np.where(draw < 0.05, 3, np.where(draw < 0.33, 2, np.where(draw < 0.78, 1, 0))), reached
    )
    return school, stage_year, reached.astype(np.int64)


def education_of(age: Ints, school: Ints, left: Ints) -> Ints:
    education = left.copy()
    education = np.where(school <= KINDERGARTEN, 6, education)
    education = np.where((school >= PRIMARY) & (school < JUNIOR), 1, education)
    education = np.where((school >= JUNIOR) & (school < SENIOR), 2, education)
    education = np.where((school >= SENIOR) & (school < COLLEGE), 3, education)
    education = np.where((school >= COLLEGE) & (school < BACHELOR), 4, education)
    education = np.where((school >= BACHELOR) & (school < NOT_AT_SCHOOL), 5, education)
    return np.where((school == NOT_AT_SCHOOL) & (age < 22) & (education > 3), 3, education).astype(np.int64)


def health_of(rng: np.random.Generator, age: Ints, tuopin: Flags) -> Ints:
    count = age.size
    hard = np.where(tuopin, 2.2, 1.0)
    chronic = np.select([age < 16, age < 45, age < 60], [0.006, 0.03, 0.09], 0.30) * np.sqrt(hard)
    serious = np.select([age < 16, age < 60], [0.0006, 0.002], 0.006) * hard
    disabled = np.select([age < 16, age < 45, age < 60], [0.006, 0.016, 0.026], 0.048) * hard
    draw = rng.random(count)
    health = np.full(count, HEALTHY, dtype=np.int64)
    health[draw < disabled] = DISABLED
    health[(draw >= disabled) & (draw < disabled + serious)] = SERIOUS
    health[(draw >= disabled + serious) & (draw < disabled + serious + chronic)] = CHRONIC
    return health


def labour_of(rng: np.random.Generator, age: Ints, health: Ints, grade: Ints, school: Ints) -> Ints:
    """The register's labour classes by age, health and schooling."""
    count = age.size
    draw = rng.random(count)
    labour = np.where(draw < 0.24, SKILLED, PLAIN)
    labour = np.where((health == CHRONIC) & (draw > 0.6), WEAK, labour)
    labour = np.where((health == DISABLED) & (grade >= 3), WEAK, labour)
    labour = np.where((health == SERIOUS) | ((health == DISABLED) & (grade <= 2)), LOST, labour)
    labour = np.where((age >= 60) & (labour <= PLAIN), WEAK, labour)
    labour = np.where((age >= 68) | ((age >= 60) & (draw > 0.75) & (labour == WEAK)), NONE, labour)
    labour = np.where((age < 16) | ((school < NOT_AT_SCHOOL) & (labour != LOST)), NONE, labour)
    return labour.astype(np.int64)
