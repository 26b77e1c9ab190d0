"""One published figure per level, counted again from the delivered files with nothing but csv and openpyxl."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import openpyxl
import polars as pl
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
        rows = list(openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True))
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


def accepted(home: Path, month: str, source: str, title: str) -> list[dict[str, str]]:
    """Lines of a csv file but for those planted as dirty that are to be refused."""
    path = next((home / "inbox" / month / source).glob(f"{title}_*.csv"))
    name = path.relative_to(home / "inbox").as_posix()
    refused = pl.read_parquet(home / "truth" / "dirty_rows.parquet").filter(
        (pl.col("file") == name) & (pl.col("fate") == "quarantined")
    )
    rows = set(refused["row"])
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [line for number, line in enumerate(csv.DictReader(file), start=2) if number not in rows]


def age(number: str, month: str) -> int:
    """Whole years by month of birth."""
    year, of_year = int(month[:4]), int(month[5:])
    return (year * 12 + of_year - int(number[6:10]) * 12 - int(number[10:12])) // 12


@pytest.mark.parametrize("month", MONTHS)
def test_alerts_of_schooling_and_insurance(province: Path, written_inbox: Path, month: str) -> None:
    """Households with a member in neither insurance; with a child of 6 to 15 whom schools suspect or do not know."""
    listed = {line["户编号"] for line in accepted(written_inbox, month, "乡村振兴局", "农户名册")}
    members = [
        line for line in accepted(written_inbox, month, "乡村振兴局", "农户家庭成员名册") if line["户编号"] in listed
    ]
    school = {line["证件号码"]: line for line in accepted(written_inbox, month, "教育局", "在校生学籍信息")}
    expected: dict[str, set[str]] = {"uninsured": set(), "dropout": set()}
    for line in members:
        insured = {line["是否参加城乡居民基本医疗保险"], line["是否参加城镇职工基本医疗保险"]}
        if insured == {"否"}:
            expected["uninsured"].add(line["户编号"])
        if 6 <= age(line["证件号码"], month) <= 15:
            pupil = school.get(line["证件号码"])
            if pupil is not None:
                away = pupil["学籍状态"] == "疑似辍学" and pupil["学段"] in {"学前教育", "小学", "初中"}
            else:
                away = line["在校生状况"] == "非在校生" and line["文化程度"] in {"小学", "文盲或半文盲", "学龄前儿童"}
            if away:
                expected["dropout"].add(line["户编号"])
    with open_published(month, province) as con:
        found = con.sql(
            "select kind, village_code, count(*) from mart.alert where kind in ('uninsured', 'dropout') group by all"
        ).fetchall()
    for kind, households in expected.items():
        assert households, kind
        assert {village: n for k, village, n in found if k == kind} == Counter(number[:12] for number in households)
