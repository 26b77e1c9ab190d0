"""Writing department files as offices send them: csv in several encodings, xlsx with titles above and totals below.

Does not belong here: what is in them.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import polars as pl
import xlsxwriter

from fangpin.sample.timeline import compact, day_in, number

CREATED = dt.datetime(2021, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""Written into every workbook, so that the same rows give the same bytes."""
SENT_AT = 2 * 3600
"""Ten in the morning in Beijing, in seconds since midnight UTC: when offices send."""
XLSX_SCALE = 1 / 100
"""Above this scale the offices send csv: an xlsx sheet would not hold the rows."""


@dataclass(frozen=True)
class FileKind:
    """How one feed's file looks: folder, title, the form it has when it is not csv. sent_on: day of the next month."""

    source: str
    title: str
    encoding: str = "utf-8"
    crlf: bool = False
    workbook: str = "never"  # 'never', 'list' (titles above, 合计 below), 'export' (header on the third row)
    sent_on: int = 3


@dataclass
class DeliveredFile:
    """One file being written in pieces; use as a context manager or call `close`."""

    path: Path
    kind: FileKind
    as_workbook: bool
    heading: str
    month: str
    rows: int = 0
    _pieces: list[pl.DataFrame] = field(default_factory=list)
    _handle: io.BufferedWriter | None = None

    def add(self, frame: pl.DataFrame) -> int:
        """Append the rows of a frame whose columns are the file's headers, in the file's order.

        Returns the number, in the file (or sheet), of the frame's first row: from 2 in csv, from 4 in workbooks.
        """
        first = self.rows + (4 if self.as_workbook else 2)
        if self.as_workbook:
            self._pieces.append(frame)
        else:
            self._append(frame)
        self.rows += frame.height
        return first

    def _append(self, frame: pl.DataFrame) -> None:
        first = self._handle is None
        if self._handle is None:
            self._handle = self.path.open("wb")
            if self.kind.encoding == "utf-8-sig":
                self._handle.write(b"\xef\xbb\xbf")
        header = [_delivered_header(name) for name in frame.columns]
        ending = "\r\n" if self.kind.crlf else "\n"
        if first:
            self._handle.write((",".join(header) + ending).encode(self._codec))
        if frame.height == 0:
            return
        if self._codec == "utf-8":
            frame.write_csv(self._handle, include_header=False, line_terminator=ending)
        else:
            text = frame.write_csv(include_header=False, line_terminator=ending)
            self._handle.write(text.encode(self._codec))

    @property
    def delivered(self) -> bool:
        """An export without a row is not delivered."""
        return self.rows > 0 or self.kind.workbook != "export"

    @property
    def _codec(self) -> str:
        return "utf-8" if self.kind.encoding == "utf-8-sig" else self.kind.encoding

    def close(self) -> None:
        """Finish the file under the time it was sent, or take it away when it is not delivered."""
        if self._handle is not None:
            self._handle.close()
        if not self.delivered:
            self.path.unlink(missing_ok=True)
            return
        if self.as_workbook:
            _write_workbook(self.path, pl.concat(self._pieces), self.kind.workbook, self.heading)
        sent = int(day_in(number(self.month) + 1, self.kind.sent_on)) * 86_400 + SENT_AT
        os.utime(self.path, (sent, sent))

    def __enter__(self) -> DeliveredFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        elif self._handle is not None:
            self._handle.close()


def _delivered_header(column: str) -> str:
    """A frame cannot hold one name twice: what follows '#' tells them apart and is not written."""
    return column.split("#", 1)[0]


def _write_workbook(path: Path, frame: pl.DataFrame, form: str, heading: str) -> None:
    """All cells as text; the file's dates are fixed so that the same rows give the same bytes."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet("Sheet1")
    sheet.write_string(0, 0, heading)
    sheet.write_string(
        1, 0, "导出说明：本表由系统导出，人员均为虚构" if form == "export" else "填报单位：（盖章）        单位：人、元"
    )
    if form == "list":
        frame = frame.select(pl.int_range(1, pl.len() + 1).cast(pl.String).alias("序号"), pl.all())
    for column, name in enumerate(frame.columns):
        sheet.write_string(2, column, _delivered_header(name))
    row = 3
    for values in frame.iter_rows():
        for column, value in enumerate(values):
            if value is not None:
                sheet.write_string(row, column, str(value))
        row += 1
    if form == "list":
        sheet.write_string(row, 0, "合计")
        sheet.write_string(row, 1, f"{frame.height}人")
    book.close()


def file_path(inbox: Path, month: str, kind: FileKind, as_workbook: bool, place: str = "") -> Path:
    """inbox/<month>/<source>/<title>[_<place>]_<YYYYMM>.<csv|xlsx>."""
    middle = f"_{place}" if place else ""
    suffix = "xlsx" if as_workbook else "csv"
    return inbox / month / kind.source / f"{kind.title}{middle}_{compact(number(month))}.{suffix}"
