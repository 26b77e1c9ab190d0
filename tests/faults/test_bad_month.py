"""Bad input, a full disk and a killed run: a clear message, the published version as it was, the next run succeeds."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT, fangpin, home_of, table_hashes, taken_in_from

MONTH = "2021-10"
NEXT = "2021-11"


@pytest.fixture
def home(written_inbox: Path, tmp_path: Path) -> Path:
    return home_of(written_inbox, tmp_path, (MONTH, NEXT))


def refused(home: Path, *arguments: str) -> str:
    """Run, expect failure, return what was said; nothing new is published and no traceback is shown."""
    before = (
        sorted(p.as_posix() for p in (home / "published").rglob("CURRENT")) if (home / "published").exists() else []
    )
    done = fangpin(home, "run", *arguments, check=False)
    assert done.returncode == 1, done.stderr[-2000:]
    assert "Traceback" not in done.stderr.split("错误：")[-1]
    after = sorted(p.as_posix() for p in (home / "published").rglob("CURRENT")) if (home / "published").exists() else []
    assert after == before
    return done.stderr.split("错误：")[-1]


def test_an_empty_inbox(tmp_path: Path) -> None:
    said = refused(tmp_path, "--month", MONTH)
    assert MONTH in said
    assert "inbox" in said


def test_all_that_is_wrong_with_a_delivery_is_named_at_once(home: Path) -> None:
    """Mandatory feeds that did not come, two files for one feed and place, and a file that nobody knows."""
    inbox = home / "inbox" / MONTH
    shutil.rmtree(inbox / "医保局")
    next((inbox / "民政局").glob("农村低保*")).unlink()
    original = next((inbox / "住建局").iterdir())
    copy = original.with_name("住房安全鉴定信息（更正）.csv")
    copy.write_bytes(b"".join(original.read_bytes().splitlines(keepends=True)[:-1]))
    (inbox / "住建局" / "通讯录.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    said = refused(home, "--month", MONTH)
    for named in ("医保结算明细", "医保局", "农村低保对象名单", original.name, copy.name, "通讯录.csv"):
        assert named in said


def test_november_before_october_is_published(home: Path) -> None:
    said = refused(home, "--month", NEXT)
    assert NEXT in said
    assert MONTH in said


def test_a_month_that_is_none(tmp_path: Path) -> None:
    done = fangpin(tmp_path, "run", "--month", "2021-13", check=False)
    assert done.returncode == 2
    assert "YYYY-MM" in done.stderr


def test_a_full_disk_then_a_killed_run_then_success(province: Path, tmp_path: Path) -> None:
    """A disk that fills, a run killed half-way, and a warehouse thrown away leave no trace in what is published.

    The deliveries are taken in already; what becomes of an intake is in test_killed_intake.py.
    """
    home = taken_in_from(province, tmp_path)
    environment = {
        **os.environ,
        "FANGPIN_HOME": str(home),
        "FANGPIN_DAGSTER": str(home / "dagster"),
        "DAGSTER_HOME": str(CHECKOUT),
    }
    (home / "dagster").mkdir()
    command = [str(Path(sys.executable).parent / "fangpin"), "run", "--month", MONTH]
    limited = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000)),
    )
    assert limited.returncode != 0
    assert not (home / "published" / "CURRENT").exists()

    killed = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=subprocess.PIPE, text=True)
    assert killed.stderr is not None
    for line in killed.stderr:
        if "core/person " in line:
            killed.send_signal(signal.SIGKILL)
            break
    killed.wait(30)
    assert not (home / "published" / "CURRENT").exists()

    shutil.rmtree(home / "warehouse")  # rebuilt from the lake
    fangpin(home, "run", "--month", MONTH)
    assert table_hashes(home, MONTH) == table_hashes(province, MONTH)
