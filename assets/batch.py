"""Taking in one batch, a feed's files of a month: read, judge, give keys, store, write down what became of each row.

Order of the steps, so that a run killed anywhere is completed by the next: Parquet aside, vault committed, Parquet
renamed into the lake, ledger committed. Until the ledger has the file, it counts as not taken in and is read again.
Does not belong here: which files are in a delivery (assets/delivery.py), when a batch runs (assets/raw.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assets import amounts, judging, lake, ledger, parts, staging, vault
from assets.judging import Judgement
from assets.ledger import TakenIn
from assets.locks import alone
from checks.feed import FeedContract
from checks.mart.feed_quality import NOT_DELIVERED
from fangpin.month import shift

Report = Callable[[str], None]


@dataclass(frozen=True)
class IntakeResult:
    """The files of a feed in force for a month; new: whether this call took them in."""

    feed: str
    month: str
    files: tuple[TakenIn, ...]
    new: bool

    def total(self, count: str) -> int:
        """Sum over the files of rows_in_file, accepted, quarantined, matched ..."""
        return sum(int(getattr(file, count)) for file in self.files)


def take_in(home: Path, month: str, contract: FeedContract, report: Report = lambda _: None) -> IntakeResult:
    """Take in the feed's delivered files of the month, and of its window where they were not read as they count now.

    A month in the lake is not read again. Raises FileRejected or DeliveryError before anything is stored.
    """
    first, last = lake.window(contract, month)
    new = False
    with ledger.open_ledger(home) as con:
        months = ledger.delivered_months(con, contract.name, first, last)
    for each in months:
        if lake.waiting(home, contract, each) and _take_in_month(home, each, contract, report):
            new = each == month
    result = IntakeResult(contract.name, month, tuple(lake.taken_in(home, contract, month, month)), new)
    counts = (
        f"接收 {result.total('accepted'):,} 行，退回 {result.total('quarantined'):,} 行"
        if result.files
        else NOT_DELIVERED
    )
    report(f"{contract.title} {month}：{counts}{'' if new or not result.files else '（此前已入库）'}")
    return result


def _take_in_month(home: Path, month: str, contract: FeedContract, report: Report) -> bool:
    """Whether this call took in the month; while another process takes in the feed, wait for it."""
    with alone(
        home / "ledger" / f"{contract.name}.lock", f"《{contract.title}》的入库", f"raw/{contract.name} {month}", report
    ):
        if lake.waiting(home, contract, month):
            _take_in_files(home, month, contract, report)
            return True
    return False


def _take_in_files(home: Path, month: str, contract: FeedContract, report: Report) -> None:
    """All files of the feed that are in force for the month, together: which rows count depends on all of them."""
    with ledger.open_ledger(home) as book:
        determined = lake.determination(book, contract, month)
        files = ledger.delivered(book, contract.name, month, month)
    asides = [(home / lake.lake_path(file, determined)).with_suffix(".arrow.part") for file in files]
    con = vault.connect(home)
    try:
        staging.create(con, contract)
        judgements = [
            judging.judge(home, con, contract, n, file, aside, report)
            for n, (file, aside) in enumerate(zip(files, asides, strict=True))
        ]
        judging.apply_corrections(con, contract, judgements)
        judging.require_corrected(contract, month, judgements)
        staging.refuse_duplicates(con, contract)
        judging.keep_refused(con, contract, judgements, asides)
        _store(home, con, contract, month, determined, judgements, asides, report)
    finally:
        con.close()
        for aside in asides:
            aside.unlink(missing_ok=True)


def _store(
    home: Path,
    con: duckdb.DuckDBPyConnection,
    contract: FeedContract,
    month: str,
    determined: str,
    judgements: list[Judgement],
    asides: list[Path],
    report: Report,
) -> None:
    """The second half: everything that writes."""
    taken: list[TakenIn] = []
    with vault.attached(con, home, f"raw/{contract.name} {month}", report):
        staging.refuse_delivered_before(con, contract, _earlier(home, month, contract))
        judging.keep_refused(con, contract, judgements, asides)
        if contract.creates == "person":
            staging.add_persons(con, contract)
        elif contract.creates == "household":
            staging.add_households(con, contract)
        staging.number(con, contract)
        for file_no, (found, aside) in enumerate(zip(judgements, asides, strict=True)):
            path, sha16 = lake.lake_path(found.file, determined), found.file.sha256[:16]
            levels = amounts.of_rows(con, home, contract, month, aside, file_no)
            found.reasons += amounts.slips(
                home, contract, month, found.file.place, levels, judging.context_of(month).plausible
            )
            known, footer = staging.ids(con, file_no), amounts.footer(levels)
            accepted = parts.write_lake(contract, aside, known, month, sha16, _part(home / path), footer)
            unmatched = staging.list_unmatched(con, contract, file_no, month, sha16)
            vault.keep_quarantine(con, contract.name, month, sha16, found.kept())
            taken.append(found.fate(contract, determined, path, accepted, unmatched))
    for file, aside in zip(taken, asides, strict=True):
        _part(home / file.lake_path).replace(home / file.lake_path)
        aside.unlink()  # once the ledger has the file, nobody comes back to it
    with ledger.open_ledger(home) as book:
        for file, found in zip(taken, judgements, strict=True):
            ledger.record_file(book, file, sorted(found.reasons, key=lambda reason: reason[:3]))


def _part(path: Path) -> Path:
    """A lake file while it is being written."""
    return path.with_suffix(".parquet.part")


def _earlier(home: Path, month: str, contract: FeedContract) -> list[Path]:
    """Lake files of the deliveries of earlier months that an increment's rows are new against."""
    first, _ = lake.window(contract, month)
    if first == month:
        return []
    return [home / file.lake_path for file in lake.taken_in(home, contract, first, shift(month, -1)) if file.accepted]
