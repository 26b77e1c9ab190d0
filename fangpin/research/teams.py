"""Which team goes to which cities, who is in it, and what it does on which day.

All ways are tried: nobody at home (回避), then the shortest longest tour, the shortest total, the most equal load.
Does not belong here: distances (routes.py), the sample (draw.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from fangpin.errors import FangpinError
from fangpin.research.draw import PRIMARY
from fangpin.research.plan import Person, Plan
from fangpin.research.routes import Distances, Point, distances, shortest

TEAMS = {
    "plan": pl.String,
    "team": pl.Int32,
    "city_code": pl.String,
    "city_name": pl.String,
    "kilometres": pl.Float64,
    "members": pl.String,
    "reason": pl.String,
}
DAYS = {
    "plan": pl.String,
    "team": pl.Int32,
    "day_number": pl.Int32,
    "place_order": pl.Int32,
    "day": pl.Date,
    "county_code": pl.String,
    "village_code": pl.String,
    "task": pl.String,
}
"""Columns of mart.research_team and mart.research_day."""
MEETING, VISIT = "县级座谈、查阅资料", "入户核查、村级座谈、查阅资料"


@dataclass(frozen=True)
class Split:
    """Cities by team, as positions, with the longest and the total tour (None: unknown) and the range of loads."""

    groups: tuple[tuple[int, ...], ...]
    tours: tuple[float, ...] | None
    loads: tuple[int, ...]

    @property
    def objective(self) -> tuple[float, float, int]:
        longest, total = (max(self.tours), sum(self.tours)) if self.tours is not None else (0.0, 0.0)
        return longest, total, max(self.loads) - min(self.loads)


def splits(loads: Sequence[int], teams: int, matrix: Distances | None) -> list[Split]:
    """All ways to give the cities to the teams as equally as can be, best first.

    matrix: distances between the cities and, last, the office; None when unknown.
    """
    sizes = [len(loads) // teams + (n < len(loads) % teams) for n in range(teams)]
    known: dict[tuple[int, ...], tuple[float, tuple[int, ...]]] = {}

    def tour(group: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        if matrix is None:
            return 0.0, group
        if group not in known:
            stops = (len(loads), *group)
            length, order = shortest([[matrix[a][b] for b in stops] for a in stops], first=0, back=True)
            known[group] = length, tuple(stops[n] for n in order[1:])
        return known[group]

    found = []
    for groups in _partitions(tuple(range(len(loads))), sizes):
        ways = [tour(group) for group in groups]
        lengths = None if matrix is None else tuple(length for length, _ in ways)
        found.append(
            Split(tuple(order for _, order in ways), lengths, tuple(sum(loads[city] for city in g) for g in groups))
        )
    return sorted(found, key=lambda split: (split.objective, split.groups))


def _partitions(items: tuple[int, ...], sizes: Sequence[int]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """All ways to part items into groups of these sizes (largest first); groups of one size in one order only."""
    if not sizes:
        yield ()
        return
    for group in _groups(items, sizes[0]):
        rest = tuple(item for item in items if item not in group)
        for others in _partitions(rest, sizes[1:]):
            if not others or len(others[0]) != len(group) or group < others[0]:
                yield (group, *others)


def _groups(items: tuple[int, ...], size: int) -> Iterator[tuple[int, ...]]:
    if size == 0:
        yield ()
    for position, item in enumerate(items):
        for others in _groups(items[position + 1 :], size - 1):
            yield (item, *others)


def members(people: Sequence[Person], groups: Sequence[Sequence[str]]) -> list[list[Person]] | None:
    """People by team: one leader each, as many of the others each, nobody in his home city; None when there is no way.

    groups: the city codes of each team. The first way in the order of the plan.
    """
    teams: list[list[Person]] = [[] for _ in groups]
    size = len(people) // len(groups)
    order = sorted(people, key=lambda person: not person.leader)

    def place(number: int) -> bool:
        if number == len(order):
            return True
        person = order[number]
        home = {code[:4] for code in person.homes or ()}
        for team, cities in zip(teams, groups, strict=True):
            full = any(p.leader for p in team) if person.leader else len(team) == size
            if not full and not home & set(cities):
                team.append(person)
                if place(number + 1):
                    return True
                team.pop()
        return False

    return teams if place(0) else None


def assign(sample: pl.DataFrame, plan: Plan, points: Mapping[str, Point]) -> pl.DataFrame:
    """The teams: rows of mart.research_team, cities in the order of the tour. FangpinError when there is no way."""
    primary = sample.filter(pl.col("role") == PRIMARY)
    cities = primary.group_by("city_code", "city_name").agg(load=pl.col("monitored_households").sum()).sort("city_code")
    codes, loads = cities["city_code"].to_list(), cities["load"].to_list()
    names = dict(cities.select("city_code", "city_name").iter_rows())
    if len(codes) < plan.teams:
        raise FangpinError(
            f"方案 {plan.name} 有{plan.teams}个调研组，只有{len(codes)}个市：有的组没有市可去。请减少组数。"
        )
    matrix = distances([*codes, plan.office], points, plan.detour)
    for split in splits(loads, plan.teams, matrix):
        groups = [[codes[city] for city in group] for group in split.groups]
        teams = members(plan.people, groups)
        if teams is not None:
            break
    else:
        homes = [f"{p.code}（{'、'.join(p.homes)}）" for p in plan.people if p.homes]
        raise FangpinError(
            f"方案 {plan.name} 的调研组排不开：去{'、'.join(names.values())}，"
            "要求每组一名组长、谁也不去本人籍贯所在的市，"
            f"怎么分都有一个组没有市可去。填报了籍贯的有：{'；'.join(homes)}。请调换人员，或调整要去的市。"
        )
    rows = []
    for number, (group, team) in enumerate(zip(groups, teams, strict=True), start=1):
        length = None if split.tours is None else round(split.tours[number - 1], 1)
        told = _reason(length, split.loads[number - 1], team, plan)
        who = "、".join(f"{p.code}（组长）" if p.leader else p.code for p in team)
        rows += [(plan.name, number, code, names[code], length, who, told) for code in group]
    return pl.DataFrame(rows, schema=TEAMS, orient="row")


def _reason(length: float | None, load: int, team: Sequence[Person], plan: Plan) -> str:
    way = (
        f"全程约{length:.0f}公里（估算：直线距离×{plan.detour:g}）"
        if length is not None
        else "路程不详（没有坐标），只按工作量分"
    )
    unknown = sum(person.homes is None for person in team)
    home = f"{unknown}人籍贯未填报，回避未核对" if unknown else "已回避籍贯地" if team else "没有指定人员"
    return f"{way}；抽中村监测对象{load}户；{home}"


def itinerary(
    sample: pl.DataFrame, teams: pl.DataFrame, plan: Plan, points: Mapping[str, Point]
) -> list[tuple[int, str, str]]:
    """(team, county, village) of all primary villages, in the order they are visited."""
    primary = sample.filter(pl.col("role") == PRIMARY).sort("county_code", "village_code")
    found = []
    for team, city in teams.select("team", "city_code").iter_rows():
        inside = primary.filter(pl.col("city_code") == city)
        for county in _ordered(inside["county_code"].unique().sort().to_list(), points, plan):
            villages = inside.filter(pl.col("county_code") == county)["village_code"].to_list()
            found += [(team, county, village) for village in _ordered(villages, points, plan)]
    return found


def _ordered(codes: Sequence[str], points: Mapping[str, Point], plan: Plan) -> list[str]:
    """By the shortest way where all coordinates are known, else by code."""
    matrix = distances(codes, points, plan.detour)
    return list(codes) if matrix is None else [codes[n] for n in shortest(matrix)[1]]


def days(
    sample: pl.DataFrame,
    teams: pl.DataFrame,
    plan: Plan,
    points: Mapping[str, Point],
    window: tuple[dt.date, dt.date] | None,
) -> pl.DataFrame:
    """What each team does on which day: rows of mart.research_day; without a window days are counted, not dated."""
    rows: list[tuple[object, ...]] = []
    last: dict[int, tuple[int, int, str]] = {}  # team -> day, villages of it, county
    for team, county, village in itinerary(sample, teams, plan, points):
        day, done, before = last.get(team, (0, plan.villages_per_day, ""))
        if done == plan.villages_per_day or county != before:
            day, done = day + 1, 0
        order = sum(row[1] == team for row in rows) + 1
        date = None if window is None else window[0] + dt.timedelta(days=day - 1)
        if county != before:
            rows.append((plan.name, team, day, order, date, county, None, MEETING))
            order += 1
        rows.append((plan.name, team, day, order, date, county, village, VISIT))
        last[team] = (day, done + 1, county)
    needed = max((day for day, _, _ in last.values()), default=0)
    if window is not None and needed > (available := (window[1] - window[0]).days + 1):
        raise FangpinError(
            f"方案 {plan.name} 要 {needed} 天，{window[0]} 至 {window[1]} 只有 {available} 天："
            "请延长时间、增加调研组，或提高 villages_per_day。"
        )
    return pl.DataFrame(rows, schema=DAYS, orient="row")
