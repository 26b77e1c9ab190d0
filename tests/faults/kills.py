"""A child process that takes in deliveries and is killed with SIGKILL at a named step; what a home then holds.

The work is three looks: October, October's return list sent back corrected, November. Does not belong here: how often
which step is hit, and the verdict (test_killed_intake.py, count.py).
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from assets import batch, delivery, judging, lake, ledger, parts, return_list, staging, vault
from assets.batch import take_in
from assets.delivery import scan_delivery
from assets.lake import raw_view_sql
from checks.raw import FEEDS
from tests import deliveries as d
from tests.intake_corpus.case import HEAD, person

OCTOBER, NOVEMBER = "2021-10", "2021-11"
FEED = ("household_list", "person_list", "medical", "public_post")
"""Households and persons that the vault numbers, an increment (new against earlier months), a snapshot."""
LOOKS = (OCTOBER, OCTOBER, NOVEMBER)


def prepare(folder: Path) -> Path:
    """What departments deliver before each look, in folders 1 to 3; 2 is the return list of 1, corrected."""
    first, third = folder / "1", folder / "3"
    persons = [d.person(d.id_number(n), d.HOUSEHOLDS[n % 3]) for n in range(6)]
    wrong = d.person(d.id_number(6)[:17] + "A")
    d.deliver_people(first, OCTOBER, [*persons, wrong, persons[0]])
    paid = [d.settlement(f"J{n}", d.id_number(n)) for n in range(8)]  # persons 6 and 7 are not known
    paid += [d.settlement("J8", d.id_number(1), 总费用="多"), d.settlement("J9", "41012219700101002X"), paid[0]]
    d.write_csv(first, OCTOBER, "medical", [d.MEDICAL_HEADER, *paid, ["合计"]])
    d.write_xlsx(first, OCTOBER, "public_post", [HEAD, *(person(n) for n in range(4)), person(9, pay="多")])
    run_look(folder / "home", folder, 1)
    _correct(folder)
    more = [d.settlement("J3", d.id_number(3)), d.settlement("J20", d.id_number(7)), d.settlement("J21", "x")]
    d.deliver_people(third, NOVEMBER, [*persons, d.person(d.id_number(7)), d.person(d.id_number(8))])
    d.write_csv(third, NOVEMBER, "medical", [d.MEDICAL_HEADER, *more])
    d.write_xlsx(third, NOVEMBER, "public_post", [HEAD, *(person(n) for n in range(2, 6))])
    shutil.rmtree(folder / "home")
    return folder


def _correct(folder: Path) -> None:
    """The medical return list with one of its rows put right."""
    name = f"退回问题清单_医保局_{OCTOBER}.xlsx"
    book = openpyxl.load_workbook(folder / "home" / "vault" / "returned" / OCTOBER / name)
    sheet = book.worksheets[0]
    cells = [cell for line in sheet.iter_rows() for cell in line]
    column = next(cell.column for cell in cells if cell.value == "总费用（元）")
    sheet.cell(next(cell.row for cell in cells if cell.value == "J8"), column).value = "88"
    target = folder / "2" / "inbox" / OCTOBER / "医保局" / name
    target.parent.mkdir(parents=True)
    book.save(target)


def run(home: Path, prepared: Path) -> None:
    """All looks, as they would be done again after a run that did not end."""
    for number in range(1, len(LOOKS) + 1):
        run_look(home, prepared, number)


def run_look(home: Path, prepared: Path, number: int) -> None:
    """The files of a look are put into the inbox, looked at and taken in, and the return lists written."""
    month = LOOKS[number - 1]
    shutil.copytree(prepared / str(number) / "inbox", home / "inbox", dirs_exist_ok=True)
    scan_delivery(home, month, {feed: FEEDS[feed] for feed in FEED})
    for feed in FEED:
        take_in(home, month, FEEDS[feed])
    return_list.write(home, month)


def held(home: Path) -> dict[str, Any]:
    """All that a home holds that anyone would miss: rows in force, their fates and reasons, keys, what goes back."""
    found: dict[str, Any] = {}
    for month in (OCTOBER, NOVEMBER):
        for feed in FEED:
            taken = lake.taken_in(home, FEEDS[feed], month, month)
            found[f"files of {feed} {month}"] = taken
            rows = duckdb.sql(raw_view_sql(home, month, FEEDS[feed])).fetchall()
            found[f"rows of {feed} {month}"] = sorted(rows, key=repr)
            with ledger.open_ledger(home) as book:
                found[f"reasons of {feed} {month}"] = [ledger.reasons(book, file) for file in taken]
        folder = home / "vault" / "returned" / month
        found[f"lists of {month}"] = {path.name: _cells(path) for path in sorted(folder.iterdir())}
    for table in ("person", "household", "quarantine", "unmatched"):
        found[table] = sorted(d.in_vault(home, f"select * from vault.{table}"), key=repr)
    found["lake"] = sorted(path.relative_to(home).as_posix() for path in (home / "lake").rglob("*.*"))
    found["taken in twice"] = taken_in_twice(home)
    return found


def _cells(path: Path) -> list[list[tuple[Any, ...]]]:
    return [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path).worksheets]


def taken_in_twice(home: Path) -> int:
    """How many files the ledger has taken in more than once in the same way."""
    with sqlite3.connect(home / "ledger" / "ledger.sqlite") as con:
        found = con.execute(
            "select count(*) - count(distinct feed || month || sha256 || coalesce(sheet, '') || determined) from file"
        )
        return int(found.fetchone()[0])


@dataclass(frozen=True)
class Point:
    """A step at whose nth call the process kills itself. owner, call: what is called; after: once it has returned."""

    title: str
    owner: Any
    call: str
    after: bool = False
    which: Callable[..., bool] = lambda *_: True


def _lake_file(path: Path, *_: object) -> bool:
    return path.name.endswith(".parquet.part")


def _returned(path: Path, *_: object) -> bool:
    return path.name.endswith(".part") and not path.name.endswith(".parquet.part")


class _Connection:
    """A DuckDB connection whose statements are calls that can be points."""

    def __init__(self, con: Any) -> None:
        self._con = con

    def execute(self, statement: str, *rest: Any) -> Any:
        if statement == "commit":
            return commit_vault(self._con)
        if statement == "detach vault":
            return detach_vault(self._con)
        return self._con.execute(statement, *rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)


def commit_vault(con: Any) -> Any:
    return con.execute("commit")


def detach_vault(con: Any) -> Any:
    return con.execute("detach vault")


HERE = sys.modules[__name__]
POINTS = (
    Point("报送登记之前（文件已逐份认出）", delivery, "record_delivery"),
    Point("报送登记写入、未提交", delivery, "record_delivery", after=True),
    Point("一批开始入库之前", batch, "_take_in_month"),
    Point("一块行已判定、未写旁存文件", staging, "load", after=True),
    Point("一份文件读完、旁存文件已写", judging, "judge", after=True),
    Point("补正已套用", judging, "apply_corrections", after=True),
    Point("批内查重之后", staging, "refuse_duplicates", after=True),
    Point("身份库已打开、与以前月份查重之后", staging, "refuse_delivered_before", after=True),
    Point("新户编号写入、未提交", staging, "add_households", after=True),
    Point("新人编号写入、未提交", staging, "add_persons", after=True),
    Point("Parquet 写了一半", parts.pq.ParquetWriter, "write_table", after=True),
    Point("Parquet 写完、未改名", parts, "write_lake", after=True),
    Point("退回行写入保险库、未提交", vault, "keep_quarantine", after=True),
    Point("身份库提交之前", HERE, "commit_vault"),
    Point("身份库提交之后、未关闭", HERE, "commit_vault", after=True),
    Point("身份库关闭之后", HERE, "detach_vault", after=True),
    Point("Parquet 改名之前", Path, "replace", which=_lake_file),
    Point("Parquet 改名之后", Path, "replace", after=True, which=_lake_file),
    Point("台账写入一份文件、未提交", ledger, "record_file", after=True),
    Point("一批入库完成", batch, "_store", after=True),
    Point("退回清单写完、未改名", Path, "replace", which=_returned),
    Point("退回清单改名之后", Path, "replace", after=True, which=_returned),
)


@contextmanager
def calling(point: Point, at: Callable[[int], None]) -> Iterator[list[int]]:
    """While it lasts, `at` is told the number of each call of the point; yields the list of these numbers."""
    real, calls = getattr(point.owner, point.call), list[int]()

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        mine = point.which(*args)
        if mine:
            calls.append(len(calls) + 1)
        number = len(calls)
        if mine and not point.after:
            at(number)
        result = real(*args, **kwargs)
        if mine and point.after:
            at(number)
        return result

    with pytest.MonkeyPatch.context() as patch:
        connect = vault.connect
        patch.setattr(vault, "connect", lambda home: _Connection(connect(home)))
        patch.setattr(point.owner, point.call, wrapped)
        yield calls


def calls(home: Path, prepared: Path, point: Point) -> int:
    """How often an unharmed run comes by the point."""
    with calling(point, lambda _: None) as made:
        run(home, prepared)
    return len(made)


def _die(number: int, nth: int) -> None:
    if number == nth:
        os.kill(os.getpid(), signal.SIGKILL)


def run_until(home: Path, prepared: Path, point: int, nth: int) -> None:
    """In a child process: the work, killed at the nth call of the point."""
    with calling(POINTS[point], lambda number: _die(number, nth)):
        run(home, prepared)


def child(target: Callable[..., None], *arguments: Any) -> Any:
    """A process that was forked from one in which everything is imported: no test's threads are in it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.kills"])
    process = context.Process(target=target, args=arguments)
    process.start()
    return process


def killed_at(home: Path, prepared: Path, point: int, nth: int) -> None:
    process = child(run_until, home, prepared, point, nth)
    process.join(300)
    assert process.exitcode == -signal.SIGKILL, (POINTS[point].title, nth, process.exitcode)


def killed_after(home: Path, prepared: Path, seconds: float) -> bool:
    """Killed from outside at any moment; whether it had not yet ended."""
    process = child(run, home, prepared)
    process.join(seconds)
    process.kill()
    process.join(300)
    return bool(process.exitcode == -signal.SIGKILL)
