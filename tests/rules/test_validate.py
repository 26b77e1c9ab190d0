"""A block judged: what refuses a row, what only warns of it, and what is said of both."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pyarrow as pa
import pytest

from checks.raw import FEEDS
from fangpin.identity import check_character
from fangpin.intake import header, placing, validate
from fangpin.intake.blocks import Block
from fangpin.intake.doubts import Plausible
from fangpin.intake.reading.layout import layout_of

CONTRACTS: Any = FEEDS
HEADER = ("姓名", "证件号码", "单位性质", "起薪月份", "月工资")


def number(serial: int, born: str = "19700101") -> str:
    first17 = f"410122{born}{serial:03d}"
    return first17 + check_character(first17)


@lru_cache(maxsize=1)
def context() -> validate.Context:
    return validate.Context("2021-10", placing.place_index("2021-10"), Plausible(120, 3.5, 3, 20))


def judged(*rows: tuple[str | None, ...], month_is_number: bool = False) -> validate.Judged:
    contract = CONTRACTS["payroll"]
    heading = header.find([HEADER], contract.columns)
    assert heading is not None
    cells = {name: pa.array([row[at] for row in rows], pa.string()) for name, at in heading.positions.items()}
    table = pa.table({"source_row": pa.array(range(2, 2 + len(rows)), pa.int32()), **cells})
    typed = {"started": pa.array([month_is_number] * len(rows))}
    return validate.judge(Block(cells=table, typed_number=typed, end=1 + len(rows)), contract, heading, context())


def usual(count: int) -> list[tuple[str | None, ...]]:
    return [("甲", number(n), "村干部", "202001", "3000") for n in range(count)]


def test_a_warning_lets_the_row_through_and_is_said() -> None:
    found = judged(*usual(20), ("乙", number(50), "村干部", "202001", "0.3"))
    assert (len(found.accepted), found.refused) == (21, {})
    assert found.accepted["monthly_pay"].to_list()[-1] == 30
    message = "月工资：与同列多数金额相差悬殊，可能是元、万元混用；请核实，无误可不改"
    assert found.reasons.rows() == [(22, "月工资", "amount_far_outside", "警告", message, "0.3")]


def test_a_refused_row_keeps_its_warnings_and_its_values_are_masked() -> None:
    old = number(1, "18990101")
    found = judged(*usual(20), ("乙", old, "村长", "202001", "0.3"))
    assert (len(found.accepted), list(found.refused)) == (20, [22])
    said = {(column, rule, level, value) for _, column, rule, level, _, value in found.reasons.rows()}
    assert said == {
        ("单位性质", "unknown_code", "错误", "村*"),
        ("月工资", "amount_far_outside", "警告", "0.3"),
        ("证件号码", "id_number_age", "警告", f"{old[:6]}********{old[-4:]}"),
    }


@pytest.mark.parametrize("last", [("合计", None, None, None, "60000000"), ("", None, None, None, None)])
def test_rows_that_are_no_records_are_not_warned_of(last: tuple[str | None, ...]) -> None:
    found = judged(*usual(20), last)
    assert (len(found.accepted), found.refused, found.reasons.rows()) == (20, {}, [])
    assert len(found.asides) + found.blank_rows == 1


def said_of(feed: str, head: tuple[str, ...], row: tuple[str, ...]) -> list[str]:
    """The messages about the only row of a feed's file."""
    contract = CONTRACTS[feed]
    heading = header.find([head], contract.columns)
    assert heading is not None
    cells = {name: pa.array([row[position]], pa.string()) for name, position in layout_of(heading).items()}
    block = Block(cells=pa.table({"source_row": pa.array([2], pa.int32()), **cells}), end=2)
    return validate.judge(block, contract, heading, context()).reasons["message"].to_list()


def test_a_value_out_of_range_is_told_the_range() -> None:
    head = ("残疾人证号", "姓名", "残疾类别", "残疾等级", "发证月份")
    wrong = "残疾等级：超出合理范围（不小于1，不大于4）；请核实数值（金额还要核实是元还是万元）后重报"
    assert said_of("disability", head, (f"{number(1)}41", "甲", "肢体", "7", "202001")) == [wrong]


def test_an_amount_out_of_range_is_told_the_range_in_yuan() -> None:
    head = ("姓名", "证件号码", "户编号", "低保类别", "月保障金额", "批准月份")
    wrong = "月保障金额：超出合理范围（不小于0元，不大于5,000元）；请核实数值（金额还要核实是元还是万元）后重报"
    assert said_of("dibao", head, ("甲", number(1), "HB0001", "A类", "5000.01", "202001")) == [wrong]
    assert said_of("dibao", head, ("甲", number(1), "HB0001", "A类", "5000", "202001")) == []


def test_columns_that_contradict_each_other_are_named() -> None:
    head = ("姓名", "证件号码", "户编号", "低保类别", "月保障金额", "批准月份", "身份证号", "月保障金额2")
    row = ("甲", number(1), "HB0001", "A类", "350", "202001", number(2), "360")
    assert said_of("dibao", head, row) == [
        "证件号码：文件中有几列是同一项，内容不一致（「证件号码」、「身份证号」）；请核对后只保留一列",
        "月保障金额：文件中有几列是同一项，内容不一致（「月保障金额」、「月保障金额2」）；请核对后只保留一列",
    ]


def test_every_rule_has_a_level_and_says_what_to_do() -> None:
    levels = {rule: validate.level(rule) for rule in validate.RULES}
    assert {rule for rule, level in levels.items() if level == "警告"} >= {
        "id_number_age",
        "amount_far_outside",
        "unit_slip",
    }
    assert levels["not_money"] == levels["missing_value"] == levels["id_number_check"] == "错误"
    assert all("；" in text or "：" in text for text in validate.RULES.values())


def test_a_serial_day_in_a_worksheet_is_its_month_and_a_number_of_the_year_is_refused() -> None:
    found = judged(("甲", number(0), "村干部", "43831", "3000"), month_is_number=True)
    assert found.accepted["started"].to_list() == ["2020-01"]
    found = judged(("甲", number(0), "村干部", "2021.1", "3000"), month_is_number=True)
    assert [rule for _, _, rule, *_ in found.reasons.rows()] == ["ambiguous_month"]


def test_errors_of_formulas_are_refused_in_any_column() -> None:
    found = judged(("#N/A", number(0), "#REF!", "#VALUE!", "#DIV/0!"), ("甲", "#N/A", "村干部", "202001", "1"))
    assert {(row, column) for row, column, rule, *_ in found.reasons.rows() if rule == "cell_error"} == {
        *((2, name) for name in ("姓名", "单位性质", "起薪月份", "月工资")),
        (3, "证件号码"),
    }
