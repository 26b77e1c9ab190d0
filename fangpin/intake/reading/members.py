"""The files in a zip, by the names their sender gave them.

Does not belong here: how much a zip may unpack to (archive.py).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from fangpin.errors import FileRejected
from fangpin.intake.reading import kinds

_UTF8_NAME = 0x800
_NO_FILES = ("__MACOSX", "Thumbs.db")


def members(path: Path) -> list[str]:
    """The names of the files in a zip, in their order; hidden files and those that systems add by themselves are none.

    FileRejected when it is no zip, is encrypted, or holds two files of one name or none.
    """
    with path.open("rb") as file, kinds.intact_zip():
        kinds.require_zip(file)
        with zipfile.ZipFile(file) as archive:
            listed = [entry for entry in archive.infolist() if not entry.is_dir()]
    if any(entry.flag_bits & 1 for entry in listed):
        raise FileRejected("压缩包加了密码：请去掉密码后重报。", "password")
    names = [name for entry in listed if not _added_by_system(name := _name(entry))]
    if not names:
        raise FileRejected("压缩包里没有文件：请放入数据文件后重新压缩。", "empty_zip")
    if len(set(names)) < len(names):
        raise FileRejected("压缩包里有重名的文件：请只保留正确的一份。", "same_name")
    return names


@contextmanager
def opened(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    """The bytes of a file, or of a member of a zip."""
    if member is None:
        with path.open("rb") as file:
            yield file
        return
    with kinds.intact_zip(), zipfile.ZipFile(path) as archive:
        entry = next(entry for entry in archive.infolist() if not entry.is_dir() and _name(entry) == member)
        with archive.open(entry) as inner:
            yield inner


def _name(entry: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag are UTF-8 or GB18030; zipfile has read them as cp437."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise FileRejected("压缩包里的文件名读不出来：请把文件改为简短的名称后重新压缩。", "member_name") from error


def _added_by_system(name: str) -> bool:
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part != ".."]
    return any(part.startswith((".", "~$")) or part in _NO_FILES for part in parts)
