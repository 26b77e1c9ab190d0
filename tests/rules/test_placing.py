"""Delivered places against the divisions: what is one village, another, none, and what was one in another year."""

from __future__ import annotations

from functools import lru_cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.intake import placing
from fangpin.places import covered, divisions_of_month

COLUMNS = ["village_code", "county", "township", "village"]
Row = tuple[str | None, ...]


@lru_cache(maxsize=3)
def index(month: str) -> pl.DataFrame:
    return placing.place_index(month)


def placed(rows: list[Row], columns: list[str] = COLUMNS, month: str = "2021-10") -> placing.Placed:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return placing.judge(frame, index(month))


def judge(rows: list[Row], columns: list[str] = COLUMNS, month: str = "2021-10") -> list[tuple[int, str, str]]:
    return placed(rows, columns, month).findings.select("position", "column", "rule").rows()


def one(row: Row, columns: list[str] = COLUMNS, month: str = "2021-10") -> tuple[str, str, str | None]:
    """Column, rule and detail of the one finding of a row."""
    (finding,) = placed([row], columns, month).findings.rows()
    return finding[1:]


@pytest.mark.parametrize(
    ("township", "village"),
    [
        *(
            (township, v)
            for township in ("杨桥街道", "杨桥街道办事处")
            for v in ("赵寨村民委员会", "赵寨村委会", "赵寨村", " 赵 寨 ", "赵寨村委")
        ),
        ("杨桥街道", "杨桥街道赵寨村"),
        ("杨桥街道", "中牟县杨桥街道赵寨村民委员会"),
        ("中牟县杨桥街道", "赵寨"),
    ],
)
def test_spellings_of_one_village(township: str, village: str) -> None:
    row = ("410122570207", "中牟县", township, village)
    assert judge([row]) == []
    assert judge([row[1:]], COLUMNS[1:]) == []


def test_a_village_the_divisions_name_in_full() -> None:
    """栾川县赤土店镇竹园村村民委员会 is how the statistical office writes 竹园村."""
    assert judge([("410324101201", "栾川县", "赤土店镇", "竹园村")]) == []
    assert judge([("栾川县", "赤土店镇", "竹园村村委会")], COLUMNS[1:]) == []


def test_what_is_wrong_is_named() -> None:
    rows: list[Row] = [
        ("410122570207", "中牟县", "杨桥街道", "常白村"),
        ("410122570207", "中牟县", "豫兴街道", "赵寨村"),
        ("410122570207", "新郑市", "杨桥街道", "赵寨村"),
        ("410122570999", "中牟县", "杨桥街道", "赵寨村"),
        (None, "中牟县", "杨桥街道", "赵寨村"),
        ("410122570207", "中牟县", "杨桥街道", "赵寨村"),
    ]
    assert judge(rows) == [
        (0, "village", "place_name_differs"),
        (1, "township", "place_name_differs"),
        (2, "county", "place_name_differs"),
        (3, "village_code", "place_code_unknown"),
    ]


def test_a_code_of_another_system_is_refused_never_corrected() -> None:
    """The same digits stand for another village in the other public system than the names say.

    The code stays as delivered; the finding says what the code is and which code the names have.
    """
    other = divisions_of_month("2021-10").filter(county_code="410122").row(0, named=True)
    row = (other["village_code"], "中牟县", "杨桥街道", "赵寨村")
    result = placed([row])
    assert result.rows["village_code"].to_list() == [other["village_code"]]
    ((_, column, rule, detail),) = result.findings.rows()
    assert (column, rule) == ("village", "place_name_differs")
    full = f"中牟县{other['township_name']}{other['village_name']}（{other['village_code']}）"
    assert detail == f"该代码是{full}；按名称是中牟县杨桥街道赵寨村民委员会（410122570207）"


def test_an_unknown_code_whose_names_are_known() -> None:
    assert one(("419999999999", "中牟县", "杨桥街道", "赵寨村")) == (
        "village_code",
        "place_code_unknown",
        "按名称是中牟县杨桥街道赵寨村民委员会（410122570207）",
    )
    assert one(("419999999999", "中牟县", "杨桥街道", "无此村")) == ("village_code", "place_code_unknown", None)


def test_names_alone() -> None:
    rows: list[Row] = [
        ("中牟县", "杨桥街道", "赵家村"),
        ("兴县", "赵家坪乡", "赵家坪村"),
        ("兴县", None, "赵家坪村"),
    ]
    assert judge(rows, COLUMNS[1:]) == [(0, "village", "place_unknown")]


def test_rows_without_a_place() -> None:
    frame = pl.DataFrame({"amount": [1, 2]})
    result = placing.judge(frame, index("2021-10"))
    assert result.findings.is_empty()
    assert result.rows.equals(frame)


@pytest.mark.parametrize("month", ["2020-12", "2021-10", "2023-01"])
def test_every_village_is_itself(month: str) -> None:
    """By its own code and names, and by its own names alone, though some fold into the name of a neighbour."""
    own = divisions_of_month(month).select(
        "village_code", county="county_name", township="township_name", village="village_name"
    )
    assert placing.judge(own, index(month)).findings.is_empty()
    assert placing.judge(own.drop("village_code"), index(month)).findings.is_empty()


def test_two_villages_of_one_name() -> None:
    """方城县独树镇 has 三街 twice as 居民委员会 and 村民委员会: the ending decides; without one the code does."""
    twins = (
        covered(2021)
        .filter(pl.col("village_name").is_in(["锦华社区居民委员会", "锦华村民委员会"]))
        .filter(pl.len().over("township_code") == 2)
        .sort("village_name")
    )
    (village, community) = twins["village_code"].to_list()
    above = (twins["county_name"][0], twins["township_name"][0])
    for name, code, other in (
        ("锦华村委会", village, community),
        ("锦华村", village, community),
        ("锦华社区", community, village),
        ("锦华居委会", community, village),
    ):
        assert judge([(*above, name)], COLUMNS[1:]) == []
        assert judge([(code, *above, name)]) == []
        assert judge([(other, *above, name)]) == [(0, "village", "place_name_differs")]
    assert judge([(village, *above, "锦华"), (community, *above, "锦华")]) == []
    column, rule, detail = one((*above, "锦华"), COLUMNS[1:])
    assert (column, rule) == ("village", "place_ambiguous")
    assert detail is not None and village in detail and community in detail


MOVED = [
    # 2019: 孟津县会盟镇; 2021: 孟津区, another county code
    ("410322101219", "孟津县", "会盟镇", "上河图村", "2021-10", "410308101219", "改码"),
    # 2021: 李楼镇; 2023: 李楼街道
    ("410311107001", "洛龙区", "李楼镇", "李楼社区", "2023-01", "410311012001", "改码"),
    # renamed under its code
    ("410928104259", "濮阳县", "八公桥镇", "燕占村", "2021-10", "410928104259", "更名"),
    # 2021: 荆宫乡; 2023: 荆隆宫乡, the township's name alone
    ("410727206204", "封丘县", "荆宫乡", "朱元寨村", "2023-01", "410727206204", "代码和村名未变"),
]


@pytest.mark.parametrize(("code", "county", "township", "village", "month", "now", "kind"), MOVED)
def test_a_place_of_an_older_year(
    code: str, county: str, township: str, village: str, month: str, now: str, kind: str
) -> None:
    result = placed([(code, county, township, village), (code, county, township, village)], month=month)
    assert result.rows["village_code"].to_list() == [now, now]
    assert [row[:3] for row in result.findings.rows()] == [
        (0, "village_code", "place_code_mapped"),
        (1, "village_code", "place_code_mapped"),
    ]
    detail = result.findings["detail"][0]
    assert f"（{code}） → " in detail and detail.endswith(f"（{now}），{kind}")
    by_name = placed([(county, township, village)], COLUMNS[1:], month)
    assert by_name.findings.select("column", "rule").rows() == [("village", "place_code_mapped")]


def test_an_old_code_under_a_new_name_is_not_a_pair_of_any_year() -> None:
    """Code of 2019, names of 2021: refused, with what the code was and what the names are."""
    assert one(("410322101219", "孟津区", "会盟镇", "上河图村")) == (
        "village_code",
        "place_code_unknown",
        "该代码在2019年是孟津县会盟镇上河图村村民委员会（410322101219）"
        "；按名称是孟津区会盟镇上河图村村民委员会（410308101219）",
    )


def test_a_split_village_is_asked_about() -> None:
    assert one(("411628200206", "鹿邑县", "郑家集乡", "孙楼村")) == (
        "village_code",
        "place_split",
        "鹿邑县郑家集乡孙楼村民委员会（411628200206）最后见于2019年的区划；可能是："
        "鹿邑县郑家集乡孙楼南村民委员会（411628200211）、鹿邑县郑家集乡孙楼北村民委员会（411628200212）",
    )
    assert one(("鹿邑县", "郑家集乡", "孙楼村"), COLUMNS[1:])[:2] == ("village", "place_split")


def test_an_abolished_village() -> None:
    """大里上 of 赵家坪乡 was gone by 2021."""
    row = ("141123208205", "兴县", "赵家坪乡", "大里上村")
    for month in ("2021-10", "2023-06"):
        assert one(row, month=month) == (
            "village_code",
            "place_abolished",
            "兴县赵家坪乡大里上村委会（141123208205）最后见于2019年的区划",
        )
        assert placed([row], month=month).rows["village_code"].to_list() == ["141123208205"]
    assert judge([row], month="2020-12") == []


def test_a_place_of_a_later_year() -> None:
    column, rule, detail = one(("410308101219", "孟津区", "会盟镇", "上河图村"), month="2020-12")
    assert (column, rule) == ("village_code", "place_code_unknown")
    assert detail == "孟津区会盟镇上河图村村民委员会（410308101219）是2021年的区划，本月还不适用"
    assert one(("孟津区", "会盟镇", "上河图村"), COLUMNS[1:], "2020-12")[1:] == ("place_unknown", detail)


def test_a_mapped_code_among_good_ones_moves_alone() -> None:
    rows: list[Row] = [
        ("410122570207", "中牟县", "杨桥街道", "赵寨村"),
        ("410322101219", "孟津县", "会盟镇", "上河图村"),
        (None, "孟津县", "会盟镇", "上河图村"),
        ("410122570999", "中牟县", "杨桥街道", "赵寨村"),
    ]
    result = placed(rows)
    assert result.rows["village_code"].to_list() == ["410122570207", "410308101219", None, "410122570999"]
    assert result.rows.drop("village_code").rows() == [row[1:] for row in rows]


@pytest.mark.parametrize(("year", "month"), [(2019, "2021-10"), (2019, "2023-01"), (2021, "2023-01")])
def test_every_village_of_an_older_year_is_kept_mapped_or_refused(year: int, month: str) -> None:
    """Whatever code goes on is one of the month; only a change of code or name is warned about."""
    own = covered(year).select("village_code", county="county_name", township="township_name", village="village_name")
    result = placing.judge(own, index(month))
    assert result.findings["position"].is_unique().all()
    assert set(result.findings["rule"]) == {"place_code_mapped", "place_split", "place_abolished"}
    refused = result.findings.filter(pl.col("rule") != "place_code_mapped")["position"]
    kept = result.rows.with_row_index("position").filter(~pl.col("position").is_in(refused.implode()))
    assert set(kept["village_code"]) <= set(divisions_of_month(month)["village_code"])
    moved = (result.rows["village_code"] != own["village_code"]).arg_true()
    assert set(moved) <= set(result.findings.filter(rule="place_code_mapped")["position"])


@settings(deadline=None, max_examples=30)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["410122570207", "410322101219", "411628200206", "410308101219", "999999999999"]),
            st.sampled_from(["中牟县", "孟津县", "孟津区", "鹿邑县"]),
            st.sampled_from(["杨桥街道", "会盟镇", "郑家集乡"]),
            st.sampled_from(["赵寨村", "上河图村", "孙楼村", "孙楼", "赵寨社区"]),
        ),
        max_size=12,
    )
)
def test_a_row_is_judged_alone(rows: list[Row]) -> None:
    """The findings of many rows are those of each, and no code changes without a warning."""
    together = placed(rows)
    alone = [finding[1:] for row in rows for finding in placed([row]).findings.rows()]
    assert [finding[1:] for finding in together.findings.rows()] == alone
    warned = set(together.findings.filter(rule="place_code_mapped")["position"])
    for position, (before, after) in enumerate(zip(rows, together.rows["village_code"], strict=True)):
        assert (before[0] == after) or position in warned
