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
from dataclasses import dataclass
from pathlib import Path

import duckdb
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from assets import lake, ledger, vault
from assets.judging import ANSWERED_ROW
from assets.ledger import TakenIn
from assets.returns import ABOUT, ABOUT_HEADER, KIND
from checks.feed import FeedContract
from checks.raw import FEEDS
from fangpin.errors import FangpinError
from fangpin.intake import header
from fangpin.intake.header import Heading
from fangpin.intake.levels import ERROR
from fangpin.intake.units import WHOLE_FILE
from fangpin.month import end

_LEADING = (ANSWERED_ROW.header, "级别", "问题", "怎么改", "规则")
_SILENT = frozenset({"delivered_before"})
"""Rules whose rows nobody needs to correct."""


def write(home: Path, month: str) -> dict[str, int]:
    """Write the month's return lists anew: file name -> rows to correct. A list that says nothing is removed."""
    found: dict[str, list[tuple[FeedContract, TakenIn]]] = defaultdict(list)
    for contract in FEEDS.values():
        for file in lake.taken_in(home, contract, month, month):
            place = "" if contract.place_level == "province" else f"_{file.place}"
            found[f"{KIND}_{contract.source}{place}_{month}.xlsx"].append((contract, file))
    folder = vault.folder(home) / "returned" / month
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written: dict[str, int] = {}
    con = vault.connect(home)
    try:
        with vault.attached(con, home, f"退回清单 {month}"):
            for name, files in sorted(found.items()):
                told = [(contract, file, *_problems(home, con, file)) for contract, file in files]
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


@dataclass(frozen=True)
class _Problem:
    """A delivered row to correct: header -> cell as delivered; (column, level, message, rule) of what is wrong."""

    row: int
    cells: dict[str, str | None]
    reasons: tuple[tuple[str, str, str, str], ...]


def _problems(home: Path, con: duckdb.DuckDBPyConnection, file: TakenIn) -> tuple[list[_Problem], list[str]]:
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
    return [_Problem(row, json.loads(raw[row]), tuple(said)) for row, said in sorted(reasons.items())], whole


def _replace(path: Path, content: bytes) -> None:
    aside = path.with_suffix(".part")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    aside.replace(path)


def _workbook(month: str, files: Sequence[tuple[FeedContract, TakenIn, list[_Problem], list[str]]]) -> bytes:
    buffer = io.BytesIO()
    book = Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": f"{KIND} {month}", "created": dt.datetime.combine(end(month), dt.time())})
    answers = []
    for contract, file, problems, whole in files:
        title = _sheet_title(contract, file, [answer[0] for answer in answers])
        _write_sheet(book, book.add_worksheet(title), contract, month, problems, whole)
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


def _write_sheet(
    book: Workbook,
    sheet: Worksheet,
    contract: FeedContract,
    month: str,
    problems: Sequence[_Problem],
    whole: Sequence[str],
) -> None:
    title = book.add_format({"font_name": "方正小标宋简体", "font_size": 16, "valign": "vcenter"})
    note = book.add_format({"font_name": "仿宋", "font_size": 10.5, "text_wrap": True, "valign": "top"})
    head = book.add_format(
        {"font_name": "黑体", "font_size": 10.5, "bg_color": "#F2EFE9", "border": 1, "text_wrap": True}
    )
    told = book.add_format({"font_name": "仿宋", "font_size": 10.5, "border": 1, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"font_name": "仿宋", "font_size": 10.5, "border": 1, "num_format": "@", "valign": "top"})
    wrong = book.add_format(
        {"font_name": "仿宋", "font_size": 10.5, "border": 1, "num_format": "@", "valign": "top", "bg_color": "#F8D9D3"}
    )
    in_wan = {name for problem in problems for name in _found(contract, problem.cells).in_wan}
    headers = [column.header + ("（万元）" if column.name in in_wan else "") for column in contract.columns]
    sheet.write_string(0, 0, f"{contract.source}《{contract.title}》{month} {KIND}", title)
    sheet.set_row(0, 28)
    sheet.write_string(
        1,
        0,
        "请在标红的格子里直接改正（每一格都可以改），存为 .xlsx 后原样放回收件目录的本部门文件夹；"
        "“错误”的行没有入库，“警告”的行已入库、请核实。不要改动列名、原行号和工作表名；没有改正的行可以删去。"
        + "".join(f"\n{said}" for said in whole),
        note,
    )
    sheet.set_row(1, 32 + 16 * len(whole))
    for index, text in enumerate((*_LEADING, *headers)):
        sheet.write_string(2, index, text, head)
    widths = (8, 6, 40, 36, 16)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    sheet.set_column(len(widths), len(widths) + len(headers) - 1, 16)
    for number, problem in enumerate(problems, start=3):
        level = ERROR if any(said == ERROR for _, said, _, _ in problem.reasons) else problem.reasons[0][1]
        says = [message.partition("；") for _, _, message, _ in problem.reasons]
        leading = (
            str(problem.row),
            level,
            "；".join(dict.fromkeys(what for what, _, _ in says)),
            "；".join(dict.fromkeys(do for _, _, do in says if do)),
            "、".join(dict.fromkeys(rule for _, _, _, rule in problem.reasons)),
        )
        for index, text in enumerate(leading):
            sheet.write_string(number, index, text, told)
        at_fault = {column for column, _, _, _ in problem.reasons}
        delivered = _under_contract(contract, problem.cells)
        for index, column in enumerate(contract.columns, start=len(_LEADING)):
            style = wrong if column.header in at_fault else cell
            sheet.write_string(number, index, delivered.get(column.name) or "", style)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _under_contract(contract: FeedContract, cells: dict[str, str | None]) -> dict[str, str | None]:
    """The delivered cells by column of the contract, whatever their headers were."""
    headers = tuple(cells)
    return {name: cells[headers[position]] for name, position in _found(contract, cells).positions.items()}


def _found(contract: FeedContract, cells: dict[str, str | None]) -> Heading:
    """The delivered headers as read by the contract."""
    found = header.find([tuple(cells)], contract.columns)
    if found is None:
        raise FangpinError(f"《{contract.title}》退回的行认不出列名：没有写退回清单，这是程序缺陷，请报告。")
    return found
