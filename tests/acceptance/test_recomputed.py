"""One published figure per level, counted again from the delivered files with nothing but csv and openpyxl."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import openpyxl
import pytest

from pipelines.published import open_published
from tests.conftest import MONTHS

LENGTH = {"province": 2, "city": 4, "county": 6, "township": 9, "village": 12}


def households_by_number(home: Path, month: str) -> dict[str, str]:
    """户编号 -> 行政村代码 of the household list."""
    with next((home / "inbox" / month).glob("*/农户名册_*.csv")).open(encoding="utf-8-sig", newline="") as file:
        return {row["户编号"]: row["行政村代码"] for row in csv.DictReader(file)}


def eliminated_by_number(home: Path, month: str) -> dict[str, bool]:
    """户编号 -> 风险是否已消除 of the register; the header is the third row."""
    found: dict[str, bool] = {}
    for path in sorted((home / "inbox" / month).glob("*/*监测对象信息_*.xlsx")):
        rows = list(openpyxl.load_workbook(path, read_only=False).worksheets[0].iter_rows(values_only=True))
        header = [str(cell) for cell in rows[2]]
        number, eliminated = header.index("户编号"), header.index("风险是否已消除")
        for row in rows[3:]:
            if row[number] and row[eliminated] in ("是", "否"):
                found[str(row[number])] = row[eliminated] == "是"
    return found


@pytest.mark.parametrize("month", MONTHS)
def test_eliminated_and_monitored_households_at_every_level(province: Path, month: str) -> None:
    villages = households_by_number(province, month)
    expected: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for number, eliminated in eliminated_by_number(province, month).items():
        village = villages.get(number)
        if village is None:  # its line of the list was refused
            continue
        for level, length in LENGTH.items():
            expected[level, village[:length]][0] += 1
            expected[level, village[:length]][1] += eliminated
    with open_published(month, province) as con:
        published = con.sql(
            "select level, place_code, monitored_households, eliminated_households from mart.place_month"
        ).fetchall()
    assert {(level, code): [n, x] for level, code, n, x in published if n} == {
        key: counts for key, counts in expected.items() if counts[0]
    }
