"""The ledger: which files were delivered and what became of their rows. `ledger/ledger.sqlite`, rows only added.

batch: the files in force for a feed, month and place; all of them again each time one comes, changes or goes.
file: one row each time a file was taken in. row_reason: why rows were refused (level 错误) or only noted (警告), values
masked. rejected: files that could not be read as what they should be. attempt: each run of a month that began.
fetched: files that were read from a database.
Does not belong here: raw text of refused rows (the vault's quarantine), decisions of people about households.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

from fangpin.errors import HomeError
from fangpin.intake.blocks import Facts
from fangpin.intake.levels import ERROR
from fangpin.masking import showable

WAIT_SECONDS = 60
_FAILURES = {
    sqlite3.SQLITE_BUSY: f"等了 {WAIT_SECONDS} 秒，一直被另一个程序占用：请关闭它",
    sqlite3.SQLITE_FULL: "写不进去，磁盘已满：请清理磁盘",
    sqlite3.SQLITE_IOERR: "读写出错，多半是磁盘已满：请检查磁盘",
}
FULL, CORRECTION = "full", "correction"
"""What a file is to its batch: all rows of the delivery, or only rows that correct those of an earlier file."""

_TABLES = (
    """create table if not exists batch (
      batch_id integer primary key, look integer not null, feed text not null, month text not null, place text not null,
      attempt integer not null, position integer not null, role text, answers text, sha256 text, path text, member text,
      sheet text, source text, size integer, modified_ns integer, kind text, encoding text, lines integer,
      quoted integer, seen_at text not null)""",
    """create table if not exists file (
      file_id integer primary key, sha256 text not null, path text not null, member text, sheet text,
      feed text not null, month text not null, place text not null, role text not null, source text not null,
      size integer not null, contract text not null, determined text not null, encoding text, tables text not null,
      header_row integer not null, remarks text not null, rows_in_file integer not null,
      header_rows integer not null, blank_rows integer not null, total_rows integer not null,
      accepted integer not null, quarantined integer not null, replaced integer not null, matched integer not null,
      unmatched integer not null, lake_path text not null, attempt integer not null, taken_in_at text not null)""",
    """create table if not exists row_reason (
      file_id integer not null references file, row integer not null, column_name text not null, rule text not null,
      level text not null, message text not null, value text)""",
    "create index if not exists row_reason_file on row_reason (file_id)",
    """create table if not exists rejected (
      rejected_id integer primary key, month text not null, path text not null, rule text not null,
      message text not null, seen_at text not null)""",
    """create table if not exists fetched (
      fetched_id integer primary key, feed text not null, month text not null, place text not null,
      rows integer not null, mark_column text, watermark text, query text not null, path text not null,
      fetched_at text not null)""",
    """create table if not exists attempt (
      attempt_id integer primary key, month text not null, content text not null, began_at text not null)""",
)


@dataclass(frozen=True)
class Delivered:
    """A file in force for feed, month and place. path: relative to inbox/; member: of a zip; sheet: the only worksheet
    that counts. attempt: 1 for the first delivery of the batch. position: 0 for the full file, then its corrections.
    answers: sha256 (16 digits) of the file whose return list was corrected.
    """

    feed: str
    month: str
    place: str
    attempt: int
    position: int
    role: str
    answers: str | None
    sha256: str
    path: str
    member: str | None
    sheet: str | None
    source: str
    size: int
    modified_ns: int
    kind: str
    encoding: str | None
    lines: int | None
    quoted: bool

    @property
    def named(self) -> str:
        """The file as people are told of it."""
        return showable(self.path) + (f"!/{showable(self.member)}" if self.member else "")

    @property
    def facts(self) -> Facts:
        """What is known of its bytes."""
        return Facts(self.sha256, self.size, self.kind, self.encoding, self.lines, self.quoted)


@dataclass(frozen=True)
class TakenIn:
    """A file taken in: rows by fate. contract: FeedContract.fingerprint; determined: hash of all that decides which of
    its rows count (assets/lake.py); tables: its worksheets, header rows and rows; remarks: how it was read
    (fangpin/intake/remarks.py), as JSON; lake_path: relative to the home folder.

    rows_in_file = header_rows + blank_rows + total_rows + accepted + quarantined + replaced (by a correction);
    accepted = matched + unmatched.
    """

    sha256: str
    path: str
    member: str | None
    sheet: str | None
    feed: str
    month: str
    place: str
    role: str
    source: str
    size: int
    contract: str
    determined: str
    encoding: str | None
    tables: str
    header_row: int
    remarks: str
    rows_in_file: int
    header_rows: int
    blank_rows: int
    total_rows: int
    accepted: int
    quarantined: int
    replaced: int
    matched: int
    unmatched: int
    lake_path: str
    attempt: int


@dataclass(frozen=True)
class Fetched:
    """A file that was read from a database (assets/fetching.py). watermark: how far its column came, as text;
    query: hash of what was asked; path: relative to inbox/.
    """

    feed: str
    month: str
    place: str
    rows: int
    mark_column: str | None
    watermark: str | None
    query: str
    path: str


@contextmanager
def open_ledger(home: Path) -> Iterator[sqlite3.Connection]:
    """The ledger as one transaction: committed at the end, rolled back on any exception. One writer at a time."""
    folder = home / "ledger"
    folder.mkdir(parents=True, exist_ok=True)
    con = sqlite3.connect(folder / "ledger.sqlite", timeout=WAIT_SECONDS)
    try:
        with con:
            _keep_earlier_edition(con)
            for statement in _TABLES:
                con.execute(statement)
            yield con
    except sqlite3.OperationalError as error:
        if (why := _FAILURES.get(error.sqlite_errorcode & 0xFF)) is None:
            raise
        raise HomeError(f"台账 ledger/ledger.sqlite {why}后重试。") from error
    finally:
        con.close()


def _keep_earlier_edition(con: sqlite3.Connection) -> None:
    """A ledger of before corrections could be delivered is kept beside: what lies in the inbox is taken in again.
    Later, of all that can be said of how a file was read, only the unknown columns were kept.
    """
    columns = {name for _, name, *_ in con.execute("pragma table_info(batch)")}
    if "unknown_columns" in {name for _, name, *_ in con.execute("pragma table_info(file)")}:
        con.execute("alter table file rename column unknown_columns to remarks")
    if columns and "look" not in columns:
        con.execute("begin immediate")
        for table in ("batch", "file", "row_reason"):
            con.execute(f"alter table {table} rename to {table}_edition_1")
        con.execute("drop index if exists row_reason_file")


def record_delivery(con: sqlite3.Connection, month: str, files: Iterable[Delivered]) -> list[Delivered]:
    """Add what is new against the last look at the month; the files with their attempts, by feed, place and position.

    Other files in a batch are a new attempt; a batch without files is withdrawn.
    """
    if not con.in_transaction:
        con.execute("begin immediate")  # of two looks at once, one waits
    known = _batches(_standing(con, "month = ?", month))
    standing: list[Delivered] = []
    (look,) = con.execute("select coalesce(max(look), 0) + 1 from batch").fetchone()
    for key, new in sorted(_batches(files).items()):
        old = known.pop(key, [])
        attempt = old[0].attempt if old and _same_files(old, new) else _last_attempt(con, month, *key) + 1
        numbered = [replace(file, attempt=attempt, position=n) for n, file in enumerate(new)]
        if numbered != old:
            _add(con, "batch", [{"look": look, **vars(file), "seen_at": _now()} for file in numbered])
        standing += numbered
    for (feed, place), gone in known.items():
        named = {"feed": feed, "month": month, "place": place, "attempt": gone[0].attempt}
        _add(con, "batch", [{"look": look, **named, "position": 0, "seen_at": _now()}])
    return standing


def _batches(files: Iterable[Delivered]) -> dict[tuple[str, str], list[Delivered]]:
    found: dict[tuple[str, str], list[Delivered]] = defaultdict(list)
    for file in files:
        found[file.feed, file.place].append(file)
    return dict(found)


def _same_files(old: list[Delivered], new: list[Delivered]) -> bool:
    return [(f.sha256, f.role, f.answers) for f in old] == [(f.sha256, f.role, f.answers) for f in new]


def _add(con: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    con.executemany(
        f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})",
        [tuple(row.values()) for row in rows],
    )


def _last_attempt(con: sqlite3.Connection, month: str, feed: str, place: str) -> int:
    told = "select coalesce(max(attempt), 0) from batch where feed = ? and month = ? and place = ?"
    return int(con.execute(told, (feed, month, place)).fetchone()[0])


_STANDING = """
    from batch join (select feed, month, place, max(look) as look from batch group by feed, month, place)
      using (feed, month, place, look)
    where sha256 is not null"""


def _standing(con: sqlite3.Connection, where: str, *values: str) -> list[Delivered]:
    names = ", ".join(f.name for f in fields(Delivered))
    found = con.execute(f"select {names} {_STANDING} and {where} order by month, feed, place, position", values)
    return [Delivered(*row[:-1], quoted=bool(row[-1])) for row in found]


def delivered(con: sqlite3.Connection, feed: str, first: str, last: str) -> list[Delivered]:
    """The files in force for a feed and the months from first to last, by month, place and position."""
    return _standing(con, "feed = ? and month between ? and ?", feed, first, last)


def first_seen(con: sqlite3.Connection, month: str) -> dict[tuple[str, str, str], int]:
    """(feed, place, sha256) -> the look at which these bytes were first in force there."""
    found = con.execute(
        "select feed, place, sha256, min(look) from batch where month = ? and sha256 is not null group by 1, 2, 3",
        (month,),
    )
    return {(feed, place, sha256): look for feed, place, sha256, look in found}


def seen_files(con: sqlite3.Connection, month: str) -> set[tuple[str, int | None, int]]:
    """(path, size, modified) of every file of the month's folder that was ever in force; a zip has no size here."""
    told = "path, iif(member is null, size, null), modified_ns"
    return set(con.execute(f"select {told} from batch where month = ? and path is not null", (month,)))


def counted_paths(con: sqlite3.Connection, month: str) -> set[str]:
    """Paths of the files in force for the month."""
    return {file.path for file in _standing(con, "month = ?", month)}


def standing_hashes(con: sqlite3.Connection, month: str) -> dict[str, list[str]]:
    """Feed -> sha256 of its files in force for the month, sorted."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in _standing(con, "month = ?", month):
        found[file.feed].append(file.sha256)
    return {feed: sorted(hashes) for feed, hashes in sorted(found.items())}


def superseded(con: sqlite3.Connection, month: str) -> list[tuple[str, str, str, int]]:
    """(feed, place, path, attempt) of files that were in force in the month and are no longer, by feed and place."""
    found = con.execute(
        f"""select feed, place, path, max(attempt) from batch
            where month = :month and sha256 is not null
              and (feed, place, sha256) not in (select feed, place, sha256 {_STANDING} and month = :month)
            group by feed, place, path order by feed, place, path""",
        {"month": month},
    )
    return list(found)


def record_attempt(con: sqlite3.Connection, month: str, content: str) -> None:
    """Add that a run of the month began to look at these files (assets/arrivals.fingerprint)."""
    _add(con, "attempt", [{"month": month, "content": content, "began_at": _now()}])


def attempts(con: sqlite3.Connection, month: str) -> list[str]:
    """What the runs of a month began with, oldest first."""
    found = con.execute("select content from attempt where month = ? order by attempt_id", (month,))
    return [str(content) for (content,) in found]


def record_fetched(con: sqlite3.Connection, fetched: Fetched) -> None:
    """Add that a file now in the inbox was read from a database."""
    _add(con, "fetched", [{**vars(fetched), "fetched_at": _now()}])


def last_fetched(con: sqlite3.Connection, feed: str, place: str) -> dict[str, Fetched]:
    """Month -> what was last fetched for it."""
    names = ", ".join(f.name for f in fields(Fetched))
    found = con.execute(f"select {names} from fetched where feed = ? and place = ? order by fetched_id", (feed, place))
    return {each.month: each for each in (Fetched(*row) for row in found)}


def record_rejected(con: sqlite3.Connection, month: str, files: Iterable[tuple[str, str, str]]) -> None:
    """Add the files (path, rule, message) that a look could not read as what they should be."""
    if rows := [{"month": month, "path": p, "rule": r, "message": m, "seen_at": _now()} for p, r, m in files]:
        _add(con, "rejected", rows)


def has_deliveries(con: sqlite3.Connection) -> bool:
    """Whether anything was ever delivered."""
    return con.execute("select 1 from batch limit 1").fetchone() is not None


def delivered_months(con: sqlite3.Connection, feed: str, first: str, last: str) -> list[str]:
    """Months from first to last for which something of the feed was ever delivered, in order."""
    told = "select distinct month from batch where feed = ? and month between ? and ? order by month"
    return [str(month) for (month,) in con.execute(told, (feed, first, last))]


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


_IN_FORCE = f"""
    select max(file.file_id)
    from file join (select feed, month, place, sha256 {_STANDING} and feed = :feed and month = :month) as standing
      using (feed, month, place, sha256)
    where file.determined = :determined group by file.place, file.sha256"""


def in_force(con: sqlite3.Connection, feed: str, month: str, determined: str) -> list[TakenIn]:
    """What was taken in of the files now in force for feed and month, under this determination; by place, in order."""
    names = ", ".join(f.name for f in fields(TakenIn))
    found = con.execute(
        f"select {names} from file where file_id in ({_IN_FORCE}) order by place, file_id",
        {"feed": feed, "month": month, "determined": determined},
    )
    return [TakenIn(*row) for row in found]


def reason_counts(
    con: sqlite3.Connection, feed: str, month: str, determined: str, level: str = ERROR
) -> list[tuple[str, int]]:
    """(rule, rows) of the reasons of a level of the files in force, the most frequent first."""
    found = con.execute(
        f"""select rule, count(distinct file_id || ':' || row) as rows from row_reason
            where file_id in ({_IN_FORCE}) and level = :level group by rule order by rows desc, rule""",
        {"feed": feed, "month": month, "determined": determined, "level": level},
    )
    return [(str(rule), int(rows)) for rule, rows in found]


def reasons(con: sqlite3.Connection, file: TakenIn) -> list[tuple[int, str, str, str, str]]:
    """(row, column, rule, level, message) of a taken-in file's rows, by row."""
    found = con.execute(
        """select row, column_name, rule, level, message from row_reason where file_id =
             (select max(file_id) from file
              where feed = ? and month = ? and place = ? and sha256 = ? and determined = ?)
           order by row, column_name, rule""",
        (file.feed, file.month, file.place, file.sha256, file.determined),
    )
    return list(found)


def find_file(con: sqlite3.Connection, sha16: str, feed: str) -> TakenIn | None:
    """The newest take-in of the file whose sha256 starts with `sha16`."""
    names = ", ".join(f.name for f in fields(TakenIn))
    found = con.execute(
        f"select {names} from file where sha256 like ? and feed = ? order by file_id desc limit 1", (f"{sha16}%", feed)
    ).fetchone()
    return TakenIn(*found) if found else None


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
