"""The research draw: cities, in each two counties, in each two villages, with reserves and a reason for every choice.

One place by number of monitored households, one by shrunken elimination ratio, never the same twice; ties by SHA-256 of
seed and code, so that the draw depends on nothing but the published ranking, the plan and the seed.
Does not belong here: the plan (policy/research/), rankings (sql/mart), field packs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from fangpin.errors import FangpinError

CRITERIA = ("count", "ratio")


@dataclass(frozen=True)
class Plan:
    """What to draw. city_codes empty: the cities with most monitored households."""

    seed: str
    cities: int
    city_codes: tuple[str, ...]
    counties_per_city: int
    villages_per_county: int
    reserves_per_village: int

    @property
    def villages_needed(self) -> int:
        """Villages a county must have: its slots and their reserves."""
        return self.villages_per_county * (1 + self.reserves_per_village)

    def allows(self, villages: Sequence[Place]) -> bool:
        """Whether a county with these villages can be drawn: enough of them, and enough with monitored households."""
        return len(villages) >= self.villages_needed and len(_drawable(villages)) >= self.villages_per_county


def parse(content: Mapping[str, Any]) -> Plan:
    """The plan from the value of policy/research/plan.yaml."""
    return Plan(
        seed=str(content["seed"]),
        cities=int(content["cities"]),
        city_codes=tuple(str(code) for code in content["city_codes"]),
        counties_per_city=int(content["counties_per_city"]),
        villages_per_county=int(content["villages_per_county"]),
        reserves_per_village=int(content["reserves_per_village"]),
    )


@dataclass(frozen=True)
class Place:
    """A row of a ranking, as far as the draw looks at it."""

    code: str
    name: str
    parent: str
    monitored: int
    eliminated: int
    ratio: float | None  # None without monitored households

    def measure(self, criterion: str) -> float:
        if criterion == "count":
            return self.monitored
        return -1.0 if self.ratio is None else self.ratio


def _drawable(places: Sequence[Place]) -> list[Place]:
    return [p for p in places if p.monitored > 0]


def number(seed: str, code: str) -> float:
    """The permanent random number of a place in (0, 1): the first 52 bits of SHA-256 of 'seed|code'."""
    digest = hashlib.sha256(f"{seed}|{code}".encode()).hexdigest()
    return (int(digest[:13], 16) + 0.5) / 2**52


def ordered(places: Sequence[Place], criterion: str, seed: str) -> list[Place]:
    """Best first by the criterion; ties by permanent random number."""
    return sorted(places, key=lambda p: (-p.measure(criterion), number(seed, p.code)))


def alternate(places: Sequence[Place], slots: int, seed: str) -> list[tuple[Place, str, int]]:
    """`slots` different places with monitored households, by count and by ratio in turn.

    Each as (place, criterion, position among all by it).
    """
    chosen: list[tuple[Place, str, int]] = []
    for slot in range(slots):
        criterion = CRITERIA[slot % len(CRITERIA)]
        queue = ordered(places, criterion, seed)
        taken = {p.code for p, _, _ in chosen}
        place = next(p for p in _drawable(queue) if p.code not in taken)
        chosen.append((place, criterion, queue.index(place) + 1))
    return chosen


def draw(counties: pl.DataFrame, villages: pl.DataFrame, names: Mapping[str, str], plan: Plan) -> pl.DataFrame:
    """The research sample: one row per village, primaries and reserves, in order of city, county and slot.

    counties, villages: rows of mart.county_ranking and mart.village_ranking. names: city code -> name. A place without
    monitored households is at most a reserve, the last one. FangpinError when the plan asks for more than there is.
    """
    by_county: dict[str, list[Place]] = {}
    for village in _places(villages, "county_code"):
        by_county.setdefault(village.parent, []).append(village)
    by_city: dict[str, list[Place]] = {}
    for county in _places(counties, "city_code"):
        if plan.allows(by_county.get(county.code, [])):
            by_city.setdefault(county.parent, []).append(county)
    rows = []
    for city in _cities(by_city, names, plan):
        for county, county_criterion, _ in alternate(by_city[city], plan.counties_per_city, plan.seed):
            rows += _county_rows(county, county_criterion, by_county[county.code], plan, (city, names[city]))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


SCHEMA = {
    "city_code": pl.String,
    "city_name": pl.String,
    "county_code": pl.String,
    "county_name": pl.String,
    "county_criterion": pl.String,
    "village_code": pl.String,
    "village_name": pl.String,
    "role": pl.String,
    "criterion": pl.String,
    "slot": pl.Int32,
    "monitored_households": pl.Int64,
    "eliminated_households": pl.Int64,
    "eb_ratio": pl.Float64,
    "reason": pl.String,
}
"""Columns of mart.research_sample."""


def _county_rows(
    county: Place, county_criterion: str, villages: list[Place], plan: Plan, city: tuple[str, str]
) -> list[tuple[Any, ...]]:
    """Primaries of the county, each followed by its reserves: the next by the same criterion."""
    primaries = alternate(villages, plan.villages_per_county, plan.seed)
    used = {place.code for place, _, _ in primaries}
    rows = []
    for slot, (primary, criterion, position) in enumerate(primaries, start=1):
        picks = [(primary, "primary", position)]
        queue = ordered(villages, criterion, plan.seed)
        for reserve in [p for p in queue if p.code not in used][: plan.reserves_per_village]:
            used.add(reserve.code)
            picks.append((reserve, "reserve", queue.index(reserve) + 1))
        for place, role, rank in picks:
            reason = _reason(county, county_criterion, place, criterion, rank, role, slot)
            chosen = (county.code, county.name, county_criterion, place.code, place.name, role, criterion, slot)
            rows.append((*city, *chosen, place.monitored, place.eliminated, place.ratio, reason))
    return rows


def _places(ranking: pl.DataFrame, parent: str) -> list[Place]:
    columns = ("place_code", "place_name", parent, "monitored_households", "eliminated_households", "eb_ratio")
    return [Place(*row) for row in ranking.sort("place_code").select(columns).iter_rows()]


def _cities(by_city: Mapping[str, list[Place]], names: Mapping[str, str], plan: Plan) -> list[str]:
    able = {city: sum(c.monitored for c in c_list) for city, c_list in by_city.items()}
    able = {city: n for city, n in able.items() if len(by_city[city]) >= plan.counties_per_city}
    if plan.city_codes:
        missing = [names.get(code, code) for code in plan.city_codes if code not in able]
        if missing:
            raise FangpinError(
                f"抽样方案指定的 {'、'.join(missing)} 不足 {plan.counties_per_city} 个可抽县"
                f"（每县须有 {plan.villages_needed} 个村，其中 {plan.villages_per_county} 个有监测对象）。"
                "请修改 policy/research/plan.yaml。"
            )
        return list(plan.city_codes)
    if len(able) < plan.cities:
        raise FangpinError(
            f"抽样方案要求 {plan.cities} 个市，只有 {len(able)} 个市有 {plan.counties_per_city} 个以上可抽县"
            f"（每县须有 {plan.villages_needed} 个村，其中 {plan.villages_per_county} 个有监测对象）。"
            "请修改 policy/research/plan.yaml。"
        )
    return sorted(able, key=lambda city: (-able[city], number(plan.seed, city)))[: plan.cities]


def _reason(
    county: Place, county_criterion: str, village: Place, criterion: str, rank: int, role: str, slot: int
) -> str:
    text = (
        f"{county.name}{_why(county, county_criterion)}入选；{village.name}{_why(village, criterion)}，列全县第{rank}位"
    )
    return text + ("" if role == "primary" else f"，为第{slot}个村的备选")


def _why(place: Place, criterion: str) -> str:
    if place.ratio is None:
        return "没有监测对象，全县没有其他可选的村"
    if criterion == "count":
        return f"按监测对象数量（{place.monitored}户）"
    return f"按消除率（{place.eliminated}/{place.monitored}户，收缩后{place.ratio:.1%}）"
