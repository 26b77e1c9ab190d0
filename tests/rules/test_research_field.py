"""Answers of the field read cell by cell: what is kept, in which spelling, and what is refused with its remedy."""

from __future__ import annotations

import datetime as dt

import pytest

from fangpin.errors import FileRejected
from fangpin.research.field import (
    Answer,
    Grid,
    Wrong,
    answer,
    day,
    finding_id,
    household_unit,
    opinion_place,
    refuse,
    register_unit,
)
from fangpin.research.items import BY_CODE


@pytest.mark.parametrize(
    ("item", "checked", "actual", "expected"),
    [
        ("working", "一致", "", ("match", "")),
        ("working", "不一致", "2", ("differ", "2")),
        ("working", "不一致", "2.0", ("differ", "2")),  # a worksheet's number
        ("working", "differ", " 3 ", ("differ", "3")),  # as an electronic form exports it
        ("working", "无法核实", "", ("unknown", "")),
        ("income_per_head", "不一致", "1,200.5元", ("differ", "120050")),  # fen
        ("identified", "不一致", "2021年5月", ("differ", "2021-05")),
        ("consent", "不一致", "否", ("differ", "no")),
        ("status", "不一致", "已标注风险消除", ("differ", "eliminated")),
        ("paper_applied", "应有而没有", "", ("missing", "")),
        ("paper_applied", "有但不一致", "2021/4/1", ("differ", "2021-04-01")),
        ("lead_relapse", "属实", "两次返贫", ("confirmed", "两次返贫")),
        ("should_be_monitored", "", "拿不准", ("", "unsure")),
        ("employment_trouble", "", "没有老板肯要", ("", "没有老板肯要")),
    ],
)
def test_an_answer_is_kept_in_one_spelling(item: str, checked: str, actual: str, expected: tuple[str, str]) -> None:
    assert answer(BY_CODE[item], checked, actual) == Answer(item, *expected, "")


@pytest.mark.parametrize("item", ["working", "should_be_monitored", "lead_relapse"])
def test_nothing_written_is_no_answer(item: str) -> None:
    assert answer(BY_CODE[item], "", "", " ") is None


@pytest.mark.parametrize(
    ("item", "checked", "actual", "told"),
    [
        ("working", "对", "", "请选“一致”、“不一致”、“无法核实”"),
        ("working", "", "3", "没有选核查结果"),
        ("working", "不一致", "两个人", "整数"),
        ("income_per_head", "不一致", "差不多一千", "金额"),
        ("identified", "不一致", "去年", "月份"),
        ("status", "不一致", "脱贫", "请选“未列入监测”、“监测中”、“已标注风险消除”"),
        ("paper_applied", "一致", "", "请选“有且一致”、“有但不一致”"),
        ("should_be_monitored", "", "也许", "请选“是”、“否”、“拿不准”"),
    ],
)
def test_what_is_not_understood_is_told_with_what_to_write(item: str, checked: str, actual: str, told: str) -> None:
    with pytest.raises(Wrong, match=told):
        answer(BY_CODE[item], checked, actual)


def test_numbers_of_persons_do_not_get_in() -> None:
    """410102199003077730 has the shape of an identity number; the phone that of a mobile."""
    found = answer(BY_CODE["lead_relapse"], "属实", "电话13812345678", "证件410102199003077730")
    assert found is not None
    assert "13812345678" not in found.actual and "199003077730" not in found.note


def test_days() -> None:
    assert day(" 2021年12月5日") == day("2021-12-05") == dt.date(2021, 12, 5)
    for wrong in ("", "昨天", "2021-02-30"):
        with pytest.raises(Wrong, match="日期读不懂"):
            day(wrong)


def test_identities_of_what_was_told() -> None:
    assert household_unit(7) == "household:7"
    assert register_unit("opinion", "甲|乙") == register_unit("opinion", "甲|乙") != register_unit("finding", "甲|乙")
    numbers = {finding_id(*key) for key in (("s", "a", "p"), ("t", "a", "p"), ("s", "b", "p"), ("s", "a", "q"))}
    assert len(numbers) == 4 and all(len(number) == 8 for number in numbers)
    places = {level: opinion_place(level, "410122001003") for level in ("county", "township", "village")}
    assert places == {"county": "410122", "township": "410122001", "village": "410122001003"}


def test_every_problem_of_a_file_is_told_up_to_twenty() -> None:
    refuse([], "甲.xlsx")
    with pytest.raises(FileRejected, match=r"甲.xlsx 有 25 处要改，整个文件没有导入") as error:
        refuse((f"第{n}行" for n in range(1, 26)), "甲.xlsx")
    assert "第20行" in str(error.value) and "第21行" not in str(error.value) and "另有 5 处" in str(error.value)


def test_where_a_row_is() -> None:
    assert (Grid("户7", ()).told(3), Grid(None, ()).told(3)) == ("工作表「户7」第3行", "第3行")
