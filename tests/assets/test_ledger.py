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
    position=0,
    role="full",
    answers=None,
    sha256="a" * 64,
    path="2021-10/医保局/表.csv",
    member=None,
    sheet=None,
    source="医保局",
    size=10,
    modified_ns=1,
    kind="csv",
    encoding="utf8",
    lines=5,
    quoted=False,
)
TAKEN = TakenIn(
    sha256="a" * 64,
    path=FILE.path,
    member=None,
    sheet=None,
    feed="medical",
    month="2021-10",
    place="41",
    role="full",
    source="医保局",
    size=10,
    contract="c1",
    determined="d1",
    encoding="utf8",
    tables="[]",
    header_row=1,
    remarks="[]",
    rows_in_file=5,
    header_rows=1,
    blank_rows=0,
    total_rows=0,
    accepted=2,
    quarantined=2,
    replaced=0,
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


def test_what_is_delivered_and_taken_in_under_this_determination_is_in_force(tmp_path: Path) -> None:
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_delivery(con, "2021-10", [FILE])
        assert ledger.delivered(con, "medical", "2021-10", "2021-10") == [replace(FILE, attempt=1)]
        assert ledger.in_force(con, "medical", "2021-10", "d1") == []
        ledger.record_file(con, TAKEN, REASONS)
        assert ledger.in_force(con, "medical", "2021-10", "d1") == [TAKEN]
        assert ledger.in_force(con, "medical", "2021-10", "d2") == []
        assert ledger.in_force(con, "medical", "2021-11", "d1") == []
        ledger.record_file(con, replace(TAKEN, accepted=3, quarantined=1), [])
        assert [f.accepted for f in ledger.in_force(con, "medical", "2021-10", "d1")] == [3]
        ledger.record_file(con, replace(TAKEN, determined="d2"), [])
        assert len(ledger.in_force(con, "medical", "2021-10", "d2")) == 1
        assert con.execute("select count(*) from file").fetchone() == (3,)


def test_another_delivery_supersedes_and_the_first_can_come_back(tmp_path: Path) -> None:
    other = replace(FILE, sha256="b" * 64, modified_ns=2)
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_delivery(con, "2021-10", [FILE])
        ledger.record_file(con, TAKEN, [])
        ledger.record_delivery(con, "2021-10", [other])
        assert ledger.in_force(con, "medical", "2021-10", "d1") == []
        assert [d.attempt for d in ledger.delivered(con, "medical", "2021-10", "2021-10")] == [2]
        ledger.record_delivery(con, "2021-10", [FILE])
        assert ledger.in_force(con, "medical", "2021-10", "d1") == [TAKEN]
        ledger.record_delivery(con, "2021-10", [])
        assert ledger.delivered(con, "medical", "2021-10", "2021-10") == []
        assert ledger.in_force(con, "medical", "2021-10", "d1") == []
        assert ledger.delivered_months(con, "medical", "2021-01", "2021-12") == ["2021-10"]


def test_reasons_are_counted_by_row(tmp_path: Path) -> None:
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_delivery(con, "2021-10", [FILE])
        ledger.record_file(con, TAKEN, REASONS)
        assert ledger.reason_counts(con, "medical", "2021-10", "d1") == [("not_money", 2), ("unknown_code", 1)]
        assert ledger.reason_counts(con, "medical", "2021-10", "d1", "警告") == [("amount_far_outside", 1)]


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
        assert ledger.delivered(con, "medical", "2021-10", "2021-10") == []


def test_a_correction_is_a_new_attempt_behind_its_full_file(tmp_path: Path) -> None:
    correction = replace(FILE, sha256="c" * 64, role="correction", path="2021-10/医保局/补正/表.csv")
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_delivery(con, "2021-10", [FILE])
        standing = ledger.record_delivery(con, "2021-10", [FILE, correction])
        assert [(f.sha256[0], f.attempt, f.position) for f in standing] == [("a", 2, 0), ("c", 2, 1)]
        assert ledger.delivered(con, "medical", "2021-10", "2021-10") == standing
        assert ledger.first_seen(con, "2021-10") == {
            ("medical", "41", "a" * 64): 1,
            ("medical", "41", "c" * 64): 2,
        }
        assert ledger.record_delivery(con, "2021-10", [FILE, correction]) == standing  # nothing new, nothing added
        assert con.execute("select count(*) from batch").fetchone() == (3,)


def test_what_is_no_longer_in_force_is_told(tmp_path: Path) -> None:
    other = replace(FILE, sha256="b" * 64, path="2021-10/医保局/新表.csv")
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_delivery(con, "2021-10", [FILE])
        assert ledger.superseded(con, "2021-10") == []
        ledger.record_delivery(con, "2021-10", [other])
        assert ledger.superseded(con, "2021-10") == [("medical", "41", "2021-10/医保局/表.csv", 1)]


def test_a_ledger_of_an_earlier_edition_is_kept_beside(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    with sqlite3.connect(tmp_path / "ledger" / "ledger.sqlite") as con:
        con.execute("create table batch (batch_id integer primary key, feed text)")
        con.execute("create table file (file_id integer primary key)")
        con.execute("create table row_reason (file_id integer)")
        con.execute("create index row_reason_file on row_reason (file_id)")
        con.execute("insert into batch (feed) values ('medical')")
        con.execute("create table publication (id integer primary key, month text)")
        con.execute("insert into publication (month) values ('2021-10')")
    with ledger.open_ledger(tmp_path) as con:
        assert ledger.delivered(con, "medical", "2021-10", "2021-10") == []
        assert con.execute("select feed from batch_edition_1").fetchall() == [("medical",)]
        assert con.execute("select month from publication").fetchall() == [("2021-10",)]
        ledger.record_delivery(con, "2021-10", [FILE])
    with ledger.open_ledger(tmp_path) as con:
        assert len(ledger.delivered(con, "medical", "2021-10", "2021-10")) == 1
