"""What kind of file delivered bytes are: told by the content, and the suffix must say the same.

A few signs at fixed places, no parsing. What is not read is refused with its name and what to save it as.
Does not belong here: what is in the file (text.py, workbook.py).
"""

from __future__ import annotations

import codecs
import errno
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import IO

from fangpin.errors import FileRejected
from fangpin.intake.blocks import CSV, KINDS, XLS, XLSX
from fangpin.masking import showable

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_HEAD = 4096
_ZIP, _OLE2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY_ZIP = b"PK\x05\x06"
_SIGNS = (
    (b"%PDF", "PDF 文档"),
    (b"{\\rtf", "RTF 文档"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"SQLite format 3\0", "数据库文件"),
    (b"\x09\x00", "很旧的 Excel 工作簿"),
    (b"\x09\x02", "很旧的 Excel 工作簿"),
    (b"\x09\x04", "很旧的 Excel 工作簿"),
    (codecs.BOM_UTF32_LE, "UTF-32 编码的文本"),
    (codecs.BOM_UTF32_BE, "UTF-32 编码的文本"),
)
_MARKUP = (
    (re.compile(r"<(!doctype html|html|head|meta|body|table|style|script|div)\b"), "网页（HTML）"),
    (re.compile(r"mime-version:|from: <saved by"), "网页（MHT）"),
    (re.compile(r"<\?xml|<(ss:)?workbook\b"), "XML 表格"),
)
_STREAMS = (
    ("EncryptedPackage", "加了密码的工作簿"),
    ("_VBA_PROJECT_CUR", "含有宏的工作簿"),
    ("WordDocument", "Word 文档"),
    ("PowerPoint Document", "演示文稿"),
)
ZIP = "zip"
_NAMES = {CSV: "文本（csv）", XLSX: "xlsx 工作簿", XLS: "xls 工作簿", ZIP: "zip 压缩包"}
_SAVE = "请用 Excel 或 WPS 打开后另存为 .xlsx"


def kind_of(file: IO[bytes], name: str, within: bool) -> str:
    """The kind (of blocks.KINDS) of a file called `name`; FileRejected for any other. within: it comes out of a zip."""
    found = _content(file)
    suffix = PurePath(name).suffix.lower()
    if found == ZIP and within:
        raise FileRejected("压缩包里还有压缩包：请解开，只压缩一层后重报。", "nested_zip")
    if found not in _NAMES:
        raise FileRejected(f"内容是{found}，不能读取：{_remedy(found)}后重报。", "unsupported_content")
    if suffix not in KINDS:
        kind = showable(suffix) or "没有扩展名的"
        raise FileRejected(
            f"不能读取 {kind} 文件（内容是{_NAMES[found]}）：请另存为 .xlsx 或 .csv 后重报。", "unsupported_suffix"
        )
    if KINDS[suffix] != found:
        raise FileRejected(
            f"扩展名是 {suffix}，内容却是{_NAMES[found]}：{_SAVE}后重报，不要直接改扩展名。", "wrong_suffix"
        )
    return found


@contextmanager
def intact_zip() -> Iterator[None]:
    """FileRejected when a zip, or the zip that an xlsx is, turns out to be damaged."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError):
        raise _damaged() from None
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the start of the file
            raise
        raise _damaged() from None


def _damaged() -> FileRejected:
    return FileRejected("文件已损坏或不完整（像 xlsx 工作簿或压缩包，却打不开）：请重新导出或另存后重报。", "damaged")


def require_zip(file: IO[bytes]) -> None:
    """FileRejected when what is called .zip is none."""
    found = _content(file)
    if found != ZIP:
        what = _NAMES.get(found, found)
        raise FileRejected(f"扩展名是 .zip，内容却是{what}：请按内容改回扩展名，或压缩为 .zip 后重报。", "wrong_suffix")


def _remedy(found: str) -> str:
    if "密码" in found:
        return "请去掉打开密码，另存为 .xlsx"
    if "宏" in found:
        return "请另存为不含宏的 .xlsx"
    if "压缩包" in found:
        return "请解开，或压缩为 .zip"
    if "文本" in found:
        return "请另存为 UTF-8 编码的 .csv"
    return _SAVE


def _content(file: IO[bytes]) -> str:
    """A key of _NAMES, or what else it is in words."""
    head = file.read(_HEAD)
    if not head:
        raise FileRejected("文件是空的（0 字节）：请重新导出后重报。", "empty_file")
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return _zip_content(file)
    if head.startswith(_OLE2):
        return _ole2_content(head + file.read())
    for sign, what in _SIGNS:
        if head.startswith(sign):
            return what
    wide = head.startswith(UTF16_MARKS)
    shown = head.decode("utf-16" if wide else "latin-1", "ignore").removeprefix("ï»¿").lstrip().lower()
    for markup, what in _MARKUP:
        if markup.match(shown):
            return what
    return "二进制数据" if b"\0" in head and not wide else CSV


def _zip_content(file: IO[bytes]) -> str:
    with intact_zip(), zipfile.ZipFile(file) as archive:
        names = {name.lower().lstrip("/") for name in archive.namelist()}
    if any(name.endswith("vbaproject.bin") for name in names):
        return "含有宏的工作簿"
    if "xl/workbook.xml" in names:
        return XLSX
    if "xl/workbook.bin" in names:
        return "xlsb 工作簿"
    if "word/document.xml" in names:
        return "Word 文档"
    if "ppt/presentation.xml" in names:
        return "演示文稿"
    return "OpenDocument 文档（如 .ods）" if {"mimetype", "content.xml"} <= names else ZIP


def _ole2_content(data: bytes) -> str:
    for stream, what in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return what
    if any(f"{stream}\0".encode("utf-16-le") in data for stream in ("Workbook", "Book")):
        return XLS
    return "旧式二进制文档"
