"""Delivered place names against the divisions: what is one village, what is another, what is none."""

from __future__ import annotations

import polars as pl
import pytest

from fangpin.intake import placing
from fangpin.places import divisions

INDEX = placing.place_index(divisions(2021))
COLUMNS = ["village_code", "county", "township", "village"]


def judge(rows: list[tuple[str | None, ...]], columns: list[str]) -> list[tuple[int, str, str]]:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return placing.wrong_places(frame, INDEX).sort("position").rows()


@pytest.mark.parametrize(
    ("township", "village"),
    [
        *(
            (township, v)
            for township in ("杨桥街道", "杨桥街道办事处")
            for v in ("赵寨村民委员会", "赵寨村委会", "赵寨村", " 赵 寨 ")
        ),
        ("杨桥街道", "杨桥街道赵寨村"),
        ("杨桥街道", "中牟县杨桥街道赵寨村民委员会"),
    ],
)
def test_spellings_of_one_village(township: str, village: str) -> None:
    row = ("410122570207", "中牟县", township, village)
    assert judge([row], COLUMNS) == []
    assert judge([row[1:]], COLUMNS[1:]) == []


def test_a_village_the_divisions_name_in_full() -> None:
    """栾川县赤土店镇竹园村村民委员会 is how the statistical office writes 竹园村."""
    assert judge([("410324101201", "栾川县", "赤土店镇", "竹园村")], COLUMNS) == []
    assert judge([("栾川县", "赤土店镇", "竹园村村委会")], COLUMNS[1:]) == []


def test_what_is_wrong_is_named() -> None:
    rows: list[tuple[str | None, ...]] = [
        ("410122570207", "中牟县", "杨桥街道", "常白村"),
        ("410122570207", "中牟县", "豫兴街道", "赵寨村"),
        ("410122570207", "新郑市", "杨桥街道", "赵寨村"),
        ("410122570999", "中牟县", "杨桥街道", "赵寨村"),
        (None, "中牟县", "杨桥街道", "赵寨村"),
        ("410122570207", "中牟县", "杨桥街道", "赵寨村"),
    ]
    assert judge(rows, COLUMNS) == [
        (0, "village", "place_name_differs"),
        (1, "township", "place_name_differs"),
        (2, "county", "place_name_differs"),
        (3, "village_code", "place_code_unknown"),
    ]


def test_names_alone() -> None:
    rows: list[tuple[str | None, ...]] = [
        ("中牟县", "杨桥街道", "赵家村"),
        ("兴县", "赵家坪乡", "赵家坪村"),
        ("兴县", None, "赵家坪村"),
    ]
    assert judge(rows, COLUMNS[1:]) == [(0, "village", "place_unknown")]


def test_rows_without_a_place() -> None:
    frame = pl.DataFrame({"amount": [1, 2]})
    assert placing.wrong_places(frame, INDEX).is_empty()


def test_no_two_villages_of_a_township_fold_into_one_name_by_code() -> None:
    """The village's own folded name always agrees with its code."""
    own = divisions(2021).select("village_code", county="county_name", township="township_name", village="village_name")
    assert placing.wrong_places(own, INDEX).is_empty()
