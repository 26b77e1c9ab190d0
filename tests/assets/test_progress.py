"""Progress lines reach the console while Dagster captures stderr: none is lost when its `tail` is killed."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.jobs import STDERR, _ProgressHandler, straight_to_console


def step(kind: str) -> logging.LogRecord:
    """What Dagster logs when a step starts or ends."""
    event = SimpleNamespace(event_type_value=kind, step_key="publish__release")
    return logging.makeLogRecord({"dagster_meta": {"dagster_event": event}})


def test_lines_go_past_the_capture_of_stderr(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    handler = _ProgressHandler()
    with straight_to_console(), (tmp_path / "captured").open("w") as captured:
        before = os.dup(STDERR)
        os.dup2(captured.fileno(), STDERR)  # as Dagster does while a run's steps are at work
        handler.emit(step("STEP_START"))
        handler.emit(step("STEP_SUCCESS"))
        os.dup2(before, STDERR)
        os.close(before)
    assert (tmp_path / "captured").read_text() == ""
    assert capfd.readouterr().err == "  完成 publish/release 0.0s\n"


def test_a_run_of_the_screens_writes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    handler = _ProgressHandler()
    handler.emit(step("STEP_START"))
    handler.emit(step("STEP_FAILURE"))
    assert capsys.readouterr().err == "  失败 publish/release 0.0s\n"
