"""Finding the header row and naming the columns, on hand-made tops of files."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from checks.raw import FEEDS
from fangpin.intake import header


def column(name: str, head: str, kind: str = "text", mandatory: bool = True, synonyms: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(
        name=name, header=head, kind=kind, mandatory=mandatory, required=mandatory, synonyms=synonyms, codes=(), unit=""
    )


COLUMNS = [
    column("person_name", "姓名"),
    column("id_number", "证件号码", synonyms=("身份证号",)),
    column("amount", "救助金额（元）", kind="money"),
    column("eliminated", "风险是否已消除"),
    column("remark", "备注", mandatory=False),
]


def test_titles_above_are_passed_over() -> None:
    rows = [
        ["2021年10月临时救助发放名单", "", "", "", ""],
        ["填报单位：民政局", "", "", "单位：元", ""],
        ["姓名", "证件号码", "救助金额（元）", "风险是否已消除", "备注"],
        ["张三", "11010519491231002X", "100", "是", ""],
    ]
    found = header.find(rows, COLUMNS)
    assert found is not None
    assert found.row == 3
    assert found.positions == {"person_name": 0, "id_number": 1, "amount": 2, "eliminated": 3, "remark": 4}
    assert (found.missing, found.unknown, dict(found.repeats)) == ((), (), {})


def test_spelling_of_headers_is_folded() -> None:
    rows = [["*姓 名", "身份证号", "救助金额\n(元)", "风险是否\n已消除", "【备注】"]]
    found = header.find(rows, [*COLUMNS[:4], column("remark", "（备注）", mandatory=False)])
    assert found is not None
    assert set(found.positions) == {"person_name", "id_number", "amount", "eliminated", "remark"}


@pytest.mark.parametrize(
    ("head", "in_wan"),
    [("救助金额", False), ("救助金额(元)", False), ("救助金额（万元）", True), ("救助金额（单位：万元）", True)],
)
def test_the_unit_is_read_from_the_header(head: str, in_wan: bool) -> None:
    found = header.find([["姓名", "证件号码", head, "风险是否已消除"]], COLUMNS)
    assert found is not None
    assert found.positions["amount"] == 2
    assert ("amount" in found.in_wan) == in_wan


@pytest.mark.parametrize("again", ["风险是否已消除", "风险是否已消除0", "风险是否已消除.1"])
def test_a_second_column_of_one_header_is_a_repeat(again: str) -> None:
    found = header.find([["姓名", "证件号码", "救助金额（元）", "风险是否已消除", again]], COLUMNS)
    assert found is not None
    assert dict(found.repeats) == {"eliminated": (4,)}
    assert found.unknown == ()


def test_a_suffixed_header_alone_is_not_taken_for_the_column() -> None:
    found = header.find([["姓名", "证件号码", "救助金额（元）", "风险是否已消除0"]], COLUMNS)
    assert found is not None
    assert [(m.column, m.nearest) for m in found.missing] == [("eliminated", "风险是否已消除0")]


def test_a_missing_column_is_named_with_the_nearest_header() -> None:
    found = header.find([["姓名", "证件号", "救助金额（元）", "风险是否已消除", "民族"]], COLUMNS)
    assert found is not None
    assert [(m.header, m.nearest) for m in found.missing] == [("证件号码", "证件号")]
    assert found.unknown == ("证件号", "民族")


def test_numbered_headers_of_the_contract_are_columns_of_their_own() -> None:
    register = FEEDS["register"]
    heads = [c.header for c in register.columns]
    found = header.find([heads], register.columns)
    assert found is not None
    assert found.positions == {c.name: i for i, c in enumerate(register.columns)}
    assert dict(found.repeats) == {}


TWO_ROWS = [
    ["姓名", "证件号码", "救助", "", "备注"],
    ["", "", "救助金额", "风险是否已消除", ""],
    ["张三", "11010519491231002X", "100", "是", ""],
]
MERGED = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)]


@pytest.mark.parametrize("merged", [MERGED, []])
def test_a_header_of_two_rows_names_more_than_either(merged: list[tuple[int, int, int, int]]) -> None:
    found = header.find(TWO_ROWS, COLUMNS, merged)
    assert found is not None
    assert (found.first, found.row, found.rows) == (1, 2, "第1至2行")
    assert found.positions == {"person_name": 0, "id_number": 1, "amount": 2, "eliminated": 3, "remark": 4}
    assert (found.missing, found.unknown) == ((), ())


def test_the_name_above_is_part_of_the_name_when_the_contract_says_so() -> None:
    columns = [*COLUMNS[:2], column("before", "收入"), column("after", "风险消除后收入", mandatory=False)]
    rows = [["姓名", "证件号码", "识别时", "风险消除后"], ["", "", "收入", "收入"]]
    found = header.find(rows, columns)
    assert found is not None
    assert found.positions == {"person_name": 0, "id_number": 1, "before": 2, "after": 3}
    assert found.headers == ("姓名", "证件号码", "收入", "风险消除后收入")


def test_one_name_under_two_others_is_nobody_s() -> None:
    rows = [["姓名", "证件号码", "2020年", "2021年"], ["", "", "救助金额", "救助金额"]]
    found = header.find(rows, COLUMNS[:3], [(0, 0, 1, 0), (0, 1, 1, 1)])
    assert found is not None
    assert [m.column for m in found.missing] == ["amount"]
    assert found.unknown == ("2020年/救助金额", "2021年/救助金额")


@pytest.mark.parametrize(
    ("title", "group", "head", "in_wan"),
    [
        ("单位：万元", "救助", "救助金额", True),
        ("单位：元", "救助", "救助金额", False),
        ("", "救助（万元）", "救助金额", True),
        ("", "救助（万元）", "救助金额（元）", False),
        ("单位：万元", "救助（元）", "救助金额", False),
        ("单位：万元", "救助", "救助金额（元）", False),
    ],
)
def test_the_nearest_unit_counts(title: str, group: str, head: str, in_wan: bool) -> None:
    rows = [["名单", "", title], ["个人", "", group], ["姓名", "证件号码", head]]
    found = header.find(rows, COLUMNS[:3], [(1, 0, 1, 1)])
    assert found is not None
    assert ("amount" in found.in_wan) == in_wan


def test_a_row_of_data_is_never_part_of_the_header() -> None:
    heads = ["姓名", "证件号码", "救助金额", "风险是否已消除", "备注"]
    for below in (["张三", "1", "2", "是", "无"], ["", "", "", "", ""], heads):
        found = header.find([heads, below, below], COLUMNS)
        assert found is not None
        assert (found.first, found.row) == (1, 1)


def test_no_header_at_all() -> None:
    assert header.find([["甲", "乙"], ["1", "2"]], COLUMNS) is None
    assert header.find([], COLUMNS) is None


@pytest.mark.parametrize("feed", FEEDS)
def test_every_contract_is_found_by_its_own_headers_and_no_two_columns_share_one(feed: str) -> None:
    contract = FEEDS[feed]
    found = header.find([["附件"], [c.header for c in contract.columns]], contract.columns)
    assert found is not None
    assert (found.row, found.missing, found.unknown) == (2, (), ())
    assert set(found.positions) == {c.name for c in contract.columns}
