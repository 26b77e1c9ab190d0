"""What intake must make of a mutated file: refused by name, or every row has one fate, told by another reading.

The other reading uses the standard library for text and openpyxl for workbooks; where it cannot read what intake read,
only the counts are compared. Does not belong here: making the files (mutations.py).
"""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from assets import lake, ledger
from assets.batch import take_in
from assets.delivery import scan_delivery
from assets.ledger import TakenIn
from checks.raw import FEEDS
from fangpin.errors import DeliveryError, FileRejected
from fangpin.intake.levels import ERROR
from tests import deliveries as d
from tests.faults.mutations import TOTAL_WORDS, Mutated, mutated

MONTH = "2021-10"
HANG_SECONDS = 120
"""No mutated file is large: one that takes longer hangs."""
HOMES_OF = 100
"""Files taken in one after another in one home: the next supersedes the one before."""

_RECORD = re.compile(r"\d{17}[\dX]|J\d{6}|410122\d{6}")
"""What only a row of the delivery holds: an identity number, a settlement number, a household number."""


class Wrong(AssertionError):
    """Intake did something to a file that it must not do."""


def new_home(home: Path) -> Path:
    """A home that knows five persons and three households."""
    d.deliver_people(home, MONTH, [d.person(d.id_number(n)) for n in range(5)])
    d.take_in_all(home, MONTH, "household_list", "person_list")
    for path in (home / "inbox").rglob("*.csv"):
        path.unlink()
    return home


def run(folder: Path, seed: int, numbers: range) -> Counter[str]:
    """Take in the files of these numbers; how many had which outcome. Wrong names the first one that was mistreated."""
    counts: Counter[str] = Counter()
    home = folder
    for n, number in enumerate(numbers):
        if n % HOMES_OF == 0:
            home = new_home(folder / f"home{n}")
        file = mutated(seed, number, folder / "aside")
        try:
            with hanging_is_an_error():
                outcome = take(home, file)
        except Exception as error:
            raise Wrong(f"seed {seed}, number {number}: {file.name} {file.done}: {error!r}") from error
        counts[outcome] += 1
        counts[f"done:{file.done[-1] if file.done else 'nothing'}"] += 1
    return counts


@contextmanager
def hanging_is_an_error() -> Iterator[None]:
    def hangs(*_: object) -> None:
        raise Wrong(f"took more than {HANG_SECONDS} s")

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(HANG_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def take(home: Path, file: Mutated) -> str:
    """Deliver the file and take it in: 'refused' or 'taken in', how its rows were compared, or Wrong."""
    contract = FEEDS[file.feed]
    path = home / "inbox" / MONTH / contract.source / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.content)
    try:
        scan_delivery(home, MONTH, {file.feed: contract})
        take_in(home, MONTH, contract)
        return compare(home, file)
    except (DeliveryError, FileRejected) as refusal:
        said = str(refusal)
        if file.name not in said or "程序缺陷" in said:
            raise Wrong(f"does not say which file: {said}") from refusal
        if file.right is not None:
            raise Wrong(f"a harmless file was refused: {said}") from refusal
        return "refused: reader died" if "读取程序" in said else "refused"
    finally:
        path.unlink()


def compare(home: Path, file: Mutated) -> str:
    """Every row in one place, and the same rows as another reading finds."""
    (taken,) = lake.taken_in(home, FEEDS[file.feed], MONTH, MONTH)
    fates = (taken.header_rows, taken.blank_rows, taken.total_rows, taken.accepted, taken.quarantined, taken.replaced)
    if taken.rows_in_file != sum(fates):
        raise Wrong(f"{taken.rows_in_file} rows, fates {fates}")
    in_lake = stored(home / taken.lake_path)
    with ledger.open_ledger(home) as book:
        refused = quarantined(book, taken)
    kept = d.in_vault(home, f"select row, raw from vault.quarantine where file = '{taken.sha256[:16]}'")
    if len(in_lake) != taken.accepted or len(refused) != taken.quarantined or refused - {row for row, _ in kept}:
        raise Wrong(f"lake {len(in_lake)} of {taken.accepted}, quarantine {len(kept)}, reasons {len(refused)}: {fates}")
    if refused & in_lake.keys():
        raise Wrong(f"accepted and refused: {sorted(refused & in_lake.keys())}")
    if file.right is not None and taken.accepted != file.right:
        raise Wrong(f"{taken.accepted} rows accepted, {file.right} are right")
    rows = read_again(file, taken)
    if rows is None:
        return "taken in: counts"
    if len(rows) != taken.rows_in_file:
        raise Wrong(f"{taken.rows_in_file} rows, another reading finds {len(rows)}")
    for number, row in enumerate(rows, start=1):
        if number in in_lake:
            require_same(file.feed, in_lake[number], row)
        elif number not in refused and not no_record(under_headers(row, rows[taken.header_row - 1])):
            said = {column: cell[:40] for column, cell in enumerate(row, start=1) if cell.strip()}
            raise Wrong(f"row {number} is nowhere (header row {taken.header_row}): {said}")
    return "taken in: row by row"


def stored(path: Path) -> dict[int, dict[str, Any]]:
    rows = duckdb.sql(f"select * from read_parquet('{path}')").pl()
    return {row["source_row"]: row for row in rows.iter_rows(named=True)}


def quarantined(book: sqlite3.Connection, taken: TakenIn) -> set[int]:
    return {row for row, _, _, level, _ in ledger.reasons(book, taken) if level == ERROR}


def require_same(feed: str, accepted: dict[str, Any], row: list[str]) -> None:
    """What the lake has under this row number stands in this row of the file."""
    said = {"medical": "settlement_no", "public_post": "duties", "household_list": None}[feed]
    if said is not None and accepted[said] is not None and not any(accepted[said] in cell for cell in row):
        raise Wrong(f"row {accepted['source_row']} has {accepted[said]}, the file has {row[:20]}")


def under_headers(row: list[str], header: list[str]) -> list[str]:
    """The cells of a row that have a header: what stands beside the table is not of it."""
    return row if len(header) == 1 else [cell for cell, name in zip(row, header, strict=False) if name.strip()]


def no_record(row: list[str]) -> bool:
    """Blank, a header, a title or a total: no row of the delivery."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    return first == "" or first.startswith(TOTAL_WORDS) or not any(_RECORD.search(cell) for cell in row)


def read_again(file: Mutated, taken: TakenIn) -> list[list[str]] | None:
    """The rows of the file by other means; None when they do not read it."""
    content = file.content
    if file.name.endswith(".zip"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = archive.read(archive.infolist()[0])
        except Exception:  # noqa: BLE001 - the other reading gives up
            return None
    if taken.encoding is not None:
        return lines(content)
    if content.startswith(b"PK"):
        return worksheets(content, [each["sheet"] for each in json.loads(taken.tables)])
    return None


def lines(content: bytes) -> list[list[str]]:
    """The lines of a text file, each as one cell; where quotes may join lines, what the csv module makes of it."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            written = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if '"' in written:
        counted = {
            delimiter: list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)) for delimiter in ",\t;"
        }
        return max(counted.values(), key=lambda rows: max(map(len, rows), default=0))
    found = re.split("\r\n|\r|\n", written)
    return [[line] for line in (found[:-1] if found[-1] == "" else found)]


def worksheets(content: bytes, names: list[str]) -> list[list[str]] | None:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        sheets = [book[name] for name in names]
    except Exception:  # noqa: BLE001 - the other reading gives up
        return None
    found = []
    for sheet in sheets:
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        while rows and not any(rows[-1]):
            rows.pop()
        found += rows
    return found
