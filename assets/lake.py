"""The lake: accepted rows as immutable Parquet files, and the SELECT over those in force for a month.

`lake/<feed>/month=<YYYY-MM>/<source hash>-<contract hash>.parquet`, columns = FeedContract.lake_columns.
Does not belong here: how rows come to be accepted (assets/batch.py).
"""

from __future__ import annotations

from pathlib import Path

from assets import ledger
from assets.ledger import Delivered, TakenIn
from checks.feed import INCREMENT, FeedContract
from fangpin.errors import DeliveryError
from fangpin.month import shift


def lake_path(contract: FeedContract, file: Delivered) -> Path:
    """Where the file's accepted rows go, relative to the home folder."""
    name = f"{file.sha256[:16]}-{contract.fingerprint[:16]}.parquet"
    return Path("lake") / contract.name / f"month={file.month}" / name


def window(contract: FeedContract, month: str) -> tuple[str, str]:
    """First and last delivery month in force at `month`."""
    first = shift(month, 1 - contract.window_months) if contract.delivery == INCREMENT else month
    return first, month


def files_in_force(home: Path, month: str, contract: FeedContract) -> list[TakenIn]:
    """The taken-in files of the feed that count at `month`, by delivery month and place.

    Raises DeliveryError when a delivered file of the window has not been taken in under today's contract.
    """
    first, last = window(contract, month)
    found: list[TakenIn] = []
    with ledger.open_ledger(home) as con:
        for each in ledger.delivered_months(con, contract.name, first, last):
            taken = ledger.in_force(con, contract.name, each, contract.fingerprint)
            expected = ledger.delivered(con, contract.name, each)
            if len(taken) != len(expected):
                raise DeliveryError(
                    f"{contract.source}《{contract.title}》{each} 的文件还没有按现行约定入库："
                    f"请先运行 {month} 的 raw/{contract.name}。"
                )
            found += taken
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
