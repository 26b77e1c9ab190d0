"""Which columns of an xlsx are hidden: calamine does not say.

Does not belong here: hidden worksheets (workbook.py); what is said of hidden columns (remarks.py).
"""

from __future__ import annotations

import io
import re
import zipfile

from fangpin.intake.reading.kinds import intact_zip
from fangpin.intake.reading.parts import part_of

_HEAD_BYTES = 1 << 15
"""The widths of columns stand before the rows: within so many bytes of a worksheet."""
_SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_SPAN = re.compile(rb"\b(min|max)\s*=\s*[\"'](\d{1,5})[\"']")
_ROWS = re.compile(rb"<(?:\w+:)?sheetData\b")


def hidden_columns(data: bytes, sheets: list[str], width: int = 512) -> dict[str, tuple[int, ...]]:
    """Worksheet -> positions of its hidden columns, from 0, up to `width`; only of worksheets that have any."""
    found = {}
    with intact_zip(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        heads = {name: _head(archive, name) for name in archive.namelist() if _SHEET.fullmatch(name)}
        parts = {name: head for name, head in heads.items() if _HIDDEN.search(head)}
        for sheet in sheets if parts else ():
            if positions := _positions(parts.get(part_of(archive, sheet) or "", b""), width):
                found[sheet] = positions
    return found


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        head = part.read(_HEAD_BYTES)
    rows = _ROWS.search(head)
    return head[: rows.start()] if rows else head


def _positions(head: bytes, width: int) -> tuple[int, ...]:
    positions: set[int] = set()
    for column in _COLUMN.findall(head):
        span = {name: int(number) for name, number in _SPAN.findall(column)}
        if _HIDDEN.search(column) and b"min" in span:
            positions |= set(range(span[b"min"] - 1, min(span.get(b"max", span[b"min"]), width)))
    return tuple(sorted(positions))
