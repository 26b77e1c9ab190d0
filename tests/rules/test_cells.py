"""Every kind of written cell and the value it stands for; the column against the single cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.intake import cells, written
from fangpin.intake.written import Unreadable

LATEST = dt.date(2021, 10, 31)

MONEY = {
    "1234": 123400,
    "1234.5": 123450,
    "1234.56": 123456,
    "0": 0,
    "-12.30": -1230,
    "1,234.56": 123456,
    "12,345,678": 1234567800,
    "１２３４．５": 123450,
    "￥1,200": 120000,
    "1.2万元": 1200000,
    "1.2 万": 1200000,
    "350元": 35000,
    "12.345": 1235,
    "1.005": 101,
    "29.830000000000002": 2983,
    "0.3333333333": 33,
    "-0.125": -13,
    " 88 ": 8800,
    "\u3000３，２００．５０\u00a0": 320050,
    "'3200": 320000,
    "’-12.5": -1250,
    "3.2万元": 3200000,
    "0.32万": 320000,
    "3200元": 320000,
    "3200元整": 320000,
    "￥3,200.00元": 320000,
    ".5": 50,
    "1.1368683772161603e-13": 0,
    "5E-01": 50,
    "无": None,
    "空": None,
    "—": None,
    "": None,
}
NOT_MONEY = [
    "待核实",
    "12,34",
    "1e5",
    "1.23E+05",
    "nan",
    "inf",
    "1.2.3",
    "12元以上",
    "约300",
    "85%",
    "'",
    "3万2",
    "..5",
]
MONTHS = {
    "202104": "2021-04",
    "2021-04": "2021-04",
    "2021-4": "2021-04",
    "2021.4": "2021-04",
    "2021.10": "2021-10",
    "2021/04": "2021-04",
    "2021年4月": "2021-04",
    "2021年04月": "2021-04",
    "2021年4月份": "2021-04",
    "２０２１年４月": "2021-04",
    "20210401": "2021-04",
    "2021-04-01": "2021-04",
    "2021-04-30 00:00:00": "2021-04",
    "'202104": "2021-04",
    "202104.0": "2021-04",
    "44287": "2021-04",
    "44316": "2021-04",
    "44317": "2021-05",
    "空": None,
}
NOT_MONTHS = ["202113", "2021", "4月", "2021-00", "20210230", "明年", "20214", "300001", "4428", "-44287"]
DATES = {
    "2021-04-01": dt.date(2021, 4, 1),
    "20210401": dt.date(2021, 4, 1),
    "2021/4/1": dt.date(2021, 4, 1),
    "2021.4.1": dt.date(2021, 4, 1),
    "2021年4月1日": dt.date(2021, 4, 1),
    "2021-04-01 08:30": dt.date(2021, 4, 1),
    "２０２１年４月１号": dt.date(2021, 4, 1),
    "2021 年 4 月 1 日": dt.date(2021, 4, 1),
    "'2021-4-1": dt.date(2021, 4, 1),
    "20210401.0": dt.date(2021, 4, 1),
    "44494": dt.date(2021, 10, 25),
    "44494.0": dt.date(2021, 10, 25),
    "44494.75": dt.date(2021, 10, 25),
    "43890": dt.date(2020, 2, 29),
    "29221": dt.date(1980, 1, 1),
    "58439": dt.date(2059, 12, 30),
    "/": None,
}
NOT_DATES = [
    *("2021-02-30", "2021041", "202104", "1899-12-31", "2021-13-01", "昨天", "2021年10月"),
    *("29220", "58441", "20214", "1", "4449", "444940"),
]
"""29220 is 1979-12-31, 58441 is 2060-01-01 and 20214 may be meant as April 2021."""
YES_NO = {
    **{"是": True, "否": False, "√": True, "×": False, "1": True, "0": False, "Y": True, "n": False, "无": None},
    **{"✔": True, "☒": False, "１": True, "'0": False, "\u3000是\u00a0": True, "true": True, "FALSE": False, "—": None},
}


def column(kind: str, codes: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(name="c", header="列", kind=kind, codes=codes, synonyms=())


def read(kind: str, texts: Sequence[str | None], **more: Any) -> cells.Read:
    return cells.convert(column(kind, more.pop("codes", ())), pl.Series(texts, dtype=pl.String), latest=LATEST, **more)


def rules(found: cells.Read, rows: int) -> list[str | None]:
    return [None] * rows if found.rules is None else found.rules.to_list()


@pytest.mark.parametrize(
    ("kind", "expected"), [("money", MONEY), ("month", MONTHS), ("date", DATES), ("yesno", YES_NO)]
)
def test_spellings(kind: str, expected: dict[str, Any]) -> None:
    found = read(kind, [*expected, None])
    assert found.values.to_list() == [*expected.values(), None]
    assert rules(found, len(expected) + 1) == [None] * (len(expected) + 1)


@pytest.mark.parametrize(
    ("kind", "texts", "rule"),
    [
        ("money", NOT_MONEY, "not_money"),
        ("month", NOT_MONTHS, "not_a_month"),
        ("date", NOT_DATES, "not_a_date"),
        ("yesno", ["可能", "是的", "2", "有"], "not_yes_or_no"),
        ("integer", ["三", "3.5", "3人", "12345678901", "12,34", "5%"], "not_an_integer"),
        ("number", ["nan", "inf", "1e3", "百", "5%%", "12,34"], "not_a_number"),
        ("household_no", ["合计", "12", "4100*1", "甲4100001"], "household_no_shape"),
        ("village_code", ["4101020010021", "41010200100", "村"], "village_code_shape"),
    ],
)
def test_what_cannot_be_read(kind: str, texts: list[str], rule: str) -> None:
    found = read(kind, texts)
    assert found.values.to_list() == [None] * len(texts)
    assert rules(found, len(texts)) == [rule] * len(texts)


@pytest.mark.parametrize(
    ("texts", "in_wan", "rounded"),
    [
        (["350.005", "350.00", "1", "350.0049"], False, 2),
        (["350.005元", "1,234.567", "12.5"], False, 2),
        (["350.0000000001", "1234.5600000000001", "2.675"], False, 1),
        (["0.035", "0.123456", "0.1234567"], True, 1),
        (["0.1234567万元", "0.12345万元"], False, 1),
        (["八百", None, "800"], False, 0),
    ],
)
def test_amounts_of_less_than_a_fen_are_counted_crumbs_of_arithmetic_are_not(
    texts: list[str | None], in_wan: bool, rounded: int
) -> None:
    assert read("money", texts, in_wan=in_wan).rounded == rounded


def test_header_in_wan() -> None:
    found = read("money", ["1.2", "3", "5元", "1万元"], in_wan=True)
    assert found.values.to_list() == [1_200_000, 3_000_000, 500, 1_000_000]


def test_whole_numbers_and_decimals() -> None:
    assert read("integer", ["3", "３", "3.0", "-2", "无", "1,234", "'7"]).values.to_list() == [
        3,
        3,
        3,
        -2,
        None,
        1234,
        7,
    ]
    assert read("number", ["88.5", "1,088.25", "７", "—", ".5"]).values.to_list() == [88.5, 1088.25, 7.0, None, 0.5]


def test_percentages_are_shares() -> None:
    assert read("number", ["85%", "８５．５％", "0.1%", "1,200%"]).values.to_list() == [0.85, 0.855, 0.001, 12.0]


def test_a_contract_may_say_other_words_for_yes_and_no() -> None:
    found = read("yesno", ["有", "无", " 有 ", "是", "0", "—", "没有"], codes=("有", "无"))
    assert found.values.to_list() == [True, False, True, True, False, None, None]
    assert rules(found, 7) == [None] * 6 + ["not_yes_or_no"]


ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
"""ECMA-376 18.18.11: the texts of a cell whose formula failed."""


@pytest.mark.parametrize(
    "kind",
    ["text", "name", "code", "money", "integer", "number", "month", "date", "yesno", "household_no", "village_code"],
)
def test_errors_of_formulas_are_named(kind: str) -> None:
    found = read(kind, [*ERRORS, "＃Ｎ／Ａ"], codes=("甲", "乙"))
    assert found.values.to_list() == [None] * 8
    assert rules(found, 8) == ["cell_error"] * 8
    numbers = read("id_number", ["#N/A", "11010519491231002X", "42"])
    assert rules(numbers, 3) == ["cell_error", None, "id_number_shape"]


def test_errors_among_many_different_texts_are_named() -> None:
    found = read("text", ["#REF!", "无", *(f"文本{n}" for n in range(2500))])
    assert (found.values.to_list()[:3], rules(found, 2502)[:3]) == ([None, None, "文本0"], ["cell_error", None, None])


def test_codes_are_matched_after_folding_and_left_as_written_when_unknown() -> None:
    found = read("code", ["A类", "Ａ类", " A 类", "D类", "无", None], codes=("A类", "B类"))
    assert found.values.to_list() == ["A类", "A类", "A类", "D类", None, None]
    listed = read("code", ["无", "有"], codes=("有", "无"))
    assert listed.values.to_list() == ["无", "有"]


def test_text_names_and_numbers_of_households() -> None:
    assert read("text", ["  东组\u3000", "Ａ区", "—", None]).values.to_list() == ["东组", "A区", None, None]
    assert read("name", ["张三", " 李四 ", "无"]).values.to_list() == ["张三", "李四", None]
    assert read("text", ["'0012", "‘-5", "'东组'", "'"]).values.to_list() == ["0012", "-5", "'东组'", "'"]
    assert read("household_no", ["410000000001", "'410000000001", "４１００１", "12345.0"]).values.to_list() == [
        "410000000001",
        "410000000001",
        "41001",
        "12345",
    ]


def test_number_cells_of_a_worksheet() -> None:
    typed = pl.Series([True, False])
    numbers = read("id_number", ["110105194912310000", "11010519491231002X"], typed_number=typed)
    assert rules(numbers, 2) == ["stored_as_number", None]
    assert numbers.keys is not None and numbers.keys.null_count() == 1
    households = read("household_no", ["41000000000000001", "410000000001"], typed_number=pl.Series([True, True]))
    assert rules(households, 2) == ["stored_as_number", None]
    documents = read("text", ["4100000000000000", "410000000000000"], typed_number=pl.Series([True, True]))
    assert rules(documents, 2) == ["stored_as_number", None]
    months = read("month", ["2021.1", "2021.1"], typed_number=typed)
    assert (rules(months, 2), months.values.to_list()) == (["ambiguous_month", None], [None, "2021-01"])


def test_blank_identity_cells_are_empty_not_wrong() -> None:
    found = read("id_number", ["无", "  ", None, "11010519491231002X"])
    assert rules(found, 4) == [None] * 4
    assert found.values.to_list() == [None, None, None, "11010519491231002X"]


SINGLE: dict[str, Callable[[str], object]] = {
    "money": written.read_money,
    "month": written.read_month,
    "date": written.read_date,
    "yesno": written.read_yes_no,
    "integer": written.read_integer,
    "number": written.read_number,
    "household_no": written.read_household_no,
    "village_code": written.read_village_code,
}
WRITTEN = st.one_of(
    st.text(alphabet="0123456789.,-+%'年月日/ eE是否万元无√#", max_size=12),
    st.decimals(-(10**6), 10**6, places=2).map(str),
    st.integers(-(10**20), 10**20).map(str),
    st.dates(dt.date(1899, 1, 1), dt.date(2100, 12, 31)).map(str),
    st.from_regex(r"20[0-9]{2}(0[0-9]|1[0-9])", fullmatch=True),
    st.none(),
)


@pytest.mark.parametrize("kind", SINGLE)
@settings(deadline=None)
@given(texts=st.lists(WRITTEN, max_size=6))
def test_the_column_says_what_the_single_cell_says(kind: str, texts: list[str | None]) -> None:
    found = read(kind, texts)
    expected: list[tuple[Any, str | None]] = []
    for text in texts:
        try:
            expected.append((None if text is None else SINGLE[kind](text), None))
        except Unreadable as wrong:
            expected.append((None, wrong.rule))
    assert list(zip(found.values.to_list(), rules(found, len(texts)), strict=True)) == expected


@settings(deadline=None)
@given(st.decimals(0, 10**8, places=2))
def test_written_amounts_come_back_to_the_fen(amount: Any) -> None:
    fen = int(amount * 100)
    yuan = f"{fen // 100}.{fen % 100:02d}"
    assert read("money", [yuan, f"{fen // 100:,}.{fen % 100:02d}"]).values.to_list() == [fen, fen]


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(alphabet="张三 \u3000ＡａA1-—'无空暂Nonul·é", max_size=6), st.none()), max_size=12))
def test_many_different_texts_are_tidied_like_few(texts: list[str | None]) -> None:
    many = [*texts, *(f"文本{n}" for n in range(2500))]
    expected = [None if text is None else written.tidy(text) for text in texts]
    assert read("text", texts).values.to_list() == expected
    assert read("text", many).values.to_list()[: len(texts)] == expected
