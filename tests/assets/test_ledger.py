"""The ledger by itself: what is in force, what was superseded, what may be written at once."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from assets import ledger
from assets.ledger import Delivered, TakenIn

FILE = Delivered(
    feed="medical",
    month="2021-10",
    place="41",
    attempt=0,
    sha256="a" * 64,
    path="2021-10/医保局/表.csv",
    source="医保局",
    size=10,
    modified_ns=1,
    encoding="utf8",
    lines=5,
    quoted=False,
)
TAKEN = TakenIn(
    sha256="a" * 64,
    path=FILE.path,
    feed="medical",
    month="2021-10",
    place="41",
    source="医保局",
    size=10,
    contract="c1",
    encoding="utf8",
    sheet=None,
    header_row=1,
    unknown_columns="[]",
    rows_in_file=5,
    header_rows=1,
    blank_rows=0,
    total_rows=0,
    accepted=2,
    quarantined=2,
    matched=1,
    unmatched=1,
    lake_path="lake/medical/month=2021-10/a.parquet",
    attempt=1,
)
REASONS = [
    (2, "总费用", "not_money", "错误", "…", "多*"),
    (2, "医疗类别", "unknown_code", "错误", "…", "急*"),
    (4, "总费用", "not_money", "错误", "…", None),
    (5, "总费用", "amount_far_outside", "警告", "…", "0.32"),
]


def test_what_is_delivered_and_read_under_this_contract_is_in_force(tmp_path: Path) -> None:
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_delivery(con, "2021-10", [FILE])
        assert ledger.delivered(con, "medical", "2021-10") == [replace(FILE, attempt=1)]
        assert ledger.in_force(con, "medical", "2021-10", "c1") == []
        ledger.record_file(con, TAKEN, REASONS)
        assert ledger.in_force(con, "medical", "2021-10", "c1") == [TAKEN]
        assert ledger.in_force(con, "medical", "2021-10", "c2") == []
        assert ledger.in_force(con, "medical", "2021-11", "c1") == []
        ledger.record_file(con, replace(TAKEN, accepted=3, quarantined=1), [])
        assert [f.accepted for f in ledger.in_force(con, "medical", "2021-10", "c1")] == [3]
        ledger.record_file(con, replace(TAKEN, contract="c2"), [])
        assert len(ledger.in_force(con, "medical", "2021-10", "c2")) == 1
        assert con.execute("select count(*) from file").fetchone() == (3,)


def test_another_delivery_supersedes_and_the_first_can_come_back(tmp_path: Path) -> None:
    other = replace(FILE, sha256="b" * 64, modified_ns=2)
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_delivery(con, "2021-10", [FILE])
        ledger.record_file(con, TAKEN, [])
        ledger.record_delivery(con, "2021-10", [other])
        assert ledger.in_force(con, "medical", "2021-10", "c1") == []
        assert [d.attempt for d in ledger.delivered(con, "medical", "2021-10")] == [2]
        ledger.record_delivery(con, "2021-10", [FILE])
        assert ledger.in_force(con, "medical", "2021-10", "c1") == [TAKEN]
        ledger.record_delivery(con, "2021-10", [])
        assert ledger.delivered(con, "medical", "2021-10") == []
        assert ledger.in_force(con, "medical", "2021-10", "c1") == []
        assert ledger.delivered_months(con, "medical", "2021-01", "2021-12") == ["2021-10"]


def test_reasons_are_counted_by_row(tmp_path: Path) -> None:
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_delivery(con, "2021-10", [FILE])
        ledger.record_file(con, TAKEN, REASONS)
        assert ledger.reason_counts(con, "medical", "2021-10", "c1") == [("not_money", 2), ("unknown_code", 1)]
        assert ledger.reason_counts(con, "medical", "2021-10", "c1", "警告") == [("amount_far_outside", 1)]


def test_a_file_is_found_by_the_hash_its_rows_carry(tmp_path: Path) -> None:
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_file(con, TAKEN, [])
        assert ledger.find_file(con, "a" * 16, "medical") == TAKEN
        assert ledger.find_file(con, "b" * 16, "medical") is None
        assert ledger.find_file(con, "a" * 16, "dibao") is None


def test_a_failure_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError), ledger.open_ledger(tmp_path) as con:
        ledger.record_delivery(con, "2021-10", [FILE])
        con.execute("insert into batch (feed) values (null)")
    with ledger.open_ledger(tmp_path) as con:
        assert ledger.delivered(con, "medical", "2021-10") == []


def test_a_ledger_of_before_the_levels_knew_refused_rows_only(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    with sqlite3.connect(tmp_path / "ledger" / "ledger.sqlite") as con:
        con.execute(
            """create table row_reason (
              file_id integer not null, row integer not null, column_name text not null, rule text not null,
              message text not null, value text)"""
        )
        con.execute("insert into row_reason values (1, 2, '总费用', 'not_money', '…', null)")
    con.close()
    for _ in range(2):
        with ledger.open_ledger(tmp_path) as con:
            assert con.execute("select rule, level from row_reason").fetchall() == [("not_money", "错误")]
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_delivery(con, "2021-10", [FILE])
        ledger.record_file(con, TAKEN, REASONS[3:])
        found = con.execute("select row, column_name, level, message, value from row_reason where level = '警告'")
        assert found.fetchall() == [(5, "总费用", "警告", "…", "0.32")]
