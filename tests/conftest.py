"""Shared by all tests: a small sample province, written once, and the same province run and published."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
"""No example fails for the time it took: a busy machine is no defect."""

CHECKOUT = Path(__file__).resolve().parents[1]
MONTHS = ("2021-10", "2021-11", "2021-12")
SCALE = Fraction(1, 400)
SEED = 7


FIRST = (
    "tests/browser/test_dagster",
    "tests/acceptance/test_detection.py",
    "tests/faults/test_bad_month.py",
    "tests/acceptance/test_delivered_again.py",
    "tests/acceptance/test_feed_removed.py",
    "tests/acceptance/",
)
"""The long ones, in the order in which the workers take them; all others follow, file by file, to whoever is free.
The first makes the province, which most of them need."""


def place(item: pytest.Item) -> int:
    """Where the test's file stands in FIRST; behind all of them when nothing names it."""
    return next((n for n, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=place)


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


def made_once(name: str, make: Callable[[Path], None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the first worker to ask for it fills; the others wait until it has, and use the same."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (shared / f"{name}.made").open("a+", encoding="utf-8") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        made.seek(0)
        if not (folder := made.read()):
            folder = str(tmp_path_factory.mktemp(name))
            make(Path(folder))
            made.write(folder)
    return Path(folder)


@pytest.fixture(scope="session")
def written_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the three months' inbox and the truth, nothing run. Read only: copy it with `home_of`."""

    def write(home: Path) -> None:
        fangpin(home, "sample", "--scale", str(SCALE), "--seed", str(SEED))

    return made_once("sample", write, tmp_path_factory)


def home_of(source: Path, target: Path, months: tuple[str, ...] = MONTHS) -> Path:
    """A new home with the same delivered files."""
    for month in months:
        shutil.copytree(source / "inbox" / month, target / "inbox" / month, copy_function=os.link)
    return target


@pytest.fixture(scope="session")
def province(written_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three months run and published. Read only."""

    def run(home: Path) -> None:
        home_of(written_inbox, home)
        fangpin(home, "run", *(part for month in MONTHS for part in ("--month", month)))

    return made_once("province", run, tmp_path_factory)


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
