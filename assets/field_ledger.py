"""What came back from the field, in the ledger: files imported, what they say unit by unit, problems settled.

A trip is a draw and those made from it by replacing villages: they share a seed, which names the trip. Rows only
added; of each item of a unit (a household, a village, a row of a register) the newest import of its trip counts,
whatever its file: the visit sheet and the checklist of a household may come in two. A file that was withdrawn stays
on record and counts for nothing.
Does not belong here: reading files (field_reading.py), draws (research_ledger.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from assets.research_ledger import ledger as with_draws
from fangpin.month import end
from fangpin.research.field import Answer, Imported, Record, Returned
from fangpin.research.item import HOUSEHOLD, VILLAGE

DDL = (
    """create table if not exists field_import (
      id integer primary key, plan text not null, draw integer not null, trip text not null,
      form_version text not null, name text not null, sha256 text not null, left text not null,
      imported_at text not null default current_timestamp)""",
    """create table if not exists field_answer (
      import_id integer not null references field_import, trip text not null, unit text not null,
      record integer not null,
      subject text not null, place_code text not null, household_id integer, day text not null, item text not null,
      checked text not null, actual text not null, note text not null, primary key (import_id, record, item))""",
    """create table if not exists field_withdrawn (
      import_id integer primary key references field_import, who text not null, why text not null,
      recorded_at text not null default current_timestamp)""",
    """create table if not exists finding_settled (
      id integer primary key, trip text not null, finding text not null, settled_on text not null, who text not null,
      what text not null, recorded_at text not null default current_timestamp)""",
)

_STANDING = """
    field_answer as told
    join (
      select trip, unit, item, max(import_id) as import_id from field_answer
      where import_id not in (select import_id from field_withdrawn) group by trip, unit, item
    ) as newest using (trip, unit, item, import_id)
    join (select id as import_id, plan from field_import) as file using (import_id)"""
"""Answers of the newest import that has any and was not withdrawn, for every item of every unit."""


@contextmanager
def ledger(home: Path) -> Iterator[sqlite3.Connection]:
    """The ledger with the tables of draws and of the field, as one transaction."""
    with with_draws(home) as con:
        for statement in DDL:
            con.execute(statement)
        yield con


def known(con: sqlite3.Connection, trip: str, sha256: str) -> bool:
    """Whether this very file was imported and all of it still stands."""
    return bool(
        con.execute(
            """select 1 from field_import as file where trip = ? and sha256 = ?
                 and id not in (select import_id from field_withdrawn) and not exists (
                   select 1 from field_answer as own join field_answer as later
                     on (later.trip, later.unit, later.item) = (own.trip, own.unit, own.item)
                     and later.import_id > own.import_id
                     and later.import_id not in (select import_id from field_withdrawn)
                   where own.import_id = file.id)""",
            [trip, sha256],
        ).fetchone()
    )


def record(con: sqlite3.Connection, trip: str, returned: Returned, name: str, sha256: str) -> int:
    """Add a file and all it says; its number."""
    key, left = returned.key, json.dumps(returned.left, ensure_ascii=False)
    [(number,)] = con.execute(
        """insert into field_import (plan, draw, trip, form_version, name, sha256, left) values (?, ?, ?, ?, ?, ?, ?)
           returning id""",
        [key.plan, key.draw, trip, key.form_version, name, sha256, left],
    ).fetchall()
    con.executemany(
        "insert into field_answer values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                number, trip, each.unit, position, each.subject, each.place_code, each.household_id,
                each.day.isoformat(), answer.item, answer.checked, answer.actual, answer.note,
            )
            for position, each in enumerate(returned.records)
            for answer in each.answers
        ],
    )  # fmt: skip
    return int(number)


def records(con: sqlite3.Connection, trip: str) -> list[Record]:
    """What stands of a trip, in order of unit and record; of a household or village one record, as of its last day."""
    rows = con.execute(
        f"""select unit, import_id, record, subject, place_code, household_id, day, item, checked, actual, note
            from {_STANDING} where trip = ? order by unit, import_id, record, told.rowid""",
        [trip],
    ).fetchall()
    found: dict[tuple[Any, ...], Record] = {}
    for unit, file, number, subject, place, household, day, *answer in rows:
        key = (unit,) if subject in (HOUSEHOLD, VILLAGE) else (unit, file, number)
        seen = dt.date.fromisoformat(day)
        so_far = found.get(key, Record(unit, subject, place, household, seen, (), ""))
        found[key] = replace(so_far, day=max(seen, so_far.day), answers=(*so_far.answers, Answer(*answer)))
    return list(found.values())


def answers(home: Path, month: str) -> list[tuple[Any, ...]]:
    """(plan, trip, unit, subject, place_code, household_id, day, item, checked, actual) of households and villages seen
    up to the month's end, as it stands, in that order."""
    with ledger(home) as con:
        return con.execute(
            f"""select plan, trip, unit, subject, place_code, household_id, day, item, checked, actual
                from {_STANDING} where day <= ? and subject in (?, ?) order by plan, trip, unit, item""",
            [end(month).isoformat(), HOUSEHOLD, VILLAGE],
        ).fetchall()


def version(home: Path, month: str) -> str:
    """A hash of all answers up to a month's end; '' when there is none, or no ledger."""
    if not (home / "ledger" / "ledger.sqlite").is_file():
        return ""
    told = answers(home, month)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16] if told else ""


def imports(con: sqlite3.Connection, trip: str) -> list[Imported]:
    """A trip's files, in the order they came."""
    rows = con.execute(
        """select id, name, (select count(distinct record) from field_answer where import_id = id), left, who, why
           from field_import left join field_withdrawn on import_id = id where trip = ? order by id""",
        [trip],
    )
    return [
        Imported(number, name, count, tuple(json.loads(left)), None if who is None else (who, why))
        for number, name, count, left, who, why in rows
    ]


def withdraw(con: sqlite3.Connection, number: int, who: str, why: str) -> None:
    """Add that a file counts for nothing from now on."""
    con.execute("insert into field_withdrawn (import_id, who, why) values (?, ?, ?)", [number, who, why])


def settle(con: sqlite3.Connection, trip: str, finding: str, on: dt.date, who: str, what: str) -> None:
    """Add that a problem was settled."""
    con.execute(
        "insert into finding_settled (trip, finding, settled_on, who, what) values (?, ?, ?, ?, ?)",
        [trip, finding, on.isoformat(), who, what],
    )


def settled(con: sqlite3.Connection, trip: str) -> dict[str, tuple[str, str, str]]:
    """Problem -> (day, who, what) of what settled it last."""
    rows = con.execute("select finding, settled_on, who, what from finding_settled where trip = ? order by id", [trip])
    return {finding: (on, who, what) for finding, on, who, what in rows}
