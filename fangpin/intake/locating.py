"""Where in a delivered file a feed's table is: which sheets, which delimiter, which header rows; and which feed it is.

Worksheets of one feed (one for each township) are one table. Does not belong here: what bytes are (reading), which
file is in force (assets/delivery.py).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from fangpin.errors import FileRejected
from fangpin.intake import examples, header, units
from fangpin.intake.blocks import Sheet
from fangpin.intake.contract import Contract
from fangpin.intake.header import Heading
from fangpin.intake.spelling import fold
from fangpin.masking import showable

C = TypeVar("C", bound=Contract)
Table = tuple[Sheet, Heading]
_NUMBER = re.compile(r"\d{12,}[\dX]?")
"""A number of a person, a household or a village: in a title it stands behind what it is a number of."""
_IDENTITY = re.compile(r"\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_LABEL = re.compile(r".{1,20}:|.{0,12}(代码|编码|时间|日期|文号|批号|批次|流水号)")
"""What stands before a number in a title: 行政村代码, 导出时间."""
_TIME = re.compile(r"20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")
_SUMMARY = re.compile("汇总|统计|合计|总表")
_OF_RECORDS = re.compile(r"\d{15,}[\dX]?")
"""A number of a person or a household: what has it is a list of them."""


@dataclass(frozen=True)
class Located:
    """A feed's tables in the order of the file, each with its header. others: worksheets that are not of the feed."""

    tables: tuple[Table, ...]
    others: tuple[Sheet, ...] = ()

    def where(self, source_row: int) -> tuple[str | None, int]:
        """(worksheet, row in it) of a row numbered through all tables."""
        row = source_row
        for sheet, _ in self.tables[:-1]:
            if row <= (sheet.rows or 0):
                return sheet.name, row
            row -= sheet.rows or 0
        return self.tables[-1][0].name, row

    @property
    def examples(self) -> frozenset[int]:
        """The rows that only show how to fill in a table, numbered through all tables."""
        found: set[int] = set()
        before = 0
        for sheet, heading in self.tables:
            found |= {before + row for row in heading.examples}
            before += sheet.rows or 0
        return frozenset(found)

    @property
    def header_rows(self) -> int:
        """Rows of the tables' headers and of the titles above them."""
        return sum(heading.row for _, heading in self.tables)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headers that the contract does not know, each once."""
        return tuple(dict.fromkeys(name for _, heading in self.tables for name in heading.unknown))


def recognise(sheets: Sequence[Sheet], contracts: Sequence[C]) -> tuple[C, Located]:
    """Which of the contracts a file is, and where; FileRejected when it is none, or could be two.

    Exports of one system share most columns: of the contracts that a file fulfils it is the one that demands the most,
    and it is none when it has still more of what a feed that must come demands.
    """
    found = [(contract, best[0]) for contract in contracts if (best := _candidates(sheets, contract))]
    whole = [(contract, table) for contract, table in found if not table[1].missing]
    most = max((_demands(*match) for match in whole), default=(0, 0))
    chosen = [match[0] for match in whole if _demands(*match) == most]
    for contract, table in found:
        lacking = table[1].missing
        if contract.mandatory and lacking and _demands(contract, table)[0] - len(lacking) > most[0] > 0:
            raise FileRejected(_lacking(table, contract), "missing_column")
    if not chosen:
        nearest = max(found, key=lambda match: len(match[1][1].positions), default=None)
        if nearest is None:
            titles = "、".join(f"《{contract.title}》" for contract in contracts)
            raise FileRejected(f"前{header.DEPTH}行里找不到{titles}的表头：{_expected(sheets, contracts)}", "no_header")
        raise FileRejected(_lacking(nearest[1], nearest[0]), "missing_column")
    if len(chosen) > 1:
        titles = "、".join(f"《{contract.title}》" for contract in chosen)
        raise FileRejected(f"分不清是 {titles} 中的哪一种：请按规定列名补全各列。", "ambiguous_feed")
    located = locate(sheets, chosen[0])
    for contract, _ in whole:
        for sheet, heading in _candidates(located.others, contract):
            if not heading.missing:
                raise FileRejected(
                    f"一份文件里有两种数据：{located.tables[0][0].told}是《{chosen[0].title}》，"
                    f"{sheet.told}是《{contract.title}》。请每种数据另存为一份文件。",
                    "two_feeds",
                )
    return chosen[0], located


def _demands(contract: Contract, table: Table) -> tuple[int, int]:
    """How many columns the contract demands, and how many the table has."""
    return sum(column.mandatory for column in contract.columns), len(table[1].positions)


def locate(sheets: Sequence[Sheet], contract: Contract) -> Located:
    """The feed's tables in the file; FileRejected saying what is missing, or which sheet does not go with the rest."""
    found = _candidates(sheets, contract)
    if not found:
        raise FileRejected(
            f"前{header.DEPTH}行里找不到《{contract.title}》的表头：{_expected(sheets, [contract])}", "no_header"
        )
    if found[0][1].missing:
        raise FileRejected(_lacking(found[0], contract), "missing_column")
    if found[0][0].name is None:
        _require_clear(found[0])
        return Located((found[0],))
    mandatory = sum(column.mandatory for column in contract.columns)
    tables = []
    for table in sorted(found, key=lambda table: sheets.index(table[0])):
        sheet, heading = table
        if heading.missing and 2 * len(heading.missing) < mandatory and not _is_summary(table, contract):
            raise FileRejected(_lacking(table, contract), "missing_column")
        if heading.missing:
            continue
        if sheet.hidden:
            raise FileRejected(
                f"隐藏的{sheet.told}也是《{contract.title}》，看不出要不要它：请取消隐藏，或删除后重报。",
                "hidden_sheet",
            )
        _require_clear(table)
        tables.append(table)
    _require_one_unit(tables)
    taken = {sheet.name for sheet, _ in tables}
    others = [sheet for sheet in sheets if sheet.name not in taken]
    for sheet in others:
        _refuse_records(sheet, contract)
    return Located(tuple(tables), tuple(others))


def _is_summary(table: Table, contract: Contract) -> bool:
    """Whether a sheet only sums up the list: it says so, and has nothing that tells whose record a row would be."""
    sheet, heading = table
    said = [sheet.name or "", *(cell for row in sheet.top[: heading.first - 1] for cell in row)]
    required = [column for column in contract.columns if column.mandatory]
    telling = [c.name for c in required if c.kind in ("id_number", "household_no")]
    telling = telling or [c.name for c in required if c.kind in ("name", "village_code")]
    return (
        any(_SUMMARY.search(text) for text in said)
        and telling != []
        and heading.positions.keys().isdisjoint(telling)
        and not any(_OF_RECORDS.fullmatch(fold(cell).upper()) for row in sheet.top for cell in row)
    )


def _refuse_records(sheet: Sheet, contract: Contract) -> None:
    """FileRejected when a sheet that is not of the feed, shown or hidden, looks like a list of people or households.

    One row with a number and little else may be an example.
    """
    mandatory = sum(column.mandatory for column in contract.columns)
    numbered = [
        (number, 2 * sum(bool(cell.strip()) for cell in row) >= mandatory)
        for number, row in enumerate(sheet.top, start=1)
        if any(_OF_RECORDS.fullmatch(fold(cell).upper()) for cell in row)
        and not header.names(row, contract.columns)
        and not examples.is_marked(row)
    ]
    if len(numbered) > 1 or any(filled for _, filled in numbered):
        hidden = "隐藏的" if sheet.hidden else ""
        raise FileRejected(
            f"{hidden}{sheet.told}第{numbered[0][0]}行像记录，但这张表没有《{contract.title}》的表头，"
            f"要一并报送，请{'取消隐藏并' if sheet.hidden else ''}补上表头（{_expected([sheet], [contract])}）；"
            "不要的，请删除这张工作表后重报。",
            "records_without_header",
        )


def _require_clear(table: Table) -> None:
    """FileRejected when it is not clear where the records begin or in which unit their amounts are."""
    _refuse_rows_above(table)
    sheet, heading = table
    if heading.unit_unclear:
        whys = "；".join(dict.fromkeys(heading.unit_unclear.values()))
        raise FileRejected(
            f"{sheet.told}看不出「{'」「'.join(map(showable, heading.unit_unclear))}」以元还是万元为单位（{whys}）："
            "请在列名后写明（元）或（万元）后重报。",
            "unit_unclear",
        )


def refuse_unit_of_name(at: Located, names: Iterable[str]) -> None:
    """FileRejected when the name of the file says another unit than is read: a name is no part of what is in a file.

    names: of the file, and of the zip it came in.
    """
    for name in names:
        said = units.of_name(PurePosixPath(name).stem)
        for sheet, heading in at.tables if said is not None else ():
            if said != units.YUAN and heading.unit_unsaid:
                column = sorted(heading.unit_unsaid, key=heading.positions.__getitem__)[0]
                raise FileRejected(
                    f"文件名「{showable(name)}」写着金额单位，{sheet.told}没有写明"
                    f"「{showable(heading.headers[heading.positions[column]])}」以元还是万元为单位："
                    "请在列名后写明（元）或（万元）后重报。",
                    "unit_unclear",
                )
            titled = {column in heading.in_wan for column in heading.unit_from_above}
            if titled and titled != {said == units.WAN}:
                raise FileRejected(
                    f"文件名「{showable(name)}」写着的金额单位与{sheet.told}表头上方的标题不同："
                    "请在列名后写明（元）或（万元）后重报。",
                    "unit_unclear",
                )


def _require_one_unit(tables: Sequence[Table]) -> None:
    """FileRejected when one sheet, or its name, says 万元 and another sheet of the feed says nothing."""
    in_wan = {column: sheet for sheet, heading in tables for column in heading.in_wan}
    for sheet, heading in tables:
        if told := sorted(heading.unit_unsaid & in_wan.keys()):
            raise FileRejected(
                f"{in_wan[told[0]].told}写明是万元，{sheet.told}没有写明"
                f"「{heading.headers[heading.positions[told[0]]]}」以元还是万元为单位：请在列名后写明（元）或（万元）后重报。",
                "unit_unclear",
            )
        if heading.unit_unsaid and units.of_name(sheet.name or "") not in (None, units.YUAN):
            raise FileRejected(
                f"{sheet.told}的名称写着金额单位，列名没有：请在列名后写明（元）或（万元）后重报。",
                "unit_unclear",
            )


def _refuse_rows_above(table: Table) -> None:
    """FileRejected when there are rows above the header, as after sorting it with them, or one has run into it."""
    sheet, heading = table
    for number, row in enumerate(sheet.top[: heading.row], start=1):
        if _is_record(row):
            where = sheet.told
            raise FileRejected(
                f"{where}第{number}行像是一条记录，却在表头（{heading.rows}）上面或里面：请把表头单独放在所有记录上面后重报。",
                "row_above_header",
            )


def _is_record(row: Sequence[str]) -> bool:
    """Whether a row above a header has a number that is not one of a title: behind what it is, or when it was made."""
    said = [folded for cell in row if (folded := fold(cell).upper())]
    for before, cell in itertools.pairwise(["", *said]):
        if _NUMBER.fullmatch(cell):
            titled = _LABEL.fullmatch(before) and not _IDENTITY.fullmatch(cell)
            if not titled and not (len(said) == 1 and _TIME.fullmatch(cell)):
                return True
    return False


def _expected(sheets: Sequence[Sheet], contracts: Sequence[Contract]) -> str:
    """What headers were looked for, and which row comes nearest to them."""
    said = []
    for each in contracts[:_TOLD]:
        headers = "」「".join(column.header for column in each.columns if column.mandatory)
        said.append(f"{f'《{each.title}》' if len(contracts) > 1 else ''}应有「{headers}」")
    found = [
        (len(pairs), sheet, number, pairs)
        for sheet in sheets
        for each in contracts
        for number, row in enumerate(sheet.top[: header.DEPTH], start=1)
        if (pairs := header.resembling(row, each.columns))
    ]
    if not found:
        return f"{'；'.join(said)}。请使用规定的列名。"
    _, sheet, number, pairs = max(found, key=lambda match: match[0])
    where = sheet.told
    alike = "、".join(f"「{showable(cell)}」像「{name}」" for cell, name in pairs)
    return f"{'；'.join(said)}。最接近的是{where}第{number}行（{alike}）。请使用规定的列名。"


_TOLD = 3
"""Of how many feeds a message lists the columns."""


def _candidates(sheets: Sequence[Sheet], contract: Contract) -> list[Table]:
    """Every sheet on which a header of the contract is found, the best match first."""
    found = [(sheet, header.find(sheet.top, contract.columns, sheet.merged)) for sheet in sheets]
    tables = [(sheet, heading) for sheet, heading in found if heading is not None]
    return sorted(tables, key=lambda table: (len(table[1].missing), -len(table[1].positions)))


def _lacking(table: Table, contract: Contract) -> str:
    """The mandatory columns that a table lacks, and what comes nearest."""
    sheet, heading = table
    lacking = "；".join(
        f"「{m.header}」" + (f"（文件中最接近的列名是「{showable(m.nearest)}」）" if m.nearest else "")
        for m in heading.missing
    )
    where = sheet.told
    return f"按《{contract.title}》读取，{where}{heading.rows}表头缺少必有的列：{lacking}。请按规定列名补上。"
