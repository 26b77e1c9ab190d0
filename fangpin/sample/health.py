"""Medical settlements: everyday bills and the bills of a blow, and their feed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample.amounts import written_fen
from fangpin.sample.codes import CHRONIC, HEALTHY, SERIOUS
from fangpin.sample.draws import around, stream, whole
from fangpin.sample.names import serials
from fangpin.sample.people import Households, Persons
from fangpin.sample.stories import Stories
from fangpin.sample.timeline import NEVER, Floats, Ints, day_in, first_day, listed, written_days

VISITS = ("住院", "门诊慢特病", "普通门诊")
INPATIENT, CHRONIC_CLINIC, CLINIC = range(3)


@dataclass
class Bills:
    """One entry per settlement; money in fen."""

    person: Ints
    day: Ints
    visit: Ints
    total: Ints
    pooled: Ints
    serious: Ints
    relief: Ints
    self_paid: Ints


def make(
    seed: int, code: str, households: Households, persons: Persons, stories: Stories, first: int, last: int, quiet: bool
) -> Bills:
    """Bills of the months first - 15 to last; everyday bills are such as a household can bear, a story's are not."""
    rng = stream(seed, code, "health")
    begin = first - 15
    years = (last - begin + 1) / 12
    age = persons.age(last)
    ill = persons.health != HEALTHY
    inpatient = np.select([age < 7, age < 40, age < 60], [0.07, 0.035, 0.07], 0.16) * np.where(ill, 1.7, 1.0)
    clinic = np.where(persons.health == CHRONIC, 1.6, np.where(persons.health == SERIOUS, 3.0, 0.04))
    person, visit = [], []
    for kind, rate in ((INPATIENT, inpatient), (CHRONIC_CLINIC, clinic), (CLINIC, np.full(age.size, 0.06))):
        times = rng.poisson(rate * years)
        person.append(np.repeat(np.arange(age.size), times))
        visit.append(np.full(int(times.sum()), kind))
    who, what = np.concatenate(person), np.concatenate(visit)
    count = who.size
    start, end = int(first_day(begin)), int(first_day(last + 1)) - 1
    day = whole(rng, start, end, count)
    known = (persons.arrives[who] <= begin) | (day > first_day(np.maximum(persons.arrives[who], begin) + 1))
    who, what, day = who[known], what[known], day[known]
    count = who.size
    total = around(rng, np.array((5_200.0, 420.0, 110.0))[what], 0.7, count)
    means = households.level * households.size
    means[stories.household] = np.minimum(stories.before, stories.after) * households.size[stories.household]
    bearable = means[persons.household[who]] * 0.05
    share = np.clip(rng.normal(0.3, 0.06, count), 0.12, 0.5)
    total = np.where(total * share > bearable, np.maximum(bearable / share, 60.0), total)
    patient, struck_on, paid = _blows(rng, stories, begin, last)
    if quiet:
        patient, struck_on, paid = patient[:0], struck_on[:0], paid[:0]
    own = np.r_[total * share, paid]
    person_all, day_all = np.r_[who, patient], np.r_[day, struck_on]
    visit_all = np.r_[what, np.full(patient.size, INPATIENT)]
    return _settled(rng, persons, person_all, day_all, visit_all, own)


def _blows(rng: np.random.Generator, stories: Stories, begin: int, last: int) -> tuple[Ints, Ints, Floats]:
    """(person, day, self-paid yuan) of the stays that a story's bills are made of."""
    struck = np.flatnonzero((stories.patient >= 0) & (stories.bills > 0) & (stories.falls < NEVER))
    stays = whole(rng, 1, 3, struck.size)
    rows = np.repeat(struck, stays)
    weight = rng.random(rows.size) + 0.4
    share = weight / np.bincount(rows, weight, minlength=stories.count)[rows] if rows.size else weight
    turn = np.arange(rows.size) - np.repeat(np.cumsum(stays) - stays, stays)
    month = stories.falls[rows] + turn
    day = day_in(month, whole(rng, 2, 27, rows.size))
    inside = (month >= begin) & (month <= last)
    return stories.patient[rows][inside], day[inside], (stories.bills[rows] * share)[inside]


def _settled(rng: np.random.Generator, persons: Persons, who: Ints, day: Ints, visit: Ints, own: Floats) -> Bills:
    """Who pays the rest: the pool, the serious-illness insurance above its threshold, medical relief."""
    share = np.clip(rng.normal(0.3, 0.05, who.size), 0.15, 0.5)
    total = own / share
    covered = total - own
    serious = np.where(own > 9_000.0, covered * 0.25, 0.0)
    relief = np.where(rng.random(who.size) < np.where(persons.health[who] == SERIOUS, 0.35, 0.05), covered * 0.08, 0.0)
    fen = [np.rint(part * 100).astype(np.int64) for part in (own, serious, relief, covered - serious - relief)]
    beyond = np.rint(total * 100 * rng.uniform(0.0, 0.08, who.size)).astype(np.int64)
    return Bills(
        person=who,
        day=day,
        visit=visit,
        total=fen[0] + fen[1] + fen[2] + fen[3] + beyond,
        pooled=fen[3],
        serious=fen[1],
        relief=fen[2],
        self_paid=fen[0],
    )


def medical_feed(persons: Persons, bills: Bills, block: str, first: int, last: int) -> pl.DataFrame:
    """医保结算明细 of the months first..last."""
    start, end = int(first_day(first)), int(first_day(last + 1)) - 1
    rows = np.flatnonzero((bills.day >= start) & (bills.day <= end) & (persons.leaves[bills.person] > last))
    rows = rows[np.argsort(bills.day[rows], kind="stable")]
    person = bills.person[rows]

    return pl.DataFrame(
        {
            "结算单号": serials(f"YB{block}", rows, 9),
            "证件号码": persons.id_number.gather(person),
            "姓名": persons.name.gather(person),
            "结算日期": written_days(bills.day[rows]),
            "医疗类别": listed(VISITS, bills.visit[rows]),
            "总费用": written_fen(bills.total[rows]),
            "基本医保支付": written_fen(bills.pooled[rows]),
            "大病保险支付": written_fen(bills.serious[rows]),
            "医疗救助支付": written_fen(bills.relief[rows]),
            "合规自付费用": written_fen(bills.self_paid[rows]),
        }
    )
