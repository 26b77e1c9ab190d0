"""One process at a time: a lock on a file that ends with its process, however that ends, and says who holds it.

Does not belong here: what is done alone (vault.py, batch.py), and locks that databases have of their own.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fangpin.errors import HomeError

LOCK_TIMEOUT = 900.0


@contextmanager
def alone(
    path: Path, what: str, who: str, report: Callable[[str], None] = lambda _: None, timeout: float = LOCK_TIMEOUT
) -> Iterator[None]:
    """Hold the lock file at `path`. what: it stands for; who: holds it, told to those who wait.

    Raises HomeError when another holds it for longer than `timeout` s.
    """
    with path.open("a+") as file:
        waited, started = False, time.monotonic()
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "另一个进程"
                if time.monotonic() - started > timeout:
                    raise HomeError(
                        f"{who} 等了 {timeout:.0f} 秒，{what}一直被占用：{holder}。请等它结束或停止它后重试。"
                    ) from None
                if not waited:
                    report(f"{who} 在等{what}：正被占用（{holder}）")
                    waited = True
                time.sleep(0.1)
        file.truncate(0)
        file.write(f"{who}，进程 {os.getpid()}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
            fcntl.flock(file, fcntl.LOCK_UN)
