"""Shared by all tests: a small sample province, written once, and the same province run and published."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

CHECKOUT = Path(__file__).resolve().parents[1]
MONTHS = ("2021-10", "2021-11", "2021-12")
SCALE = Fraction(1, 400)
SEED = 7


ON_THE_PROVINCE = ("tests/acceptance/", "tests/browser/test_dagster_graph.py", "tests/faults/test_bad_month.py")
"""Tests that use the province run on one worker, so that it is run once; they come first, because they take longest."""
UNSEEN = "tests/acceptance/test_detection.py"
"""Makes samples of its own; comes next, so that the other worker has the long minutes too."""


def on_the_province(nodeid: str) -> bool:
    return nodeid.startswith(ON_THE_PROVINCE) and not nodeid.startswith(UNSEEN)


class ByProvince(LoadScopeScheduling):
    """Hands out the tests on the province together, all others file by file."""

    def _split_scope(self, nodeid: str) -> str:
        return "province" if on_the_province(nodeid) else nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByProvince:
    return ByProvince(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (not on_the_province(item.nodeid), not item.nodeid.startswith(UNSEEN)))


def fangpin(home: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, over a home folder."""
    environment = {**os.environ, "FANGPIN_HOME": str(home), "FANGPIN_DAGSTER": str(home / "dagster")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    (home / "dagster").mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [str(Path(sys.executable).parent / "fangpin"), *arguments],
        cwd=CHECKOUT,
        env={**environment, "DAGSTER_HOME": str(CHECKOUT)},
        capture_output=True,
        text=True,
    )
    if check:
        assert done.returncode == 0, done.stderr[-4000:]
    return done


@pytest.fixture(scope="session")
def checkout() -> Path:
    return CHECKOUT


@pytest.fixture(scope="session")
def written_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the three months' inbox and the truth, nothing run. Read only: copy it with `home_of`."""
    home = tmp_path_factory.mktemp("sample")
    fangpin(home, "sample", "--scale", str(SCALE), "--seed", str(SEED))
    return home


def home_of(source: Path, target: Path, months: tuple[str, ...] = MONTHS) -> Path:
    """A new home with the same delivered files."""
    for month in months:
        shutil.copytree(source / "inbox" / month, target / "inbox" / month, copy_function=os.link)
    return target


@pytest.fixture(scope="session")
def province(written_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three months run and published. Read only."""
    home = home_of(written_inbox, tmp_path_factory.mktemp("province"))
    fangpin(home, "run", *(part for month in MONTHS for part in ("--month", month)))
    return home


@pytest.fixture(scope="module")
def taken_in(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose deliveries are taken in and nothing is built."""
    return taken_in_from(province, tmp_path_factory.mktemp("taken-in"))


def taken_in_from(province: Path, target: Path) -> Path:
    """A new home with the province's deliveries, lake, vault and ledger, and nothing built."""
    home = home_of(province, target)
    shutil.copytree(province / "lake", home / "lake", copy_function=os.link)
    shutil.copytree(province / "vault", home / "vault")
    shutil.copytree(province / "ledger", home / "ledger")
    with sqlite3.connect(home / "ledger" / "ledger.sqlite") as con:
        con.execute("drop table publication")
    return home


def versions(home: Path) -> dict[str, str]:
    """The version in force of every published month."""
    found = sorted((home / "published").glob("????-??/CURRENT"))
    return {pointer.parent.name: pointer.read_text(encoding="utf-8").strip() for pointer in found}


def table_hashes(home: Path, month: str) -> dict[str, str]:
    """Ordered hash of every published table of a month."""
    manifest = home / "published" / month / versions(home)[month] / "manifest.json"
    tables = json.loads(manifest.read_text(encoding="utf-8"))["tables"]
    return {name: table["hash"] for name, table in tables.items()}


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: FANGPIN_PICTURES when somebody wants to look at them, else a temporary folder."""
    folder = Path(os.environ.get("FANGPIN_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
