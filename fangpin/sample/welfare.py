"""Dibao, tekun, disability certificates, public posts and temporary relief: who gets what since when, and the feeds.

Does not belong here: what households earn besides (economy.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.codes import DISABILITIES, LOST, PLAIN, SERIOUS, SKILLED, WEAK
from fangpin.sample.draws import chance, first_of_group, pick, stream, whole
from fangpin.sample.economy import Assistance
from fangpin.sample.people import Households, Persons
from fangpin.sample.stories import Stories
from fangpin.sample.timeline import NEVER, Flags, Floats, Ints, listed, month_of, number, written_months

DIBAO_CLASSES = ("A类", "B类", "C类")
DIBAO_MONTHLY = (355, 290, 225)
TEKUN_MONTHLY = 462
CARE_MODES = ("分散供养", "集中供养")
POST_TYPES = ("护林员", "护路员", "保洁员", "护水员", "护理员", "村务协管", "其他")
POST_SHARES = (0.258, 0.064, 0.304, 0.037, 0.013, 0.070, 0.254)
"""Shares of the kinds of public posts: 22 central and western provinces, September 2020."""
POST_PAY = (500, 450, 400, 400, 450, 600, 500)
POST_FUNDERS = ("行业部门", "乡镇", "村级")
DUTIES = ("巡山护林", "村道养护", "村内保洁", "河道巡护", "照料老人", "村务协助", "其他服务")
RELIEF_REASONS = ("因病", "因灾", "因意外事故", "基本生活困难", "因学")


@dataclass
class Welfare:
    """Who is on which list; months are NEVER for those who are not."""

    dibao_class: Ints  # per person, -1 without
    dibao_since: Ints
    tekun_since: Ints
    tekun_mode: Ints
    certificate_since: Ints
    certificate_again: Flags  # reissued: 22 characters
    post_type: Ints  # per person, -1 without
    post_since: Ints
    post_until: Ints
    post_pay: Ints
    post_level: Ints
    ineligible: Ints  # per person: why the post should not be held, -1 for honest holders
    relief_person: Ints  # one entry per payment
    relief_month: Ints
    relief_reason: Ints
    relief_amount: Ints


INELIGIBLE = ("payroll", "under_age", "too_old", "migrant", "no_labour")
ON_PAYROLL, MIGRANT = INELIGIBLE.index("payroll"), INELIGIBLE.index("migrant")


def make(
    seed: int, code: str, households: Households, persons: Persons, stories: Stories, first: int, last: int, quiet: bool
) -> Welfare:
    """Lists of a block. `quiet` blocks plant nothing and pay no relief after the axis begins."""
    rng = stream(seed, code, "welfare")
    count = persons.count
    tekun_since = _tekun(rng, households, persons, stories, last)
    dibao_class, dibao_since = _dibao(rng, households, persons, stories, tekun_since)
    post = _posts(rng, households, persons, stories, last, quiet)
    relief = _relief(rng, persons, stories, first, last, quiet)
    return Welfare(
        dibao_class=dibao_class,
        dibao_since=dibao_since,
        tekun_since=tekun_since,
        tekun_mode=pick(rng, (0.86, 0.14), count),
        certificate_since=np.maximum(number("2021-06") - whole(rng, 0, 140, count), month_of(persons.birth) + 6),
        certificate_again=chance(rng, 0.25, count),
        **post,
        **relief,
    )


def _tekun(rng: np.random.Generator, households: Households, persons: Persons, stories: Stories, last: int) -> Ints:
    age = persons.age(last)
    alone = households.size[persons.household] == 1
    flat = np.ones(households.count, dtype=bool)
    flat[stories.household] = False
    needy = alone & ((age >= 62) | (persons.labour == LOST)) & flat[persons.household]
    poor = households.level[persons.household] < 13_500.0
    chosen = needy & chance(rng, np.where(poor, 0.55, 0.06), persons.count)
    return np.where(chosen, number("2021-08") - whole(rng, 0, 96, persons.count), NEVER)


def _dibao(
    rng: np.random.Generator, households: Households, persons: Persons, stories: Stories, tekun_since: Ints
) -> tuple[Ints, Ints]:
    count = households.count
    sick = np.bincount(
        persons.household[
            (persons.health == SERIOUS) | (persons.disability_grade.astype(bool) & (persons.disability_grade <= 2))
        ],
        minlength=count,
    )
    able = np.bincount(persons.household[persons.labour <= PLAIN], minlength=count)
    poor = np.clip((15_000.0 - households.level) / 6_000.0, 0.0, 1.2)
    rate = poor * (0.05 + 0.30 * (sick > 0) + 0.10 * (able == 0)) * np.where(households.tuopin, 2.6, 1.0)
    tekun = np.zeros(count, dtype=bool)
    tekun[persons.household[tekun_since < NEVER]] = True
    chosen = chance(rng, np.minimum(rate, 0.9), count) & ~tekun
    since = np.where(chosen, number("2020-06") - whole(rng, 0, 60, count), NEVER)
    at = stories.household
    wrongly = np.isin(stories.kind, (planted.NOT_MARGINAL, planted.STABLE_UNSTABLE, planted.UNLISTED_RISK))
    from_help = stories.helped & stories.listed & chance(rng, 0.34, stories.count) & ~wrongly
    old = stories.listed & chance(rng, 0.18, stories.count) & ~wrongly
    since[at] = np.where(
        from_help, stories.identified + whole(rng, 0, 2, stories.count), np.where(old, number("2019-03"), NEVER)
    )
    cover_all = chance(rng, 0.62, count)
    weak = (persons.labour >= LOST) | (persons.health >= SERIOUS)
    covered = (since[persons.household] < NEVER) & (
        cover_all[persons.household] | weak | (able[persons.household] == 0)
    )
    person_since = np.where(covered, since[persons.household], NEVER)
    kind = np.where(sick > 0, pick(rng, (0.5, 0.4, 0.1), count), pick(rng, (0.08, 0.37, 0.55), count))
    return np.where(covered, kind[persons.household], -1), person_since


def _posts(
    rng: np.random.Generator, households: Households, persons: Persons, stories: Stories, last: int, quiet: bool
) -> dict[str, Ints]:
    count = persons.count
    age = persons.age(last)
    listed_household = np.zeros(households.count, dtype=bool)
    listed_household[stories.household[stories.listed & stories.helped]] = True
    story_household = np.zeros(households.count, dtype=bool)
    story_household[stories.household] = True
    tuopin = households.tuopin[persons.household]
    fit = (age >= 19) & (age < 60) & np.isin(persons.labour, (SKILLED, PLAIN, WEAK)) & (persons.school == 20)
    rate = np.where(tuopin, 0.085, 0.0012) * np.where(persons.labour == WEAK, 1.8, 0.8)
    rate = np.where(listed_household[persons.household], 0.12, np.where(story_household[persons.household], 0.0, rate))
    holder = fit & chance(rng, rate, count)
    reason = np.full(count, -1, dtype=np.int64)
    if not quiet:
        reason = _ineligible(rng, households, persons, age, holder | story_household[persons.household])
        holder |= reason >= 0
    order = rng.random(count) - (reason >= 0)
    holder = first_of_group(persons.household, order, holder, np.full(households.count, 1, dtype=np.int64))
    reason = np.where(holder, reason, -1)
    kind = np.where(holder, pick(rng, POST_SHARES, count), -1)
    since = last - 3 - whole(rng, 0, 42, count)
    months_old = last - 12 * 16 - 3
    of_story = np.full(households.count, -1, dtype=np.int64)
    of_story[stories.household] = np.where(stories.listed, stories.identified, -1)
    story_month = of_story[persons.household]
    since = np.where(story_month >= 0, np.minimum(story_month + whole(rng, 0, 2, count), last + 2), since)
    since = np.maximum(since, np.where(reason >= 0, last - 20, months_old))
    until = np.where(chance(rng, 0.02, count) & (reason < 0), last - whole(rng, 0, 2, count), NEVER)
    return {
        "post_type": kind,
        "post_since": np.where(holder, since, NEVER),
        "post_until": np.where(holder, until, NEVER),
        "post_pay": np.array(POST_PAY)[kind] + 50 * whole(rng, -1, 2, count),
        "post_level": pick(rng, (0.35, 0.2, 0.45), count),
        "ineligible": reason,
    }


def _ineligible(rng: np.random.Generator, households: Households, persons: Persons, age: Ints, barred: Flags) -> Ints:
    """People given a post though they are salaried, children, very old, away for work or unable to work."""
    count = persons.count
    kin_only = ~barred & ~persons.employee
    fits = (
        kin_only & (age >= 26) & (age < 58) & (persons.labour == SKILLED),
        kin_only & (age >= 13) & (age < 16),
        kin_only & (age >= 73) & (age < 86),
        kin_only & (age >= 22) & (age < 48) & (persons.labour == PLAIN) & (persons.school == 20),
        kin_only & (age >= 30) & (age < 60) & (persons.labour == LOST),
    )
    shares = (0.25, 0.1, 0.2, 0.3, 0.15)
    reason = np.full(count, -1, dtype=np.int64)
    wanted = planted.HOUSEHOLD_SHARES[planted.INELIGIBLE_POST] * households.count
    for index, (fit, share) in enumerate(zip(fits, shares, strict=True)):
        free = fit & (reason < 0)
        chosen = free & chance(rng, wanted * share / max(1, int(free.sum())), count)
        reason[chosen] = index
    return reason


def _relief(
    rng: np.random.Generator,
    persons: Persons,
    stories: Stories,
    first: int,
    last: int,
    quiet: bool,
) -> dict[str, Ints]:
    """Relief some months after a blow, and a little of it anywhere."""
    heads = np.flatnonzero(np.r_[True, persons.household[1:] != persons.household[:-1]])
    listed_blow = stories.listed & stories.helped & (stories.falls < NEVER) & chance(rng, 0.3, stories.count)
    quietly = (stories.kind == planted.UNLISTED_RISK) & chance(rng, 0.4, stories.count)
    blow = listed_blow | quietly
    at = heads[stories.household[blow]]
    month = stories.falls[blow] + whole(rng, 1, 4, int(blow.sum()))
    reason = np.array([0, 1, 3, 3, 2, 3, 3, 4, 3, 3, 3])[stories.cause[blow]]
    others = np.flatnonzero(chance(rng, 0.006, heads.size))
    if quiet:
        others = others[:0]
        at, month, reason = at[:0], month[:0], reason[:0]
    person = np.r_[at, heads[others]]
    months = np.r_[month, whole(rng, first - 15, last, others.size)]
    reasons = np.r_[reason, pick(rng, (0.35, 0.05, 0.05, 0.5, 0.05), others.size)]
    amount = 100 * whole(rng, 5, 40, person.size)
    inside = (months >= first - 15) & (months <= last)
    return {
        "relief_person": person[inside],
        "relief_month": months[inside],
        "relief_reason": reasons[inside],
        "relief_amount": amount[inside],
    }


def assistance(households: Households, persons: Persons, welfare: Welfare) -> Assistance:
    """Per household: yearly amounts and since when."""
    count = households.count
    dibao = np.where(welfare.dibao_class >= 0, np.array(DIBAO_MONTHLY)[welfare.dibao_class], 0) * 12.0
    post = np.where(welfare.post_type >= 0, welfare.post_pay, 0) * 12.0
    level = np.zeros(count, dtype=np.int64)
    holders = welfare.post_type >= 0
    level[persons.household[holders]] = welfare.post_level[holders]
    return Assistance(
        post_rate=_summed(persons, post, count),
        post_level=level,
        post_since=_earliest(persons.household, welfare.post_since, count),
        dibao=_summed(persons, dibao, count),
        dibao_since=_earliest(persons.household, welfare.dibao_since, count),
        tekun=_summed(persons, np.where(welfare.tekun_since < NEVER, TEKUN_MONTHLY * 12.0, 0.0), count),
        tekun_since=_earliest(persons.household, welfare.tekun_since, count),
    )


def _summed(persons: Persons, amount: Floats, households: int) -> Floats:
    return np.bincount(persons.household, amount, minlength=households).astype(np.float64)


def _earliest(household: Ints, month: Ints, count: int) -> Ints:
    first = np.full(count, NEVER, dtype=np.int64)
    np.minimum.at(first, household, month)
    return first


def dibao_feed(persons: Persons, numbers: pl.Series, welfare: Welfare, month: int) -> pl.DataFrame:
    """农村低保对象名单 at the month's end; `numbers` are the household numbers of the persons' homes."""
    rows = np.flatnonzero((welfare.dibao_since <= month) & persons.present(month))
    kind = welfare.dibao_class[rows]
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(rows),
            "证件号码": persons.id_number.gather(rows),
            "户编号": numbers.gather(rows),
            "低保类别": listed(DIBAO_CLASSES, kind),
            "月保障金额": pl.Series(np.array(DIBAO_MONTHLY)[kind]).cast(pl.String),
            "批准月份": written_months(welfare.dibao_since[rows], "chinese"),
        }
    )


def tekun_feed(persons: Persons, welfare: Welfare, month: int) -> pl.DataFrame:
    """农村特困供养人员名单 at the month's end."""
    rows = np.flatnonzero((welfare.tekun_since <= month) & persons.present(month))
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(rows),
            "证件号码": persons.id_number.gather(rows),
            "供养方式": listed(CARE_MODES, welfare.tekun_mode[rows]),
            "月供养金额": pl.Series(np.full(rows.size, TEKUN_MONTHLY)).cast(pl.String),
            "批准月份": written_months(welfare.tekun_since[rows]),
        }
    )


def disability_feed(persons: Persons, welfare: Welfare, month: int) -> pl.DataFrame:
    """持证残疾人名单 at the month's end."""
    rows = np.flatnonzero((persons.disability >= 0) & (welfare.certificate_since <= month) & persons.present(month))
    return pl.DataFrame(
        {
            "残疾人证号": certificate_numbers(persons, welfare, rows),
            "姓名": persons.name.gather(rows),
            "残疾类别": listed(DISABILITIES, persons.disability[rows]),
            "残疾等级": pl.Series(persons.disability_grade[rows]).cast(pl.String),
            "发证月份": written_months(welfare.certificate_since[rows], "dash"),
        }
    )


def certificate_numbers(persons: Persons, welfare: Welfare, rows: Ints) -> pl.Series:
    """20 characters: identity number, kind, grade; 22 with B1 when issued again."""
    tail = pl.Series((persons.disability[rows] + 1) * 10 + persons.disability_grade[rows]).cast(pl.String)
    again = listed(["", "B1"], welfare.certificate_again[rows].astype(np.int64))
    return pl.select(persons.id_number.gather(rows) + tail + again).to_series()


def public_post_feed(persons: Persons, welfare: Welfare, month: int) -> pl.DataFrame:
    """公益性岗位台账: posts held at the month's end."""
    rows = np.flatnonzero((welfare.post_since <= month) & (welfare.post_until > month) & persons.present(month))
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(rows),
            "证件号码": persons.id_number.gather(rows),
            "岗位类型": listed(POST_TYPES, welfare.post_type[rows]),
            "设岗层级": listed(POST_FUNDERS, welfare.post_level[rows]),
            "上岗月份": written_months(welfare.post_since[rows]),
            "月补贴": pl.Series(welfare.post_pay[rows]).cast(pl.String),
            "岗位职责": listed(DUTIES, welfare.post_type[rows]),
        }
    )


def temporary_relief_feed(persons: Persons, welfare: Welfare, first: int, last: int) -> pl.DataFrame:
    """临时救助发放名单 of the months first..last."""
    rows = np.flatnonzero((welfare.relief_month >= first) & (welfare.relief_month <= last))
    person = welfare.relief_person[rows]
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(person),
            "证件号码": persons.id_number.gather(person),
            "救助月份": written_months(welfare.relief_month[rows]),
            "救助原因": listed(RELIEF_REASONS, welfare.relief_reason[rows]),
            "救助金额": pl.Series(welfare.relief_amount[rows]).cast(pl.String),
        }
    )
