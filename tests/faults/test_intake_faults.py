"""Intake interrupted, refused or robbed of its files: nothing half stored, and the next run completes."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from assets import arrivals, batch, ledger, staging
from assets.delivery import scan_delivery
from assets.lake import raw_view_sql
from checks.raw import FEEDS
from fangpin.errors import DeliveryError, FileRejected, HomeError
from tests import deliveries as d
from tests.deliveries import in_lake, in_vault

MONTH = "2021-10"
PEOPLE = ("household_list", "person_list")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    d.deliver_people(tmp_path, MONTH, [d.person(d.id_number(n), d.HOUSEHOLDS[n % 3]) for n in range(5)])
    return tmp_path


@pytest.mark.parametrize("lost", ["lake", "ledger"])
def test_a_run_killed_before_its_end_is_completed_by_the_next(home: Path, lost: str) -> None:
    """Killed after the vault's commit: the lake file or the ledger's entry is not there yet."""
    rows = [d.settlement("J1", "bad"), d.settlement("J2", d.id_number(9)), d.settlement("J3", d.id_number(0))]
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, *rows])
    d.take_in_all(home, MONTH, *PEOPLE, "medical")
    whole = in_lake(home, MONTH, "medical")
    kept = in_vault(home, "select * from vault.quarantine union all by name select * from vault.unmatched")
    if lost == "lake":
        next((home / "lake" / "medical").rglob("*.parquet")).unlink()
    else:
        with ledger.open_ledger(home) as con:
            con.execute("delete from file where feed = 'medical'")
    result = d.take_in_all(home, MONTH, *PEOPLE, "medical")["medical"]
    assert result.new == 1
    assert in_lake(home, MONTH, "medical").equals(whole)
    assert in_vault(home, "select * from vault.quarantine union all by name select * from vault.unmatched") == kept


def test_a_failed_batch_leaves_everything_as_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    d.take_in_all(home, MONTH, *PEOPLE)
    before = in_vault(home, "select count(*) from vault.person")
    d.deliver_people(home, "2021-11", [d.person(d.id_number(50))])
    scan_delivery(home, "2021-11", {feed: FEEDS[feed] for feed in PEOPLE})

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch.parts, "write_lake", full)
    with pytest.raises(OSError, match="space"):
        batch.take_in(home, "2021-11", FEEDS["person_list"])
    monkeypatch.undo()
    assert in_vault(home, "select count(*) from vault.person") == before
    assert list((home / "lake" / "person_list").glob("month=2021-11/*")) == []
    assert batch.take_in(home, "2021-11", FEEDS["person_list"]).total("accepted") == 1


def test_a_changed_contract_reads_the_window_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, d.settlement("J1", d.id_number(0))])
    d.take_in_all(home, MONTH, *PEOPLE, "medical")
    monkeypatch.setattr("checks.feed.EDITION", 999)
    with pytest.raises(DeliveryError, match="还没有按现行约定入库"):
        raw_view_sql(home, "2021-11", FEEDS["medical"])
    batch.take_in(home, "2021-11", FEEDS["medical"])
    assert len(in_lake(home, "2021-11", "medical")) == 1
    assert len(list((home / "lake" / "medical").rglob("*.parquet"))) == 2


def test_the_vault_lost_but_not_the_lake(home: Path) -> None:
    d.take_in_all(home, MONTH, *PEOPLE)
    (home / "vault" / "identity.duckdb").unlink()
    d.deliver_people(home, "2021-11", [d.person(d.id_number(50))])
    with pytest.raises(HomeError, match="身份库不见了"):
        d.take_in_all(home, "2021-11", *PEOPLE)


def test_a_file_changed_after_the_scan_is_not_taken_in(home: Path) -> None:
    path = d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, d.settlement("J1", d.id_number(0))])
    scan_delivery(home, MONTH, {f: FEEDS[f] for f in (*PEOPLE, "medical")})
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(DeliveryError, match="改动"):
        batch.take_in(home, MONTH, FEEDS["medical"])


def test_a_file_written_to_while_it_is_read_is_not_taken_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, d.settlement("J1", d.id_number(0))])
    scan_delivery(home, MONTH, {f: FEEDS[f] for f in (*PEOPLE, "medical")})
    real = staging.load

    def load(*arguments: Any) -> None:
        path.write_bytes(path.read_bytes().replace(b"1000.50", b"9000.50"))
        real(*arguments)

    monkeypatch.setattr(staging, "load", load)
    with pytest.raises(DeliveryError, match="改动"):
        batch.take_in(home, MONTH, FEEDS["medical"])


def test_undecodable_bytes_far_below_reject_the_file_and_store_nothing(home: Path) -> None:
    rows = [d.settlement(f"J{n}", d.id_number(n % 5)) for n in range(4000)]  # the first look ends before them
    path = d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, *rows], encoding="gb18030")
    path.write_bytes(path.read_bytes() + b"\xff\xff\xff\n")
    scan_delivery(home, MONTH, {f: FEEDS[f] for f in (*PEOPLE, "medical")})
    with pytest.raises(FileRejected, match="编码"):
        batch.take_in(home, MONTH, FEEDS["medical"])
    assert [p for p in (home / "lake").rglob("*") if p.is_file()] == []


def test_a_zip_is_taken_in_and_counts_as_seen(home: Path) -> None:
    """The size of a zip is not that of what is in it: neither is taken for a file changed after the scan."""
    path = d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, d.settlement("J1", d.id_number(0))])
    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "甲县/结算.csv")
    path.unlink()
    assert d.take_in_all(home, MONTH, *PEOPLE, "medical")["medical"].total("accepted") == 1
    assert in_lake(home, MONTH, "medical")["settlement_no"].to_list() == ["J1"]
    assert arrivals.changed(home, MONTH) == []
    os.utime(path.with_suffix(".zip"), (1, 1))
    assert arrivals.changed(home, MONTH) == [f"{MONTH}/医保局/表.zip"]


def test_a_zip_changed_after_the_scan_is_not_taken_in(home: Path) -> None:
    path = d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, d.settlement("J1", d.id_number(0))])
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        archive.write(path, "结算.csv")
    path.unlink()
    scan_delivery(home, MONTH, {f: FEEDS[f] for f in (*PEOPLE, "medical")})
    os.utime(path.with_suffix(".zip"), (1, 1))
    with pytest.raises(DeliveryError, match="改动"):
        batch.take_in(home, MONTH, FEEDS["medical"])


def test_rows_above_the_header_are_not_lost_as_titles(home: Path) -> None:
    """As after sorting a sheet with its header; a title above the header is none."""
    row = d.settlement("J1", d.id_number(0))
    title = ["2021年10月结算明细", "填报单位：医保局", "电话：03710000000"]
    d.write_csv(home, MONTH, "medical", [title, row, d.MEDICAL_HEADER, d.settlement("J2", d.id_number(1))])
    with pytest.raises(DeliveryError, match=r"第2行像是一条记录，却在表头（第3行）上面或里面"):
        d.take_in_all(home, MONTH, *PEOPLE, "medical")
    d.write_csv(home, MONTH, "medical", [title, d.MEDICAL_HEADER, row])
    assert d.take_in_all(home, MONTH, *PEOPLE, "medical")["medical"].total("accepted") == 1
