"""Which versions were released and rolled back, in the ledger; and the pointers that say which one is in force.

A month's history only grows. The pointers follow from it: `settle` writes them again whenever they disagree, so that
a release or rollback killed half-way is completed by the next one. Does not belong here: what is in a version.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from assets import arrivals, corrections, field_ledger
from assets.ledger import open_ledger, standing_hashes
from fangpin.month import shift

DDL = """create table if not exists publication (
  id integer primary key,
  month text not null,
  version text not null,
  event text not null check (event in ('released', 'rolled_back')),
  previous text,
  reason text,
  recorded_at text not null default current_timestamp
)"""
POINTER = "CURRENT"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Withdrawal:
    """A month that had a version and has none in force: the version last rolled back, when and why."""

    month: str
    version: str
    recorded_at: str  # as people here write it: '2021-12-05 09:30'
    reason: str

    def __str__(self) -> str:
        return f"{self.month}（{self.version}）已于 {self.recorded_at} 撤回，原因：{self.reason or '未写明'}"


@contextmanager
def ledger(home: Path) -> Iterator[sqlite3.Connection]:
    """The ledger with the table of publications, as one transaction."""
    with open_ledger(home) as con:
        con.execute(DDL)
        yield con


def record(home: Path, month: str, version: str, event: str, *, previous: str | None = None, reason: str = "") -> None:
    with ledger(home) as con:
        con.execute(
            "insert into publication (month, version, event, previous, reason) values (?, ?, ?, ?, ?)",
            [month, version, event, previous, reason],
        )


def released(home: Path, month: str) -> dict[str, str | None]:
    """Versions released, not rolled back and still on the disk, oldest first, each with its `previous`."""
    with ledger(home) as con:
        rows = con.execute(
            "select version, event, previous from publication where month = ? order by id", [month]
        ).fetchall()
    gone = {version for version, event, _ in rows if event == "rolled_back"}
    kept = {version: previous for version, event, previous in rows if event == "released" and version not in gone}
    return {v: previous for v, previous in kept.items() if (month_folder(home, month) / v / MANIFEST).is_file()}


def next_version(home: Path, month: str) -> str:
    """The next number; one that was ever released, or lies on the disk, is not used again."""
    with ledger(home) as con:
        used = {v for (v,) in con.execute("select version from publication where month = ?", [month]).fetchall()}
    used |= {p.name for p in month_folder(home, month).glob("v*")}
    return f"v{max((int(v.removeprefix('v')) for v in used), default=0) + 1:03d}"


def month_folder(home: Path, month: str) -> Path:
    return home / "published" / month


def months(home: Path) -> list[str]:
    """Months with a version in force, oldest first."""
    return sorted(p.parent.name for p in (home / "published").glob(f"????-??/{POINTER}"))


def in_force(home: Path, month: str) -> str | None:
    """The month's version in force, such as 'v001'; None when there is none."""
    pointer = month_folder(home, month) / POINTER
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None


def reference(home: Path, month: str) -> str | None:
    """The month's version in force as others name it, such as '2021-12/v001'."""
    version = in_force(home, month)
    return f"{month}/{version}" if version else None


def stale(home: Path) -> dict[str, str]:
    """Month -> why its version in force must be built again, oldest first: other files are delivered now, other
    corrections hold for them, other answers came back from the field, or it rests on a version of the month before that
    is no longer in force or stale."""
    found: dict[str, str] = {}
    for month in months(home):
        path = month_folder(home, month) / str(in_force(home, month)) / MANIFEST
        manifest = json.loads(path.read_bytes())
        before = shift(month, -1)
        with ledger(home) as con:
            delivered = standing_hashes(con, month)
        if files := arrivals.changed(home, month):
            found[month] = f"发布之后有文件新到、变动或撤走（{'、'.join(files[:3])}{'等' if len(files) > 3 else ''}）"
        elif delivered != manifest["inputs"]:
            found[month] = "发布之后报送的文件有变"
        elif corrections.version(month) != manifest.get("corrections", ""):
            found[month] = "发布之后省级更正（policy/corrections）有变"
        elif field_ledger.version(home, month) != manifest.get("field", ""):
            found[month] = "发布之后导入了实地核查结果"
        elif before in found or manifest["previous"] != reference(home, before):
            found[month] = "所依据的上一月已重算或退回"
    return found


def withdrawn(home: Path) -> list[Withdrawal]:
    """Months whose every version was rolled back, oldest first. Reads only: a home without a ledger has none."""
    if not (home / "ledger" / "ledger.sqlite").is_file():
        return []
    with ledger(home) as con:
        rows = con.execute(
            "select month, version, recorded_at, reason from publication where event = 'rolled_back' order by id"
        ).fetchall()
    last = {month: Withdrawal(month, version, _local(at), reason or "") for month, version, at, reason in rows}
    return [last[month] for month in sorted(last) if in_force(home, month) is None]


def _local(recorded_at: str) -> str:
    """The ledger's UTC second as the minute in Beijing."""
    at = dt.datetime.fromisoformat(recorded_at).replace(tzinfo=dt.UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    return f"{at:%Y-%m-%d %H:%M}"


def to_run(home: Path) -> list[str]:
    """Months to run, in this order, so that every month that had a version has one in force that is not stale."""
    return sorted({*stale(home), *(gone.month for gone in withdrawn(home))})


def settle(home: Path) -> bool:
    """Make the pointers agree with the history; whether any had to move, because the last switch was not completed."""
    with ledger(home) as con:
        recorded = [m for (m,) in con.execute("select distinct month from publication order by month").fetchall()]
    moved = False
    for month in recorded:
        versions = list(released(home, month))
        newest = versions[-1] if versions else None
        if in_force(home, month) != newest:
            _point(month_folder(home, month) / POINTER, newest)
            moved = True
    newest_month = months(home)[-1:]
    top = home / "published" / POINTER
    target = reference(home, newest_month[0]) if newest_month else None
    if (top.read_text(encoding="utf-8").strip() if top.is_file() else None) != target:
        _point(top, target)
        moved = True
    return moved


def _point(pointer: Path, target: str | None) -> None:
    """Replace a pointer file in one step; no target removes it."""
    if target is None:
        pointer.unlink(missing_ok=True)
    else:
        aside = pointer.with_name(f".{POINTER}.new")
        with aside.open("w", encoding="utf-8") as file:
            file.write(target + "\n")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(pointer)
    fsync_folder(pointer.parent)


def fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
