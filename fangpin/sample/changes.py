"""Who comes and goes: deaths, removals, marriages into a household, households that split; the feeds death and move.

Does not belong here: births, which follow from birthdays (people.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.codes import CHILD, GRANDCHILD, IN_LAW
from fangpin.sample.draws import chance, first_of_group, stream, whole
from fangpin.sample.people import Households, Persons, append
from fangpin.sample.stories import Stories
from fangpin.sample.timeline import NEVER, Ints, day_in, listed, written_days

MOVES = ("迁入", "迁出", "分户")


def happen(
    seed: int, code: str, households: Households, persons: Persons, stories: Stories, first: int, last: int
) -> Households:
    """Deaths, removals and splits of the months first - 15 to last, written into `persons`; the households with the
    new ones behind the old."""
    rng = stream(seed, code, "changes")
    begin = first - 15
    span = last - begin + 1
    age = persons.age(last)
    kept = np.zeros(households.count, dtype=bool)
    kept[stories.household[stories.kind != planted.HONEST]] = True
    told = np.zeros(households.count, dtype=bool)
    told[stories.household] = True
    yearly = np.select([age < 1, age < 45, age < 60, age < 70, age < 80], [0.004, 0.0006, 0.003, 0.011, 0.032], 0.085)
    dies = chance(rng, yearly * span / 12, persons.count) & ~kept[persons.household]
    month = whole(rng, begin, last, persons.count)
    dies &= month > persons.arrives
    away = (persons.relation == 3) & (age >= 21) & (age < 29) & chance(rng, 0.05, persons.count)
    away &= ~told[persons.household] & ~dies & (persons.arrives == 0)
    persons.leaves = np.where(dies | away, month, persons.leaves)
    persons.dies = dies
    return _split(rng, households, persons, told, begin, last)


def _split(
    rng: np.random.Generator, households: Households, persons: Persons, told: np.ndarray, begin: int, last: int
) -> Households:
    """Young families of three-generation households set up their own."""
    stays = np.zeros(households.count, dtype=bool)
    stays[persons.household[(persons.leaves < NEVER) | (persons.arrives > 0)]] = True
    with_in_law = np.zeros(households.count, dtype=bool)
    with_in_law[persons.household[persons.role == IN_LAW]] = True
    chosen = np.flatnonzero(with_in_law & ~told & ~stays & chance(rng, 0.03, households.count))
    if chosen.size == 0:
        return households
    month = whole(rng, begin, last, chosen.size)
    new_of = np.full(households.count, -1, dtype=np.int64)
    new_of[chosen] = households.count + np.arange(chosen.size)
    month_of = np.full(households.count, NEVER, dtype=np.int64)
    month_of[chosen] = month
    mover = np.isin(persons.role, (CHILD, IN_LAW, GRANDCHILD)) & (new_of[persons.household] >= 0)
    persons.splits = np.where(mover, month_of[persons.household], persons.splits)
    persons.split_to = np.where(mover, new_of[persons.household], persons.split_to)
    village = households.village[chosen]
    highest = np.zeros(int(households.village.max()) + 1, dtype=np.int64)
    np.maximum.at(highest, households.village, households.serial)
    order = np.argsort(village, kind="stable")
    turn = np.zeros(chosen.size, dtype=np.int64)
    sorted_village = village[order]
    starts = np.r_[0, np.flatnonzero(np.diff(sorted_village)) + 1]
    turn[order] = np.arange(chosen.size) - np.repeat(starts, np.diff(np.r_[starts, chosen.size]))
    size = np.bincount(persons.split_to[mover] - households.count, minlength=chosen.size)
    new = Households(
        village=village,
        serial=highest[village] + 1 + turn,
        tuopin=households.tuopin[chosen],
        size=size,
        shape=households.shape[chosen],
        level=households.level[chosen],
        consent=households.consent[chosen],
        hamlet=households.hamlet[chosen],
        exists_from=month,
        parent=chosen,
    )
    return append(households, new)


def relation_now(persons: Persons, month: int) -> Ints:
    """Relation to the head of the household of the month: those who split off have a head of their own, and where the
    head has gone the eldest takes the place."""
    gone = persons.splits <= month
    own = np.where(persons.role == CHILD, 0, np.where(persons.role == IN_LAW, 1, np.where(persons.male, 2, 3)))
    relation = np.where(gone, own, persons.relation)
    home, here = persons.home(month), persons.present(month)
    count = int(home.max(initial=-1)) + 1
    headed = np.zeros(count, dtype=bool)
    headed[home[here & (relation == 0)]] = True
    wanted = np.ones(count, dtype=np.int64)
    relation[first_of_group(home, persons.birth.astype(np.float64), here & ~headed[home], wanted)] = 0
    return relation


def death_feed(persons: Persons, first: int, last: int) -> pl.DataFrame:
    """死亡人员信息 of the months first..last."""
    rows = np.flatnonzero(persons.dies & (persons.leaves >= first) & (persons.leaves <= last))
    day = day_in(persons.leaves[rows], 1 + (rows * 7919) % 28)
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(rows),
            "证件号码": persons.id_number.gather(rows),
            "死亡日期": written_days(day, "compact"),
        }
    )


def move_feed(persons: Persons, first: int, last: int) -> pl.DataFrame:
    """户籍迁移信息 of the months first..last."""
    out = np.flatnonzero(~persons.dies & (persons.leaves >= first) & (persons.leaves <= last))
    into = np.flatnonzero((persons.role == IN_LAW) & (persons.arrives >= first) & (persons.arrives <= last))
    split = np.flatnonzero((persons.splits >= first) & (persons.splits <= last))
    rows = np.r_[into, out, split]
    kind = np.repeat([0, 1, 2], [into.size, out.size, split.size])
    month = np.r_[persons.arrives[into], persons.leaves[out], persons.splits[split]]
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(rows),
            "证件号码": persons.id_number.gather(rows),
            "迁移日期": written_days(day_in(month, 1 + (rows * 7907) % 28), "dash"),
            "迁移类型": listed(MOVES, kind),
        }
    )
