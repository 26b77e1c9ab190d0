"""Field files as teams send them: a filled visit workbook and a form's export say the same; what is wrong is named."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assets.field_reading import grids
from fangpin.errors import FileRejected
from fangpin.reports.research import form_read, visit, visit_read
from fangpin.reports.research.trip import Trip, Village
from fangpin.research.field import Record, Returned
from fangpin.research.items import BY_CODE, form_version
from tests import made_up_trip

TRIP: Trip = made_up_trip.trip()
VILLAGE: Village = TRIP.villages[0]
FIRST, SECOND = VILLAGE.households[:2]
Fill = Callable[[openpyxl.Workbook], None]


def row_of(sheet: Any, code: str, column: int = 1) -> int:
    return next(c.row for (c,) in sheet.iter_rows(min_col=column, max_col=column) if c.value == code)


def tick(book: openpyxl.Workbook, name: str, code: str, checked: str, actual: Any = None, note: str = "") -> None:
    """Fill in an item's row of a sheet."""
    sheet = book[name]
    for column, value in ((4, checked), (5, actual), (6, note)):
        if value not in (None, ""):
            sheet.cell(row_of(sheet, code), column, value)


def sign(book: openpyxl.Workbook, name: str, day: str) -> None:
    """Write the day behind 核查日期：."""
    cell = next(c for row in book[name].iter_rows() for c in row if str(c.value).startswith(visit.DAY))
    cell.value = f"{visit.DAY}{day}"


def filled(tmp_path: Path, fill: Fill, name: str = "村.xlsx") -> Path:
    """The village's workbook with what a team wrote into it, saved by another program."""
    book = openpyxl.load_workbook(io.BytesIO(visit.workbook(TRIP, VILLAGE)))
    fill(book)
    book.save(tmp_path / name)
    return tmp_path / name


def read(path: Path) -> Returned:
    return visit_read.read(grids(path)[1], path.name)


def answers(record: Record) -> dict[str, tuple[str, str, str]]:
    return {a.item: (a.checked, a.actual, a.note) for a in record.answers}


def whole(book: openpyxl.Workbook) -> None:
    first = f"户{FIRST}"
    tick(book, first, "persons", "不一致", 5, "去年添了孩子")
    tick(book, first, "household_type", "一致")
    tick(book, first, "should_be_monitored", "", "是")
    sign(book, first, "2021年12月5日")
    tick(book, f"户{SECOND}", "persons", "一致")
    tick(book, visit.VILLAGE, "village_monitored", "不一致", 12)
    sign(book, visit.VILLAGE, "2021-12-06")
    opinions = book[visit.OPINIONS]
    codes = {c.value: c.column for row in opinions.iter_rows() for c in row if c.value in BY_CODE}
    top = row_of(opinions, "opinion_text", codes["opinion_text"]) + 2
    for code, value in (("opinion_level", "乡"), ("opinion_topic", "七、风险消除"), ("opinion_text", "人手不够")):
        opinions.cell(top, codes[code], value)
    findings = book[visit.FINDINGS]
    codes = {c.value: c.column for row in findings.iter_rows() for c in row if c.value in BY_CODE}
    top = row_of(findings, "finding_problem", codes["finding_problem"]) + 2
    told = {"finding_problem": "公示不足七天", "finding_owner": "乡政府", "finding_due": dt.date(2022, 1, 31)}
    for code, value in told.items():
        findings.cell(top, codes[code], value)


def test_a_filled_workbook_is_read_back(tmp_path: Path) -> None:
    found = read(filled(tmp_path, whole))
    assert (found.key.plan, found.key.draw, found.key.form_version) == ("plan", 1, form_version())
    assert found.left == ()
    first, second, village, opinion, finding = found.records
    assert (first.household_id, first.day, first.place_code) == (FIRST, dt.date(2021, 12, 5), VILLAGE.code)
    assert answers(first) == {
        "persons": ("differ", "5", "去年添了孩子"),
        "household_type": ("match", "", ""),
        "should_be_monitored": ("", "yes", ""),
    }
    assert (second.household_id, second.day) == (SECOND, dt.date(2021, 12, 6))  # the village's day
    assert answers(village) == {"village_monitored": ("differ", "12", "")}
    assert (opinion.place_code, opinion.day) == (VILLAGE.code[:9], dt.date(2021, 12, 6))
    assert answers(opinion)["opinion_topic"] == ("", "elimination", "")
    assert answers(finding) == {
        "finding_problem": ("", "公示不足七天", ""),
        "finding_owner": ("", "乡政府", ""),
        "finding_due": ("", "2022-01-31", ""),
    }


def test_an_untouched_workbook_says_nothing(tmp_path: Path) -> None:
    assert read(filled(tmp_path, lambda book: None)).records == ()


def test_papers_belong_to_the_household(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book[visit.PAPERS]
        row = next(r for r in range(1, sheet.max_row + 1) if str(sheet.cell(r, 2).value).startswith("paper_"))
        sheet.cell(row, 5, "应有而没有")
        fill.number, fill.code = sheet.cell(row, 1).value, sheet.cell(row, 2).value  # type: ignore[attr-defined]
        sign(book, visit.VILLAGE, "20211206")

    (record,) = read(filled(tmp_path, fill)).records
    assert record.household_id == fill.number  # type: ignore[attr-defined]
    assert answers(record) == {fill.code: ("missing", "", "")}  # type: ignore[attr-defined]


def code_gone(book: openpyxl.Workbook) -> None:
    sheet = book[f"户{FIRST}"]
    row = row_of(sheet, "persons")
    sheet.cell(row, 1).value = None
    sheet.cell(row, 4, "一致")


def twice(book: openpyxl.Workbook) -> None:
    sheet = book[f"户{FIRST}"]
    sheet.cell(row_of(sheet, "household_type"), 1).value = "persons"
    tick(book, f"户{FIRST}", "persons", "一致")


def keys_changed(book: openpyxl.Workbook) -> None:
    sheet = book[visit.KEYS]
    sheet.cell(row_of(sheet, "draw"), 2).value = "一"


def opinion_without_level(book: openpyxl.Workbook) -> None:
    whole(book)
    opinions = book[visit.OPINIONS]
    codes = {c.value: c.column for row in opinions.iter_rows() for c in row if c.value in BY_CODE}
    opinions.cell(row_of(opinions, "opinion_text", codes["opinion_text"]) + 2, codes["opinion_level"]).value = None


@pytest.mark.parametrize(
    ("fill", "told"),
    [
        (lambda book: tick(book, f"户{FIRST}", "persons", "一致"), "没有写核查日期"),
        (lambda book: tick(book, f"户{FIRST}", "persons", "对的"), f"「户{FIRST}」第.*家庭成员有几人.*请选“一致”"),
        (lambda book: tick(book, f"户{FIRST}", "persons", "不一致", "五个"), "整数"),
        (lambda book: sign(book, f"户{FIRST}", "上周"), "日期读不懂"),
        (code_gone, "第一列不是本表的项目编码"),
        (twice, "persons 出现了两次"),
        (keys_changed, "不全或被改动"),
        (opinion_without_level, "没有写「哪一级的意见」"),
    ],
)
def test_what_is_wrong_in_a_workbook_is_named(tmp_path: Path, fill: Fill, told: str) -> None:
    with pytest.raises(FileRejected, match=told):
        read(filled(tmp_path, fill))


def test_a_sheet_of_somebody_else_is_told_not_passed_over(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.create_sheet("我的笔记")["A1"] = "下次再来"

    assert read(filled(tmp_path, fill)).left == ("工作表「我的笔记」不是本表单的，没有读取",)


BASE = {
    **{"plan": "plan", "draw": "1", "form_version": form_version(), "visited_on": "2021-12-05", "instanceID": "uuid:1"},
    **{"subject": "household", "county_code": VILLAGE.county_code, "township_code": VILLAGE.township_code},
    **{"village_code": VILLAGE.code, "household_id": str(FIRST), "interviewer": "张三"},
}


def exported(path: Path, *records: Mapping[str, str], group: str = "about_household-topic_condition-") -> Path:
    """A csv as ODK Central writes it: names of groups before those of items."""
    names = list(dict.fromkeys(name for record in records for name in record))
    with path.open("w", newline="", encoding="utf-8") as file:
        write = csv.writer(file)
        write.writerow([f"{group}{name}" if "__" in name else name for name in names])
        write.writerows([[record.get(name, "") for name in names] for record in records])
    return path


def read_form(path: Path) -> Returned:
    return form_read.read(grids(path)[1], path.name)


PERSONS = {"persons__check": "differ", "persons__actual": "5"}


@pytest.mark.parametrize("group", ["about_household-topic_condition-", "about_household/topic_condition/", ""])
def test_an_export_says_the_same_as_the_workbook(tmp_path: Path, group: str) -> None:
    path = exported(tmp_path / "导出.csv", BASE | PERSONS | {"household_type__check": "一致"}, group=group)
    found = read_form(path)
    (record,) = found.records
    assert (record.unit, record.day, record.place_code) == (f"household:{FIRST}", dt.date(2021, 12, 5), VILLAGE.code)
    assert answers(record) == {"persons": ("differ", "5", ""), "household_type": ("match", "", "")}
    assert found.left == ("1 条记录的核查人姓名没有导入，请留存原文件",)


def test_a_zip_of_an_export_is_read(tmp_path: Path) -> None:
    inner = exported(tmp_path / "a.csv", BASE | PERSONS)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(inner, "a.csv")
    assert len(read_form(tmp_path / "a.zip").records) == 1


def test_positions_photos_and_unknown_columns_are_told(tmp_path: Path) -> None:
    more = {"position-Latitude": "34.7", "photo": "1.jpg", "heard": "x", "persons__system": "4", "SubmissionDate": "d"}
    found = read_form(exported(tmp_path / "a.csv", BASE | PERSONS | more))
    assert found.left == (
        "1 条记录的位置没有导入，请留存原文件",
        "1 条记录的照片没有导入，请留存原文件",
        "1 条记录的核查人姓名没有导入，请留存原文件",
        "不认识的列没有导入：heard",
    )


def test_opinions_are_of_the_place_of_their_level(tmp_path: Path) -> None:
    opinion = {k: v for k, v in BASE.items() if k not in ("village_code", "township_code", "household_id")}
    opinion |= {"subject": "opinion", "opinion_level__actual": "county", "opinion_text__actual": "指标太多"}
    (record,) = read_form(exported(tmp_path / "a.csv", opinion)).records
    assert (record.place_code, record.household_id) == (VILLAGE.county_code, None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"subject": "别的"}, "不是选项之一"),
        ({"visited_on": "昨天"}, "第2行：日期读不懂"),
        ({"village_code": ""}, "没有选行政村"),
        ({"household_id": "甲"}, "没有选农户"),
        ({"draw": ""}, "没有方案、抽样次数或表单版本"),
        ({"persons__actual": "五"}, "家庭成员有几人.*整数"),
        ({"subject": "finding"}, "没有写「问题」"),
        ({"subject": "finding", "finding_problem__actual": "x", "instanceID": ""}, "没有记录编号"),
        ({"subject": "opinion", "opinion_text__actual": "x"}, "没有选级别"),
    ],
)
def test_what_is_wrong_in_an_export_is_named(tmp_path: Path, change: dict[str, str], told: str) -> None:
    with pytest.raises(FileRejected, match=told):
        read_form(exported(tmp_path / "a.csv", BASE | PERSONS | change))


def test_two_records_of_a_household_are_refused(tmp_path: Path) -> None:
    path = exported(tmp_path / "a.csv", BASE | PERSONS, BASE | PERSONS | {"instanceID": "uuid:2"})
    with pytest.raises(FileRejected, match=r"第3行：与第2行是同一户的两条记录"):
        read_form(path)


def test_another_table_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("姓名,电话\n甲,1\n", encoding="utf-8")
    tables = grids(tmp_path / "a.csv")[1]
    assert not form_read.is_export(tables) and not visit_read.is_visit(tables)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", b"no workbook", "a.xlsx："),
        ("a.zip", b"PK\x03\x04broken", "a.zip："),
        ("a.csv", b"a,b\n1,2,3\n", "第2行的格数与表头不同"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileRejected, match=told):
        grids(tmp_path / name)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "no.xlsx", tmp_path / "no" / "no.xlsx"):
        with pytest.raises(FileRejected, match=r"no\.xlsx"):
            grids(path)
