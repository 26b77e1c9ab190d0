"""Pupils: enrolment, what school costs, who dropped out, and the feed education."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample.codes import (
    BACHELOR,
    COLLEGE,
    JUNIOR,
    KINDERGARTEN,
    MASTER,
    NOT_AT_SCHOOL,
    PRIMARY,
    SENIOR,
    VOCATIONAL,
)
from fangpin.sample.draws import around, chance, stream
from fangpin.sample.people import Households, Persons
from fangpin.sample.stories import SCHOOLING, Stories
from fangpin.sample.timeline import NEVER, Flags, Ints, listed, yes_no

STAGES = ("学前教育", "小学", "初中", "普通高中", "中职", "高职高专", "本科", "硕士")
STAGE_COST = (3_200, 450, 800, 2_600, 2_900, 9_500, 10_500, 12_500)
"""Self-paid yuan a year by stage."""
BEARABLE = 0.09
"""Of a household's yearly income a pupil costs this much at most: loans and waivers carry the rest."""
ENROLMENTS = ("在读", "疑似辍学", "休学", "送教上门")
ENROLLED, DROPPED_OUT, SUSPENDED, TAUGHT_AT_HOME, ABSENT = range(5)
"""Absent is of school age and in no school's register."""


@dataclass
class Pupils:
    """Per person; those not at school have stage -1."""

    stage: Ints
    enrolment: Ints
    dropout_until: Ints  # month in which one who stays away is back at school
    cost: Ints  # yuan a year
    aided: Flags


def make(
    seed: int, code: str, households: Households, persons: Persons, stories: Stories, last: int, quiet: bool
) -> Pupils:
    """Pupils of a block; some households listed for schooling have a child that stays away."""
    rng = stream(seed, code, "school")
    count = persons.count
    stages = np.array([KINDERGARTEN, PRIMARY, JUNIOR, SENIOR, VOCATIONAL, COLLEGE, BACHELOR, MASTER])
    outside = (persons.school < KINDERGARTEN) | (persons.school >= NOT_AT_SCHOOL)
    stage = np.where(outside, -1, np.searchsorted(stages, persons.school, side="right") - 1)
    compulsory = (persons.school >= PRIMARY) & (persons.school < SENIOR)
    severe = compulsory & (persons.disability_grade > 0) & (persons.disability_grade <= 2)
    enrolment = np.where(severe, TAUGHT_AT_HOME, ENROLLED)
    enrolment = np.where((stage >= 2) & ~severe & chance(rng, 0.0015, count), SUSPENDED, enrolment)
    leaves = (stories.cause == SCHOOLING) & stories.listed & chance(rng, 0.0 if quiet else 0.25, stories.count)
    story_of = np.full(households.count, -1, dtype=np.int64)
    story_of[stories.household[leaves]] = np.flatnonzero(leaves)
    story = story_of[persons.household]
    dropped = np.flatnonzero((story >= 0) & (persons.school >= JUNIOR) & (persons.school < SENIOR))
    enrolment[dropped] = DROPPED_OUT
    until = np.full(count, NEVER, dtype=np.int64)
    until[dropped] = np.minimum(stories.identified[story[dropped]] + 2, last + 3)
    aided = chance(rng, np.where(households.tuopin[persons.household], 0.9, 0.08), count)
    cost = around(rng, np.where(stage >= 0, np.array(STAGE_COST)[stage], 0), 0.3, count) * np.where(aided, 0.6, 1.0)
    means = households.level * households.size
    means[stories.household] = np.minimum(stories.before, stories.after) * households.size[stories.household]
    cost = np.minimum(cost, BEARABLE * means[persons.household])
    return Pupils(stage, enrolment, until, (np.rint(cost / 10) * 10).astype(np.int64), aided)


def dropped_out(pupils: Pupils, month: int) -> Flags:
    """Persons away from compulsory school in a month."""
    return np.asarray(np.isin(pupils.enrolment, (DROPPED_OUT, ABSENT)) & (pupils.dropout_until > month))


def unknown_to_school(pupils: Pupils, month: int) -> Flags:
    """Those of them whom no school's register holds."""
    return np.asarray((pupils.enrolment == ABSENT) & dropped_out(pupils, month))


def education_feed(persons: Persons, pupils: Pupils, month: int) -> pl.DataFrame:
    """在校生学籍信息 at the month's end."""
    rows = np.flatnonzero((pupils.stage >= 0) & persons.present(month) & ~unknown_to_school(pupils, month))
    back = np.isin(pupils.enrolment, (DROPPED_OUT, ABSENT)) & ~dropped_out(pupils, month)
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(rows),
            "证件号码": persons.id_number.gather(rows),
            "学段": listed(STAGES, pupils.stage[rows]),
            "年级": pl.Series(np.clip(persons.grade_year[rows], 1, 6)).cast(pl.String),
            "学籍状态": listed(ENROLMENTS, np.where(back, ENROLLED, pupils.enrolment)[rows]),
            "年度自付教育费用": pl.Series(pupils.cost[rows]).cast(pl.String),
            "是否享受资助": yes_no(pupils.aided[rows]),
        }
    )
