"""The household and person lists of all farm households, and people whom the lists do not know."""

from __future__ import annotations

import numpy as np
import polars as pl

from fangpin.sample import names
from fangpin.sample.changes import relation_now
from fangpin.sample.codes import EDUCATIONS, HEALTHS, LABOURS, RELATIONS, SCHOOLS
from fangpin.sample.draws import stream
from fangpin.sample.economy import persons_at
from fangpin.sample.identity_numbers import STRANGER, identity_numbers
from fangpin.sample.people import Households, Persons
from fangpin.sample.school import Pupils, dropped_out, unknown_to_school
from fangpin.sample.timeline import Flags, Ints, listed, yes_no

HAMLETS = ("东头", "西头", "南庄", "北庄", "前街", "后街", "河沿", "岗上")


def household_numbers(villages: pl.DataFrame, households: Households) -> pl.Series:
    """户编号: the village code and a number of four digits within the village."""
    code = villages["village_code"].gather(households.village)
    return pl.select(code + pl.Series(households.serial).cast(pl.String).str.zfill(4)).to_series()


def existing(households: Households, persons: Persons, month: int) -> Flags:
    """Households with a living member at the month's end."""
    return np.asarray(
        (persons_at(persons, households.count, month) > 0) & (households.exists_from <= month), dtype=bool
    )


def household_feed(
    villages: pl.DataFrame,
    households: Households,
    persons: Persons,
    numbers: pl.Series,
    phones: pl.Series,
    here: Flags,
    month: int,
) -> pl.DataFrame:
    """农户名册 at the month's end."""
    rows = np.flatnonzero(here)
    village = households.village[rows]
    people = persons_at(persons, households.count, month)[rows]
    parent = households.parent[rows]
    return pl.DataFrame(
        {
            "县（市、区）": villages["county_name"].gather(village),
            "乡（镇）": villages["township_name"].gather(village),
            "行政村": villages["village_name"].gather(village),
            "行政村代码": villages["village_code"].gather(village),
            "自然村": listed(HAMLETS, households.hamlet[rows] - 1),
            "户编号": numbers.gather(rows),
            "户类型": listed(("一般农户", "脱贫户"), households.tuopin[rows].astype(np.int64)),
            "家庭人口": people,
            "户联系电话": phones.gather(rows),
            "是否授权查询家庭资产": yes_no(households.consent[rows]),
            "原户编号": numbers.gather(pl.select(pl.when(pl.Series(parent) >= 0).then(pl.Series(parent))).to_series()),
        }
    )


def person_feed(persons: Persons, numbers: pl.Series, phones: pl.Series, pupils: Pupils, month: int) -> pl.DataFrame:
    """农户家庭成员名册 at the month's end."""
    rows = np.flatnonzero(persons.present(month))
    age = persons.age(month)[rows]
    dropout = dropped_out(pupils, month)[rows]
    no_reason = unknown_to_school(pupils, month)[rows]
    return pl.DataFrame(
        {
            "户编号": numbers.gather(persons.home(month)[rows]),
            "证件号码": persons.id_number.gather(rows),
            "姓名": persons.name.gather(rows),
            "与户主关系": listed(RELATIONS, relation_now(persons, month)[rows]),
            "文化程度": listed(EDUCATIONS, persons.education[rows]),
            "在校生状况": listed(SCHOOLS, np.where(dropout, 20, persons.school[rows])),
            "失学或辍学原因": listed(("因厌学",), np.where(dropout & ~no_reason, 0, -1)),
            "健康状况": listed(HEALTHS, persons.health[rows]),
            "劳动技能": listed(LABOURS, persons.labour[rows]),
            "是否参加城乡居民基本医疗保险": yes_no(persons.insured[rows]),
            "是否参加城镇职工基本医疗保险": yes_no(persons.employee[rows]),
            "是否参加城乡居民基本养老保险": yes_no((age >= 16) & ~persons.employee[rows]),
            "家庭成员联系电话": phones.gather(np.where(age >= 12, rows % phones.len(), 0)),
        }
    )


def strangers(seed: int, code: str, villages: pl.DataFrame, count: int) -> pl.DataFrame:
    """People with a name and identity number whom the rural lists do not know."""
    rng = stream(seed, code, "strangers")
    male = rng.random(count) < 0.5
    year, month, day = rng.integers(1940, 2004, count), rng.integers(1, 13, count), rng.integers(1, 29, count)
    region = villages["region"].to_numpy()[rng.integers(0, villages.height, count)]
    numbers = identity_numbers(region, year * 10_000 + month * 100 + day, male, np.full(count, STRANGER))
    return pl.DataFrame({"name": names.full_names(rng, male), "number": numbers})


def with_strangers(
    frame: pl.DataFrame, unknown: pl.DataFrame, share: float, number_column: str, key: str | None
) -> pl.DataFrame:
    """Adds rows of strangers, copied from every n-th row with another person (and another document number) put in."""
    count = min(round(frame.height * share), unknown.height)
    if count == 0:
        return frame
    rows: Ints = (np.arange(count) * (frame.height // count)).astype(np.int64)
    copied: pl.DataFrame = frame[rows.tolist()].with_columns(
        pl.Series("姓名", unknown["name"][:count]), pl.Series(number_column, unknown["number"][:count])
    )
    if key:
        copied = copied.with_columns(pl.col(key) + "W")
    if "户编号" in frame.columns:
        copied = copied.with_columns(户编号=pl.col("户编号").str.slice(0, 12) + "9999")
    return pl.concat([frame, copied])
