"""Opening a delivered file: no link on the way is followed, only a regular file of bounded size is opened.

Does not belong here: what is in the file (reading), and which files are looked at (assets/delivery.py).
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fangpin.errors import FileRejected
from fangpin.intake.limits import Limits

_NO_LINKS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@contextmanager
def opened(root: Path, relative: Path, limits: Limits) -> Iterator[int]:
    """A descriptor of the file at `relative` under the folder `root`; FileRejected when it is not a plain file.

    Every folder below root is opened in turn, so that no link is followed at any level; root itself may be one.
    """
    if relative.is_absolute() or ".." in relative.parts:
        raise FileRejected("文件路径不在收件目录之内：请把文件放进收件目录。", "outside_inbox")
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in relative.parts[:-1]:
            at = _step(at, part, os.O_DIRECTORY)
        at = _step(at, relative.parts[-1], 0)
        _require_plain(at, limits)
        yield at
    finally:
        os.close(at)


def _step(folder: int, part: str, kind: int) -> int:
    """Open one part of the path below `folder`, which is closed when that worked."""
    try:
        inner = os.open(part, _NO_LINKS | kind, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO):
            raise FileRejected("不是普通文件：请放入文件本身，不要用链接。", "not_a_file") from None
        if error.errno in (errno.EACCES, errno.EPERM):
            raise FileRejected("没有读取权限：请让运行本系统的用户可以读取它。", "no_permission") from None
        if error.errno == errno.ENOENT:
            raise FileRejected("文件已被移走：请重新放入后再运行。", "not_found") from None
        raise
    os.close(folder)
    return inner


def _require_plain(descriptor: int, limits: Limits) -> None:
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        raise FileRejected("不是普通文件：请放入文件本身，不要用链接。", "not_a_file")
    if about.st_size > limits.file_bytes:
        raise FileRejected(
            f"文件有 {about.st_size:,} 字节，超过上限 {limits.file_bytes:,}（policy/intake.yaml）："
            "请分成几份文件报送。",
            "too_large",
        )
