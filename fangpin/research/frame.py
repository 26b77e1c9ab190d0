"""The frame of a draw: every county and village that can be drawn, or why it cannot, as of one published month.

One canonical csv, so that its hash can be announced and anybody can make it again. Does not belong here: rankings
(sql/mart), what is drawn from it (draw.py).
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields, replace
from typing import Any

import polars as pl

from fangpin.errors import FangpinError
from fangpin.month import shift, start
from fangpin.research.plan import COUNT, EXCLUDE, INCLUDE, Plan

CITY, COUNTY, VILLAGE = "city", "county", "village"
LEVELS = (CITY, COUNTY, VILLAGE)


@dataclass(frozen=True, slots=True)
class Unit:
    """A city, county or village. parent: the code above. size: monitored households. excluded, included: why a person
    or a visit leaves it out or takes it, '' where neither does. count_rank, ratio_rank: of the published rankings.
    shrunken: the ratio ranking's value. households_sha256: of the village's list (households.py), when frozen.
    """

    level: str
    code: str
    name: str
    parent: str
    size: int
    eliminated: int
    count_rank: int | None
    ratio_rank: int | None
    shrunken: float | None
    excluded: str
    included: str
    households_sha256: str

    def rank(self, criterion: str) -> int | None:
        return self.count_rank if criterion == COUNT else self.ratio_rank


@dataclass(frozen=True)
class Frame:
    """All units, by level and code."""

    units: tuple[Unit, ...]

    def of(self, level: str) -> dict[str, list[Unit]]:
        """Parent -> its units of a level, by code."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            if unit.level == level:
                found.setdefault(unit.parent, []).append(unit)
        return found

    def names(self, level: str) -> dict[str, str]:
        return {unit.code: unit.name for unit in self.units if unit.level == level}


def from_rankings(
    counties: pl.DataFrame, villages: pl.DataFrame, cities: Mapping[str, str], plan: Plan, month: str
) -> Frame:
    """The frame of a plan from mart.county_ranking and mart.village_ranking (rows of all criteria).

    cities: code -> name. FangpinError naming overrides and exclusions of places that are in no ranking.
    """
    since = start(shift(month, 1 - plan.visited_months)) if plan.visited_months else None
    wide = {COUNTY: _wide(counties, plan, "city_code"), VILLAGE: _wide(villages, plan, "county_code")}
    size = dict(wide[COUNTY].group_by("parent").agg(pl.col("size").sum()).iter_rows())
    known = {code for level in wide.values() for code in level["code"]} | set(cities)
    asked = {**dict.fromkeys(plan.excluded), **{o.place: None for o in plan.overrides}, **dict.fromkeys(plan.quotas)}
    if strange := [code for code in asked if code not in known]:
        raise FangpinError(
            f"方案 {plan.name} 的不抽、人工指定或配额写了排名中没有的地区：{'、'.join(strange)}。"
            "请核对代码（市4位、县6位、村12位）。"
        )
    _reachable(plan)
    taken = {o.place: _said(o.who, o.why) for o in plan.overrides if o.action == INCLUDE}
    left = {o.place: f"人工排除，{_said(o.who, o.why)}" for o in plan.overrides if o.action == EXCLUDE}
    left |= {place: f"不再打扰：{why}" for place, why in plan.excluded.items()}
    units = [
        Unit(
            CITY, code, name, code[:2], size.get(code, 0), 0, None, None, None,
            "" if code in taken else left.get(code, ""), taken.get(code, ""), "",
        )
        for code, name in sorted(cities.items())
    ]  # fmt: skip
    for level, frame in wide.items():
        for code, name, parent, households, eliminated, by_count, by_ratio, shrunken, visit in frame.iter_rows():
            recent = _visited(visit, since) if level == VILLAGE else ""
            why = "" if code in taken else left.get(code, "") or recent
            units.append(
                Unit(
                    level, code, name, parent, households, eliminated, by_count, by_ratio, shrunken, why,
                    taken.get(code, ""), "",
                )
            )  # fmt: skip
    return Frame(tuple(units))


def _reachable(plan: Plan) -> None:
    """A place that is taken whatever the seed needs the places above it to be taken, too."""
    taken = {override.place for override in plan.overrides if override.action == INCLUDE} | set(plan.city_codes)
    above = {code: code[:6] if len(code) > 6 else code[:4] for code in taken if len(code) > 4}
    if lost := sorted(code for code, upper in above.items() if upper not in taken):
        raise FangpinError(
            f"方案 {plan.name} 人工指定了 {'、'.join(lost)}，却没有指定它的上级（村要连同县、县要连同市）。"
            f"上级不一定抽中，请在 overrides 中补上 {'、'.join(sorted({above[code] for code in lost}))}。"
        )


def _said(who: str, why: str) -> str:
    return f"{who}：{why}"


def _visited(visit: dt.date | None, since: dt.date | None) -> str:
    return f"{visit:%Y年%m月%d日}调研过" if visit is not None and since is not None and visit >= since else ""


def _wide(ranking: pl.DataFrame, plan: Plan, parent: str) -> pl.DataFrame:
    """One row a place from the ranking's rows of the plan's two criteria: the only place that knows their columns."""
    by_count = ranking.filter(pl.col("criterion") == plan.ranked_count)
    by_ratio = ranking.filter(pl.col("criterion") == plan.ranked_ratio)
    return by_count.join(
        by_ratio.select("place_code", ratio_rank="rank", shrunken="eb_mean"), on="place_code", how="left"
    ).select(
        code="place_code",
        name="place_name",
        parent=parent,
        size="monitored_households",
        eliminated="eliminated_households",
        count_rank="rank",
        ratio_rank="ratio_rank",
        shrunken="shrunken",
        last_visit="last_visit",
    ).sort("code")  # fmt: skip


COLUMNS = tuple(field.name for field in fields(Unit))
_WHOLE, _MAYBE_WHOLE, _MAYBE_FLOAT = {"size", "eliminated"}, {"count_rank", "ratio_rank"}, {"shrunken"}


def to_csv(frame: Frame) -> str:
    """Canonical: header, one line a unit by level and code, line feeds, blanks for unknown, floats in shortest form."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(COLUMNS)
    order = sorted(frame.units, key=lambda unit: (LEVELS.index(unit.level), unit.code))
    write.writerows(["" if value is None else value for value in astuple(unit)] for unit in order)
    return out.getvalue()


def from_csv(text: str) -> Frame:
    """The frame again, without a first line of remarks (audit.py); FangpinError naming the line that is none."""
    rows = csv.reader(io.StringIO(text.split("\n", 1)[1] if text.startswith("#") else text))
    if tuple(next(rows, ())) != COLUMNS:
        raise FangpinError("抽样名册的表头不对：不是本程序写出的名册。请使用冻结时的 frame.csv。")
    units = []
    for number, row in enumerate(rows, start=2):
        try:
            units.append(Unit(*(_value(n, v) for n, v in zip(COLUMNS, row, strict=True))))
        except (ValueError, TypeError) as error:
            raise FangpinError(f"抽样名册第{number}行读不出来：请使用冻结时的 frame.csv。") from error
    return Frame(tuple(units))


def _value(name: str, text: str) -> Any:
    if name in _WHOLE:
        return int(text)
    if name in _MAYBE_WHOLE:
        return int(text) if text else None
    if name in _MAYBE_FLOAT:
        return float(text) if text else None
    return text


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def with_households(frame: Frame, digests: Mapping[str, str]) -> Frame:
    """The frame with the hash of every village's list of households."""
    return Frame(tuple(replace(unit, households_sha256=digests.get(unit.code, "")) for unit in frame.units))
