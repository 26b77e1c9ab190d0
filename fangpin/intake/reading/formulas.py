"""Formulas of an xlsx without a result: with an error, or never calculated by the program that wrote the file.

calamine shows both as blank cells. Does not belong here: what the errors are (workbook.py, by fastexcel).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict

from fangpin.errors import FileRejected
from fangpin.intake.archive import column_number
from fangpin.intake.reading.kinds import intact_zip
from fangpin.intake.reading.parts import part_of

_ERROR_SIGNS = (b'"e"', b"'e'")
_FORMULA = b"<f"
_BLANK_SIGNS = (b"</f></c>", b"/></c>", b"<v></v>")
"""After a formula the cell ends, or an empty value stands; the second of these also stands behind other cells."""
_OVERLAP = 8
_CHUNK_BYTES = 1 << 20

_CELL = re.compile(rb"<c\b([^>]*)><f\b(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_TEXT = re.compile(rb"\bt=[\"']str[\"']")
"""A formula whose result is an empty text was calculated."""


def signs(data: bytes) -> tuple[bool, bool]:
    """Whether an xlsx may hold cells with an error, and formulas without a result."""
    error = formula = blank = False
    with intact_zip(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.lower().endswith(".xml") or "sharedstrings" in name.lower():
                continue
            with archive.open(name) as part:
                rest = b""
                while not (error and blank) and (chunk := part.read(_CHUNK_BYTES)):
                    seam = rest + chunk[:_OVERLAP]
                    error = error or any(sign in chunk or sign in seam for sign in _ERROR_SIGNS)
                    formula = formula or _FORMULA in chunk or _FORMULA in seam
                    blank = blank or (formula and any(sign in chunk or sign in seam for sign in _BLANK_SIGNS))
                    rest = chunk[-_OVERLAP:]
    return error, blank


def without_result(data: bytes, sheet: str) -> dict[int, list[int]]:
    """Position -> rows of the formulas of a worksheet that were never calculated, from 0. data: an xlsx.

    FileRejected when the workbook does not say as usual where the worksheet is.
    """
    found: dict[int, list[int]] = defaultdict(list)
    with intact_zip(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        if (part := part_of(archive, sheet)) is None:
            raise FileRejected(
                "工作簿的结构与常见软件写出的不同，看不出其中的公式有没有结果："
                "请用 Excel 或 WPS 打开后另存为 .xlsx 重报。",
                "damaged",
            )
        text = archive.read(part)
    for cell in _CELL.finditer(text):
        at = _REFERENCE.search(cell.group(1))
        if at is not None and not _TEXT.search(cell.group(1)):
            found[column_number(at.group(1)) - 1].append(int(at.group(2)) - 1)
    return found
