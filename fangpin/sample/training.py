"""Vocational training: who took which course when, and its feed.

Does not belong here: whether it led to work (the spells of work.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample.codes import WEAK
from fangpin.sample.draws import chance, pick, stream, whole
from fangpin.sample.people import Households, Persons
from fangpin.sample.stories import Stories
from fangpin.sample.timeline import Flags, Ints, day_in, listed, month_of, written_days, yes_no

PROJECTS = ("家政服务", "电工", "焊工", "中式烹调", "种植养殖实用技术", "电子商务", "养老护理", "工程机械操作")
PROJECT_SHARES = (0.2, 0.1, 0.1, 0.14, 0.24, 0.08, 0.08, 0.06)
ORGANISERS = ("人社", "农业农村", "乡村振兴", "工信", "科协", "工会", "共青团", "妇联", "残联", "其他")
ORGANISER_SHARES = (0.42, 0.2, 0.14, 0.03, 0.03, 0.04, 0.03, 0.06, 0.03, 0.02)
SHARE_A_YEAR = {"listed": 0.08, "tuopin": 0.05, "other": 0.006}
"""Of people of an age to learn a trade, who takes a course in a year: of our making."""


@dataclass
class Courses:
    """One entry per course taken; days are numbers."""

    person: Ints
    project: Ints
    organiser: Ints
    started: Ints
    ended: Ints
    certified: Flags
    subsidy: Ints  # yuan


def make(
    seed: int, code: str, households: Households, persons: Persons, stories: Stories, first: int, last: int, quiet: bool
) -> Courses:
    """Courses that ended within the axis and the fifteen months before it; none in a `quiet` block."""
    rng = stream(seed, code, "training")
    age = persons.age(last)
    fit = (age >= 18) & (age < 58) & (persons.labour <= WEAK) & (persons.school == 20) & (persons.arrives == 0)
    monitored = np.zeros(households.count, dtype=bool)
    monitored[stories.household[stories.listed & stories.helped]] = True
    rate = np.where(households.tuopin, SHARE_A_YEAR["tuopin"], SHARE_A_YEAR["other"])
    rate = np.where(monitored, SHARE_A_YEAR["listed"], rate)
    begin = first - 15
    taken = fit & chance(rng, rate[persons.household] * (last - begin + 1) / 12, persons.count)
    person = np.flatnonzero(taken & (not quiet))
    count = person.size
    ended = day_in(whole(rng, begin, last, count), whole(rng, 1, 28, count))
    days = whole(rng, 5, 20, count)
    return Courses(
        person=person,
        project=pick(rng, PROJECT_SHARES, count),
        organiser=pick(rng, ORGANISER_SHARES, count),
        started=ended - days,
        ended=ended,
        certified=chance(rng, 0.78, count),
        subsidy=days * 50 + 100 * whole(rng, 2, 9, count),
    )


def training_feed(persons: Persons, courses: Courses, first: int, last: int) -> pl.DataFrame:
    """技能培训台账: courses that ended in the months first..last."""
    month = month_of(courses.ended)
    rows = np.flatnonzero((month >= first) & (month <= last) & (persons.leaves[courses.person] > last))
    person = courses.person[rows]
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(person),
            "证件号码": persons.id_number.gather(person),
            "培训项目": listed(PROJECTS, courses.project[rows]),
            "组织部门": listed(ORGANISERS, courses.organiser[rows]),
            "开始日期": written_days(courses.started[rows]),
            "结束日期": written_days(courses.ended[rows]),
            "是否取得证书": yes_no(courses.certified[rows]),
            "培训补贴": pl.Series(courses.subsidy[rows]).cast(pl.String),
        }
    )
