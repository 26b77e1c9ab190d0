"""From the bytes of a delivered file to blocks of text cells, every row accounted for.

csv: byte-order mark, strict UTF-8, strict GB18030, in that order; pyarrow in blocks of bounded size.
xlsx: calamine; a cell keeps its kind where that matters (a number typed into an identity column has lost digits).
Does not belong here: what a cell means (cells.py), which row is the header (header.py).
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import hashlib
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
from python_calamine import CalamineError, CalamineWorkbook

from fangpin.errors import FileRejected
from fangpin.intake.contract import Column
from fangpin.intake.header import DEPTH, Heading

CSV_SUFFIXES = (".csv", ".txt")
XLSX_SUFFIXES = (".xlsx",)
BATCH_BYTES = 2 << 20
BLOCK_ROWS = 200_000
"""pyarrow parses batches of this many bytes; a block gathers batches until it has this many rows."""

NUMBER_SENSITIVE = frozenset({"id_number", "household_no", "month"})
"""Kinds for which a worksheet's number cell is not the same as the text it looks like."""

_CHUNK_BYTES = 1 << 18
"""Small enough to stay in the processor's cache while a chunk is hashed, counted and decoded."""
_DELIMITERS = (",", "\t", ";")
_MARKS = ((codecs.BOM_UTF8, "utf8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Facts:
    """What one pass over the bytes tells; encoding, lines and quoted only for csv, lines None when not countable."""

    sha256: str
    size: int
    encoding: str | None
    lines: int | None
    quoted: bool


@dataclass(frozen=True)
class Sheet:
    """One table of a file and its top rows as text.

    name: the worksheet (None for csv). delimiter: for csv. lines_to: physical lines up to the end of each top row.
    """

    name: str | None
    delimiter: str | None
    top: tuple[tuple[str, ...], ...]
    lines_to: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ragged:
    """A csv row with too few or too many cells."""

    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Consecutive rows below the header. cells: source_row and one String column for each column of the contract.

    Further columns under the header of column c are named 'c#1', 'c#2' ...; a first column that the contract does not
    know is '#'. typed_number: for worksheets, the cells of number-sensitive columns that hold a number. end: last row.
    """

    cells: pl.DataFrame
    typed_number: dict[str, pl.Series]
    ragged: tuple[Ragged, ...]
    end: int


def is_csv(path: Path) -> bool:
    return path.suffix.lower() in CSV_SUFFIXES


def survey(path: Path) -> Facts:
    """Read every byte once. FileRejected for a kind of file that is not read."""
    if path.suffix.lower() in XLSX_SUFFIXES:
        with path.open("rb") as file:
            return Facts(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size, None, None, False)
    if not is_csv(path):
        raise FileRejected(f"不能读取 {path.suffix or '没有扩展名'} 文件：请另存为 .xlsx 或 .csv 后重报。")
    digest, size, lines, quoted, utf8 = hashlib.sha256(), 0, 0, False, True
    mark, last, rest = None, b"", b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            if size == 0:
                mark = next((encoding for sign, encoding in _MARKS if chunk.startswith(sign)), None)
            digest.update(chunk)
            size += len(chunk)
            lines += _line_ends(chunk, last)
            quoted = quoted or b'"' in chunk
            last = chunk[-1:]
            if utf8 and mark != "utf-16":
                whole, rest = _whole_lines(rest + chunk)
                utf8 = _is_utf8(whole)
    encoding = mark or ("utf8" if utf8 and _is_utf8(rest) else "gb18030")
    lines += size > 0 and last not in (b"\r", b"\n")
    countable = not quoted and encoding != "utf-16"
    return Facts(digest.hexdigest(), size, encoding, lines if countable else None, quoted)


def _line_ends(chunk: bytes, last: bytes) -> int:
    """Line ends in a chunk: \\n, \\r and \\r\\n each end one line, also when \\r\\n falls between two chunks."""
    straddling = last == b"\r" and chunk.startswith(b"\n")
    returns = chunk.count(b"\r") - chunk.count(b"\r\n") if b"\r" in chunk else 0
    return chunk.count(b"\n") + returns - straddling


def _whole_lines(data: bytes) -> tuple[memoryview, bytes]:
    cut = data.rfind(b"\n") + 1
    return memoryview(data)[:cut], data[cut:]


def _is_utf8(data: bytes | memoryview) -> bool:
    offsets = pa.py_buffer(b"".join(n.to_bytes(8, "little") for n in (0, len(data))))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(data)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def sheets(path: Path, facts: Facts) -> list[Sheet]:
    """The tables a file may hold: each worksheet, or the csv read with each delimiter that occurs in it."""
    if facts.encoding is None:
        return [
            Sheet(name, None, tuple(tuple(_text(v) or "" for v in row) for row in rows[:DEPTH]))
            for name, rows in _worksheets(path)
        ]
    top = _decode_top(path, facts.encoding)
    found = []
    for delimiter in (d for d in _DELIMITERS if d in top):
        reader = csv.reader(io.StringIO(top, newline=""), delimiter=delimiter)
        rows, lines_to = [], []
        for row in itertools.islice(reader, DEPTH):
            rows.append(tuple(row))
            lines_to.append(reader.line_num)
        found.append(Sheet(None, delimiter, tuple(rows), tuple(lines_to)))
    return found


def _decode_top(path: Path, encoding: str) -> str:
    with path.open("rb") as file:
        data = file.read(_CHUNK_BYTES)
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError as error:
        raise _undecodable(encoding) from error
    return text.removeprefix("\ufeff")


def _undecodable(encoding: str) -> FileRejected:
    return FileRejected(
        f"文字编码既不是 UTF-8 也不是 GB18030（按 {encoding} 读到非法字节）：请另存为 UTF-8 的 csv 后重报。"
    )


def _worksheets(path: Path) -> list[tuple[str, list[list[Any]]]]:
    try:
        book = CalamineWorkbook.from_path(path)
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except CalamineError as error:
        raise FileRejected(
            "不是可读的 xlsx 工作簿（可能已损坏、加密或只是改了扩展名）：请用 Excel 或 WPS 另存为 .xlsx 后重报。"
        ) from error


def _text(value: Any) -> str | None:
    """A worksheet cell as the text a person sees; None for an empty cell."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return None if value is None else str(value)


def blocks(path: Path, facts: Facts, sheet: Sheet, heading: Heading, columns: Sequence[Column]) -> Iterator[Block]:
    """The rows below the header, block by block."""
    layout = _layout(heading)
    if facts.encoding is None:
        yield from _xlsx_blocks(path, sheet, heading, layout, {c.name: c.kind for c in columns})
    else:
        yield from _csv_blocks(path, facts, facts.encoding, sheet, heading, layout)


def _layout(heading: Heading) -> dict[str, int]:
    """Block column -> position in the file."""
    layout = dict(heading.positions)
    for column, positions in heading.repeats.items():
        layout |= {f"{column}#{n}": position for n, position in enumerate(positions, start=1)}
    if 0 not in layout.values():
        layout["#"] = 0
    return layout


def _csv_blocks(
    path: Path, facts: Facts, encoding: str, sheet: Sheet, heading: Heading, layout: dict[str, int]
) -> Iterator[Block]:
    skipped = sheet.lines_to[heading.row - 1]
    pending: list[Ragged] = []

    def keep(row: Any) -> str:
        cells = tuple(next(csv.reader([row.text], delimiter=sheet.delimiter or ","), []))
        pending.append(Ragged(row.number - skipped + heading.row, cells))
        return "skip"

    if facts.lines is not None and facts.lines <= heading.row:
        return
    names = {str(position): name for name, position in layout.items()}
    empty = pl.DataFrame(schema=dict.fromkeys(layout, pl.String))
    row = heading.row
    batches = _batches(path, facts.quoted, encoding, sheet.delimiter, skipped, len(heading.headers), list(names), keep)
    for cells in _gathered(batches):
        numbers = _row_numbers(row, len(cells), [r.row for r in pending])
        row = int(numbers[-1]) if len(numbers) else row
        ragged = tuple(r for r in pending if r.row < row)
        del pending[: len(ragged)]
        yield Block(cells.rename(names).with_columns(numbers), {}, ragged, row)
    if pending:
        numbers = _row_numbers(row, 0, [])
        yield Block(empty.with_columns(numbers), {}, tuple(pending), pending[-1].row)


def _gathered(batches: Iterator[Any]) -> Iterator[pl.DataFrame]:
    """The batches as frames of about BLOCK_ROWS rows, put together while they are still compact."""
    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(b.num_rows for b in waiting) >= BLOCK_ROWS:
            yield pl.DataFrame(pa.Table.from_batches(waiting).combine_chunks())
            waiting = []
    if waiting:
        yield pl.DataFrame(pa.Table.from_batches(waiting).combine_chunks())


def _row_numbers(row: int, count: int, ragged: list[int]) -> pl.Series:
    """The numbers of the next `count` rows after `row`, those of ragged rows left out."""
    candidates = pl.int_range(row + 1, row + 1 + count + len(ragged), dtype=pl.Int32, eager=True).alias("source_row")
    return candidates.filter(~candidates.is_in(ragged)).head(count) if ragged else candidates


def _batches(
    path: Path,
    quoted: bool,
    encoding: str,
    delimiter: str | None,
    skipped: int,
    width: int,
    positions: list[str],
    keep: Callable[[Any], str],
) -> Iterator[Any]:
    """Record batches of text columns named by position; rows of another width go to `keep`."""
    names = [str(position) for position in range(width)]
    try:
        yield from pacsv.open_csv(
            path,
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=BATCH_BYTES, skip_rows=skipped, column_names=names, encoding=encoding
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
                invalid_row_handler=keep,
            ),
            convert_options=pacsv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                include_columns=positions,
            ),
        )
    except UnicodeDecodeError as error:
        raise _undecodable(encoding) from error
    except pa.ArrowInvalid:  # its text may quote a row
        raise FileRejected("csv 的行结构无法识别（可能有未闭合的引号或超长的行）：请另存为 .xlsx 后重报。") from None


def _xlsx_blocks(
    path: Path, sheet: Sheet, heading: Heading, layout: dict[str, int], kinds: dict[str, str]
) -> Iterator[Block]:
    rows = dict(_worksheets(path))[sheet.name or ""][heading.row :]
    sensitive = {name: position for name, position in layout.items() if kinds.get(name) in NUMBER_SENSITIVE}
    for start in range(0, len(rows), BLOCK_ROWS):
        part = rows[start : start + BLOCK_ROWS]
        columns = list(zip(*part, strict=True))
        cells = pl.DataFrame(
            {name: [_text(v) for v in columns[position]] for name, position in layout.items()},
            schema=dict.fromkeys(layout, pl.String),
        )
        numbers = _row_numbers(heading.row + start, len(part), [])
        typed = {
            name: pl.Series([type(v) is float or type(v) is int for v in columns[position]])
            for name, position in sensitive.items()
        }
        yield Block(cells.with_columns(numbers), typed, (), heading.row + start + len(part))
