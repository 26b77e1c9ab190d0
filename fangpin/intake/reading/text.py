"""A delivered csv or text file: its encoding, its delimiter, and its rows in blocks of bounded size.

Encodings in this order, all strict: the byte-order mark (UTF-8, UTF-16), UTF-8, GB18030. pyarrow parses the rows.
Does not belong here: worksheets (workbook.py).
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from fangpin.errors import FileRejected
from fangpin.intake.blocks import CSV, Block, Facts, Ragged, Sheet
from fangpin.intake.header import SHOWN, Heading
from fangpin.intake.reading.layout import layout_of, numbered
from fangpin.intake.reading.members import opened

BATCH_BYTES = 2 << 20
BLOCK_ROWS = 200_000
"""pyarrow parses batches of this many bytes; a block gathers batches until it has this many rows."""

_CHUNK_BYTES = 1 << 18
"""Small enough to stay in the processor's cache while a chunk is hashed, counted and decoded."""
_OPENING, _NOT_BY_CHANCE = 4096, 12
"""Of the two bytes of a character of GB18030, one pair in eight also is one of UTF-8."""
_DELIMITERS = (",", "\t", ";")
_UTF16 = "utf-16"
_MARKS = ((codecs.BOM_UTF8, "utf8"), (codecs.BOM_UTF16_LE, _UTF16), (codecs.BOM_UTF16_BE, _UTF16))
_STRUCTURE = "csv 的行结构无法识别（可能有未闭合的引号或超长的行）：请另存为 .xlsx 后重报。"


def survey(file: IO[bytes]) -> Facts:
    """Read every byte once."""
    digest, size, lines, quoted, utf8 = hashlib.sha256(), 0, 0, False, True
    mark, last, opening = None, b"", b""
    rest: list[bytes] = []
    while chunk := file.read(_CHUNK_BYTES):
        if size == 0:
            mark = next((encoding for sign, encoding in _MARKS if chunk.startswith(sign)), None)
            opening = chunk[:_OPENING]
        if mark != _UTF16 and b"\0" in chunk:
            row = lines + _line_ends(chunk[: chunk.index(0)], last) + 1
            raise FileRejected(
                f"第{row}行有空字节，不是完好的文本：请重新导出，或另存为 UTF-8 的 csv 后重报。", "encoding"
            )
        digest.update(chunk)
        size += len(chunk)
        lines += _line_ends(chunk, last)
        quoted = quoted or b'"' in chunk
        last = chunk[-1:]
        if mark != _UTF16 and utf8:
            rest.append(chunk)
            if b"\n" in chunk:
                whole, left = _whole_lines(b"".join(rest))
                rest, utf8 = [left], _is_utf8(whole)
    encoding = mark or ("utf8" if utf8 and _is_utf8(b"".join(rest)) else "gb18030")
    if encoding == "gb18030" and _begins_as_utf8(opening):
        raise FileRejected(
            "文件开头是 UTF-8，后面却有不合 UTF-8 的字节，可能在传送中损坏或截断：请重新导出后重报。", "encoding"
        )
    lines += size > 0 and last not in (b"\r", b"\n")
    countable = not quoted and encoding != _UTF16
    return Facts(digest.hexdigest(), size, CSV, encoding, lines if countable else None, quoted)


def _begins_as_utf8(opening: bytes) -> bool:
    """Whether the whole lines at the start are UTF-8, with so many Chinese characters that it cannot be by chance."""
    try:
        valid = opening.decode()
    except UnicodeDecodeError as error:
        valid = opening[: error.start].decode()
    return sum(ord(character) > 127 for character in valid.rpartition("\n")[0]) >= _NOT_BY_CHANCE


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


def sheets(path: Path, facts: Facts, member: str | None) -> list[Sheet]:
    """The csv read with each delimiter that occurs in its top."""
    top = _decode_top(path, facts, member)
    found = []
    for delimiter in (d for d in _DELIMITERS if d in top):
        reader = csv.reader(io.StringIO(top, newline=""), delimiter=delimiter)
        rows, lines_to = [], []
        try:
            for row in itertools.islice(reader, SHOWN):
                rows.append(tuple(row))
                lines_to.append(reader.line_num)
        except csv.Error:  # its text may quote a cell
            raise FileRejected(_STRUCTURE, "csv_structure") from None
        found.append(Sheet(None, delimiter, tuple(rows), tuple(lines_to)))
    return found


def _decode_top(path: Path, facts: Facts, member: str | None) -> str:
    encoding = facts.encoding or "utf8"
    with opened(path, member) as file:
        data = file.read(_CHUNK_BYTES)
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data, final=len(data) == facts.size)
    except UnicodeDecodeError:  # its text may quote a cell
        raise _undecodable(encoding) from None
    return text.removeprefix("\ufeff")


def _undecodable(encoding: str) -> FileRejected:
    if encoding == "gb18030":
        return FileRejected(
            "文字编码既不是 UTF-8 也不是 GB18030（有非法字节）：请另存为 UTF-8 的 csv 后重报。", "encoding"
        )
    name = encoding.replace("utf8", "UTF-8").replace(_UTF16, "UTF-16")
    return FileRejected(
        f"文件开头的标记说是 {name}，内容却有不合 {name} 编码的字节：请另存为 UTF-8 或 GB18030 的 csv 后重报。",
        "encoding",
    )


def blocks(path: Path, facts: Facts, sheet: Sheet, heading: Heading, member: str | None) -> Iterator[Block]:
    """The rows below the header."""
    layout = layout_of(heading)
    skipped = sheet.lines_to[heading.row - 1]
    delimiter, width = sheet.delimiter or ",", len(heading.headers)
    pending: list[Ragged] = []
    stray: list[int] = []

    def keep(row: Any) -> str:
        number = row.number - skipped + heading.row
        try:
            cells = tuple(next(csv.reader([row.text], delimiter=delimiter), []))
        except csv.Error:
            return "error"
        if any(_holds_rows(cell, delimiter, width) for cell in cells):
            stray.append(number)
            return "error"
        pending.append(Ragged(number, cells))
        return "skip"

    if facts.lines is not None and facts.lines <= heading.row:
        return
    schema = pa.schema([pa.field(name, pa.string()) for name in layout])
    positions = [str(position) for position in (range(width) if facts.quoted else layout.values())]
    row = heading.row
    with opened(path, member) as file:
        source = path if member is None else file
        batches = _batches(source, facts, delimiter, skipped, width, positions, keep, stray)
        for cells in _gathered(batches):
            numbers = _row_numbers(row, cells.num_rows, [r.row for r in pending])
            if facts.quoted:
                _require_closed_quotes(cells, numbers, delimiter, width)
            row = numbers[-1].as_py() if len(numbers) else row
            ragged = tuple(r for r in pending if r.row < row)
            del pending[: len(ragged)]
            cells = pa.table({name: cells[str(position)] for name, position in layout.items()})
            yield Block(numbered(cells, numbers), ragged=ragged, end=row)
    if pending:
        yield Block(
            numbered(schema.empty_table(), _row_numbers(row, 0, [])), ragged=tuple(pending), end=pending[-1].row
        )


def _require_closed_quotes(cells: pa.Table, numbers: pa.Int32Array, delimiter: str, width: int) -> None:
    """A quote without its other half makes one cell of all rows up to the next quote: FileRejected, not rows lost."""
    for column in cells.columns:
        if any(_holds_line_end(chunk) for chunk in column.chunks):
            broken = pc.match_substring_regex(column, "[\r\n]")
            for number, cell in zip(numbers.filter(broken.combine_chunks()), column.filter(broken), strict=True):
                if _holds_rows(cell.as_py(), delimiter, width):
                    raise _stray_quote(number.as_py())


def _holds_line_end(texts: pa.StringArray) -> bool:
    """Whether any of the texts does: one look at their bytes costs a hundredth of a look at each text."""
    buffer = texts.buffers()[2]
    content = b"" if buffer is None else buffer.to_pybytes()
    return b"\n" in content or b"\r" in content


def _holds_rows(cell: str, delimiter: str, width: int) -> bool:
    """Whether a cell has a line that looks like a row of the file."""
    lines = cell.splitlines()
    return len(lines) > 1 and any(line.count(delimiter) >= width - 1 for line in lines[1:])


def _stray_quote(number: int) -> FileRejected:
    return FileRejected(
        f"第{number}行有一个引号没有成对，后面的行被并进了一格：请改正引号后重报，或另存为 .xlsx。", "csv_structure"
    )


def _gathered(batches: Iterator[Any]) -> Iterator[pa.Table]:
    """The batches as tables of about BLOCK_ROWS rows, put together while they are still compact."""
    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(b.num_rows for b in waiting) >= BLOCK_ROWS:
            yield pa.Table.from_batches(waiting).combine_chunks()
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting).combine_chunks()


def _row_numbers(row: int, count: int, ragged: list[int]) -> pa.Int32Array:
    """The numbers of the next `count` rows after `row`, those of ragged rows left out."""
    candidates = pa.arange(row + 1, row + 1 + count + len(ragged)).cast(pa.int32())
    if not ragged:
        return candidates
    left_out = pc.is_in(candidates, value_set=pa.array(ragged, pa.int32()))
    return candidates.filter(pc.invert(left_out)).slice(0, count)


def _batches(
    source: Path | IO[bytes],
    facts: Facts,
    delimiter: str | None,
    skipped: int,
    width: int,
    positions: list[str],
    keep: Callable[[Any], str],
    stray: Sequence[int],
) -> Iterator[Any]:
    """Record batches of text columns named by position; rows of another width go to `keep`, which tells `stray`."""
    names = [str(position) for position in range(width)]
    encoding = facts.encoding or "utf8"
    try:
        yield from pacsv.open_csv(
            source,
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=BATCH_BYTES, skip_rows=skipped, column_names=names, encoding=encoding
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if facts.quoted else False,
                newlines_in_values=facts.quoted,
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
    except UnicodeDecodeError:  # its text may quote a cell
        raise _undecodable(encoding) from None
    except pa.ArrowInvalid:  # its text may quote a row
        raise (_stray_quote(stray[0]) if stray else FileRejected(_STRUCTURE, "csv_structure")) from None
