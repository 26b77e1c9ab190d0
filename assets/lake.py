"""The lake: accepted rows as immutable Parquet files, and the SELECT over those in force for a month.

`lake/<feed>/month=<YYYY-MM>/<source hash>-<determination>.parquet`, columns = FeedContract.lake_columns.
Which rows of a file are accepted depends on the contract and on the other files they are new against: the month's, and
for increments those of the window before it; and on the province's corrections. The determination is their hash.
Does not belong here: how rows come to be accepted (assets/batch.py).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import asdict
from pathlib import Path

from assets import corrections, ledger
from assets.ledger import Delivered, TakenIn
from checks.feed import INCREMENT, FeedContract
from fangpin.errors import DeliveryError
from fangpin.month import shift


def lake_path(file: Delivered, determined: str) -> Path:
    """Where the file's accepted rows go, relative to the home folder."""
    return Path("lake") / file.feed / f"month={file.month}" / f"{file.sha256[:16]}-{determined[:16]}.parquet"


def determination(con: sqlite3.Connection, contract: FeedContract, month: str) -> str:
    """The hash of all that decides which rows of the feed's files of a month are accepted; con: the ledger.

    A file that comes late for an earlier month, or a correction of one, changes it for the months after, which are then
    taken in again.
    """
    files = [
        (file.month, file.place, file.role, file.answers, file.sha256)
        for file in ledger.delivered(con, contract.name, *window(contract, month))
    ]
    entries = map(asdict, corrections.in_force(contract, *window(contract, month)))
    said = json.dumps([contract.fingerprint, month, files, *entries], default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def window(contract: FeedContract, month: str) -> tuple[str, str]:
    """First and last delivery month in force at `month`."""
    first = shift(month, 1 - contract.window_months) if contract.delivery == INCREMENT else month
    return first, month


def waiting(home: Path, contract: FeedContract, month: str) -> bool:
    """Whether a file in force for the month has not been taken in as it counts now, or is gone from the lake."""
    with ledger.open_ledger(home) as con:
        expected = ledger.delivered(con, contract.name, month, month)
        taken = ledger.in_force(con, contract.name, month, determination(con, contract, month))
    return len(taken) != len(expected) or not all((home / file.lake_path).is_file() for file in taken)


def taken_in(home: Path, contract: FeedContract, first: str, last: str) -> list[TakenIn]:
    """The files in force for the months from first to last that are taken in, by month, place and position."""
    with ledger.open_ledger(home) as con:
        return [
            file
            for each in ledger.delivered_months(con, contract.name, first, last)
            for file in ledger.in_force(con, contract.name, each, determination(con, contract, each))
        ]


def files_in_force(home: Path, month: str, contract: FeedContract) -> list[TakenIn]:
    """The taken-in files of the feed that count at `month`, by delivery month, place and position.

    Raises DeliveryError when the ledger knows of no delivery at all (a feed that did not come is empty, one that nobody
    looked for is not), or when a delivered file of the window has not been taken in as it counts now.
    """
    first, last = window(contract, month)
    with ledger.open_ledger(home) as con:
        expected = ledger.delivered(con, contract.name, first, last)
        if not ledger.has_deliveries(con):
            raise DeliveryError(f"台账里还没有任何报送：请先运行 {month} 的 raw/delivery，或运行整月。")
    found = taken_in(home, contract, first, last)
    if len(found) != len(expected):
        lacking = sorted({file.month for file in expected} - {file.month for file in found}) or [month]
        raise DeliveryError(
            f"{contract.source}《{contract.title}》{'、'.join(lacking)} 的文件还没有按现行约定入库："
            f"请先运行 {month} 的 raw/{contract.name}。"
        )
    return found


def raw_view_sql(home: Path, month: str, contract: FeedContract) -> str:
    """SELECT of the feed's rows in force at `month`, with exactly the contract's lake columns; empty when nothing came.

    Snapshots: the deliveries of the month. Increments: the deliveries of the window; a record delivered twice is in the
    lake once, with its first delivery.
    """
    paths = [home / file.lake_path for file in files_in_force(home, month, contract) if file.accepted]
    if not paths:
        columns = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind, _ in contract.lake_columns)
        return f"select {columns} where false"
    columns = ", ".join(f'"{name}"' for name, _, _ in contract.lake_columns)
    return f"select {columns} from {parquet(paths)}"


def parquet(paths: list[Path]) -> str:
    """read_parquet(...) over absolute paths."""
    listed = ", ".join("'" + str(path.resolve()).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"
