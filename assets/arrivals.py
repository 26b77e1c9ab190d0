"""What lies in a month's inbox, told by names, sizes and times alone: which files have come, changed or gone since the
ledger last saw them, and which are still being written.

Does not belong here: what a file is (assets/delivery.py), what follows from a late one (assets/publish/history.py).
"""

from __future__ import annotations

import hashlib
import json
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from assets import corrections, field_ledger, ledger
from fangpin.masking import showable

DONE = ".done"
"""Suffix of the mark a sender may put beside a file once it is complete: 名单.xlsx.done."""
UNFINISHED = frozenset({".part", ".partial", ".filepart", ".tmp", ".crdownload"})
"""Suffixes of files that a copy has not finished."""

_NO_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of characters that end lines, steer terminals or are no UTF-8."""


def as_text(path: str) -> str:
    """A sender's name as it may be stored: what is no text in it is written as \\u...."""
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c) in _NO_TEXT else c for c in path)


def files(folder: Path) -> Iterator[Path]:
    """Delivered files in a fixed order; hidden files, lock files of office programs, unfinished copies are none."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        other = path.suffix.lower() in {DONE, *UNFINISHED}
        if not hidden and not other and (path.is_symlink() or not path.is_dir()):
            yield path


def changed(home: Path, month: str) -> list[str]:
    """Paths (relative to inbox/, to be shown) that the ledger has not seen as they lie there now, or that it counts and
    are gone.

    A month whose whole folder is gone was put away: nothing of it was withdrawn.
    """
    inbox = home / "inbox"
    if not (inbox / month).is_dir():
        return []
    if not (home / "ledger" / "ledger.sqlite").is_file():
        return [showable(path.relative_to(inbox).as_posix()) for path in files(inbox / month)]
    with ledger.open_ledger(home) as con:
        seen = ledger.seen_files(con, month)
        counted = ledger.counted_paths(con, month)
    present = {path.relative_to(inbox).as_posix(): path.lstat() for path in files(inbox / month)}
    new = [
        path
        for path, about in present.items()
        if not seen & {(path, about.st_size, about.st_mtime_ns), (path, None, about.st_mtime_ns)}
    ]
    return sorted({*map(showable, new), *map(showable, counted - present.keys())})


def fingerprint(home: Path, month: str, previous: str | None) -> str:
    """Names a month's run by what it would read: the files as they lie there, the province's corrections of them, what
    came back from the field, and the version of the month before."""
    inbox = home / "inbox"
    listed = [
        (path.relative_to(inbox).as_posix(), path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in files(inbox / month)
    ]
    known = [listed, corrections.version(month), field_ledger.version(home, month), previous]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def still_arriving(home: Path, month: str, stable_seconds: int) -> list[str]:
    """Paths (to be shown) of files that may still be being written: touched less than `stable_seconds` ago, without
    their mark."""
    inbox, now = home / "inbox", time.time()
    return [
        showable(path.relative_to(inbox).as_posix())
        for path in files(inbox / month)
        if now - path.lstat().st_mtime < stable_seconds and not path.with_name(path.name + DONE).exists()
    ]
