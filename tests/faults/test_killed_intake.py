"""An intake killed with SIGKILL at any step is completed by the next run: nothing lost, nothing twice.

Here every second point once; `make faults` kills at each of them twenty times.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults import kills


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kills.prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def unharmed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What a home holds that was never killed."""
    home = tmp_path_factory.mktemp("unharmed")
    kills.run(home, prepared)
    yield kills.held(home)
    shutil.rmtree(home)


def test_the_work_is_worth_killing(unharmed: dict[str, Any]) -> None:
    """Every fate and every kind of file occurs, so that losing one would show."""
    medical = unharmed["files of medical 2021-10"]
    assert [(f.role, f.accepted, f.quarantined, f.replaced, f.unmatched) for f in medical] == [
        ("full", 8, 0, 3, 2),  # J0's double, J8 and J9 are corrected; persons 6 and 7 are not known
        ("correction", 1, 2, 0, 0),  # J8; J0's double and J9 came back as they were
    ]
    assert [row[0] for row in unharmed["rows of medical 2021-11"]] == sorted([*(f"J{n}" for n in range(9)), "J20"])
    assert [len(unharmed[table]) for table in ("person", "household", "quarantine", "unmatched")] == [8, 3, 7, 2]
    assert {name: len(sheets) for name, sheets in unharmed["lists of 2021-11"].items()} == {
        "退回问题清单_医保局_2021-11.xlsx": 2
    }
    assert unharmed["taken in twice"] == 0


@pytest.mark.parametrize("point", range(0, len(kills.POINTS), 2), ids=lambda point: kills.POINTS[point].title)
def test_killed_and_run_again(prepared: Path, unharmed: dict[str, Any], tmp_path: Path, point: int) -> None:
    kills.killed_at(tmp_path, prepared, point, Random(point).randint(1, 2))
    kills.run(tmp_path, prepared)
    assert kills.held(tmp_path) == unharmed


def test_killed_at_any_moment(prepared: Path, unharmed: dict[str, Any], tmp_path: Path) -> None:
    kills.killed_after(tmp_path, prepared, 0.5)
    kills.run(tmp_path, prepared)
    assert kills.held(tmp_path) == unharmed


def test_a_home_that_lost_something_is_told_from_one_that_did_not(
    prepared: Path, unharmed: dict[str, Any], tmp_path: Path
) -> None:
    """The comparison would show a lost row of the vault and a leftover in the lake."""
    kills.run(tmp_path, prepared)
    assert kills.held(tmp_path) == unharmed
    (tmp_path / "lake" / "medical" / "month=2021-10" / "x.parquet.part").touch()
    assert kills.held(tmp_path) != unharmed
