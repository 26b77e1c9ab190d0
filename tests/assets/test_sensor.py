"""The inbox starts months: complete deliveries only, the oldest first, never twice for the same files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import dagster as dg
import pytest

from assets import arrivals, corrections, ledger
from assets.publish import history
from checks.raw import FEEDS
from pipelines.sensors import asked, inbox_sensor
from pipelines.warehouse import Warehouse

MONTH, NEXT = "2021-10", "2021-11"
LONG_AGO = 1_600_000_000
MANDATORY = sorted({contract.source for contract in FEEDS.values() if contract.mandatory})


def put(home: Path, month: str, source: str, name: str = "表.csv", text: str = "x", at: int = LONG_AGO) -> Path:
    path = home / "inbox" / month / source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (at, at))
    return path


@pytest.fixture
def complete(tmp_path: Path) -> Path:
    """A file of every department that must report."""
    for source in MANDATORY:
        put(tmp_path, MONTH, source)
    return tmp_path


def said(home: Path, stable: int = 60) -> str:
    found = asked(home, stable)
    assert isinstance(found, dg.SkipReason)
    return str(found.skip_message)


def key(home: Path) -> str:
    found = asked(home, 60)
    assert isinstance(found, dg.RunRequest), found
    assert found.partition_key is not None
    assert str(found.run_key).startswith(f"{found.partition_key}/")
    return str(found.run_key)


def began(home: Path, month: str = MONTH) -> None:
    """A run of the month looks at its files, and fails later."""
    with ledger.open_ledger(home) as con:
        ledger.record_attempt(con, month, arrivals.fingerprint(home, month, None))


def test_an_empty_inbox_starts_nothing(tmp_path: Path) -> None:
    assert "没有新到" in said(tmp_path)


def test_a_complete_delivery_starts_its_month(complete: Path) -> None:
    found = asked(complete, 60)
    assert isinstance(found, dg.RunRequest)
    assert found.partition_key == MONTH
    assert str(found.run_key).endswith("/1")


def test_what_lacks_is_named(complete: Path) -> None:
    (complete / "inbox" / MONTH / MANDATORY[0] / "表.csv").unlink()
    assert said(complete) == f"{MONTH} 还缺 1 个部门的文件：{MANDATORY[0]}。"


def test_a_file_being_written_is_waited_for_unless_it_is_marked(complete: Path) -> None:
    path = put(complete, MONTH, MANDATORY[0], "新.csv", at=4_000_000_000)  # touched just now, by any clock
    assert "可能还在写入" in said(complete)
    path.with_name("新.csv.done").touch()
    key(complete)


def test_two_looks_ask_for_the_same_run(complete: Path) -> None:
    """Dagster starts a key once: two sensors, or one whose answer was lost, start one run."""
    assert key(complete) == key(complete)


def test_the_same_files_are_not_tried_twice_but_other_files_are(complete: Path) -> None:
    first = key(complete)
    began(complete)
    assert "已按这些文件运行过" in said(complete)
    put(complete, MONTH, MANDATORY[0], text="y", at=LONG_AGO + 1)
    second = key(complete)
    assert second.endswith("/2")
    began(complete)
    put(complete, MONTH, MANDATORY[0], text="x", at=LONG_AGO)  # the first content again: its key was used
    third = key(complete)
    assert len({first, second, third}) == 3
    assert third.split("/")[1] == first.split("/")[1]


def test_a_month_waits_for_the_one_before(complete: Path) -> None:
    for source in MANDATORY:
        put(complete, NEXT, source)
    assert key(complete).startswith(MONTH)
    began(complete)
    assert said(complete).startswith(MONTH)  # it failed: the next month does not overtake it


def publish(home: Path, month: str, version: str, previous: str | None) -> None:
    """A version in force that was made of no file."""
    folder = home / "published" / month / version
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"previous": previous, "inputs": {}}))
    (folder.parent / "CURRENT").write_text(version)


def test_a_correction_starts_its_month_again(complete: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    began(complete)
    assert "已按这些文件运行过" in said(complete)
    monkeypatch.setattr(corrections, "version", lambda month: "other")
    assert key(complete).startswith(f"{MONTH}/")


def test_late_files_start_their_month_and_then_the_months_after_it(tmp_path: Path) -> None:
    publish(tmp_path, MONTH, "v001", None)
    publish(tmp_path, NEXT, "v001", f"{MONTH}/v001")
    assert "没有新到" in said(tmp_path)
    late = put(tmp_path, MONTH, MANDATORY[0], "迟报.csv")
    assert list(history.stale(tmp_path)) == [MONTH, NEXT]
    assert "迟报.csv" in history.stale(tmp_path)[MONTH]
    assert key(tmp_path).startswith(MONTH)  # though the other departments' files are gone: it was published once
    late.unlink()
    publish(tmp_path, MONTH, "v002", None)
    assert list(history.stale(tmp_path)) == [NEXT]
    assert key(tmp_path).startswith(NEXT)
    publish(tmp_path, NEXT, "v002", f"{MONTH}/v002")
    assert "没有新到" in said(tmp_path)


def test_the_sensor_waits_while_a_month_runs(complete: Path) -> None:
    resources = {"warehouse": Warehouse(home=str(complete))}
    with (
        dg.DagsterInstance.ephemeral() as instance,
        dg.build_sensor_context(instance=instance, resources=resources) as context,
    ):
        found = inbox_sensor(context)
        assert isinstance(found, dg.RunRequest)
        instance.add_run(
            dg.DagsterRun(
                job_name="month", run_id="r", status=dg.DagsterRunStatus.STARTED, tags={"dagster/partition": MONTH}
            )
        )
        waiting = inbox_sensor(context)
        assert isinstance(waiting, dg.SkipReason)
        assert str(waiting.skip_message) == f"{MONTH} 正在运行或排队，等它结束。"
