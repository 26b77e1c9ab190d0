"""What is said of how a file was read, sentence by sentence."""

from __future__ import annotations

from checks.raw import FEEDS
from fangpin.intake.blocks import Sheet
from fangpin.intake.locating import Located, locate
from fangpin.intake.remarks import remarks

POSTS = FEEDS["public_post"]
HEAD = ("姓名", "证件号码", "岗位类型", "设岗层级", "上岗月份", "月补贴", "岗位职责")


def sheet(name: str | None, *rows: tuple[str, ...], count: int = 10, hidden: bool = False) -> Sheet:
    return Sheet(name=name, delimiter=None, top=rows, rows=count, hidden=hidden)


def said(at: Located, asides: list[tuple[int, str]] | None = None, rounded: dict[str, int] | None = None) -> list[str]:
    return list(remarks(at, POSTS, asides or [], rounded or {}))


def test_nothing_is_said_of_a_plain_list() -> None:
    assert said(locate([sheet("名单", HEAD)], POSTS)) == []


def test_every_sheet_with_rows_that_is_not_read_is_named() -> None:
    at = locate([sheet("名单", HEAD), sheet("说明"), sheet("选项", hidden=True), sheet("Sheet3", count=0)], POSTS)
    assert said(at) == ["没有读取的工作表（不是《公益性岗位台账》）：「说明」（10 行）、「选项」（10 行，隐藏）"]


def test_columns_in_wan_and_columns_without_a_name_are_told() -> None:
    at = locate([sheet("名单", ("单位：万元",), (*HEAD, "民族", ""), (*[""] * 8, "x"))], POSTS)
    assert said(at) == ["没有读取的列（约定中没有）：民族、第9列（无列名）", "按万元读取、换算为元的列：月补贴"]


def test_columns_without_a_name_that_begin_further_down_are_told_once() -> None:
    at = locate([sheet("名单", (*HEAD, ""), (*[""] * 7, "x"))], POSTS)
    assert list(remarks(at, POSTS, [], {}, ["第8列（无列名）", "第9列（无列名）"])) == [
        "没有读取的列（约定中没有）：第8列（无列名）、第9列（无列名）"
    ]


def test_sheets_of_the_template_are_not_told() -> None:
    at = locate([sheet("名单", HEAD), sheet("填报说明"), sheet("附表")], POSTS)
    assert list(remarks(at, POSTS, [], {}, (), {"填报说明"})) == [
        "没有读取的工作表（不是《公益性岗位台账》）：「附表」（10 行）"
    ]


def test_hidden_columns_that_are_read_are_told() -> None:
    def hidden(name: str, *positions: int) -> Sheet:
        return Sheet(name=name, delimiter=None, top=((*HEAD, "民族"),), rows=3, hidden_columns=positions)

    assert said(locate([hidden("甲乡", 1, 5, 7, 9)], POSTS))[1:] == ["隐藏的列也已读取：证件号码、月补贴"]
    assert said(locate([hidden("甲乡", 7)], POSTS))[1:] == []
    two = locate([hidden("甲乡", 1), hidden("乙乡", 5)], POSTS)
    assert said(two)[1:] == ["隐藏的列也已读取：「甲乡」证件号码、「乙乡」月补贴"]


def test_examples_are_told_as_such() -> None:
    at = locate([sheet("名单", HEAD)], POSTS)
    assert said(at, [(2, "示例"), (9, "合计")]) == ["没有读取的行（合计、注释和示例）：第2行（示例）、第9行（合计）"]


def test_rows_are_told_with_their_sheet_when_there_are_several() -> None:
    one = locate([sheet("甲乡", HEAD)], POSTS)
    assert said(one, [(9, "合计"), (10, "注释")]) == ["没有读取的行（合计和注释）：第9行（合计）、第10行（注释）"]
    two = locate([sheet("甲乡", HEAD), sheet("乙乡", HEAD)], POSTS)
    assert said(two, [(9, "合计"), (15, "合计")]) == [
        "没有读取的行（合计和注释）：「甲乡」第9行（合计）、「乙乡」第5行（合计）"
    ]


def test_of_many_rows_the_first_twenty_are_told() -> None:
    (told,) = said(locate([sheet(None, HEAD)], POSTS), [(row, "合计") for row in range(2, 23)])
    assert told.startswith("没有读取的行（合计和注释）：第2行（合计）、")
    assert told.endswith("第21行（合计）……共 21 行")


def test_rounded_amounts_are_counted_by_column() -> None:
    at = locate([sheet("名单", HEAD)], POSTS)
    assert said(at, rounded={"月补贴": 1_200}) == ["「月补贴」有 1,200 个金额多于两位小数，已四舍五入到分"]
