"""A money column that comes in another unit than last month: told once for file, county and column, and let through."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from assets import ledger, return_list
from tests import deliveries as d

HEADER = ["姓名", "证件号码", "单位性质", "起薪月份", "月工资"]
IDS = [d.id_number(n) for n in range(25)]


def deliver(home: Path, month: str, pay: str, people: int = 25) -> None:
    d.deliver_people(home, month, [d.person(number) for number in IDS])
    rows = [["甲", number, "村干部", "202001", pay] for number in IDS[:people]]
    d.write_csv(home, month, "payroll", [HEADER, *rows])
    d.take_in_all(home, month, "household_list", "person_list", "payroll")


def told(home: Path, month: str) -> list[tuple[object, ...]]:
    with ledger.open_ledger(home) as con:
        return con.execute(
            """select row, column_name, level, message, value from row_reason join file using (file_id)
               where month = ? and rule = 'unit_slip'""",
            (month,),
        ).fetchall()


def test_a_slip_is_told_and_nothing_is_changed(tmp_path: Path) -> None:
    deliver(tmp_path, "2021-10", "3000")
    assert told(tmp_path, "2021-10") == []
    deliver(tmp_path, "2021-11", "0.3")
    message = (
        "中牟县的「月工资」：本期25个金额的中位数为0.30元，上期为3,000元，疑似元、万元混用；请核实单位，无误可不改"
    )
    assert told(tmp_path, "2021-11") == [(0, "月工资", "警告", message, None)]
    assert d.in_lake(tmp_path, "2021-11", "payroll")["monthly_pay"].to_list() == [30] * 25
    deliver(tmp_path, "2021-12", "0.31")
    assert told(tmp_path, "2021-12") == []


def test_it_stands_on_the_return_list(tmp_path: Path) -> None:
    deliver(tmp_path, "2021-10", "3000")
    assert return_list.write(tmp_path, "2021-10") == {}
    deliver(tmp_path, "2021-11", "0.3")
    ((name, rows),) = return_list.write(tmp_path, "2021-11").items()
    assert (rows, "财政局" in name) == (0, True)
    (path,) = (tmp_path / "vault").rglob(name)
    sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))["财政供养人员名单"]
    assert "警告：中牟县的「月工资」：本期25个金额的中位数为0.30元" in str(sheet["A3"].value)


@pytest.mark.parametrize(("pay", "people"), [("3300", 25), ("0.3", 19)])
def test_honest_changes_and_few_amounts_say_nothing(tmp_path: Path, pay: str, people: int) -> None:
    deliver(tmp_path, "2021-10", "3000")
    deliver(tmp_path, "2021-11", pay, people)
    assert told(tmp_path, "2021-11") == []


@pytest.mark.parametrize("titles", [[], [["单位：万元"]], [["个人", "", "", "", "金额（万元）"]]])
def test_a_corrected_row_keeps_the_unit_of_its_file_whatever_the_list_says(
    tmp_path: Path, titles: list[list[str]]
) -> None:
    """The list says 疑似元、万元混用 above its header: its own columns say which."""
    deliver(tmp_path, "2021-10", "3000")
    d.deliver_people(tmp_path, "2021-11", [d.person(number) for number in IDS])
    rows = [["甲", number, "村干部", "202001", "0.3"] for number in IDS[:24]]
    d.write_csv(tmp_path, "2021-11", "payroll", [*titles, HEADER, *rows, ["甲", IDS[24], "村长", "202001", "0.3"]])
    d.take_in_all(tmp_path, "2021-11", "household_list", "person_list", "payroll")
    (name,) = return_list.write(tmp_path, "2021-11")
    (path,) = (tmp_path / "vault").rglob(name)
    book = openpyxl.load_workbook(path)
    sheet = book["财政供养人员名单"]
    assert ("万元混用" in str(sheet["A3"].value)) == (titles == [])
    head = [cell.value for cell in sheet[4]]
    sheet.cell(5, head.index("单位性质") + 1).value = "村干部"
    book.save(tmp_path / "inbox" / "2021-11" / "财政局" / "退回.xlsx")
    d.take_in_all(tmp_path, "2021-11", "household_list", "person_list", "payroll")
    fen = 300_000 if titles else 30
    assert d.in_lake(tmp_path, "2021-11", "payroll")["monthly_pay"].to_list() == [fen] * 25
