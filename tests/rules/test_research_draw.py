"""The draw: quotas, arms, probabilities, reserves, overrides, exclusions; unbiased; the same from any order of rows."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.errors import FangpinError, PolicyError
from fangpin.research.draw import draw
from fangpin.research.frame import CITY, COUNTY, VILLAGE, Frame, from_csv, from_rankings, sha256, to_csv
from fangpin.research.order import inclusion
from tests.made_up_research import SEED, frame, plan, unit

SMALL = {"cities": 2, "teams": 2, "people": [], "least_households": 1}


def primaries(drawn: pl.DataFrame) -> pl.DataFrame:
    return drawn.filter(role="primary")


def changed(given: Frame, **by_code: dict[str, Any]) -> Frame:
    return Frame(tuple(replace(u, **by_code.get(f"c{u.code}", {})) for u in given.units))


def test_arms_and_probabilities_by_hand() -> None:
    """Two cities of three counties; sizes grow with county and village, shares with county and against village."""
    drawn = primaries(draw(frame(), plan(**SMALL), SEED))
    assert drawn["city_code"].unique(maintain_order=True).to_list() == ["4102", "4103"]  # most households
    first = drawn.filter(city_code="4102", county_arm="risk")
    assert first.select("county_code", "county_criterion", "county_probability").unique().rows() == [
        ("410222", "count", 1.0)
    ]
    risk, by_chance = first.rows(named=True)
    assert (risk["village_code"], risk["criterion"], risk["draw_order"]) == ("410222003200", "count", 1)
    assert (risk["arm"], risk["inclusion_probability"]) == ("risk", 1.0)
    sizes = {f"4102220{v:02}200": 20 + 5 * v + 6 + 1 for v in range(3)}  # the village by rank is out
    assert by_chance["arm"] == "random" and by_chance["criterion"] == "size"
    assert by_chance["inclusion_probability"] == inclusion(sizes, 1, by_chance["village_code"])
    second = drawn.filter(city_code="4102", county_arm="random")
    totals = {"410220": 4 * 21 + 30, "410221": 4 * 24 + 30}
    chance = inclusion(totals, 1, second["county_code"][0])
    assert second["county_probability"].to_list() == [pytest.approx(chance)] * 2
    assert second["criterion"].to_list() == ["ratio", "size"]  # the second county of a city begins with the other
    assert second["inclusion_probability"][0] == pytest.approx(chance)
    other = drawn.filter(city_code="4103", county_arm="risk")
    assert other["county_criterion"].unique().to_list() == ["ratio"]  # and so does the second city


def test_reserves_are_next_in_the_same_order_and_have_no_probability() -> None:
    drawn = draw(frame(villages=6), plan(**SMALL, reserves_per_village=2), SEED)
    assert drawn.filter(role="reserve")["inclusion_probability"].null_count() == 2 * 2 * 2 * 2
    taken: dict[str, set[int]] = {}
    for row in drawn.rows(named=True):
        taken.setdefault(f"{row['county_code']} {row['arm']}", set()).add(row["draw_order"])
    for county in drawn["county_code"].unique():
        assert taken[f"{county} random"] == {1, 2, 3} or len(taken[f"{county} random"]) == 3
    assert drawn["village_code"].is_unique().all()
    risk = drawn.filter((pl.col("arm") == "risk") & (pl.col("role") == "reserve"))
    assert risk["reason"].str.ends_with("为第1个村的备选").all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["数量", "消除率", "交替", "加权"]), st.booleans())
def test_any_frame_keeps_the_quotas_and_any_order_draws_the_same(seed: int, criterion: str, top: bool) -> None:
    dice = random.Random(seed)
    wanted = plan(**SMALL, criterion=criterion, top_only=top)
    given = frame(villages=5, size=lambda c, k, v: (dice.choice((0, 1, 3, 9, 40)), dice.randint(0, 9)))
    try:
        drawn = draw(given, wanted, SEED)
    except FangpinError as error:
        assert "只有" in str(error)
        return
    first = primaries(drawn)
    assert first["city_code"].n_unique() == 2
    assert first.group_by("city_code").agg(pl.col("county_code").n_unique())["county_code"].to_list() == [2, 2]
    assert first.group_by("county_code").len()["len"].to_list() == [2] * 4
    assert drawn["village_code"].is_unique().all() and (drawn["monitored_households"] > 0).all()
    units = list(given.units)
    dice.shuffle(units)
    assert draw(Frame(tuple(units)), wanted, SEED).sort("village_code").equals(drawn.sort("village_code"))
    assert draw(from_csv(to_csv(given)), wanted, SEED).equals(drawn)


def test_the_weighted_sample_is_right_on_average() -> None:
    """6 cities, 3 counties of 5 villages each, 600 draws: the mean of sum y / pi within 4 standard errors of the
    truth, and that of the ratio (Hájek) but for its own bias, which is less than 1 %; every village as often as its
    probability says (90 of them: 4.5 standard errors).
    """
    dice = random.Random(3)
    sizes = iter(dice.sample(range(1, 500), 90))  # no two alike: the village by rank is the same in every draw
    given = frame(cities=6, counties=3, villages=5, size=lambda c, k, v: ((n := next(sizes)), dice.randint(0, n)))
    size = {u.code: u.size for u in given.units if u.level == VILLAGE}
    bad = {code: dice.randint(0, n) for code, n in size.items()}
    wanted = plan(cities=6, reserves_per_village=0, least_households=1)
    totals, rates = [], []
    told: dict[str, set[float]] = {code: set() for code in size}
    hits = dict.fromkeys(size, 0)
    for seed in range(600):
        rows = draw(given, wanted, str(seed)).select("village_code", "inclusion_probability").rows()
        for code, chance in rows:
            told[code].add(chance)
            hits[code] += 1
        totals.append(sum(bad[code] / chance for code, chance in rows))
        rates.append(totals[-1] / sum(size[code] / chance for code, chance in rows))
    for found, truth, slack in (
        (totals, sum(bad.values()), 0.0),
        (rates, sum(bad.values()) / sum(size.values()), 0.01),
    ):
        mean = sum(found) / len(found)
        error = (sum((x - mean) ** 2 for x in found) / len(found) ** 2) ** 0.5
        assert mean == pytest.approx(truth, abs=4 * error + slack * truth)
    for code, chances in told.items():
        chance = max(chances, default=0.0)
        assert chance - min(chances, default=0.0) < 1e-12  # the same in every draw
        error = 4.5 * (chance * (1 - chance) / 600) ** 0.5
        assert hits[code] / 600 == pytest.approx(chance, abs=error), code


def test_top_only_draws_by_rank_alone_and_says_so() -> None:
    drawn = draw(frame(), plan(**SMALL, top_only=True), SEED)
    assert set(drawn["arm"]) == set(drawn["county_arm"]) == {"risk"}
    assert drawn["reason"].str.contains("不可推断总体").all()
    assert (
        draw(frame(), plan(**SMALL, top_only=True), "other").drop("random_number").equals(drawn.drop("random_number"))
    )


def test_by_ratio_small_places_come_after_the_others() -> None:
    def size(_c: int, _k: int, v: int) -> tuple[int, int]:
        return ((5, 5), (40, 20), (30, 24))[v]  # the first has the best share, of too few

    wanted = plan(**SMALL | {"least_households": 10}, criterion="消除率")
    drawn = primaries(draw(frame(villages=3, size=size), wanted, SEED)).filter(arm="risk")
    assert {code[6:9] for code in drawn["village_code"]} == {"002"}


def test_composite_weighs_positions() -> None:
    def size(_c: int, _k: int, v: int) -> tuple[int, int]:
        return ((50, 5), (40, 30), (30, 27))[v]  # by count 1 2 3, by share 3 2 1

    for weight, first in ((0.9, "000"), (0.1, "002")):
        wanted = plan(**SMALL, criterion="加权", weights={"数量": weight, "消除率": 1 - weight})
        drawn = primaries(draw(frame(villages=3, size=size), wanted, SEED)).filter(arm="risk")
        assert {code[6:9] for code in drawn["village_code"]} == {first}


def test_a_place_decided_by_a_person_is_certain_and_changes_the_others() -> None:
    chosen = {"included": "主任：群众反映"}
    given = changed(frame(), **{"c4103": chosen, "c410320": chosen, "c410320000200": chosen})
    drawn = primaries(draw(given, plan(**SMALL), SEED)).filter(county_code="410320")
    named = drawn.filter(village_code="410320000200").row(0, named=True)
    assert (named["criterion"], named["arm"], named["inclusion_probability"]) == ("override", "risk", 1.0)
    assert "人工指定，主任：群众反映" in named["reason"]
    rest = drawn.filter(arm="random").row(0, named=True)
    left = {f"4103200{v:02}200": 20 + 5 * v + 2 for v in (1, 2, 3)}  # the one decided on is out
    assert rest["inclusion_probability"] == inclusion(left, 1, rest["village_code"])
    left = changed(frame(), c410222003200={"excluded": "2021年06月01日调研过"})
    assert "410222003200" not in draw(left, plan(**SMALL), SEED)["village_code"].to_list()


def test_a_place_decided_by_a_person_that_cannot_be_drawn_is_told() -> None:
    chosen = {"included": "主任：群众反映"}
    given = changed(frame(), **{f"c{code}": chosen for code in ("4101", "4102", "4103")})
    with pytest.raises(FangpinError, match=r"人工指定的 市4101（4101） 抽不进来"):
        draw(given, plan(**SMALL), SEED)  # three for two places
    closed = {f"c410120{v:03}200": {"excluded": "道路中断"} for v in range(4)}
    with pytest.raises(FangpinError, match=r"人工指定的 县0120（410120） 抽不进来"):
        draw(changed(frame(), c4101=chosen, c410120=chosen, **closed), plan(**SMALL), SEED)


def test_reasons_say_what_the_rank_rests_on() -> None:
    def size(_c: int, _k: int, v: int) -> tuple[int, int]:
        return ((8, 6), (30, 27), (20, 5))[v]

    wanted = plan(**SMALL | {"least_households": 10}, criterion="消除率", risk_villages=2)
    told = (
        draw(frame(villages=3, size=size), wanted, SEED).filter(role="primary", county_arm="risk")["reason"].to_list()
    )
    assert "（监测对象30户、已消除27户，收缩后90.0%）按消除率列全县可抽的第1位" in told[0]
    assert "（监测对象20户、已消除5户，收缩后25.0%）按消除率列全县可抽的第2位" in told[1]
    reserve = draw(frame(villages=3, size=size), wanted, SEED).filter(role="reserve", county_arm="risk")["reason"][0]
    assert "（监测对象8户、已消除6户，收缩后75.0%，不足10户）按消除率列全县可抽的第3位，为第1个村的备选" in reserve
    by_speed = plan(**SMALL, criterion="消除率", ranked_ratio="消除快慢")
    assert "收缩后为应消除数的0." in draw(frame(), by_speed, SEED)["reason"][0]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cities": 4}, "要 4 个市，只有 3 个抽得出来"),
        ({"villages_per_county": 5}, "只有0个县有5个以上可抽的村"),
        ({"counties_per_city": 4, "risk_counties": 1}, "4101只有3个县有2个以上可抽的村，方案要4个县"),
        ({"city_codes": ["4101", "4199"]}, "4199 不在排名中"),
        ({"quotas": {"4101": 4}, "city_codes": ["4101", "4102"]}, "方案要4个县"),
    ],
)
def test_a_plan_that_asks_for_more_than_there_is(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FangpinError, match=sentence.replace("市4101", "")):
        draw(frame(), plan(**SMALL | change), SEED)


def test_a_quota_gives_a_city_or_a_county_more_places() -> None:
    drawn = primaries(draw(frame(), plan(**SMALL, quotas={"4103": 3, "410222": 3}), SEED))
    assert drawn.filter(city_code="4103")["county_code"].n_unique() == 3
    assert drawn.filter(county_code="410222").height == 3


@pytest.mark.parametrize(
    ("level", "why"),
    [(COUNTY, "的县全部不抽（近期暴雨）"), (VILLAGE, "有监测对象的村全部不抽（如近期暴雨）"), (CITY, "近期暴雨")],
)
def test_everything_excluded_is_said(level: str, why: str) -> None:
    left = {f"c{u.code}": {"excluded": "近期暴雨"} for u in frame().units if u.level == level and u.code[:4] == "4101"}
    with pytest.raises(FangpinError, match=why):
        draw(changed(frame(), **left), plan(**SMALL, city_codes=["4101", "4102"]), SEED)


def test_a_city_without_monitored_households_is_said() -> None:
    empty = frame(size=lambda c, k, v: (0 if c == 0 else 9, 0))
    with pytest.raises(FangpinError, match="市4101没有监测对象"):
        draw(empty, plan(**SMALL, city_codes=["4101", "4102"]), SEED)


def rankings(levels: str, last_visit: Any = None) -> pl.DataFrame:
    rows = []
    for u in frame().units:
        if u.level == levels:
            for criterion, rank in (("count_households", u.count_rank), ("ratio_households", u.ratio_rank)):
                row = {"place_code": u.code, "place_name": u.name, "city_code": u.code[:4], "county_code": u.code[:6]}
                row |= {"monitored_households": u.size, "eliminated_households": u.eliminated, "criterion": criterion}
                rows.append(row | {"rank": rank, "eb_mean": u.shrunken, "last_visit": last_visit})
    return pl.DataFrame(rows, schema_overrides={"last_visit": pl.Date})


def built(month: str = "2021-12", last_visit: Any = None, **change: Any) -> Frame:
    cities = {f"41{c:02}": f"市41{c:02}" for c in (1, 2, 3)}
    return from_rankings(
        rankings(COUNTY, last_visit), rankings(VILLAGE, last_visit), cities, plan(**SMALL | change), month
    )


def test_the_frame_comes_from_the_rankings_in_any_order() -> None:
    assert {(u.code, u.size, u.ratio_rank) for u in built().units} == {
        (u.code, u.size, u.ratio_rank) for u in frame().units
    }
    assert sha256(to_csv(built())) == sha256(to_csv(Frame(tuple(reversed(built().units)))))
    assert from_csv(to_csv(built())).of(VILLAGE) == built().of(VILLAGE)


@pytest.mark.parametrize(("month", "out"), [("2021-12", True), ("2022-05", True), ("2022-06", False)])
def test_villages_visited_within_the_months_of_the_plan_are_out(month: str, out: bool) -> None:
    """Visited on 15 June 2021: the twelve months up to May 2022 begin on 1 June 2021, those up to June on 1 July."""
    import datetime as dt

    told = [u.excluded for u in built(month, dt.date(2021, 6, 15)).units if u.level == VILLAGE]
    assert set(told) == {"2021年06月15日调研过" if out else ""}
    assert not any(u.excluded for u in built(month, dt.date(2021, 6, 15)).units if u.level == COUNTY)
    assert not any(u.excluded for u in built(month, dt.date(2021, 6, 15), visited_months=0).units)


def test_exclusions_and_overrides_of_the_plan_reach_the_frame() -> None:
    given = built(
        excluded=[{"地区": "410120", "为什么": "正在迎接国家评估"}],
        overrides=[{"地区": "410220000200", "做法": "不去", "谁": "主任", "为什么": "道路中断"}],
    )
    told = {u.code: u.excluded for u in given.units if u.excluded}
    assert told == {"410120": "不再打扰：正在迎接国家评估", "410220000200": "人工排除，主任：道路中断"}


def test_a_city_that_a_person_decided_on_is_drawn() -> None:
    """Three cities of one size for two: whatever the seed, the third goes where a person said so, and its county."""
    said = {"做法": "必去", "谁": "主任", "为什么": "信访集中"}
    known = plan(**SMALL | {"overrides": [{"地区": "4103", **said}, {"地区": "410320", **said}]})
    for seed in ("a", "b", "c"):
        sample = draw(built(overrides=known.values["overrides"]["value"]), known, seed)
        assert "410320" in set(sample["county_code"])
        assert len(set(sample["city_code"])) == known.cities


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"excluded": [{"地区": "419999", "为什么": "甲"}]}, "排名中没有的地区：419999"),
        ({"overrides": [{"地区": "410120", "做法": "必去", "谁": "甲", "为什么": "乙"}]}, "补上 4101"),
    ],
)
def test_places_a_plan_cannot_mean(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FangpinError, match=sentence):
        built(**change)


@pytest.mark.parametrize("text", ["", "a,b\n", to_csv(Frame((unit(CITY, "4101", 1),))) + "village,x\n"])
def test_a_file_that_is_no_frame(text: str) -> None:
    with pytest.raises(FangpinError, match="抽样名册"):
        from_csv(text)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cities": 0}, "cities 应为不小于1的整数，现为 0"),
        ({"criterion": "count"}, "criterion 应为数量、消除率、交替、加权 之一"),
        ({"city_codes": ["4101"]}, "city_codes 写了1个市，cities 为6"),
        ({"criterion": "加权", "weights": {"数量": 0.5, "消除率": 0.4}}, "weights 之和应为1"),
        ({"risk_villages": 3}, "risk_villages 大于 villages_per_county"),
        ({"people": [{"代号": "甲", "组长": True, "籍贯": None}]}, "1人分不成人数相同的3个组"),
        ({"people": [{"代号": n, "组长": False, "籍贯": []} for n in "甲乙丙"]}, "组长0人，应为3人"),
        ({"people": [{"代号": "甲", "组长": True, "籍贯地": None}] * 3}, "people 应为列表"),
        ({"first_day": "4月"}, "first_day 应为日期"),
        ({"households_per_village": 4}, "之和应小于 households_per_village"),
        ({"overrides": [{"地区": "4101", "做法": "去", "谁": "甲", "为什么": "乙"}]}, "做法为必去或不去"),
        ({"spread": {"一般户": 0.3}}, "spread 应为各层的标准差"),
    ],
)
def test_a_wrong_plan_is_named_with_its_problem(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PolicyError) as error:
        plan(**change)
    assert sentence in str(error.value)
    assert "policy/research/plan.yaml" in str(error.value)


def test_what_the_documents_leave_blank_is_an_error_when_asked_for() -> None:
    assert not plan().has_window
    with pytest.raises(PolicyError, match=r"“开始日期”（first_day）空着.*原文为4月XX日"):
        _ = plan().window
    with pytest.raises(PolicyError, match="结束日期 2021-04-18 早于"):
        _ = plan(first_day="2021-04-19", last_day="2021-04-18").window
