"""House and drinking water: the state of each household's home by month, and the feeds housing and water."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample.draws import chance, pick, stream, whole
from fangpin.sample.people import Households
from fangpin.sample.stories import HOUSE, WATER, Stories
from fangpin.sample.timeline import NEVER, Flags, Ints, listed, number, written_months, yes_no

GRADES = ("A级", "B级", "C级", "D级")
SOUND, DANGEROUS = 1, 3
PLANS = ("维修加固或重建", "已搬离，闲置")
INDICATORS = ("水质是否达标", "水量是否达标", "取水方便程度是否达标", "供水保证率是否达标")


@dataclass
class Homes:
    """Per household."""

    grade: Ints
    occupied: Flags
    assessed: Ints  # month of the assessment in force before any story
    bad_from: Ints  # month from which a story's house is graded D
    mended: Ints
    water_bad_from: Ints
    water_mended: Ints
    water_which: Ints  # which of the four indicators fails, or is not known
    water_unknown: Flags


def make(seed: int, code: str, households: Households, stories: Stories) -> Homes:
    """Homes of a block; those of the stories of house and water are bad until mended."""
    rng = stream(seed, code, "home")
    count = households.count
    grade = pick(rng, (0.62, 0.374, 0.005, 0.001), count)
    occupied = (grade <= SOUND) & chance(rng, 0.97, count)
    at = stories.household
    occupied[at] = True
    grade[at] = np.minimum(grade[at], SOUND)
    since = np.minimum(stories.falls, stories.identified - 1)
    until = np.minimum(stories.identified + 4, stories.eliminated - 1)

    def months(of_stories: Ints, cause: int) -> Ints:
        result = np.full(count, NEVER, dtype=np.int64)
        result[at] = np.where(stories.cause == cause, of_stories, NEVER)
        return result

    return Homes(
        grade=grade,
        occupied=occupied,
        assessed=number("2020-05") - whole(rng, 0, 11, count),
        bad_from=months(since, HOUSE),
        mended=months(until, HOUSE),
        water_bad_from=months(since, WATER),
        water_mended=months(until, WATER),
        water_which=whole(rng, 0, 3, count),
        water_unknown=chance(rng, 0.004, count),
    )


def bad_house(homes: Homes, month: int) -> Flags:
    """Households living in a dangerous house in a month."""
    return np.asarray((homes.bad_from <= month) & (homes.mended > month))


def bad_water(homes: Homes, month: int) -> Flags:
    """Households without safe water in a month."""
    return np.asarray((homes.water_bad_from <= month) & (homes.water_mended > month))


def housing_feed(numbers: pl.Series, here: Flags, homes: Homes, month: int) -> pl.DataFrame:
    """住房安全鉴定信息 of all households at the month's end."""
    rows = np.flatnonzero(here)
    bad = bad_house(homes, month)[rows]
    grade = np.where(bad, DANGEROUS, homes.grade[rows])
    assessed = np.where(bad, homes.bad_from[rows], homes.assessed[rows])
    assessed = np.where(homes.mended[rows] <= month, homes.mended[rows], assessed)
    return pl.DataFrame(
        {
            "户编号": numbers.gather(rows),
            "鉴定等级": listed(GRADES, grade),
            "是否住人": yes_no(homes.occupied[rows] | bad),
            "鉴定月份": written_months(assessed),
            "处置方案": listed(PLANS, np.where(bad, 0, np.where(grade > SOUND, 1, -1))),
        }
    )


def water_feed(numbers: pl.Series, here: Flags, homes: Homes, month: int) -> pl.DataFrame:
    """饮水安全监测信息 of all households at the month's end: four indicators."""
    rows = np.flatnonzero(here)
    bad, unknown = bad_water(homes, month)[rows], homes.water_unknown[rows]
    columns = {"户编号": numbers.gather(rows)}
    for index, title in enumerate(INDICATORS):
        concerned = homes.water_which[rows] == index
        answer = np.where(bad & concerned, 0, np.where(unknown & concerned & ~bad, -1, 1))
        columns[title] = listed(("否", "是"), answer)
    return pl.DataFrame(columns)
