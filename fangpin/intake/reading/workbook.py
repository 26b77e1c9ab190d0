"""A delivered workbook (.xlsx, .xls), read by calamine: its worksheets and their rows as text.

A cell keeps its kind where that matters (a number typed into an identity column has lost digits). A blank cell means
"as above" only where it is really merged with the cell above. The error of a formula is its text, such as #N/A:
python-calamine shows such cells as blank, fastexcel names them. So is a missing result (formulas.py).
Does not belong here: csv (text.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import itertools
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from fangpin.errors import FileRejected
from fangpin.intake.blocks import XLS, Block, Facts, Sheet
from fangpin.intake.header import DEPTH, SHOWN, Heading
from fangpin.intake.reading import formulas, hidden
from fangpin.intake.reading.layout import layout_of, numbered
from fangpin.intake.reading.members import opened
from fangpin.intake.written import NO_RESULT

BLOCK_ROWS = 50_000
"""Rows made into a block at a time; the worksheet itself is in memory as a whole."""

_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
_ERROR = re.compile(r"'Error\((\w+)\)'")
_UNKNOWN_ERROR = re.compile(r"cell error value '(#[A-Z0-9_/!?]{1,20})'")
"""What calamine says of the errors of newer versions of Excel, on which it gives up."""
_CHUNK_BYTES = 1 << 20

_SMALL, _LARGE = 1e-4, 1e9
"""Between these Arrow writes a fraction without an exponent."""

MERGED_TOLD = frozenset({"money", "id_number", "name"})
"""Kinds of which merged cells are told: amounts that may be shared, persons who may be several."""
NUMBER_SENSITIVE = frozenset({"id_number", "household_no", "month", "text"})
"""Kinds for which a worksheet's number cell is not the same as the text it looks like."""


def survey(file: IO[bytes], kind: str) -> Facts:
    """Read every byte once."""
    digest = hashlib.sha256()
    size = 0
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    return Facts(digest.hexdigest(), size, kind, None, None, False)


def sheets(path: Path, facts: Facts, member: str | None) -> list[Sheet]:
    """Each worksheet."""
    book = _workbook(path, facts, member)
    unseen = {} if facts.kind == XLS else hidden.hidden_columns(book.data, list(book.worksheets))
    return [
        Sheet(
            name=name,
            delimiter=None,
            top=_top(sheet),
            hidden=is_hidden,
            rows=_rows(sheet),
            merged=tuple((r0, c0, r1, c1) for (r0, c0), (r1, c1) in sheet.merged_cell_ranges or () if r0 < DEPTH),
            hidden_columns=unseen.get(name, ()),
        )
        for name, (sheet, is_hidden) in book.worksheets.items()
    ]


@dataclass(frozen=True)
class _Workbook:
    """An open workbook. worksheets: name -> (worksheet, whether it is hidden)."""

    data: bytes
    worksheets: dict[str, tuple[CalamineSheet, bool]]


_KEPT: dict[str, _Workbook] = {}
"""The workbook last opened, by its sha256, until its rows were read: parsed once for its sheets and its blocks."""


def _workbook(path: Path, facts: Facts, member: str | None) -> _Workbook:
    if facts.sha256 not in _KEPT:
        _KEPT.clear()
        _KEPT[facts.sha256] = _parsed(path, member)
    return _KEPT[facts.sha256]


def _parsed(path: Path, member: str | None) -> _Workbook:
    with opened(path, member) as file:
        data = file.read()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        worksheets = {
            about.name: (book.get_sheet_by_name(about.name), about.visible != SheetVisibleEnum.Visible)
            for about in book.sheets_metadata
            if about.typ == SheetTypeEnum.WorkSheet
        }
    except PasswordError:
        raise FileRejected("工作簿加了密码：请去掉打开密码，另存为 .xlsx 后重报。", "password") from None
    except CalamineError as error:  # its text may quote a cell
        if unknown := _UNKNOWN_ERROR.search(str(error)):
            raise FileRejected(
                f"工作表里有公式错误 {unknown.group(1)}，整张表因此读不出来：请改为数值后重报。", "cell_error"
            ) from None
        raise FileRejected(
            "工作簿打不开（可能已损坏、加密或内容不完整）：请用 Excel 或 WPS 另存为 .xlsx 后重报。", "damaged"
        ) from None
    return _Workbook(data, worksheets)


def _errors(book: _Workbook, sheet: str) -> dict[int, list[tuple[int, str]]]:
    """Position -> (row, error) of the cells of a worksheet whose formula has an error, from 0, in the order of rows."""
    table = fastexcel.read_excel(book.data).load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    columns = table.available_columns()
    _, found = table.to_arrow_with_errors()
    errors: dict[int, list[tuple[int, str]]] = {}
    for each in found.errors if found else ():
        if named := _ERROR.search(each.detail):
            row, column = each.position
            errors.setdefault(columns[column].absolute_index, []).append((row, _ERRORS[named.group(1)]))
    return errors


def _top(sheet: CalamineSheet) -> tuple[tuple[str, ...], ...]:
    rows = sheet.to_python(skip_empty_area=False, nrows=SHOWN)
    return tuple(tuple(_text(value) or "" for value in row) for row in rows)


def _rows(sheet: CalamineSheet) -> int:
    return sheet.end[0] + 1 if sheet.end else 0


def blocks(
    path: Path,
    facts: Facts,
    tables: Sequence[tuple[Sheet, Heading]],
    kinds: Mapping[str, str],
    member: str | None,
) -> Iterator[Block]:
    """The rows below each header; a worksheet's rows are numbered from where the one before it ended."""
    before = 0
    book = _workbook(path, facts, member)
    with_errors, uncalculated = (True, False) if facts.kind == XLS else formulas.signs(book.data)
    for table, (sheet, heading) in enumerate(tables):
        worksheet, _ = book.worksheets[sheet.name or ""]
        errors = _errors(book, sheet.name or "") if with_errors else {}
        if uncalculated:
            for position, rows in formulas.without_result(book.data, sheet.name or "").items():
                errors[position] = [*errors.get(position, ()), *((row, NO_RESULT) for row in rows)]
        yield from _sheet_blocks(worksheet, errors, heading, kinds, before, table)
        before += _rows(worksheet)
    _KEPT.clear()


def _sheet_blocks(
    sheet: CalamineSheet,
    errors: Mapping[int, Sequence[tuple[int, str]]],
    heading: Heading,
    kinds: Mapping[str, str],
    before: int,
    table: int,
) -> Iterator[Block]:
    layout = layout_of(heading)
    sensitive = {name for name in layout if kinds.get(name) in NUMBER_SENSITIVE}
    left = sheet.start[1] if sheet.start else 0
    fill = _Merged(sheet, set(layout.values()), heading.row)
    rows = itertools.islice(sheet.iter_rows(), heading.row, None)
    first = heading.row
    while part := list(itertools.islice(rows, BLOCK_ROWS)):
        cells, typed, merged = {}, {}, {}
        for name, position in layout.items():
            values = [row[position - left] for row in part] if position >= left else [""] * len(part)
            for row, error in errors.get(position, ()):
                if first <= row < first + len(part):
                    values[row - first] = error
            filled = fill.down(values, position, first)
            cells[name] = _texts(values)
            if filled and kinds.get(name) in MERGED_TOLD:
                merged[name] = pa.array([row in filled for row in range(len(part))], pa.bool_())
            if name in sensitive:
                typed[name] = pa.array([type(value) is float or type(value) is int for value in values], pa.bool_())
        end = first + len(part)
        numbers = pa.arange(before + first + 1, before + end + 1).cast(pa.int32())
        yield Block(numbered(pa.table(cells), numbers), typed, merged, end=before + end, table=table)
        first = end
    if first == heading.row:
        empty = pa.schema([pa.field(name, pa.string()) for name in layout]).empty_table()
        yield Block(numbered(empty, pa.array([], pa.int32())), end=before + first, table=table)


class _Merged:
    """The cells merged downwards below a worksheet's header: the lower ones say what the upper one says."""

    def __init__(self, sheet: CalamineSheet, positions: set[int], below: int) -> None:
        self._spans: dict[int, deque[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in sorted(sheet.merged_cell_ranges or ()):
            if bottom > top >= below and left in positions:
                self._spans.setdefault(left, deque()).append((top, bottom))
        self._values: dict[int, Any] = {}

    def down(self, values: list[Any], position: int, first: int) -> set[int]:
        """Fill in a column of consecutive rows, the first of which is row `first` (from 0); which rows are merged."""
        filled: set[int] = set()
        spans = self._spans.get(position, deque())
        while spans and spans[0][0] < first + len(values):
            top, bottom = spans[0]
            value = values[top - first] if top >= first else self._values[position]
            last = min(bottom + 1, first + len(values))
            start = max(top, first)
            values[start - first : last - first] = [value] * (last - start)
            filled.update(range(start - first, last - first))
            if bottom >= first + len(values):
                self._values[position] = value
                break
            spans.popleft()
        return filled


def _texts(values: list[Any]) -> pa.StringArray:
    """A column of cells as text, null where empty. Columns of one kind are made at once, with the texts of _text."""
    kinds = set(map(type, values))
    blanks = str in kinds and "" in values
    if kinds == {str}:
        return pa.array([value or None for value in values] if blanks else values, pa.string())
    if len(kinds) == 1 or (len(kinds) == 2 and str in kinds and all(not v for v in values if type(v) is str)):
        cells = [None if value == "" else value for value in values] if blanks else values
        if dt.date in kinds:
            return pa.array(cells, pa.date32()).cast(pa.string())
        if float in kinds:
            return _numbers(pa.array(cells, pa.float64()))
    return pa.array([_text(value) for value in values], pa.string())


def _numbers(numbers: pa.DoubleArray) -> pa.StringArray:
    """Whole numbers without a fraction, others in as few digits as tell them apart."""
    size, whole = pc.abs(numbers), pc.equal(pc.floor(numbers), numbers)
    if not pc.all(pc.and_(pc.less(size, _LARGE), pc.or_(whole, pc.greater(size, _SMALL)))).as_py():
        return pa.array([_text(value) for value in numbers.to_pylist()], pa.string())
    return pc.if_else(whole, pc.floor(numbers).cast(pa.int64()).cast(pa.string()), numbers.cast(pa.string()))


def _text(value: Any) -> str | None:
    """A worksheet cell as the text a person sees; None for an empty cell."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else _decimal(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ") if value.time() != dt.time() else value.date().isoformat()
    return None if value is None else str(value)


def _decimal(value: float) -> str:
    """All digits and no exponent."""
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text
