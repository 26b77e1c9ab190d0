"""How a worksheet of a return list looks: what is wrong on the left, the delivered row to correct in place beside it.

Does not belong here: which rows are listed, and the workbook around it (assets/return_list.py).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from assets.judging import ANSWERED_ROW, ORIGINAL
from assets.ledger import TakenIn
from checks.feed import FeedColumn, FeedContract
from fangpin.errors import FangpinError
from fangpin.intake import header, units
from fangpin.intake.header import Heading
from fangpin.intake.levels import ERROR
from fangpin.masking import showable

_HEADER_ROW, _FIRST_ROW = 3, 4
_LEADING = ((ANSWERED_ROW.header, 8.0), ("级别", 6.0), ("定位", 26.0), ("说明", 34.0), ("怎么改", 34.0))
_WIDTHS = {
    **{"id_number": 21.0, "household_no": 18.0, "village_code": 15.0, "phone": 14.0, "name": 9.0, "text": 14.0},
    **{"money": 11.0, "date": 11.0, "month": 9.0, "yesno": 7.0, "integer": 8.0, "number": 10.0, "code": 14.0},
}
_DOCUMENT = 23.0
"""The width of a number that a system gave: twenty characters in one line."""
_HOW = (
    "请在标红的格子里直接改正，其他格子也可以改；存为 .xlsx，放回收件目录的本部门文件夹即可，不用另外填表。"
    "“错误”的行没有入库；“警告”的行已经入库，请核实，没有错就删去这一行。"
    "不要改动列名、原行号和工作表名；不改的行可以删去。"
)


@dataclass(frozen=True)
class Problem:
    """A delivered row to correct: header -> cell as delivered; (column, level, message, rule) of what is wrong.

    original: of a row of a return list, where it was first delivered.
    """

    row: int
    cells: Mapping[str, str | None]
    reasons: tuple[tuple[str, str, str, str], ...]
    original: str | None = None


def write(
    book: Workbook,
    sheet: Worksheet,
    contract: FeedContract,
    file: TakenIn,
    problems: Sequence[Problem],
    whole: Sequence[str],
) -> None:
    """Fill the worksheet of a feed's file. whole: what is to be said of the file as a whole."""
    styles = _Styles(book)
    read = {headers: _found(contract, headers) for headers in {tuple(problem.cells) for problem in problems}}
    in_wan = {name for found in read.values() for name in found.in_wan}
    headers = [_header(column, column.name in in_wan) for column in contract.columns]
    leading = (
        _LEADING if all(problem.original is None for problem in problems) else (*_LEADING, (ORIGINAL.header, 26.0))
    )
    widths = [width for _, width in leading] + [
        _DOCUMENT if column.document else _WIDTHS[column.kind] for column in contract.columns
    ]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    last = len(leading) - 1
    across = sum(widths[: last + 1])
    sheet.merge_range(0, 0, 0, last, f"{contract.source}《{contract.title}》{file.month} 退回问题清单", styles.title)
    sheet.set_row(0, 30)
    told = f"针对文件：{showable(file.path)}。{_HOW}"
    sheet.merge_range(1, 0, 1, last, told, styles.note)
    sheet.set_row(1, 6 + 15 * _lines(told, across))
    said = "；".join(whole)
    sheet.merge_range(2, 0, 2, last, said, styles.note)
    sheet.set_row(2, 6 + 15 * _lines(said, across) if said else 6)
    for index, text in enumerate((*(name for name, _ in leading), *headers)):
        sheet.write_string(_HEADER_ROW, index, text, styles.head)
    for number, problem in enumerate(problems, start=_FIRST_ROW):
        _write_row(
            sheet, number, contract, file, problem, read[tuple(problem.cells)], in_wan, styles, widths[: last + 1]
        )
    sheet.freeze_panes(_FIRST_ROW, 1)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(max(1, math.ceil(sum(widths) / 190)), 0)
    sheet.set_footer("&C第 &P 页 共 &N 页&R填报人：　　　　审核人：　　　　日期：")


def _write_row(
    sheet: Worksheet,
    number: int,
    contract: FeedContract,
    file: TakenIn,
    problem: Problem,
    read: Heading,
    in_wan: Set[str],
    styles: _Styles,
    widths: Sequence[float],
) -> None:
    """widths: of the columns on the left. read: the delivered headers of the row as read by the contract.

    in_wan: columns whose header says 万元 here; an amount that was delivered in the other unit names it.
    """
    level = ERROR if any(said == ERROR for _, said, _, _ in problem.reasons) else problem.reasons[0][1]
    says = [message.partition("；") for _, _, message, _ in problem.reasons]
    at_fault = dict.fromkeys(column for column, _, _, _ in problem.reasons if column)
    leading = [
        str(problem.row),
        level,
        _place(file, problem) + "、".join(f"「{column}」" for column in at_fault),
        "；".join(dict.fromkeys(what for what, _, _ in says)),
        "；".join(dict.fromkeys(do for _, _, do in says if do)),
        problem.original or "",
    ][: len(widths)]
    for index, text in enumerate(leading):
        sheet.write_string(number, index, text, styles.told)
    sheet.set_row(number, 6 + 14 * max(_lines(text, width) for text, width in zip(leading, widths, strict=True)))
    cells = tuple(problem.cells.values())
    delivered = {name: cells[position] for name, position in read.positions.items()}
    for name in in_wan ^ read.in_wan:
        if (cell := delivered.get(name)) and cell[-1].isdigit():
            delivered[name] = f"{cell}{units.WAN if name in read.in_wan else units.YUAN}"
    for index, column in enumerate(contract.columns, start=len(widths)):
        style = styles.wrong if column.header in at_fault else styles.cell
        sheet.write_string(number, index, delivered.get(column.name) or "", style)


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        def made(font: str, size: float, **properties: Any) -> Format:
            return book.add_format({"font_name": font, "font_size": size, "valign": "vcenter", **properties})

        boxed = {"border": 1, "text_wrap": True}
        self.title = made("方正小标宋简体", 16)
        self.note = made("仿宋", 10.5, text_wrap=True)
        self.head = made("黑体", 10.5, bg_color="#F2EFE9", align="center", num_format="@", **boxed)
        self.told = made("仿宋", 10, **boxed)
        self.cell = made("仿宋", 10, num_format="@", **boxed)
        self.wrong = made("仿宋", 10, num_format="@", bg_color="#F8D9D3", **boxed)


def _header(column: FeedColumn, in_wan: bool) -> str:
    """The column's header; of amounts it names the unit they were delivered in, whatever is said above it."""
    if column.kind != "money":
        return column.header
    plain = column.header.removesuffix(f"（{column.unit}）")
    return f"{plain}（{units.WAN if in_wan else units.YUAN}）"


def _place(file: TakenIn, problem: Problem) -> str:
    """Where the row stands; of a row of a return list also where it was first delivered."""
    here = where(file, problem.row)
    return here if problem.original is None else f"退回清单{here}，最初是{problem.original}"


def original(cells: Mapping[str, str | None], answered: TakenIn) -> str:
    """Where a row of a return list was first delivered: as the list says, else in the file that it answers."""
    row = cells.get(ANSWERED_ROW.header) or ""
    if said := cells.get(ORIGINAL.header):
        return said
    name = showable(PurePosixPath(answered.member or answered.path).name)
    return f"「{name}」{where(answered, int(row))}" if row.isdecimal() else f"「{name}」"


def where(file: TakenIn, row: int) -> str:
    """第5行, with its worksheet when the file has several: rows are numbered through all of them."""
    tables = json.loads(file.tables)
    for table in tables[:-1]:
        if row <= (table["rows"] or 0):
            return f"工作表「{table['sheet']}」第{row}行"
        row -= table["rows"] or 0
    return f"工作表「{tables[-1]['sheet']}」第{row}行" if len(tables) > 1 else f"第{row}行"


def _lines(text: str, width: float) -> int:
    """Lines a text takes in a column: a Chinese character is as wide as two others."""
    taken = sum(1 if ord(character) < 0x2000 else 2 for character in text)
    return max(1, math.ceil(taken / (width - 2)))


def _found(contract: FeedContract, headers: tuple[str, ...]) -> Heading:
    """The delivered headers as read by the contract."""
    found = header.find([headers], contract.columns)
    if found is None:
        raise FangpinError(f"《{contract.title}》退回的行认不出列名：没有写退回清单，这是程序缺陷，请报告。")
    return found
