"""Teams: the best of all ways, nobody at home, days in order; ways and distances."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import polars as pl
import pytest

from fangpin.errors import FangpinError
from fangpin.places import DATA
from fangpin.research.draw import draw
from fangpin.research.plan import Person
from fangpin.research.routes import distances, kilometres, read_coordinates, shortest
from fangpin.research.teams import assign, days, members, splits
from tests.made_up_research import SEED, frame, plan
from tests.rules.oracles import oracle

SAMPLE = draw(frame(cities=6), plan(least_households=1), SEED)
POINTS = read_coordinates((DATA / "coordinates.csv").read_text(encoding="utf-8"), "coordinates.csv")


def test_the_published_assignment() -> None:
    data = oracle("t6_team_assignment.json")
    matrix = [[*row, far] for row, far in zip(data["D"], data["depot"], strict=True)] + [[*data["depot"], 0]]
    found = splits(data["load"], 3, matrix)
    assert len(found) == 15  # 90 labelled ways
    assert list(found[0].objective) == data["best_objective"]
    assert {frozenset(group) for group in found[0].groups} == {frozenset(pair) for pair in data["pairs"]}


def test_without_distances_the_load_decides() -> None:
    best = splits([10, 20, 30, 40, 50, 60], 3, None)[0]
    assert {frozenset(group) for group in best.groups} == {frozenset(p) for p in ((0, 5), (1, 4), (2, 3))}
    assert best.tours is None
    uneven = splits([5, 5, 5, 9, 1], 2, None)[0]
    assert sorted(map(len, uneven.groups)) == [2, 3] and sorted(uneven.loads) == [11, 14]


def test_teams_with_and_without_distances() -> None:
    known = assign(SAMPLE, plan(least_households=1), POINTS)
    assert known.group_by("team").len()["len"].to_list() == [2, 2, 2]
    assert known["reason"].str.contains("估算：直线距离×1.3").all()
    assert known["reason"].str.contains("3人籍贯未填报，回避未核对").all()
    unknown = assign(SAMPLE, plan(least_households=1), {})
    assert unknown["kilometres"].null_count() == 6
    assert unknown["reason"].str.contains("路程不详").all()
    everybody = "、".join(known["members"].unique())
    assert all(everybody.count(person.code) == 1 for person in plan().people)


def people(homes: dict[str, list[str]]) -> list[dict[str, Any]]:
    return [{"代号": n, "组长": n in "甲乙丙", "籍贯": homes.get(n, [])} for n in "甲乙丙丁戊己庚辛壬"]


def test_nobody_goes_home() -> None:
    """Six are of 4101's counties: only the team of the other three may go there."""
    wanted = plan(least_households=1, people=people({n: ["410122"] for n in "甲乙丁戊己庚"}))
    teams = assign(SAMPLE, wanted, POINTS)
    there = teams.filter(city_code="4101").row(0, named=True)
    assert there["members"] == "丙（组长）、辛、壬"
    assert there["reason"].endswith("已回避籍贯地")
    blocked = plan(least_households=1, people=people({n: ["4101"] for n in "甲乙丙"}))
    with pytest.raises(FangpinError, match=r"怎么分都有一个组没有市可去。填报了籍贯的有：甲（4101）"):
        assign(SAMPLE, blocked, POINTS)
    with pytest.raises(FangpinError, match="有7个调研组，只有6个市"):
        assign(SAMPLE, plan(least_households=1, people=[], teams=7), POINTS)


def test_members_have_a_leader_each() -> None:
    crew = [Person(n, n in "ab", ()) for n in "abcd"]
    assert [[p.code for p in team] for team in members(crew, [["4101"], ["4102"]]) or []] == [["a", "c"], ["b", "d"]]
    assert members([Person("a", True, ("4101",)), Person("b", True, ("4101",))], [["4101"], ["4102"]]) is None


def test_days_within_the_window() -> None:
    wanted = plan(least_households=1, people=[])
    teams = assign(SAMPLE, wanted, POINTS)
    found = days(SAMPLE, teams, wanted, POINTS, (dt.date(2021, 4, 19), dt.date(2021, 4, 26)))
    one = found.filter(team=1)
    assert one["day_number"].unique().to_list() == list(range(1, 9))  # eight villages, one a day
    assert one["day"].max() == dt.date(2021, 4, 26)
    assert one["place_order"].to_list() == list(range(1, 13))  # four counties begin with a meeting
    meetings = one.filter(pl.col("village_code").is_null())
    assert meetings["task"].unique().to_list() == ["县级座谈、查阅资料"] and meetings.height == 4
    assert one["county_code"].to_list() == [c for c in one["county_code"].unique(maintain_order=True) for _ in range(3)]
    with pytest.raises(FangpinError, match="要 8 天，2021-04-19 至 2021-04-25 只有 7 天"):
        days(SAMPLE, teams, wanted, POINTS, (dt.date(2021, 4, 19), dt.date(2021, 4, 25)))
    assert days(SAMPLE, teams, wanted, POINTS, None)["day"].null_count() == found.height
    double = days(SAMPLE, teams, plan(least_households=1, people=[], villages_per_day=2), POINTS, None)
    assert double["day_number"].max() == 4


def test_the_shortest_way_is_the_shortest_of_all() -> None:
    points = {str(n): (112 + (n * 37 % 11) / 5, 33 + (n * 53 % 13) / 5) for n in range(6)}
    matrix = distances(list(points), points, 1.3)
    assert matrix is not None

    def length(order: tuple[int, ...]) -> float:
        return sum(matrix[a][b] for a, b in itertools.pairwise(order))

    found, order = shortest(matrix)
    assert (
        found == pytest.approx(min(length(o) for o in itertools.permutations(range(6)))) == pytest.approx(length(order))
    )
    tour, order = shortest(matrix, first=2, back=True)
    assert order[0] == 2
    assert tour == pytest.approx(min(length((2, *o, 2)) for o in itertools.permutations((0, 1, 3, 4, 5))))
    assert distances(["0", "x"], points, 1.3) is None


def test_kilometres_on_the_globe() -> None:
    """A degree of latitude is 111.195 km on a sphere of mean radius; 郑州 to 开封 about 60 km as the crow flies."""
    assert kilometres((113, 34), (113, 35), 1) == pytest.approx(111.195, abs=0.001)
    assert kilometres((0, 0), (180, 0), 1) == pytest.approx(6371.0088 * 3.14159265, abs=0.01)
    assert 55 < kilometres(POINTS["4101"], POINTS["4102"], 1) < 65


def test_every_city_of_the_province_has_coordinates_inside_it() -> None:
    assert len(POINTS) == 18
    assert all(110.3 < x < 116.7 and 31.3 < y < 36.4 for x, y in POINTS.values())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,x,y\n", "表头应以"),
        ("place_code,longitude,latitude\n4101,东经,34\n", "第2行读不出来"),
        ("place_code,longitude,latitude\n4101,34,113\n", "先经度、后纬度"),
        ("place_code,longitude,latitude\n4101\n", "第2行读不出来"),
    ],
)
def test_a_file_of_coordinates_that_cannot_be_read(text: str, sentence: str) -> None:
    with pytest.raises(FangpinError, match=sentence):
        read_coordinates(text, "coordinates.csv")
