"""Dagster's storage as dagster.yaml names it: what is written is what Dagster's own class would read and write."""

from __future__ import annotations

import queue
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from pipelines.storage import OPEN_RUNS, EventLog
from tests.conftest import CHECKOUT


@dg.asset
def anything() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"rows": 3})


def test_dagster_reads_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGPIN_DAGSTER", str(tmp_path))
    with dg.DagsterInstance.from_config(str(CHECKOUT)) as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        runs = [dg.materialize([anything], instance=instance).run_id for _ in range(2)]
        written = [[record.event_log_entry for record in instance.get_records_for_run(run).records] for run in runs]
        latest = instance.get_latest_materialization_event(anything.key)
    own = DagsterSqliteStorage(str(tmp_path)).event_log_storage
    assert [[record.event_log_entry for record in own.get_records_for_run(run).records] for run in runs] == written
    assert len(written[0]) == len(written[1]) > 10
    assert latest is not None
    assert latest.run_id == runs[1]
    assert [event.run_id for event in own.fetch_materializations(anything.key, limit=5).records[:1]] == runs[1:]


def test_a_wiped_log_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGPIN_DAGSTER", str(tmp_path))
    with dg.DagsterInstance.from_config(str(CHECKOUT)) as instance:
        dg.materialize([anything], instance=instance)
        instance.wipe()
        assert instance.get_latest_materialization_event(anything.key) is None
        assert dg.materialize([anything], instance=instance).success
        assert instance.get_latest_materialization_event(anything.key) is not None


def test_a_run_is_followed_while_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process's storage hears of every event, as the screens do, though the file stays open here."""
    monkeypatch.setenv("FANGPIN_DAGSTER", str(tmp_path))
    heard: queue.Queue[tuple[str, str]] = queue.Queue()
    with dg.DagsterInstance.from_config(str(CHECKOUT)) as instance:
        run = dg.materialize([anything], instance=instance).run_id
        screens = DagsterSqliteStorage(str(tmp_path)).event_log_storage
        told = screens.get_records_for_run(run)
        screens.watch(run, told.cursor, lambda entry, _: heard.put((entry.run_id, entry.user_message)))
        last = told.records[-1].event_log_entry
        for word in ("first", "second"):
            instance.event_log_storage.store_event(last._replace(user_message=word, dagster_event=None))
            assert heard.get(timeout=60) == (run, word)
        screens.dispose()


def test_many_runs_leave_few_files_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGPIN_DAGSTER", str(tmp_path))
    with dg.DagsterInstance.from_config(str(CHECKOUT)) as instance:
        runs = [dg.materialize([anything], instance=instance).run_id for _ in range(OPEN_RUNS + 3)]
        opened = {Path(fd).resolve().stem for fd in Path("/proc/self/fd").iterdir() if Path(fd).exists()}
        assert opened & set(runs) == set(runs[-OPEN_RUNS:])
        assert all(instance.get_records_for_run(run).records for run in runs)
    assert not {Path(fd).resolve().stem for fd in Path("/proc/self/fd").iterdir() if Path(fd).exists()} & set(runs)
