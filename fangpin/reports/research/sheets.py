"""How the workbooks of a trip look: formats, A4 pages with their mark at the foot, plain tables.

Text is always written as text; properties are fixed, so the same trip gives the same bytes. Does not belong here: what
stands in a sheet (roster.py, visit.py).
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

BODY, HEAD, TITLE = "仿宋", "黑体", "方正小标宋简体"
LINE = 15
"""Points of a line of text of 10.5 points."""


class Marked(Protocol):
    """What a workbook belongs to: its plan, the day its figures hold for, and the mark at the foot of its pages."""

    @property
    def plan(self) -> str: ...

    @property
    def as_of(self) -> dt.date: ...

    @property
    def mark(self) -> str: ...


Of = TypeVar("Of", bound=Marked)


class Book(Generic[Of]):
    """A workbook in memory, of a trip or of its results, with the formats of this project's sheets."""

    def __init__(self, of: Of, subject: str, *, properties: Mapping[str, str] | None = None) -> None:
        self.of = of
        self._buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = Workbook(self._buffer, options)
        made = dt.datetime.combine(of.as_of, dt.time())
        self.book.set_properties({"title": subject, "subject": of.mark, "category": of.plan, "created": made})
        for name, value in (properties or {}).items():
            self.book.set_custom_property(name, value)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """A format of body text with these properties, made once."""
        base = {"font_name": BODY, "font_size": 10.5, "valign": "vcenter"}
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(base | properties)
        return self._formats[key]

    @property
    def title(self) -> Format:
        return self.format(font_name=TITLE, font_size=18, align="center")

    @property
    def header(self) -> Format:
        return self.format(font_name=HEAD, align="center", text_wrap=True, border=1, bg_color="#F2EFE9")

    @property
    def section(self) -> Format:
        return self.format(font_name=HEAD, border=1, bg_color="#FAF8F4", indent=1)

    @property
    def note(self) -> Format:
        return self.format(text_wrap=True, valign="top")

    def text(self, *, center: bool = False, **more: Any) -> Format:
        return self.format(border=1, text_wrap=True, num_format="@", align="center" if center else "left", **more)

    def number(self, pattern: str = "#,##0") -> Format:
        return self.format(border=1, align="center", num_format=pattern)

    def sheet(self, name: str, widths: Sequence[float], *, landscape: bool = False) -> Worksheet:
        """A page of A4 with columns of these widths, the mark and page number at its foot."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        small = f'&"{BODY}"&8 '  # the space keeps a leading digit of the text out of the font size
        sheet.set_footer(f"&L{small}{self.of.mark}&R{small}第 &P 页 共 &N 页")
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width)
        return sheet

    def close(self) -> bytes:
        self.book.close()
        return self._buffer.getvalue()


def write(sheet: Worksheet, row: int, column: int, value: Any, style: Format, number: Format | None = None) -> None:
    """A cell as what it is: a number with its own format, anything else as text; nothing where nothing is known."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, number or style)
    elif value in (None, ""):
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_string(row, column, str(value), style)


def lines(text: str, width: float) -> int:
    """Lines a text takes in a column: a Chinese character is two wide."""
    wide = sum(2 if ord(c) > 0x2E7F else 1 for c in text)
    return max(1, math.ceil(wide / max(width - 1, 1)))


def table(
    book: Book[Of],
    sheet: Worksheet,
    top: int,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
) -> int:
    """A header and rows below it, wrapped; the next free row."""
    for index, title in enumerate(header):
        sheet.write_string(top, index, title, book.header)
    sheet.set_row(top, 6 + LINE * max(lines(t, w) for t, w in zip(header, widths, strict=True)))
    left, center, number = book.text(), book.text(center=True), book.number("0")
    for row, values in enumerate(rows, start=top + 1):
        tall = max(lines("" if v is None else str(v), w) for v, w in zip(values, widths, strict=True))
        sheet.set_row(row, 6 + LINE * tall)
        for index, (value, width) in enumerate(zip(values, widths, strict=True)):
            write(sheet, row, index, value, left if width > 16 else center, number)
    return top + 1 + len(rows)


def heading(book: Book[Of], sheet: Worksheet, title: str, widths: Sequence[float], subtitle: str = "") -> int:
    """The title over all columns, and what is said below it; the next free row."""
    last = len(widths) - 1
    sheet.merge_range(0, 0, 0, last, title, book.title)
    sheet.set_row(0, 32)
    if not subtitle:
        return 1
    sheet.merge_range(1, 0, 1, last, subtitle, book.note)
    sheet.set_row(1, 4 + LINE * lines(subtitle, sum(widths)))
    return 2
