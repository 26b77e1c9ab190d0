"""Small hand-made deliveries for tests: one village of 河南省 and its people, files as departments write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import xlsxwriter

from assets import ledger, vault
from assets.batch import IntakeResult, take_in
from assets.delivery import scan_delivery
from assets.lake import raw_view_sql
from checks.raw import FEEDS

COUNTY, TOWNSHIP, VILLAGE, CODE = "中牟县", "杨桥街道", "赵寨村民委员会", "410122570207"
"""A village of fangpin/data/divisions_2021.csv.gz."""

HOUSEHOLDS = ["410122000001", "410122000002", "410122000003"]
HOUSEHOLD_HEADER = ["县", "乡", "村", "行政村代码", "户编号", "户类型", "家庭人口", "是否授权查询家庭资产"]
PERSON_HEADER = ["户编号", "证件号码", "姓名", "与户主关系", "家庭成员联系电话"]
MEDICAL_HEADER = [
    "结算单号",
    "证件号码",
    "姓名",
    "结算日期",
    "医疗类别",
    "总费用",
    "基本医保支付",
    "大病保险支付",
    "医疗救助支付",
    "合规自付费用",
]
REGISTER_HEADER = [
    "县",
    "乡",
    "村",
    "户编号",
    "姓名",
    "证件号码",
    "户类型",
    "监测对象类别",
    "识别监测时间",
    "风险是否已消除",
    "风险是否已消除",
]


def id_number(serial: int, born: str = "19700101", region: str = "410122") -> str:
    """A right number, its check digit worked from the definition of MOD 11-2."""
    first17 = f"{region}{born}{serial:03d}"
    rest = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first17)) % 11
    return first17 + "0123456789X"[(1 - rest) % 11]


def household(number: str, **cells: str) -> list[str]:
    row = dict(zip(HOUSEHOLD_HEADER, [COUNTY, TOWNSHIP, VILLAGE, CODE, number, "一般农户", "3", "是"], strict=True))
    return list((row | cells).values())


def person(number: str, household_no: str = HOUSEHOLDS[0], name: str = "测试甲", phone: str = "") -> list[str]:
    return [household_no, number, name, "户主", phone]


def settlement(number: str, id_number: str, **cells: str) -> list[str]:
    row = dict(
        zip(
            MEDICAL_HEADER,
            [number, id_number, "测试甲", "2021-10-08", "住院", "1000.50", "600", "0", "0", "400.50"],
            strict=True,
        )
    )
    return list((row | cells).values())


def registered(household_no: str, id_number: str, **cells: str) -> list[str]:
    row = [
        COUNTY,
        TOWNSHIP,
        VILLAGE,
        household_no,
        "测试甲",
        id_number,
        "一般农户",
        "边缘易致贫户",
        "202106",
        "否",
        "否",
    ]
    named = dict(zip([*REGISTER_HEADER[:-1], "again"], row, strict=True)) | cells
    return list(named.values())


def write_csv(
    home: Path, month: str, feed: str, rows: Sequence[Sequence[str]], name: str = "表.csv", encoding: str = "utf-8"
) -> Path:
    """Rows, header first, as the feed's department would put them into the inbox."""
    path = home / "inbox" / month / FEEDS[feed].source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(",".join(row) + "\n" for row in rows).encode(encoding))
    return path


def write_xlsx(home: Path, month: str, feed: str, rows: Sequence[Sequence[object]], name: str = "表.xlsx") -> Path:
    """The same as a workbook; numbers stay numbers."""
    path = home / "inbox" / month / FEEDS[feed].source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
    sheet = book.add_worksheet("Sheet1")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def deliver_people(home: Path, month: str, persons: Sequence[Sequence[str]] = ()) -> None:
    """The household list of three households and a person list."""
    write_csv(home, month, "household_list", [HOUSEHOLD_HEADER, *(household(n) for n in HOUSEHOLDS)], "户.csv")
    write_csv(home, month, "person_list", [PERSON_HEADER, *persons], "人.csv")


def take_in_all(home: Path, month: str, *feeds: str) -> dict[str, IntakeResult]:
    """Scan the month as a delivery of just these feeds and take them in, in the order given."""
    contracts = {feed: FEEDS[feed] for feed in feeds}
    scan_delivery(home, month, contracts)
    return {feed: take_in(home, month, contract) for feed, contract in contracts.items()}


def in_lake(home: Path, month: str, feed: str) -> pl.DataFrame:
    return duckdb.sql(raw_view_sql(home, month, FEEDS[feed])).pl().sort("source_row")


def rules(home: Path, month: str, feed: str) -> dict[int, set[str]]:
    """Row -> the rules it was refused by."""
    with ledger.open_ledger(home) as con:
        found = con.execute(
            "select row, rule from row_reason join file using (file_id) where feed = ? and month = ?", (feed, month)
        )
        refused: dict[int, set[str]] = {}
        for row, rule in found:
            refused.setdefault(row, set()).add(rule)
    return refused


def in_vault(home: Path, sql: str) -> list[tuple[Any, ...]]:
    con = vault.connect(home)
    try:
        with vault.attached(con, home, "test"):
            return con.sql(sql).fetchall()
    finally:
        con.close()
