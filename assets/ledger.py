"""The ledger: which files were delivered and what became of their rows. `ledger/ledger.sqlite`, rows only added.

batch: one row each time a feed's delivery for a month and place is first seen, changes or is withdrawn.
file: one row each time a file was taken in under a contract. row_reason: why rows were refused (level 错误)
or only noted (警告), values masked.
Does not belong here: raw text of refused rows (the vault's quarantine), decisions of people about households.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from fangpin.intake.levels import ERROR

_TABLES = (
    """create table if not exists batch (
      batch_id integer primary key, feed text not null, month text not null, place text not null,
      attempt integer not null, sha256 text, path text, source text, size integer, modified_ns integer,
      encoding text, lines integer, quoted integer, seen_at text not null)""",
    """create table if not exists file (
      file_id integer primary key, sha256 text not null, path text not null, feed text not null, month text not null,
      place text not null, source text not null, size integer not null, contract text not null, encoding text,
      sheet text, header_row integer not null, unknown_columns text not null, rows_in_file integer not null,
      header_rows integer not null, blank_rows integer not null, total_rows integer not null,
      accepted integer not null, quarantined integer not null, matched integer not null, unmatched integer not null,
      lake_path text not null, attempt integer not null, taken_in_at text not null)""",
    """create table if not exists row_reason (
      file_id integer not null references file, row integer not null, column_name text not null, rule text not null,
      message text not null, value text, level text not null)""",
    "create index if not exists row_reason_file on row_reason (file_id)",
)


@dataclass(frozen=True)
class Delivered:
    """A file in force for feed, month and place. path: relative to inbox/. attempt: 1 for the first delivery."""

    feed: str
    month: str
    place: str
    attempt: int
    sha256: str
    path: str
    source: str
    size: int
    modified_ns: int
    encoding: str | None
    lines: int | None
    quoted: bool


@dataclass(frozen=True)
class TakenIn:
    """A file taken in: rows by fate. contract: FeedContract.fingerprint; lake_path: relative to the home folder.

    rows_in_file = header_rows + blank_rows + total_rows + accepted + quarantined; accepted = matched + unmatched.
    """

    sha256: str
    path: str
    feed: str
    month: str
    place: str
    source: str
    size: int
    contract: str
    encoding: str | None
    sheet: str | None
    header_row: int
    unknown_columns: str
    rows_in_file: int
    header_rows: int
    blank_rows: int
    total_rows: int
    accepted: int
    quarantined: int
    matched: int
    unmatched: int
    lake_path: str
    attempt: int


@contextmanager
def open_ledger(home: Path) -> Iterator[sqlite3.Connection]:
    """The ledger as one transaction: committed at the end, rolled back on any exception. One writer at a time."""
    folder = home / "ledger"
    folder.mkdir(parents=True, exist_ok=True)
    con = sqlite3.connect(folder / "ledger.sqlite", timeout=60)
    try:
        with con:
            for statement in _TABLES:
                con.execute(statement)
            if not _has_levels(con):
                _add_levels(con)
            yield con
    finally:
        con.close()


def _has_levels(con: sqlite3.Connection) -> bool:
    return any(name == "level" for _, name, *_ in con.execute("pragma table_info(row_reason)"))


def _add_levels(con: sqlite3.Connection) -> None:
    """A ledger of before the levels knows refused rows only. Looked at again once this process is the one writer."""
    con.execute("begin immediate")
    if not _has_levels(con):
        con.execute(f"alter table row_reason add column level text not null default '{ERROR}'")


def record_delivery(con: sqlite3.Connection, month: str, files: Iterable[Delivered]) -> None:
    """Add what is new against the last look at the month: other bytes are a new attempt, a file gone is withdrawn.

    The attempt numbers of `files` are set here.
    """
    known = {(d.feed, d.place): d for d in _delivered(con, month)}
    now = _now()
    for new in files:
        old = known.pop((new.feed, new.place), None)
        if old is None or old.sha256 != new.sha256 or (old.path, old.modified_ns) != (new.path, new.modified_ns):
            same = old is not None and old.sha256 == new.sha256
            attempt = old.attempt if old and same else _last_attempt(con, new.feed, month, new.place) + 1
            values = {**vars(new), "attempt": attempt, "seen_at": now}
            con.execute(
                f"insert into batch ({', '.join(values)}) values ({', '.join('?' * len(values))})",
                tuple(values.values()),
            )
    for gone in known.values():
        con.execute(
            "insert into batch (feed, month, place, attempt, seen_at) values (?, ?, ?, ?, ?)",
            (gone.feed, month, gone.place, gone.attempt, now),
        )


def _last_attempt(con: sqlite3.Connection, feed: str, month: str, place: str) -> int:
    found = con.execute(
        "select coalesce(max(attempt), 0) from batch where feed = ? and month = ? and place = ?", (feed, month, place)
    )
    return int(found.fetchone()[0])


def _delivered(con: sqlite3.Connection, month: str) -> list[Delivered]:
    names = ", ".join(f.name for f in fields(Delivered))
    found = con.execute(
        f"""select {names} from batch where batch_id in
            (select max(batch_id) from batch where month = ? group by feed, place) and sha256 is not null
            order by feed, place""",
        (month,),
    )
    return [Delivered(*row[:-1], quoted=bool(row[-1])) for row in found]


def delivered(con: sqlite3.Connection, feed: str, month: str) -> list[Delivered]:
    """The files in force for a feed and month, by place."""
    return [d for d in _delivered(con, month) if d.feed == feed]


def delivered_months(con: sqlite3.Connection, feed: str, first: str, last: str) -> list[str]:
    """Months from first to last for which something of the feed was ever delivered, in order."""
    found = con.execute(
        "select distinct month from batch where feed = ? and month between ? and ? order by month", (feed, first, last)
    )
    return [str(month) for (month,) in found]


def record_file(con: sqlite3.Connection, taken: TakenIn, reasons: Iterable[tuple[Any, ...]]) -> None:
    """Add a taken-in file and the reasons (row, column, rule, level, message, masked value) of its rows."""
    names = [f.name for f in fields(TakenIn)]
    cursor = con.execute(
        f"insert into file ({', '.join(names)}, taken_in_at) values ({', '.join('?' * (len(names) + 1))})",
        (*astuple(taken), _now()),
    )
    con.executemany(
        """insert into row_reason (file_id, row, column_name, rule, level, message, value)
           values (?, ?, ?, ?, ?, ?, ?)""",
        ((cursor.lastrowid, *reason) for reason in reasons),
    )


_IN_FORCE = """
    select max(file.file_id) from file join batch using (feed, month, place, sha256)
    where batch.batch_id in (select max(batch_id) from batch where month = :month and feed = :feed group by place)
      and file.contract = :contract
    group by file.place"""


def in_force(con: sqlite3.Connection, feed: str, month: str, contract: str) -> list[TakenIn]:
    """What was taken in of the files now in force for feed and month, read under this contract; by place."""
    names = ", ".join(f.name for f in fields(TakenIn))
    found = con.execute(
        f"select {names} from file where file_id in ({_IN_FORCE}) order by place",
        {"feed": feed, "month": month, "contract": contract},
    )
    return [TakenIn(*row) for row in found]


def reason_counts(
    con: sqlite3.Connection, feed: str, month: str, contract: str, level: str = ERROR
) -> list[tuple[str, int]]:
    """(rule, rows) of the reasons of a level of the files in force, the most frequent first."""
    found = con.execute(
        f"""select rule, count(distinct file_id || ':' || row) as rows from row_reason
            where file_id in ({_IN_FORCE}) and level = :level group by rule order by rows desc, rule""",
        {"feed": feed, "month": month, "contract": contract, "level": level},
    )
    return [(str(rule), int(rows)) for rule, rows in found]


def find_file(con: sqlite3.Connection, sha16: str, feed: str) -> TakenIn | None:
    """The newest take-in of the file whose sha256 starts with `sha16`."""
    names = ", ".join(f.name for f in fields(TakenIn))
    found = con.execute(
        f"select {names} from file where sha256 like ? and feed = ? order by file_id desc limit 1", (f"{sha16}%", feed)
    ).fetchone()
    return TakenIn(*found) if found else None


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
