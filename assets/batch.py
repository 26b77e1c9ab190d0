"""Taking in one batch, a feed's files of a month: read, judge, give keys, store, write down what became of each row.

Order of the steps, so that a run killed anywhere is completed by the next: Parquet aside, vault committed, Parquet
renamed into the lake, ledger committed. Until the ledger has the file, it counts as not taken in and is read again.
Does not belong here: which files are in a delivery (assets/delivery.py), when a batch runs (assets/raw.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from assets import lake, ledger, parts, reader, staging, vault
from assets.build import POLICY_FOLDER
from assets.delivery import facts
from assets.ledger import Delivered, TakenIn
from checks.feed import FeedContract
from checks.mart.feed_quality import NOT_DELIVERED
from fangpin import identity
from fangpin import policy as policies
from fangpin.errors import DeliveryError, FangpinError, FileRejected
from fangpin.intake import placing, validate
from fangpin.intake.doubts import plausible
from fangpin.intake.locating import Located, locate
from fangpin.intake.validate import Context
from fangpin.month import end
from fangpin.places import divisions_of_month

Report = Callable[[str], None]


@dataclass(frozen=True)
class IntakeResult:
    """The files of a feed in force for a month; new: how many of them this call took in."""

    feed: str
    month: str
    files: tuple[TakenIn, ...]
    new: int

    def total(self, count: str) -> int:
        """Sum over the files of rows_in_file, accepted, quarantined, matched ..."""
        return sum(int(getattr(file, count)) for file in self.files)


@dataclass
class _Reading:
    """A file being read: where its table is, what its rows became, the refused rows to keep."""

    file: Delivered
    at: Located
    end: int
    header_rows: int
    blank_rows: int = 0
    total_rows: int = 0
    refused: dict[int, dict[str, Any]] = field(default_factory=dict)
    reasons: list[tuple[Any, ...]] = field(default_factory=list)


def take_in(home: Path, month: str, contract: FeedContract, report: Report = lambda _: None) -> IntakeResult:
    """Take in the feed's delivered files of the month, and of its window where today's contract has not read them yet.

    Files already in the lake are not read again. Raises FileRejected or DeliveryError before anything is stored.
    """
    first, last = lake.window(contract, month)
    new = 0
    with ledger.open_ledger(home) as con:
        months = ledger.delivered_months(con, contract.name, first, last)
    for each in months:
        with ledger.open_ledger(home) as con:
            taken = {file.sha256: file for file in ledger.in_force(con, contract.name, each, contract.fingerprint)}
            delivered = ledger.delivered(con, contract.name, each)
        waiting = [f for f in delivered if f.sha256 not in taken or not (home / taken[f.sha256].lake_path).is_file()]
        if waiting:
            _take_in_files(home, each, contract, waiting, report)
            new += len(waiting) if each == month else 0
    with ledger.open_ledger(home) as con:
        files = ledger.in_force(con, contract.name, month, contract.fingerprint)
    result = IntakeResult(contract.name, month, tuple(files), new)
    counts = (
        f"接收 {result.total('accepted'):,} 行，退回 {result.total('quarantined'):,} 行" if files else NOT_DELIVERED
    )
    report(f"{contract.title} {month}：{counts}{'' if new or not files else '（此前已入库）'}")
    return result


def _named(contract: FeedContract, file: Delivered) -> str:
    """The feed and month of a file, and its city when there is one file a city."""
    if contract.place_level == "province":
        return f"{contract.title} {file.month}"
    return f"{contract.title} {_cities(file.month).get(file.place, file.place)} {file.month}"


@lru_cache(maxsize=2)
def _cities(month: str) -> dict[str, str]:
    return dict(divisions_of_month(month).select("city_code", "city_name").unique().iter_rows())


@lru_cache(maxsize=2)
def _context(month: str) -> Context:
    known = policies.load(POLICY_FOLDER).group("plausibility")
    limits = {name: value.value for name, parameter in known.items() if (value := parameter.find("", end(month)))}
    return Context(month, placing.place_index(month), plausible(limits))


def _take_in_files(home: Path, month: str, contract: FeedContract, files: list[Delivered], report: Report) -> None:
    con = vault.connect(home)
    try:
        staging.create(con, contract)
        context = _context(month)
        readings = [_read(home, con, contract, context, n, file, report) for n, file in enumerate(files)]
        staging.refuse_duplicates(con, contract)
        _keep_refused(home, con, contract, readings)
        _store(home, con, contract, month, readings, report)
    finally:
        con.close()
        for file in files:
            _aside(home, contract, file).unlink(missing_ok=True)


def _read(
    home: Path,
    con: duckdb.DuckDBPyConnection,
    contract: FeedContract,
    context: Context,
    file_no: int,
    file: Delivered,
    report: Report,
) -> _Reading:
    """Read and judge one file; accepted rows go to staging."""
    try:
        with reader.delivered(home / "inbox", file.path) as opened:
            about = os.fstat(opened)
            if (about.st_size, about.st_mtime_ns) != (file.size, file.modified_ns):
                raise DeliveryError(f"文件在登记之后被改动：{file.path}。请重新运行 raw/delivery（{file.month}）。")
            found = _read_rows(home, con, contract, context, file_no, file, opened, report)
    except FileRejected as rejected:
        raise FileRejected(f"{file.path}：{rejected}") from rejected
    if facts(file).lines is not None and facts(file).lines != found.end:
        raise FangpinError(
            f"{file.path} 有 {facts(file).lines} 行，只读到 {found.end} 行：没有入库，请检查文件是否损坏。"
        )
    return found


def _read_rows(
    home: Path,
    con: duckdb.DuckDBPyConnection,
    contract: FeedContract,
    context: Context,
    file_no: int,
    file: Delivered,
    opened: int,
    report: Report,
) -> _Reading:
    """Read and judge the opened file."""
    read = reader.sandbox()
    at = locate(read.sheets(opened, facts(file)), contract)
    found = _Reading(file, at, end=at.header_rows, header_rows=at.header_rows)
    accepted = 0
    with parts.set_aside(contract, _aside(home, contract, file)) as add:
        for block in read.blocks(opened, facts(file), at.tables, contract.columns):
            judged = validate.judge(block, contract, at.tables[block.table][1], context)
            staging.load(con, contract, file_no, judged.accepted)
            add(judged.accepted)
            found.end = block.end
            found.header_rows += judged.header_rows
            found.blank_rows += judged.blank_rows
            found.total_rows += judged.total_rows
            found.refused |= {row: dict(cells) for row, cells in judged.refused.items()}
            found.reasons += judged.reasons.iter_rows()
            accepted += len(judged.accepted)
            report(f"{_named(contract, file)}：已读 {block.end:,} 行（含表头），待去重 {accepted:,} 行")
    return found


def _keep_refused(home: Path, con: duckdb.DuckDBPyConnection, contract: FeedContract, readings: list[_Reading]) -> None:
    """Move rows the batch rules out from staging to their file's refused rows."""
    refused = staging.take_out_refused(con)
    for (file_no,), rows in refused.group_by("file_no"):
        found = readings[int(str(file_no))]
        others = parts.pick(_aside(home, contract, found.file), rows["source_row"].to_list())
        columns = ["source_row", *(name for name in others.columns if name not in rows.columns)]
        for row in rows.join(others.select(columns), on="source_row").iter_rows(named=True):
            found.refused[row["source_row"]] = _as_written(contract, row)
            message = f"{row['note']}；{validate.RULES[row['rule']].split('；')[-1]}"
            found.reasons.append((row["source_row"], "", row["rule"], validate.level(row["rule"]), message, None))


def _as_written(contract: FeedContract, row: dict[str, Any]) -> dict[str, str | None]:
    """A staged row under its headers again, as text."""
    written: dict[str, str | None] = {}
    for column in contract.columns:
        value = row[staging.staged(column)]
        if value is not None and column.kind == "id_number":
            value = identity.number(value)
        elif value is not None and column.kind == "money":
            value = f"{value // 100}.{value % 100:02d}"
        elif isinstance(value, bool):
            value = "是" if value else "否"
        elif isinstance(value, date):
            value = value.isoformat()
        written[column.header] = None if value is None else str(value)
    return written


def _store(
    home: Path,
    con: duckdb.DuckDBPyConnection,
    contract: FeedContract,
    month: str,
    readings: list[_Reading],
    report: Report,
) -> None:
    """The second half: everything that writes."""
    taken: list[TakenIn] = []
    with vault.attached(con, home, f"raw/{contract.name} {month}", report):
        staging.refuse_delivered_before(con, contract, _earlier(home, month, contract))
        _keep_refused(home, con, contract, readings)
        if contract.creates == "person":
            staging.add_persons(con, contract)
        elif contract.creates == "household":
            staging.add_households(con, contract)
        for file_no, found in enumerate(readings):
            path, sha16 = lake.lake_path(contract, found.file), found.file.sha256[:16]
            known = staging.ids(con, contract, file_no)
            parts.write_lake(contract, _aside(home, contract, found.file), known, month, sha16, _part(home / path))
            unmatched = staging.list_unmatched(con, contract, file_no, month, sha16, known)
            vault.keep_quarantine(con, contract.name, month, sha16, _quarantine(found))
            taken.append(_fate(contract, found, path, len(known), unmatched))
    for file in taken:
        _part(home / file.lake_path).replace(home / file.lake_path)
    with ledger.open_ledger(home) as book:
        for file, found in zip(taken, readings, strict=True):
            ledger.record_file(book, file, sorted(found.reasons, key=lambda reason: reason[:3]))


def _part(path: Path) -> Path:
    """A lake file while it is being written."""
    return path.with_suffix(".parquet.part")


def _aside(home: Path, contract: FeedContract, file: Delivered) -> Path:
    """The file's rows while their keys are worked out."""
    return (home / lake.lake_path(contract, file)).with_suffix(".arrow.part")


def _earlier(home: Path, month: str, contract: FeedContract) -> list[Path]:
    """Lake files of deliveries before this one: earlier months of an increment, and the month's other files."""
    first, _ = lake.window(contract, month)
    with ledger.open_ledger(home) as con:
        taken = [
            file
            for each in ledger.delivered_months(con, contract.name, first, month)
            for file in ledger.in_force(con, contract.name, each, contract.fingerprint)
        ]
    return [home / file.lake_path for file in taken if file.accepted and (home / file.lake_path).is_file()]


def _fate(contract: FeedContract, found: _Reading, path: Path, accepted: int, unmatched: int) -> TakenIn:
    file = found.file
    fate = TakenIn(
        sha256=file.sha256,
        path=file.path,
        feed=file.feed,
        month=file.month,
        place=file.place,
        source=file.source,
        size=file.size,
        contract=contract.fingerprint,
        encoding=file.encoding,
        sheet="、".join(sheet.name for sheet, _ in found.at.tables if sheet.name is not None) or None,
        header_row=found.at.tables[0][1].row,
        unknown_columns=json.dumps(found.at.unknown, ensure_ascii=False),
        rows_in_file=found.end,
        header_rows=found.header_rows,
        blank_rows=found.blank_rows,
        total_rows=found.total_rows,
        accepted=accepted,
        quarantined=len(found.refused),
        matched=accepted - unmatched,
        unmatched=unmatched,
        lake_path=path.as_posix(),
        attempt=file.attempt,
    )
    accounted = fate.header_rows + fate.blank_rows + fate.total_rows + fate.accepted + fate.quarantined
    if accounted != fate.rows_in_file:
        raise FangpinError(
            f"{file.path}：文件 {fate.rows_in_file} 行，只说得清 {accounted} 行的去向。没有入库，这是程序缺陷，请报告。"
        )
    return fate


def _quarantine(found: _Reading) -> Iterator[tuple[int, str, str]]:
    """(row, raw cells as JSON, rules as JSON) of every refused row."""
    rules: dict[int, list[str]] = {}
    for row, column, rule, *_ in found.reasons:
        rules.setdefault(row, []).append(f"{column}:{rule}" if column else rule)
    for row, cells in sorted(found.refused.items()):
        yield row, json.dumps(cells, ensure_ascii=False), json.dumps(rules[row], ensure_ascii=False)
