"""A worksheet of a return list: its headers say the unit in which the amounts beside them were delivered."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from xlsxwriter.workbook import Workbook

from assets import return_sheet
from assets.return_sheet import Problem
from checks.raw import FEEDS
from fangpin.intake import header

NUMBER = "410102196503010018"


def written(feed: str, cells: dict[str, str]) -> list[tuple[Any, ...]]:
    buffer = io.BytesIO()
    file: Any = SimpleNamespace(month="2021-10", path=f"2021-10/局/{NUMBER}\u202e.csv", tables='[{"sheet": null}]')
    with Workbook(buffer) as book:
        problem = Problem(2, cells, (("", "错误", "说明；怎么改", "missing_value"),))
        return_sheet.write(book, book.add_worksheet("表"), FEEDS[feed], file, [problem], [])
    return list(openpyxl.load_workbook(buffer)["表"].iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("feed", "name", "delivered", "returned", "in_wan"),
    [
        ("village_info", "collective_income", "村级集体经济收入（万元）", "村级集体经济收入（万元）", True),
        ("village_info", "collective_income", "村级集体经济收入（元）", "村级集体经济收入（元）", False),
        ("medical", "total_cost", "总费用（万元）", "总费用（万元）", True),
        ("medical", "total_cost", "总费用", "总费用（元）", False),
        ("register", "entry_income_per_head", "人均纯收入(元)", "人均纯收入（元）", False),
        ("register", "entry_income_per_head", "人均纯收入（万元）", "人均纯收入（万元）", True),
    ],
)
def test_the_unit_stays_as_it_was_delivered(feed: str, name: str, delivered: str, returned: str, in_wan: bool) -> None:
    headers = {column.name: column.header for column in FEEDS[feed].columns} | {name: delivered}
    head = written(feed, dict.fromkeys(headers.values(), "30"))[3]
    assert returned in head
    read = header.find([[str(cell) for cell in head]], FEEDS[feed].columns)
    assert read is not None
    assert (name in read.in_wan) == in_wan


def test_the_file_is_named_without_a_number() -> None:
    told = written("medical", {column.header: "1" for column in FEEDS["medical"].columns})[1][0]
    assert told.startswith("针对文件：2021-10/局/410102********0018□.csv。")
