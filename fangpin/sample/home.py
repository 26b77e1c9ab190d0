"""House, water, disaster, petition and school: what other departments know of a household, and their feeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.draws import chance, pick, stream, whole
from fangpin.sample.names import serials
from fangpin.sample.people import JUNIOR, KINDERGARTEN, NOT_AT_SCHOOL, PRIMARY, SENIOR, Households, Persons
from fangpin.sample.stories import ACCIDENT, DISASTER, FLOOD, HOUSE, SCHOOLING, WATER, Stories
from fangpin.sample.timeline import (
    NEVER,
    Flags,
    Ints,
    day_in,
    first_day,
    listed,
    number,
    written_days,
    written_months,
    yes_no,
)

GRADES = ("A级", "B级", "C级", "D级")
EVENTS = ("洪涝", "地质灾害", "旱灾", "生物灾害", "气象灾害", "地震", "火灾", "交通事故", "安全生产事故", "其他")
TOPICS = ("生活困难", "住房", "就医", "就学", "产业", "其他")
STAGES = ("学前教育", "小学", "初中", "普通高中", "中职", "高职高专", "本科", "硕士")
STAGE_COST = (3_200, 450, 800, 2_600, 2_900, 9_500, 10_500, 12_500)
"""Self-paid yuan a year by stage."""
ENROLMENTS = ("在读", "疑似辍学", "休学", "送教上门")


@dataclass
class Homes:
    """Per household: house and water; then one entry per event, petition and pupil."""

    house_grade: Ints
    house_occupied: Flags
    house_since: Ints  # month of the assessment in force before any story
    house_bad_from: Ints  # month from which a story's house is graded D
    house_mended: Ints
    water_bad_from: Ints
    water_mended: Ints
    water_which: Ints  # which of the four indicators fails
    water_unknown: Flags
    event_household: Ints
    event_kind: Ints
    event_day: Ints
    event_loss: Ints
    event_paid: Ints
    event_casualty: Flags
    petition_household: Ints
    petition_day: Ints
    petition_topic: Ints
    enrolment: Ints  # per person
    dropout_until: Ints  # per person: month the dropout is back at school
    school_cost: Ints
    school_aid: Flags


def make(
    seed: int,
    code: str,
    villages: pl.DataFrame,
    households: Households,
    persons: Persons,
    stories: Stories,
    first: int,
    last: int,
    quiet: bool,
) -> Homes:
    """Houses, water, events, petitions and pupils of a block."""
    rng = stream(seed, code, "home")
    count = households.count
    begin = first - 15
    grade = pick(rng, (0.62, 0.374, 0.005, 0.001), count)
    occupied = (grade < 2) & chance(rng, 0.97, count)
    bad_from = np.full(count, NEVER, dtype=np.int64)
    mended = np.full(count, NEVER, dtype=np.int64)
    water_from, water_until = bad_from.copy(), mended.copy()
    at = stories.household
    house = stories.cause == HOUSE
    bad_from[at] = np.where(house, np.minimum(stories.falls, stories.identified - 1), NEVER)
    mended[at] = np.where(house, np.minimum(stories.identified + 4, stories.eliminated - 1), NEVER)
    water = stories.cause == WATER
    water_from[at] = np.where(water, np.minimum(stories.falls, stories.identified - 1), NEVER)
    water_until[at] = np.where(water, np.minimum(stories.identified + 3, stories.eliminated - 1), NEVER)
    occupied[at] = True
    grade[at] = np.minimum(grade[at], 1)
    return Homes(
        house_grade=grade,
        house_occupied=occupied,
        house_since=number("2020-05") - whole(rng, 0, 11, count),
        house_bad_from=bad_from,
        house_mended=mended,
        water_bad_from=water_from,
        water_mended=water_until,
        water_which=whole(rng, 0, 3, count),
        water_unknown=chance(rng, 0.004, count),
        **_events(rng, villages, households, stories, begin, last, quiet),
        **_petitions(rng, households, stories, begin, last, quiet),
        **_pupils(rng, persons, households, stories, last, quiet),
    )


def _events(
    rng: np.random.Generator,
    villages: pl.DataFrame,
    households: Households,
    stories: Stories,
    begin: int,
    last: int,
    quiet: bool,
) -> dict[str, Ints]:
    """The blow of each disaster or accident story; small losses anywhere, more where the flood was."""
    struck = np.isin(stories.cause, (DISASTER, ACCIDENT)) & (stories.falls >= begin) & (stories.falls <= last)
    rows = np.flatnonzero(struck)
    flood = (stories.cause[rows] == DISASTER) & (stories.falls[rows] >= FLOOD) & (stories.falls[rows] <= FLOOD + 2)
    kind = np.where(
        stories.cause[rows] == DISASTER,
        np.where(flood, 0, pick(rng, (0.3, 0.05, 0.2, 0.1, 0.2, 0.0, 0.15), rows.size)),
        np.where(rng.random(rows.size) < 0.7, 7, 8),
    )
    need = stories.before[rows] * households.size[stories.household[rows]]
    loss = np.where(stories.cause[rows] == DISASTER, need * (0.45 + 0.5 * rng.random(rows.size)), need * 0.1)
    month = np.where(flood, FLOOD, stories.falls[rows])
    day = day_in(month, np.where(flood, whole(rng, 19, 24, rows.size), whole(rng, 1, 28, rows.size)))
    casualty = (stories.cause[rows] == ACCIDENT) & (rng.random(rows.size) < 0.6)

    flat = np.ones(households.count, dtype=bool)
    flat[stories.household] = False
    flooded = villages["flooded"].to_numpy()[households.village]
    small = np.flatnonzero(flat & chance(rng, np.where(flooded, 0.03, 0.004), households.count))
    by_flood = flooded[small] & (rng.random(small.size) < 0.85) & (begin <= FLOOD <= last)
    small_month = np.where(by_flood, FLOOD, whole(rng, begin, last, small.size))
    small_kind = np.where(by_flood, 0, pick(rng, (0.1, 0.05, 0.25, 0.2, 0.25, 0.0, 0.15), small.size))
    small_loss = households.level[small] * households.size[small] * 0.06 * rng.random(small.size)
    small_day = day_in(small_month, np.where(by_flood, whole(rng, 19, 24, small.size), whole(rng, 1, 28, small.size)))
    if quiet:
        small, small_kind, small_day, small_loss = (part[:0] for part in (small, small_kind, small_day, small_loss))
        rows, kind, day, loss, casualty = (part[:0] for part in (rows, kind, day, loss, casualty))
    whole_loss = (np.rint(np.r_[loss, small_loss] / 10) * 10).astype(np.int64)
    return {
        "event_household": np.r_[stories.household[rows], small],
        "event_kind": np.r_[kind, small_kind],
        "event_day": np.r_[day, small_day],
        "event_loss": whole_loss,
        "event_paid": (whole_loss * (0.3 * rng.random(whole_loss.size))).astype(np.int64),
        "event_casualty": np.r_[casualty, np.zeros(small.size, dtype=bool)],
    }


def _petitions(
    rng: np.random.Generator, households: Households, stories: Stories, begin: int, last: int, quiet: bool
) -> dict[str, Ints]:
    hard = (stories.falls < NEVER) & chance(
        rng, np.where(stories.kind == planted.UNLISTED_RISK, 0.3, 0.04), stories.count
    )
    at = np.flatnonzero(hard & ~quiet)
    month = stories.falls[at] + whole(rng, 1, 3, at.size)
    any_one = np.flatnonzero(chance(rng, 0.0 if quiet else 0.0025, households.count))
    household = np.r_[stories.household[at], any_one]
    months = np.r_[month, whole(rng, begin, last, any_one.size)]
    topic = np.r_[np.where(stories.cause[at] == HOUSE, 1, 0), pick(rng, (0.05, 0.2, 0.15, 0.1, 0.2, 0.3), any_one.size)]
    inside = (months >= begin) & (months <= last)
    day = day_in(months, whole(rng, 1, 28, household.size))
    return {"petition_household": household[inside], "petition_day": day[inside], "petition_topic": topic[inside]}


def _pupils(
    rng: np.random.Generator, persons: Persons, households: Households, stories: Stories, last: int, quiet: bool
) -> dict[str, Ints]:
    count = persons.count
    stage = school_stage(persons)
    compulsory = (persons.school >= PRIMARY) & (persons.school < SENIOR)
    enrolment = np.zeros(count, dtype=np.int64)
    disabled_child = compulsory & (persons.disability_grade > 0) & (persons.disability_grade <= 2)
    enrolment[disabled_child] = 3
    enrolment[(stage >= 2) & chance(rng, 0.0015, count) & ~disabled_child] = 2
    until = np.full(count, NEVER, dtype=np.int64)
    of_household = np.full(households.count, -1, dtype=np.int64)
    drop = (stories.cause == SCHOOLING) & stories.listed & chance(rng, 0.25, stories.count) & ~np.bool_(quiet)
    of_household[stories.household[drop]] = np.flatnonzero(drop)
    story = of_household[persons.household]
    dropped = (story >= 0) & (persons.school >= JUNIOR) & (persons.school < SENIOR)
    enrolment[dropped] = 1
    until[dropped] = np.minimum(stories.identified[story[dropped]] + 2, last + 3) if dropped.any() else until[dropped]
    cost = np.where(stage >= 0, np.array(STAGE_COST)[stage], 0) * np.exp(rng.normal(0.0, 0.3, count))
    tuopin = households.tuopin[persons.household]
    aided = chance(rng, np.where(tuopin, 0.9, 0.08), count)
    return {
        "enrolment": enrolment,
        "dropout_until": until,
        "school_cost": (np.rint(cost * np.where(aided, 0.6, 1.0) / 10) * 10).astype(np.int64),
        "school_aid": aided,
    }


def school_stage(persons: Persons) -> Ints:
    """Index into STAGES, -1 for those not at school."""
    status = persons.school
    stage = np.searchsorted(np.array([KINDERGARTEN, PRIMARY, JUNIOR, SENIOR, 9, 12, 15, 19]), status, side="right") - 1
    return np.where((status < KINDERGARTEN) | (status >= NOT_AT_SCHOOL), -1, stage)


def dropped_out(persons: Persons, homes: Homes, month: int) -> Flags:
    """Pupils away from compulsory school in a month."""
    return np.asarray((homes.enrolment == 1) & (homes.dropout_until > month))


def bad_house(homes: Homes, month: int) -> Flags:
    return np.asarray((homes.house_bad_from <= month) & (homes.house_mended > month))


def bad_water(homes: Homes, month: int) -> Flags:
    return np.asarray((homes.water_bad_from <= month) & (homes.water_mended > month))


def housing_feed(numbers: pl.Series, here: Flags, homes: Homes, month: int) -> pl.DataFrame:
    """住房安全鉴定信息 of all households at the month's end."""
    bad = bad_house(homes, month)
    rows = np.flatnonzero(here)
    grade = np.where(bad, 3, homes.house_grade)[rows]
    mended = (homes.house_mended <= month)[rows]
    assessed = np.where(bad, homes.house_bad_from, homes.house_since)[rows]
    assessed = np.where(mended, homes.house_mended[rows], assessed)
    plan = np.where(bad[rows], 0, np.where(grade >= 2, 1, -1))
    return pl.DataFrame(
        {
            "户编号": numbers.gather(rows),
            "鉴定等级": listed(GRADES, grade),
            "是否住人": yes_no((homes.house_occupied | bad)[rows]),
            "鉴定月份": written_months(assessed),
            "处置方案": listed(("维修加固或重建", "已搬离，闲置"), plan),
        }
    )


def water_feed(numbers: pl.Series, here: Flags, homes: Homes, month: int) -> pl.DataFrame:
    """饮水安全监测信息 of all households at the month's end: four indicators."""
    rows = np.flatnonzero(here)
    bad = bad_water(homes, month)[rows]
    which = homes.water_which[rows]
    columns = {}
    for index, title in enumerate(("水质是否达标", "水量是否达标", "取水方便程度是否达标", "供水保证率是否达标")):
        flags = ~(bad & (which == index))
        unknown = homes.water_unknown[rows] & (which == index) & ~bad
        columns[title] = listed(("否", "是"), np.where(unknown, -1, flags.astype(np.int64)))
    return pl.DataFrame({"户编号": numbers.gather(rows), **columns})


def disaster_feed(numbers: pl.Series, homes: Homes, first: int, last: int) -> pl.DataFrame:
    """灾害事故信息 of the months first..last."""
    start, end = int(first_day(first)), int(first_day(last + 1)) - 1
    rows = np.flatnonzero((homes.event_day >= start) & (homes.event_day <= end))
    return pl.DataFrame(
        {
            "户编号": numbers.gather(homes.event_household[rows]),
            "类型": listed(EVENTS, homes.event_kind[rows]),
            "发生日期": written_days(homes.event_day[rows], "slash"),
            "核定损失": pl.Series(homes.event_loss[rows]).cast(pl.String),
            "赔付金额": pl.Series(homes.event_paid[rows]).cast(pl.String),
            "是否伤亡": yes_no(homes.event_casualty[rows]),
        }
    )


def petition_feed(numbers: pl.Series, homes: Homes, block: str, first: int, last: int) -> pl.DataFrame:
    """信访反映信息 of the months first..last."""
    start, end = int(first_day(first)), int(first_day(last + 1)) - 1
    rows = np.flatnonzero((homes.petition_day >= start) & (homes.petition_day <= end))
    return pl.DataFrame(
        {
            "信访件编号": serials(f"XF{block}", rows, 7),
            "户编号": numbers.gather(homes.petition_household[rows]),
            "受理日期": written_days(homes.petition_day[rows], "chinese"),
            "反映事项": listed(TOPICS, homes.petition_topic[rows]),
        }
    )


def education_feed(persons: Persons, homes: Homes, month: int) -> pl.DataFrame:
    """在校生学籍信息 at the month's end."""
    stage = school_stage(persons)
    rows = np.flatnonzero((stage >= 0) & persons.present(month))
    back = (homes.enrolment == 1) & (homes.dropout_until <= month)
    enrolment = np.where(back, 0, homes.enrolment)[rows]
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(rows),
            "证件号码": persons.id_number.gather(rows),
            "学段": listed(STAGES, stage[rows]),
            "年级": pl.Series(np.clip(persons.grade_year[rows], 1, 6)).cast(pl.String),
            "学籍状态": listed(ENROLMENTS, enrolment),
            "年度自付教育费用": pl.Series(homes.school_cost[rows]).cast(pl.String),
            "是否享受资助": yes_no(homes.school_aid[rows]),
        }
    )
