"""How a month's deliveries came, told by the ledger: when each batch came, which files were read at the first attempt.

Does not belong here: what came and what became of it (assets/ledger.py), what is late or good (fangpin/quality.py).
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fangpin.intake.levels import ERROR
from fangpin.month import BEIJING


@dataclass(frozen=True)
class Arrival:
    """The first delivery of a batch. late: written after the deadline, or not there at a look that came after it; never
    when it was fetched from a database, which is done by us.
    """

    sent_on: dt.date
    late: bool


def arrivals(con: sqlite3.Connection, month: str, deadline: dt.datetime) -> dict[tuple[str, str], Arrival]:
    """(feed, place) -> how it came, of every batch that ever came for the month; con: the ledger.

    seen_at is written by the ledger in UTC, so that texts compare as times.
    """
    found = con.execute(
        """with first_look as (
             select feed, place, min(look) as look from batch where month = :month and sha256 is not null group by 1, 2
           ), after as (
             select min(look) as look from batch where month = :month and seen_at >= :deadline
           )
           select feed, place, max(batch.modified_ns), min(batch.seen_at), first_look.look > after.look,
             max(batch.path in (select path from fetched))
           from batch join first_look using (feed, place, look) cross join after
           where batch.month = :month and batch.sha256 is not null
           group by feed, place""",
        {"month": month, "deadline": deadline.astimezone(dt.UTC).isoformat(timespec="seconds")},
    )
    arrived = {}
    for feed, place, written_ns, seen_at, missed, fetched in found:
        written = dt.datetime.fromtimestamp(written_ns // 10**9, BEIJING)
        sent = dt.datetime.fromisoformat(seen_at).astimezone(BEIJING) if missed else written
        arrived[feed, place] = Arrival(sent.date(), not fetched and (bool(missed) or written >= deadline))
    return arrived


def files_tried(con: sqlite3.Connection, month: str) -> dict[str, tuple[int, int]]:
    """Department -> (files it sent for the month, those of them that were never rejected as a whole)."""
    rejected = {path for (path,) in con.execute("select distinct path from rejected where month = ?", (month,))}
    taken = {
        path
        for (path,) in con.execute("select distinct path from batch where month = ? and path is not null", (month,))
    }
    sent, readable = (
        Counter(PurePosixPath(path).parts[1] for path in paths) for paths in (rejected | taken, taken - rejected)
    )
    return {source: (number, readable[source]) for source, number in sent.items()}


def rows_refused_for(con: sqlite3.Connection, feed: str, month: str, determined: str, rules: Sequence[str]) -> int:
    """Rows of the files in force refused for one of the rules or more. determined: the files' determination."""
    found = con.execute(
        f"""select count(*) from (
              select distinct file_id, row from row_reason
              where level = ? and rule in ({", ".join("?" * len(rules))}) and file_id in (
                select max(file_id) from file where feed = ? and month = ? and determined = ?
                group by place, sha256))""",
        (ERROR, *rules, feed, month, determined),
    )
    return int(found.fetchone()[0])
