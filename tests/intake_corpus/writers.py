"""Builders of small files: rows to bytes, as xlsxwriter, openpyxl, hand-written XML and text editors write them.

Every builder takes what is to be in the file and gives a function that writes it to a path.
Does not belong here: what intake must make of the files (the modules of cases).
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter

Rows = Sequence[Sequence[Any]]
Write = Callable[[Path], None]
FILES = Path(__file__).parent / "files"
"""Files that programs wrote which cannot run in the tests; files/README.md says how they were made."""


@dataclass(frozen=True)
class Tab:
    """A worksheet. merged: 'A1:C1'. errors and formats: 'B2' -> what the formula shows, or the number format."""

    rows: Rows
    name: str = "Sheet1"
    merged: Sequence[str] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False
    hidden_columns: str = ""


def tabs(content: Rows | Sequence[Tab]) -> list[Tab]:
    """Rows alone are one worksheet."""
    found = list(content)
    return found if found and isinstance(found[0], Tab) else [Tab(found)]  # type: ignore[list-item, arg-type]


def by_xlsxwriter(content: Rows | Sequence[Tab]) -> Write:
    def write(path: Path) -> None:
        book = xlsxwriter.Workbook(str(path))
        for tab in tabs(content):
            sheet = book.add_worksheet(tab.name)
            for cells in tab.merged:
                sheet.merge_range(cells, "")
            for r, row in enumerate(tab.rows):
                for c, value in enumerate(row):
                    if isinstance(value, dt.datetime | dt.date):
                        sheet.write_datetime(r, c, value, book.add_format({"num_format": "yyyy-mm-dd"}))
                    elif isinstance(value, bool):
                        sheet.write_boolean(r, c, value)
                    elif isinstance(value, int | float):
                        sheet.write_number(r, c, value)
                    elif value not in (None, ""):
                        sheet.write_string(r, c, value)
            for cell, shown in tab.errors.items():
                sheet.write_formula(cell, "=1/0", None, shown)
            for cell, form in tab.formats.items():
                r, c = xlsxwriter.utility.xl_cell_to_rowcol(cell)
                sheet.write_number(r, c, tab.rows[r][c], book.add_format({"num_format": form}))
            if tab.hidden:
                sheet.hide()
            if tab.hidden_columns:
                sheet.set_column(tab.hidden_columns, None, None, {"hidden": True})
        first = next(
            (sheet for sheet, tab in zip(book.worksheets(), tabs(content), strict=True) if not tab.hidden), None
        )
        if first is not None:
            first.activate()
            first.set_first_sheet()
        book.close()

    return write


def by_openpyxl(content: Rows | Sequence[Tab]) -> Write:
    def write(path: Path) -> None:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for tab in tabs(content):
            sheet = book.create_sheet(tab.name)
            for row in tab.rows:
                sheet.append(list(row))
            for cell, form in tab.formats.items():
                sheet[cell].number_format = form
            for cell, shown in tab.errors.items():
                sheet[cell].value, sheet[cell].data_type = shown, "e"
            for cells in tab.merged:
                sheet.merge_cells(cells)
            if tab.hidden:
                sheet.sheet_state = "hidden"
            if tab.hidden_columns:
                for column in tab.hidden_columns.split(":"):
                    sheet.column_dimensions[column].hidden = True
        book.save(path)

    return write


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def by_hand(
    sheet_data: str,
    *,
    before: str = "",
    after: str = "",
    shared: Sequence[str] | None = None,
    sheet_name: str = "Sheet1",
    state: str = "",
    more: Mapping[str, str] | None = None,
) -> Write:
    """A workbook of hand-written XML. before, after: elements around <sheetData>. shared: <si> elements.

    more: further parts, or parts in place of those made here.
    """
    visible = f' state="{state}"' if state else ""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="{sheet_name}" sheetId="1"{visible} r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId3" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{before}<sheetData>{sheet_data}</sheetData>{after}'
        "</worksheet>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(shared or ())}</sst>',
    }
    written = {**parts, **(more or {})}

    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, xml in written.items():
                file.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}')

    return write


def inline(rows: Rows, *, references: bool = True, prefix: str = "") -> str:
    """<row> elements with inline strings and numbers; without references the place of a cell is its order."""
    found = []
    for r, row in enumerate(rows, start=1):
        cells = []
        for c, value in enumerate(row):
            at = f' r="{chr(ord("A") + c)}{r}"' if references else ""
            if value in (None, ""):
                cells.append("" if references else f"<{prefix}c/>")
            elif isinstance(value, int | float):
                cells.append(f"<{prefix}c{at}><{prefix}v>{value}</{prefix}v></{prefix}c>")
            else:
                text = f"<{prefix}is><{prefix}t>{escape(value)}</{prefix}t></{prefix}is>"
                cells.append(f'<{prefix}c{at} t="inlineStr">{text}</{prefix}c>')
        at = f' r="{r}"' if references else ""
        found.append(f"<{prefix}row{at}>{''.join(cells)}</{prefix}row>")
    return "".join(found)


def indexed(rows: Rows) -> tuple[str, list[str]]:
    """(<row> elements, <si> elements): texts by their number, as most programs write them."""
    texts: list[str] = []
    found = []
    for r, row in enumerate(rows, start=1):
        cells = []
        for c, value in enumerate(row):
            if value in (None, ""):
                continue
            at = f"{chr(ord('A') + c)}{r}"
            if isinstance(value, int | float):
                cells.append(f'<c r="{at}"><v>{value}</v></c>')
            else:
                texts.append(value)
                cells.append(f'<c r="{at}" t="s"><v>{len(texts) - 1}</v></c>')
        found.append(f'<row r="{r}">{"".join(cells)}</row>')
    return "".join(found), [f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts]


def text(
    rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",", end: str = "\n", last: str | None = None
) -> Write:
    """A text file as an editor writes it: nothing is quoted. last: the end of the last line, if another."""
    lines = [delimiter.join(str(cell) for cell in row) for row in rows]
    return data((end.join(lines) + (end if last is None else last)).encode(encoding))


def data(content: bytes) -> Write:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def committed(name: str) -> Write:
    """A file of files/."""

    def write(path: Path) -> None:
        path.write_bytes((FILES / name).read_bytes())

    return write


def zipped(members: Mapping[str, Write], *, names: str = "utf-8-flag") -> Write:
    """A zip of files. names: 'utf-8-flag', or the encoding in which names are written without saying so."""

    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, member in members.items():
                aside = path.with_name("member.aside")
                member(aside)
                file.writestr(_entry(name, names), aside.read_bytes())
                aside.unlink()

    return write


def _entry(name: str, names: str) -> zipfile.ZipInfo:
    if names == "utf-8-flag":
        return zipfile.ZipInfo(name)
    return _Unflagged(name, names)


class _Unflagged(zipfile.ZipInfo):
    """An entry whose name is written in an encoding without the mark of UTF-8, as old Windows programs do."""

    def __init__(self, name: str, names: str) -> None:
        super().__init__(name)
        self._names = names

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode(self._names), self.flag_bits & ~0x800


def truncated(write: Write, keep: int) -> Write:
    """The first bytes of a file only."""

    def cut(path: Path) -> None:
        write(path)
        path.write_bytes(path.read_bytes()[:keep])

    return cut


def spoilt(write: Write) -> Write:
    """A zip in which one byte of one part is not what its checksum says."""

    def spoil(path: Path) -> None:
        write(path)
        content = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as file:
            part = file.getinfo("docProps/app.xml")
        content[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 1
        path.write_bytes(bytes(content))

    return spoil


def ole2(*streams: str) -> bytes:
    """The start of a compound file of old office programs, with the names of its streams where they stand."""
    names = b"".join(stream.encode("utf-16-le").ljust(64, b"\0").ljust(128, b"\0") for stream in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + names.ljust(1024, b"\0")


def empty_archive(*names: str) -> bytes:
    """A zip of files without content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "")
    return made.getvalue()
