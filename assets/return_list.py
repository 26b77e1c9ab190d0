"""The list of problems that goes back to a department, 退回问题清单_<部门>_<月份>.xlsx.

One worksheet for each feed: the row as it was delivered, what is wrong with it, and every cell open to be corrected in
place. It holds personal data, so it lies in the vault's folder, readable by its owner only. A hidden sheet names the
files it answers. Does not belong here: what happens when it comes back (assets/returns.py, assets/batch.py).
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
from xlsxwriter.workbook import Workbook

from assets import lake, ledger, return_sheet, vault
from assets.ledger import TakenIn
from assets.return_sheet import Problem
from assets.returns import ABOUT, ABOUT_HEADER, KIND
from checks.feed import FeedContract
from checks.raw import FEEDS
from fangpin.intake.unit_slips import WHOLE_FILE
from fangpin.month import end
from fangpin.places import divisions_of_month

_SILENT = frozenset({"delivered_before", "dropped_by_province"})
"""Rules whose rows nobody needs to correct."""


def write(home: Path, month: str) -> dict[str, int]:
    """Write the month's return lists anew: file name -> rows to correct. A list that says nothing is removed."""
    found: dict[str, list[tuple[FeedContract, TakenIn]]] = defaultdict(list)
    cities = dict(divisions_of_month(month).select("city_code", "city_name").unique().iter_rows())
    for contract in FEEDS.values():
        for file in lake.taken_in(home, contract, month, month):
            place = "" if contract.place_level == "province" else f"_{cities.get(file.place, file.place)}"
            found[f"{KIND}_{contract.source}{place}_{month}.xlsx"].append((contract, file))
    folder = vault.folder(home) / "returned" / month
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written: dict[str, int] = {}
    con = vault.connect(home)
    try:
        with vault.attached(con, home, f"退回清单 {month}"):
            for name, files in sorted(found.items()):
                told = [
                    (contract, file, *_problems(home, con, file, _answered(home, file))) for contract, file in files
                ]
                rows = [each for each in told if each[2] or each[3]]
                if rows:
                    _replace(folder / name, _workbook(month, rows))
                    written[name] = sum(len(problems) for _, _, problems, _ in rows)
    finally:
        con.close()
    for old in folder.glob("*.xlsx"):
        if old.name not in written:
            old.unlink()
    return written


def _answered(home: Path, file: TakenIn) -> TakenIn | None:
    """The file that a return list which came back answers; None for any other file."""
    with ledger.open_ledger(home) as book:
        listed = ledger.delivered(book, file.feed, file.month, file.month)
    answers = next((d.answers for d in listed if (d.sha256, d.sheet) == (file.sha256, file.sheet)), None)
    taken = lake.taken_in(home, FEEDS[file.feed], file.month, file.month) if answers else []
    return next((other for other in taken if other.sha256[:16] == answers), None)


def _problems(
    home: Path, con: duckdb.DuckDBPyConnection, file: TakenIn, answered: TakenIn | None
) -> tuple[list[Problem], list[str]]:
    """The file's rows to correct, by row, and what is to be said of the whole file. con: has the vault attached."""
    reasons: dict[int, list[tuple[str, str, str, str]]] = defaultdict(list)
    whole: list[str] = []
    with ledger.open_ledger(home) as book:
        for row, column, rule, level, message in ledger.reasons(book, file):
            if row == WHOLE_FILE:
                whole.append(f"{level}：{message}")
            elif rule not in _SILENT:
                reasons[row].append((column, level, message, rule))
    raw = vault.quarantined(con, file.feed, file.month, file.sha256[:16]) if reasons else {}
    found = [Problem(row, json.loads(raw[row]), tuple(said)) for row, said in sorted(reasons.items())]
    if answered is not None:
        found = [replace(problem, original=return_sheet.original(problem.cells, answered)) for problem in found]
    return found, whole


def _replace(path: Path, content: bytes) -> None:
    aside = path.with_suffix(".part")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    aside.replace(path)


def _workbook(month: str, files: Sequence[tuple[FeedContract, TakenIn, list[Problem], list[str]]]) -> bytes:
    buffer = io.BytesIO()
    book = Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": f"{KIND} {month}", "created": dt.datetime.combine(end(month), dt.time())})
    answers = []
    for contract, file, problems, whole in files:
        title = _sheet_title(contract, file, [answer[0] for answer in answers])
        said = [*whole, *(f"读取说明：{remark}" for remark in json.loads(file.remarks))]
        return_sheet.write(book, book.add_worksheet(title), contract, file, problems, said)
        answers.append((title, contract.name, file.place, file.sha256[:16]))
    about = book.add_worksheet(ABOUT)
    for row, cells in enumerate(((KIND, month), ABOUT_HEADER, *answers)):
        for column, text in enumerate(cells):
            about.write_string(row, column, text)
    about.hide()
    book.close()
    return buffer.getvalue()


def _sheet_title(contract: FeedContract, file: TakenIn, taken: list[str]) -> str:
    """The feed's title; of further files of the feed (corrections) with their number."""
    title = contract.title[:28]
    again = sum(name.startswith(title) for name in taken)
    return title if not again else f"{title}{again + 1}"
