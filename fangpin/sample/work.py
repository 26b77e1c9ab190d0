"""Work away from the farm: spells of employment, the payroll, and their feeds.

Wages follow the household's work income (economy.py); a story ends a spell when the job is lost or the worker falls ill
and begins another when the household recovers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.codes import WEAK
from fangpin.sample.draws import around, chance, first_of_group, pick, stream, whole
from fangpin.sample.economy import START, Economy
from fangpin.sample.people import Households, Persons
from fangpin.sample.stories import JOBLESS, Stories
from fangpin.sample.timeline import NEVER, Ints, listed, number, written_months
from fangpin.sample.welfare import MIGRANT, ON_PAYROLL, Welfare

PLACES = ("县内", "省内县外", "省外")
PLACE_SHARES = (0.464, 0.179, 0.357)
"""Where migrant workers from poor households work: 13.62, 5.25 and 10.48 million (25 provinces, September 2020)."""
OLD_WORKERS = 0.92
"""At work before the axis begins; the others begin on it: about one in twenty more within a year. Our choice."""
INDUSTRIES = ("制造业", "建筑业", "批发和零售业", "住宿和餐饮业", "居民服务业", "交通运输业", "农林牧渔业", "其他")
CHANNELS = ("自主就业", "亲友介绍", "劳务输出", "帮扶车间", "招聘会")
EMPLOYERS = ("机关", "事业单位", "村干部")


@dataclass
class Spells:
    """One entry per spell of work."""

    person: Ints
    started: Ints
    ended: Ints  # first month no longer at work, NEVER while open
    place: Ints
    industry: Ints
    channel: Ints
    wage: Ints  # yuan a month


@dataclass
class Payroll:
    """One entry per person paid from public money."""

    person: Ints
    employer: Ints
    since: Ints
    pay: Ints


def make_payroll(
    seed: int, code: str, households: Households, persons: Persons, stories: Stories, welfare: Welfare, last: int
) -> Payroll:
    """Teachers, clerks and village cadres; none in a household that is truly in need."""
    rng = stream(seed, code, "payroll")
    age = persons.age(last)
    needy = np.zeros(households.count, dtype=bool)
    needy[stories.household[stories.kind != planted.NOT_MARGINAL]] = True
    needy[persons.household[(welfare.post_type >= 0) & (welfare.ineligible < 0)]] = True
    barred = needy[persons.household] | (welfare.dibao_class >= 0) | (welfare.tekun_since < NEVER)
    civil = persons.employee & ~barred & (age >= 24) & chance(rng, 0.35, persons.count)
    cadre = ~persons.employee & ~barred & (age >= 30) & (age < 58) & persons.male & chance(rng, 0.012, persons.count)
    cadre &= (welfare.post_type < 0) & (persons.labour < WEAK)
    planted_holder = welfare.ineligible == ON_PAYROLL
    person = np.flatnonzero(civil | cadre | planted_holder)
    count = person.size
    employer = np.where(cadre[person], 2, pick(rng, (0.25, 0.75), count))
    earliest = (persons.birth[person] / 365.2425 + 1970 + 23).astype(np.int64) * 12
    since = np.maximum(earliest, number("2019-06") - whole(rng, 0, 200, count))
    pay = np.where(employer == 2, whole(rng, 18, 32, count), whole(rng, 33, 62, count)) * 100
    return Payroll(person=person, employer=employer, since=np.minimum(since, number("2020-06")), pay=pay)


def make_spells(
    seed: int,
    code: str,
    households: Households,
    persons: Persons,
    stories: Stories,
    economy: Economy,
    welfare: Welfare,
    payroll: Payroll,
    first: int,
    last: int,
    quiet: bool,
) -> Spells:
    """Spells of all workers of a block; `quiet` blocks know no change after the axis begins."""
    rng = stream(seed, code, "work")
    begin = first - 15
    age = persons.age(last)
    on_payroll = np.zeros(persons.count, dtype=bool)
    on_payroll[payroll.person] = True
    hand = (age >= 17) & (age < 65) & (persons.labour <= WEAK) & (persons.school == 20) & ~on_payroll
    hand &= (welfare.post_type < 0) & (persons.arrives == 0)
    hands = np.bincount(persons.household[hand], minlength=households.count)
    at_best = economy.work.copy()
    at_best[stories.household] *= np.maximum(stories.after / stories.before, 1.0)
    wish = np.rint(at_best / 12 / 4_000.0).astype(np.int64)
    wish = np.maximum(wish, at_best > 9_000.0)
    workers = np.minimum(wish, np.minimum(hands, 4))
    order = np.abs(age - 34.0) + 12.0 * rng.random(persons.count) + 15.0 * (persons.labour == WEAK)
    chosen = np.flatnonzero(first_of_group(persons.household, order, hand, workers))
    home = persons.household[chosen]
    monthly = economy.work[home] / 12 / np.maximum(workers[home], 1)
    story = economy.story_of[home]
    count = chosen.size
    wage = np.clip(monthly * around(rng, 1.0, 0.08, count), 900.0, 15_000.0)
    old = chance(rng, OLD_WORKERS, count) | (story >= 0) | quiet
    grown = ((persons.birth[chosen] / 365.2425 + 1970 + 17) * 12).astype(np.int64)
    started = np.where(old, begin - 1 - whole(rng, 0, 60, count), begin + whole(rng, 0, last - begin, count))
    started = np.maximum(started, np.minimum(grown, begin - 1))
    ended = np.full(count, NEVER, dtype=np.int64)
    at = np.maximum(story, 0)
    if stories.count:
        told = story >= 0
        jobless = told & (stories.cause[at] == JOBLESS) & (stories.falls[at] < NEVER)
        ill = told & (stories.patient[at] == chosen) & (stories.falls[at] < NEVER)
        falls, recovers = stories.falls[at], stories.recovers[at]
        ended = np.where(jobless | ill, falls, ended)
        better = told & (recovers <= last) & ~ill
        moved_on = better & (jobless | (stories.after[at] > 1.25 * stories.before[at]))
        ended = np.where(moved_on & ~jobless, recovers, ended)
        started = np.where(told, np.minimum(started, np.minimum(falls, recovers) - 6), started)
        factor = economy.work_path[at, np.clip(recovers + 1 - START, 0, economy.months - 1)]
        again = np.flatnonzero(moved_on)
        again_wage = np.clip(wage[again] * np.clip(factor[again], 0.7, 4.0), 1_200.0, 12_000.0)
        again_from = recovers[again]
        back = stories.returned[at][again]
        again_until = np.where((back < NEVER) & jobless[again], back - 1, NEVER)
    else:
        again = np.zeros(0, dtype=np.int64)
        again_wage, again_from, again_until = np.zeros(0), again, again
    change = (story < 0) & chance(rng, 0.0 if quiet else 0.15, count) & (started < begin)
    left = begin + whole(rng, 1, max(1, last - begin), count)
    ended = np.where(change, left, ended)
    back_at = np.flatnonzero(change)
    back_from = left[back_at] + whole(rng, 0, 1, back_at.size)
    place = pick(rng, PLACE_SHARES, count)
    place = np.where((age[chosen] >= 55) & (place == 2), 0, place)
    industry = pick(rng, (0.31, 0.24, 0.11, 0.09, 0.1, 0.06, 0.03, 0.06), count)
    channel = pick(rng, (0.5, 0.3, 0.12, 0.04, 0.04), count)
    index = np.r_[np.arange(count), again, back_at]
    spells = Spells(
        person=chosen[index],
        started=np.r_[started, again_from, back_from],
        ended=np.r_[ended, again_until, np.full(back_at.size, NEVER)],
        place=place[index],
        industry=industry[index],
        channel=channel[index],
        wage=(np.rint(np.r_[wage, again_wage, wage[back_at]] / 100) * 100).astype(np.int64),
    )
    return _with_migrant_holders(rng, spells, welfare, begin)


def _with_migrant_holders(rng: np.random.Generator, spells: Spells, welfare: Welfare, begin: int) -> Spells:
    """The holders of posts who work in another province all the while."""
    person = np.flatnonzero(welfare.ineligible == MIGRANT)
    count = person.size
    return Spells(
        person=np.r_[spells.person, person],
        started=np.r_[spells.started, begin - 1 - whole(rng, 3, 30, count)],
        ended=np.r_[spells.ended, np.full(count, NEVER)],
        place=np.r_[spells.place, np.full(count, 2)],
        industry=np.r_[spells.industry, np.zeros(count, dtype=np.int64)],
        channel=np.r_[spells.channel, np.zeros(count, dtype=np.int64)],
        wage=np.r_[spells.wage, 100 * whole(rng, 35, 62, count)],
    )


def employment_feed(persons: Persons, spells: Spells, begin: int, first: int, last: int) -> pl.DataFrame:
    """务工监测信息: what was reported in the months first..last; spells older than `begin` are reported in `begin`."""
    start_report = np.maximum(spells.started, begin)
    alive = persons.leaves[spells.person] > last
    starts = np.flatnonzero((start_report >= first) & (start_report <= last) & alive & (spells.ended > start_report))
    ends = np.flatnonzero((spells.ended >= first) & (spells.ended <= last) & alive)
    rows = np.r_[starts, ends]
    closing = np.r_[np.zeros(starts.size, dtype=bool), np.ones(ends.size, dtype=bool)]
    person = spells.person[rows]
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(person),
            "证件号码": persons.id_number.gather(person),
            "报送月份": written_months(np.where(closing, spells.ended[rows], start_report[rows]), "dash"),
            "开始时间": written_months(spells.started[rows], "chinese"),
            "结束时间": written_months(np.where(closing, spells.ended[rows], NEVER), "chinese"),
            "务工所在地": listed(PLACES, spells.place[rows]),
            "所属行业": listed(INDUSTRIES, spells.industry[rows]),
            "就业渠道": listed(CHANNELS, spells.channel[rows]),
            "务工月收入": pl.Series(spells.wage[rows]).cast(pl.String),
        }
    )


def payroll_feed(persons: Persons, payroll: Payroll, month: int) -> pl.DataFrame:
    """财政供养人员名单 at the month's end."""
    rows = np.flatnonzero((payroll.since <= month) & persons.present(month)[payroll.person])
    person = payroll.person[rows]
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(person),
            "证件号码": persons.id_number.gather(person),
            "单位性质": listed(EMPLOYERS, payroll.employer[rows]),
            "起薪月份": written_months(payroll.since[rows]),
            "月工资": pl.Series(payroll.pay[rows]).cast(pl.String),
        }
    )
