"""What people decided about draws, in the ledger: frames frozen, draws made and why again, villages replaced.

Rows only added. Does not belong here: the files of a draw (pipelines/research_draw.py), visits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assets.ledger import open_ledger

DDL = (
    """create table if not exists freeze (
      id integer primary key, plan text not null, month text not null, version text not null,
      frame_sha256 text not null, plan_sha256 text not null, reason text not null,
      frozen_at text not null default current_timestamp)""",
    """create table if not exists draw (
      id integer primary key, plan text not null, number integer not null, month text not null, version text not null,
      frame_sha256 text not null, public_value text not null, seed text not null, audit_sha256 text not null,
      reason text not null, drawn_at text not null default current_timestamp, unique (plan, number))""",
    """create table if not exists override (
      id integer primary key, plan text not null, draw integer not null, place text not null, action text not null,
      instead text, who text not null, why text not null, recorded_at text not null default current_timestamp)""",
)


@contextmanager
def ledger(home: Path) -> Iterator[sqlite3.Connection]:
    """The ledger with the tables of draws, as one transaction."""
    with open_ledger(home) as con:
        for statement in DDL:
            con.execute(statement)
        yield con


def record(con: sqlite3.Connection, table: str, **values: Any) -> None:
    columns = ", ".join(values)
    con.execute(f"insert into {table} ({columns}) values ({', '.join('?' * len(values))})", list(values.values()))


def last_freeze(con: sqlite3.Connection, plan: str) -> str | None:
    """The hash of the frame frozen last for a plan."""
    found = con.execute("select frame_sha256 from freeze where plan = ? order by id desc limit 1", [plan]).fetchone()
    return str(found[0]) if found else None


def draws(con: sqlite3.Connection, plan: str) -> list[tuple[int, str, str]]:
    """(number, frame's hash, audit file's hash) of a plan's draws, in order."""
    return con.execute(
        "select number, frame_sha256, audit_sha256 from draw where plan = ? order by number", [plan]
    ).fetchall()


def seeds(con: sqlite3.Connection, plan: str) -> dict[int, str]:
    """Number -> seed of a plan's draws; those made by replacing villages have the seed of the draw before."""
    return dict(con.execute("select number, seed from draw where plan = ? order by number", [plan]).fetchall())
