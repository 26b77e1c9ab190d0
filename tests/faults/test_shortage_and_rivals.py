"""A full disk, locks held by another process, two intakes and two sensors at once: named, waited for, done once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assets import ledger
from fangpin.errors import HomeError
from tests.assets.test_sensor import MANDATORY, put
from tests.faults import kills, rivals, shortage


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kills.prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def unharmed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    home = tmp_path_factory.mktemp("unharmed")
    kills.run(home, prepared)
    yield kills.held(home)
    shutil.rmtree(home)


@pytest.fixture
def home(prepared: Path, tmp_path: Path) -> Path:
    """The first look is done; the second and third are not."""
    kills.run_look(tmp_path / "home", prepared, 1)
    return tmp_path / "home"


@pytest.mark.parametrize("kilobytes", [40, 62, 70, 700, 1960])
def test_a_full_disk(prepared: Path, unharmed: dict[str, Any], tmp_path: Path, kilobytes: int) -> None:
    folder = tmp_path / "disk"
    if shortage.kind(folder) == shortage.RLIMIT:
        folder.mkdir()
        said = shortage.attempted(folder / "home", prepared, kilobytes << 8, tmp_path / "told")
        kills.run(folder / "home", prepared)
        assert kills.held(folder / "home") == unharmed
    else:
        with shortage.disk(folder, kilobytes << 10):
            said = shortage.attempted(folder / "home", prepared, None, tmp_path / "told")
            shortage.enlarge(folder)
            kills.run(folder / "home", prepared)
            assert kills.held(folder / "home") == unharmed
    assert said.startswith(shortage.NAMED), said


@pytest.mark.parametrize("what", rivals.WAITED_FOR)
def test_a_lock_held_by_another_process_is_waited_for(
    home: Path, prepared: Path, unharmed: dict[str, Any], tmp_path: Path, what: str
) -> None:
    with rivals.held_by_another(what, home, tmp_path / "ready", 0.5):
        kills.run(home, prepared)
    assert kills.held(home) == unharmed


def test_a_ledger_that_stays_locked_is_named(
    home: Path, prepared: Path, unharmed: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, rivals.held_by_another(rivals.LEDGER, home, tmp_path / "ready", 1):
        patch.setattr(ledger, "WAIT_SECONDS", 0)
        with pytest.raises(HomeError, match=r"台账 ledger/ledger.sqlite .*被另一个程序占用"):
            kills.run(home, prepared)
    kills.run(home, prepared)
    assert kills.held(home) == unharmed


def test_a_vault_that_another_program_has_open_is_named(
    home: Path, prepared: Path, unharmed: dict[str, Any], tmp_path: Path
) -> None:
    with (
        rivals.held_by_another(rivals.VAULT_FILE, home, tmp_path / "ready", 2),
        pytest.raises(HomeError, match="另一个程序正打开着"),
    ):
        kills.run(home, prepared)
    kills.run(home, prepared)
    assert kills.held(home) == unharmed


def test_two_intakes_at_once(prepared: Path, unharmed: dict[str, Any], tmp_path: Path) -> None:
    both = [kills.child(shortage.attempt, tmp_path, prepared, None, tmp_path / name) for name in ("first", "second")]
    for process in both:
        process.join(300)
    assert [process.exitcode for process in both] == [0, 0]
    assert [(tmp_path / name).read_text() for name in ("first", "second")] == ["", ""]
    assert kills.held(tmp_path) == unharmed


def test_two_sensors_at_once_ask_for_one_run(tmp_path: Path) -> None:
    """Dagster starts a run key once."""
    home = tmp_path / "home"
    for source in MANDATORY:
        os.utime(put(home, kills.OCTOBER, source), (1_600_000_000, 1_600_000_000))
    first, second = rivals.keys_of_two_sensors(home, tmp_path)
    assert first == second
    assert first.startswith(f"{kills.OCTOBER}/")
