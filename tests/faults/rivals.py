"""Another process at the same home: one that holds a lock for a while, a second intake, a second sensor.

Does not belong here: the work itself (kills.py), the verdict (test_rivals.py, count.py).
"""

from __future__ import annotations

import fcntl
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assets import vault
from pipelines.sensors import asked
from tests.faults import kills

FEED_LOCK, VAULT_LOCK, LEDGER, VAULT_FILE = "入库锁", "身份库锁", "台账被独占", "身份库文件被打开"
WAITED_FOR = (FEED_LOCK, VAULT_LOCK, LEDGER)
"""What a run waits for; an opened vault it refuses to wait for, since a person's program may have it."""


def hold(what: str, home: Path, ready: Path, seconds: float) -> None:
    """In a child process: hold it, say so, and let it go after a while."""
    if what in (FEED_LOCK, VAULT_LOCK):
        with (home / ("ledger/medical.lock" if what == FEED_LOCK else "vault/lock")).open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _wait(ready, seconds)
    elif what == LEDGER:
        con = sqlite3.connect(home / "ledger" / "ledger.sqlite", isolation_level=None)
        con.execute("begin exclusive")
        _wait(ready, seconds)
        con.execute("rollback")
    else:
        con = vault.connect(home)
        key = vault.key_path(home).read_text().strip()
        con.execute(f"attach '{home / 'vault' / 'identity.duckdb'}' as vault (encryption_key '{key}')")
        _wait(ready, seconds)
        con.execute("detach vault")


def _wait(ready: Path, seconds: float) -> None:
    ready.touch()
    time.sleep(seconds)


@contextmanager
def held_by_another(what: str, home: Path, ready: Path, seconds: float) -> Iterator[None]:
    """While it lasts another process has what is asked for, and lets it go after `seconds` or at the end."""
    process = kills.child(hold, what, home, ready, seconds)
    try:
        while not ready.exists():
            assert process.is_alive(), process.exitcode
            time.sleep(0.01)
        yield
    finally:
        process.join(300)
        ready.unlink(missing_ok=True)


def ask(home: Path, told: Path) -> None:
    """In a child process: what a sensor asks for."""
    told.write_text(str(getattr(asked(home, 60), "run_key", None)), encoding="utf-8")


def keys_of_two_sensors(home: Path, folder: Path) -> list[str]:
    """What two sensors that look at once ask for."""
    told = [folder / "first", folder / "second"]
    both = [kills.child(ask, home, path) for path in told]
    for process in both:
        process.join(300)
    return [path.read_text(encoding="utf-8") for path in told]
