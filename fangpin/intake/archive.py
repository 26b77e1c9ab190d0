"""A look at a zip before anything in it is parsed: how much it would unpack to, and what a workbook must not hold.

Entries, unpacked size, ratio, encryption; in workbooks also macros, external links, DOCTYPE, the declared dimension and
the farthest cell. Does not belong here: reading the rows (reading), and the memory a parser may take (sandbox.py).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import IO

from fangpin.errors import FileRejected
from fangpin.intake.limits import Limits

_SMALL = 1 << 20
"""An entry that unpacks to no more than this may compress as well as it likes."""
_HEAD = 4096
"""A DOCTYPE stands before the first element."""
_NEAR = 702 * 99_999

_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*\bref\s*=\s*[\"']([A-Za-z$0-9:]{1,40})[\"']")
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']\$?([A-Za-z]{1,9})\$?(\d{1,12})[\"']")
_FAR = re.compile(rb"\br\s*=\s*[\"'](?:\$?[A-Za-z]{3,9}\$?\d|\$?[A-Za-z]{0,2}\$?\d{6})")
"""A cell beyond column ZZ or row 99,999: without one, a sheet is no larger than 702 x 99,999 cells."""
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*\br\s*=\s*[\"'](\d{1,12})[\"']")
_DATA = re.compile(rb"<(?:\w+:)?sheetData\b")
_CORNER = re.compile(rb"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_SHEET = re.compile(r"xl/(worksheets|chartsheets|macrosheets|dialogsheets)/[^/]+\.(xml|bin)", re.IGNORECASE)


def entries(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    """The files in a zip, folders left out, once its directory is within limits; else FileRejected."""
    listed = archive.infolist()
    if len(listed) > limits.zip_entries:
        raise FileRejected(
            f"内有 {len(listed):,} 个条目，超过上限 {limits.zip_entries:,}（policy/intake.yaml）：请分成几份报送。",
            "too_many_entries",
        )
    names = [entry.filename for entry in listed]
    if len(set(names)) != len(names):
        raise FileRejected("压缩包内有重名的条目，不知道以哪一个为准：请重新压缩后报送。", "same_name")
    unpacked = sum(entry.file_size for entry in listed)
    if unpacked > limits.zip_bytes:
        raise FileRejected(
            f"解压后有 {unpacked:,} 字节，超过上限 {limits.zip_bytes:,}（policy/intake.yaml）：请分成几份报送。",
            "too_large",
        )
    for entry in listed:
        if entry.flag_bits & 0x1:
            raise FileRejected("压缩包加了密码：请去掉密码后重报。", "password")
        if entry.file_size > _SMALL and entry.file_size > limits.zip_ratio * max(entry.compress_size, 1):
            raise FileRejected(
                f"压缩包内有条目压缩了 {entry.file_size // max(entry.compress_size, 1):,} 倍，"
                f"超过上限 {limits.zip_ratio} 倍（policy/intake.yaml），可能是解压炸弹：请从原始系统重新导出。",
                "zip_bomb",
            )
    return [entry for entry in listed if not entry.is_dir()]


def check_zip(file: IO[bytes], limits: Limits) -> None:
    """FileRejected when the zip must not be unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries(archive, limits)
    except zipfile.BadZipFile as error:
        raise FileRejected("不是完好的压缩包：请重新压缩为 .zip 后重报。", "damaged") from error


def check_workbook(file: IO[bytes], limits: Limits) -> None:
    """FileRejected when the xlsx must not be parsed; says why and what to save instead."""
    try:
        with zipfile.ZipFile(file) as archive:
            listed = entries(archive, limits)
            _check_content(listed)
            for entry in listed:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _check_part(archive, entry, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise FileRejected(
            "不是完好的 xlsx 工作簿（压缩结构已损坏）：请用 Excel 或 WPS 打开后另存为 .xlsx 再报送。",
            "damaged",
        ) from error


def _check_content(listed: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename.lower().lstrip("/") for entry in listed}
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise FileRejected("工作簿含有宏：请另存为不含宏的 .xlsx 后重报。", "macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise FileRejected(
            "工作簿含有指向其他文件的链接：请把公式粘贴为数值，断开链接后另存为 .xlsx 重报。", "external_links"
        )


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> None:
    """No DOCTYPE in a part; in a sheet, no cell too far away."""
    sheet = _SHEET.fullmatch(entry.filename.lstrip("/")) is not None
    with archive.open(entry) as part:
        head = part.read(_HEAD)
        if _DOCTYPE.search(head):
            raise FileRejected(
                "工作簿内含有 DOCTYPE 声明，正常软件不会写出：请用 Excel 或 WPS 另存为 .xlsx 后重报。", "doctype"
            )
        if not sheet:
            return
        declared = _DIMENSION.search(head)
        if declared is not None:
            corners = [(column_number(c), int(r)) for c, r in _CORNER.findall(declared.group(1))]
            _require_area(max([1, *(c for c, _ in corners)]), max([1, *(r for _, r in corners)]), limits)
        if entry.file_size > limits.scanned_bytes:
            return
        text = head + part.read()
    numbered = _ROW.findall(text)
    if limits.sheet_cells < _NEAR or _FAR.search(text):
        columns = max((column_number(letters) for letters, _ in _REFERENCE.findall(text)), default=1)
        rows = max([1, *(int(n) for _, n in _REFERENCE.findall(text)), *map(int, numbered)])
        _require_area(columns, rows, limits)
    if len(set(numbered)) < len(numbered) or len(_DATA.findall(text)) > 1:
        raise FileRejected(
            "工作表里有两行用同一个行号，或有两段数据，会有行读不出来：请用 Excel 或 WPS 核对后另存为 .xlsx 重报。",
            "same_row",
        )


def column_number(letters: bytes) -> int:
    """A -> 1, Z -> 26, AA -> 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _require_area(columns: int, rows: int, limits: Limits) -> None:
    if columns * rows > limits.sheet_cells:
        raise FileRejected(
            f"工作表占 {rows:,} 行 × {columns:,} 列，超过上限 {limits.sheet_cells:,} 格（policy/intake.yaml）；"
            "多半是很远处有误填的单元格：请删除数据区以外的行和列，或另存为 csv 后重报。",
            "sheet_too_large",
        )
