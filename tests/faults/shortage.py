"""A home on a disk that is too small: a tmpfs of a given size where root may mount one, else a limit on every file.

Does not belong here: the work that is done on it (kills.py), the verdict (test_shortage.py, count.py).
"""

from __future__ import annotations

import errno
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from fangpin.errors import FangpinError
from tests.faults import kills

TMPFS, RLIMIT = "tmpfs", "RLIMIT_FSIZE"
NAMED = "named: "


def kind(folder: Path) -> str:
    """How a full disk can be had here."""
    if os.getuid() != 0:
        return RLIMIT
    folder.mkdir()
    tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True)
    if tried.returncode == 0:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()
    return TMPFS if tried.returncode == 0 else RLIMIT


@contextmanager
def disk(folder: Path, size: int) -> Iterator[None]:
    """`folder` is a disk of its own with so many bytes."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def enlarge(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=256m", str(folder)], check=True)


def attempt(home: Path, prepared: Path, limit: int | None, told: Path) -> None:
    """In a child process: the work; what ended it is written to `told`."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        kills.run(home, prepared)
    except Exception as error:  # noqa: BLE001 - told
        said = f"{NAMED if named(error) else ''}{type(error).__name__}: {error}"
    else:
        said = ""
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    told.write_text(said, encoding="utf-8")


def named(error: Exception) -> bool:
    """Whether whoever started the run is told what to do: by the message, or by the step, which knows full disks."""
    full = (errno.ENOSPC, errno.EFBIG)
    return isinstance(error, FangpinError) or (
        isinstance(error, OSError | duckdb.Error) and any(os.strerror(number) in str(error) for number in full)
    )


def attempted(home: Path, prepared: Path, limit: int | None, told: Path) -> str:
    """What ended the work, empty when nothing did."""
    process = kills.child(attempt, home, prepared, limit, told)
    process.join(300)
    assert process.exitcode == 0, process.exitcode
    return told.read_text(encoding="utf-8")
