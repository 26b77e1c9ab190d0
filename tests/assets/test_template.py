"""A department's template: what stands in it, and that filled in as it says, it is accepted whole."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from assets.inspection import inspect
from assets.template import template
from assets.template_id import own_sheets, template_id, template_of
from checks.raw import FEEDS
from fangpin import identity
from fangpin.intake.blocks import Sheet
from fangpin.intake.cells import convert
from fangpin.policy import Policy, load
from tests.assets.test_cli import called
from tests.conftest import CHECKOUT
from tests.deliveries import id_number

MONTH = "2021-12"
HEADER_ROW, FIRST_ROW = 3, 4


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(CHECKOUT / "policy")


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def examples(guide: Worksheet) -> dict[str, dict[str, str]]:
    """Column -> its line of 填报说明 by heading, as its reader sees it."""
    rows = [[cell.value or "" for cell in row] for row in guide.iter_rows()]
    top = next(i for i, row in enumerate(rows) if row[0] == "序号")
    lines = [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]
    return {line["列名"]: line for line in lines}


def as_typed(line: dict[str, str]) -> Any:
    """What Excel makes of the example when a person types it."""
    if line["类型"] in ("金额", "数值", "整数"):
        return float(line["示例"])
    return dt.datetime.fromisoformat(line["示例"]) if line["类型"] == "日期" else line["示例"]


@pytest.mark.parametrize("name", FEEDS)
def test_filled_in_as_it_says_it_is_accepted_whole(name: str, policy: Policy, tmp_path: Path) -> None:
    book = opened(template(FEEDS[name], policy, MONTH))
    form, told = book["填报表"], examples(book["填报说明"])
    headers = [cell.value for cell in form[HEADER_ROW]]
    assert headers == [column.header for column in FEEDS[name].columns] == list(told)
    for position, header in enumerate(headers, start=1):
        form.cell(FIRST_ROW, position, as_typed(told[header]))
    path = tmp_path / "填好的.xlsx"
    book.save(path)

    found = inspect(path, FEEDS[name], MONTH, policy)
    assert found.rejected is None
    assert found.reasons == []
    assert (found.accepted, found.quarantined, found.rows_in_file) == (1, 0, FIRST_ROW)
    assert (found.sheet, found.header_row, found.unknown_columns) == ("填报表", HEADER_ROW, ())
    assert not found.old_template
    assert not any("工作表" in remark for remark in found.remarks)  # its own sheets are not told as unread


def test_the_sheets_and_what_is_hidden(policy: Policy) -> None:
    book = opened(template(FEEDS["person_list"], policy))
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("填报表", "visible"),
        ("填报说明", "visible"),
        ("选项", "hidden"),
        ("填报信息", "hidden"),
    ]
    form = book["填报表"]
    assert form.freeze_panes == "A4"
    assert (form.page_setup.orientation, form.page_setup.paperSize) == ("landscape", 9)
    assert form.print_title_rows == "$3:$3"


@pytest.mark.parametrize("name", FEEDS)
def test_cells_are_text_where_numbers_would_lose_digits(name: str, policy: Policy) -> None:
    form = opened(template(FEEDS[name], policy))["填报表"]
    for position, column in enumerate(FEEDS[name].columns, start=1):
        shown = form.column_dimensions[openpyxl.utils.get_column_letter(position)].number_format
        if column.kind in ("id_number", "household_no", "village_code", "month", "code", "phone"):
            assert shown == "@", column.name
        elif column.kind in ("date", "money"):
            assert shown != "@", column.name


def validations(book: openpyxl.Workbook) -> dict[str, Any]:
    """Header -> the validation of the column's cells to fill in."""
    form = book["填报表"]
    found = {}
    for validation in form.data_validations.dataValidation:
        for reach in validation.sqref.ranges:
            assert (reach.min_row, reach.max_row) == (FIRST_ROW, 1_048_576)
            for column in range(reach.min_col, reach.max_col + 1):
                found[form.cell(HEADER_ROW, column).value] = validation
    return found


@pytest.mark.parametrize("name", FEEDS)
def test_coded_cells_offer_the_code_list(name: str, policy: Policy) -> None:
    book = opened(template(FEEDS[name], policy))
    found = validations(book)
    for column in FEEDS[name].columns:
        options = column.codes or (("是", "否") if column.kind == "yesno" else ())
        if options:
            sheet, cells = found[column.header].formula1.split("!")
            assert (found[column.header].type, sheet) == ("list", "选项")
            assert tuple(cell.value for (cell,) in book[sheet][cells.replace("$", "")]) == options


def test_figures_have_the_limits_of_the_contract(policy: Policy) -> None:
    """总费用 is at most 2,000,000 yuan (200,000,000 fen in checks/raw/medical.py), 残疾等级 1 to 4."""
    cost = validations(opened(template(FEEDS["medical"], policy)))["总费用"]
    assert (cost.type, cost.operator, float(cost.formula1), float(cost.formula2)) == ("decimal", None, 0, 2_000_000)
    assert "不小于0，不大于2,000,000" in cost.prompt
    grade = validations(opened(template(FEEDS["disability"], policy)))["残疾等级"]
    assert (grade.type, grade.formula1, grade.formula2) == ("whole", "1", "4")


def test_every_length_of_a_number_that_is_read_may_be_typed(policy: Policy) -> None:
    number = validations(opened(template(FEEDS["medical"], policy)))["证件号码"]
    lengths = [int(length) for length in re.findall(r"LEN\(B4\)=(\d+)", number.formula1)]
    assert lengths == [15, 18, 20, 22]
    right = id_number(1, born="19650101")
    for text in (right[:6] + right[8:17], right, f"{right}43", f"{right}43B1"):
        assert identity.read(text) == right
        assert len(text) in lengths


def test_amounts_are_asked_for_in_the_unit_of_the_header(policy: Policy) -> None:
    """30 below 村级集体经济收入（万元） are 300,000 yuan, 30,000,000 fen."""
    told = examples(opened(template(FEEDS["village_info"], policy, MONTH))["填报说明"])["村级集体经济收入（万元）"]
    assert told["单位"] == "万元"
    assert "以万元为单位，最多六位小数" in told["怎么填"]
    cost = examples(opened(template(FEEDS["medical"], policy))["填报说明"])["总费用"]
    assert "以元为单位，最多两位小数" in cost["怎么填"]
    column = FEEDS["village_info"].column("collective_income")
    read = convert(column, pl.Series(["30"]), latest=dt.date(2021, 12, 31), in_wan=True)
    assert read.values.to_list() == [30_000_000]


def test_the_guide_says_when_and_where_to_deliver(policy: Policy) -> None:
    def told(month: str | None) -> str:
        rows = opened(template(FEEDS["medical"], policy, month))["填报说明"].iter_rows(values_only=True)
        return "\n".join(str(cell) for row in rows for cell in row if cell)

    assert "2022年1月4日前" in told("2021-12")
    assert "收件目录/2021-12/医保局/" in told("2021-12")
    assert "次月4日前" in told(None)
    assert "示例均为虚构" in told(None)


def test_the_example_number_is_right_and_of_a_man_of_110(policy: Policy) -> None:
    told = examples(opened(template(FEEDS["medical"], policy, MONTH))["填报说明"])
    shown = told["证件号码"]["示例"]
    assert shown == id_number(1, born="19110101", region=shown[:6])


@pytest.mark.parametrize("name", ["medical", "register"])
def test_the_same_contract_gives_the_same_bytes_and_no_formula(name: str, policy: Policy) -> None:
    made = template(FEEDS[name], policy, MONTH)
    assert template(FEEDS[name], policy, MONTH) == made
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        for part in (part for part in file.namelist() if part.startswith("xl/worksheets/")):
            assert b"<f>" not in file.read(part)
            assert b"<hyperlink" not in file.read(part)


def test_an_old_template_is_known_again(policy: Policy, tmp_path: Path) -> None:
    book = opened(template(FEEDS["death"], policy, MONTH))
    about = book["填报信息"]
    assert about["B1"].value == template_id(FEEDS["death"])
    assert about["B1"].value.startswith("death/")
    about["B1"] = "death/0000000000000000"
    book.save(tmp_path / "旧.xlsx")
    assert inspect(tmp_path / "旧.xlsx", FEEDS["death"], MONTH, policy).old_template
    assert template_of([Sheet("Sheet1", None, (("姓名", "死亡日期"),))]) is None


def test_sheets_that_only_have_the_names_of_a_templates_are_told() -> None:
    about = Sheet("填报信息", None, (("模板编号", "death/0"),), hidden=True)
    guide = Sheet("填报说明", None, (("死亡人员名单填报说明", ""),))
    lists = Sheet("选项", None, (("是",),), hidden=True)
    assert own_sheets([about, guide, lists]) == {"填报信息", "填报说明", "选项"}
    assert own_sheets([guide, lists]) == set()
    written_over = Sheet("填报说明", None, (("姓名", "证件号码"),))
    shown = Sheet("选项", None, (("姓名",),))
    assert own_sheets([about, written_over, shown]) == {"填报信息"}


def test_what_is_filled_in_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "填报模板_水利局_饮水安全监测信息.xlsx"
    assert called(monkeypatch, tmp_path / "home", "template", "water") == 0
    made = path.read_bytes()
    assert called(monkeypatch, tmp_path / "home", "template", "water") == 0
    path.write_bytes(b"filled in")
    assert called(monkeypatch, tmp_path / "home", "template", "water") == 1
    assert "没有覆盖" in capsys.readouterr().err
    assert path.read_bytes() == b"filled in"
    assert called(monkeypatch, tmp_path / "home", "template", "water", "--output", "另一份.xlsx") == 0
    assert (tmp_path / "另一份.xlsx").read_bytes() == made
    assert sorted(each.name for each in tmp_path.iterdir()) == ["另一份.xlsx", path.name]


@pytest.mark.parametrize("name", ["表.csv", "表.txt", "表.xls", "表", ".xlsx", "表.xlsx.bak"])
def test_it_is_written_under_the_name_of_a_workbook_only(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, tmp_path / "home", "template", "water", "--output", str(tmp_path / name)) == 1
    assert "以 .xlsx 结尾" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_capitals_make_no_difference_to_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert called(monkeypatch, tmp_path / "home", "template", "water", "--output", str(tmp_path / "表.XLSX")) == 0
