"""Parsing in a process of its own, limited in memory and time: whatever a file does to it is one refused file.

`Sandbox` gives the three functions of reading (survey, sheets, blocks) on an open file. Its one worker is started at
the first use, kept for the next file, and replaced after a file that broke it.
Does not belong here: parsing (reading), what the worker does with a request (worker.py), which files (assets).
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc as ipc

from assets import worker
from fangpin.errors import FangpinError, FileRejected
from fangpin.intake.blocks import Block, Facts, Ragged, Sheet
from fangpin.intake.contract import Column
from fangpin.intake.header import Heading
from fangpin.intake.limits import Limits

_PACKAGE = Path(__file__).resolve().parents[1]
_LEAN = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"}
"""No address space is taken in advance: what the worker holds is what its limit counts."""


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    line: socket.socket


class Sandbox:
    """Reads delivered files in a limited process. Not for two threads at once: they wait for each other."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._worker: _Worker | None = None
        self._busy = threading.RLock()

    def members(self, descriptor: int) -> list[str]:
        """The files in a zip."""
        return [str(name) for name in self._result("members", descriptor)]

    def survey(self, descriptor: int, name: str, member: str | None = None) -> Facts:
        """What one pass over the bytes tells. name: what its sender calls the file."""
        return Facts(**self._result("survey", descriptor, name=name, member=member))

    def sheets(self, descriptor: int, facts: Facts, member: str | None = None) -> list[Sheet]:
        """The tables the file may hold."""
        return [_sheet(found) for found in self._result("sheets", descriptor, facts=facts, member=member)]

    def blocks(
        self,
        descriptor: int,
        facts: Facts,
        tables: Sequence[tuple[Sheet, Heading]],
        columns: Sequence[Column],
        member: str | None = None,
    ) -> Iterator[Block]:
        """The rows below the headers. A reader that stops early gives up the worker."""
        kinds = {column.name: column.kind for column in columns}
        with self._busy:
            whole = False
            try:
                self._ask("blocks", descriptor, facts=facts, tables=tables, kinds=kinds, member=member)
                while (answer := self._answer())[0] == worker.BLOCK:
                    yield _unpacked(answer[1])
                whole = True
            finally:
                if not whole:
                    self.close()

    def close(self) -> None:
        """End the worker, whatever it is doing; the next use starts another."""
        if self._worker is not None:
            self._worker.process.kill()
            self._worker.process.wait()
            self._worker.line.close()
            self._worker = None

    def _result(self, request: str, descriptor: int, **arguments: Any) -> Any:
        with self._busy:
            self._ask(request, descriptor, **arguments)
            return json.loads(bytes(self._answer()[1]))

    def _ask(self, request: str, descriptor: int, **arguments: Any) -> None:
        if self._worker is None:
            self._worker = _start(self.limits)
        payload = pickle.dumps((request, arguments))
        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            socket.send_fds(self._worker.line, [worker.HEAD.pack(worker.RESULT, len(payload))], [descriptor])
            self._worker.line.sendall(payload)
        except (BrokenPipeError, ConnectionResetError):
            raise self._died() from None

    def _answer(self) -> tuple[bytes, memoryview]:
        """The next frame; FileRejected when the worker refused the file, or a limit or a crash ended it."""
        try:
            kind, size = worker.HEAD.unpack(self._received(worker.HEAD.size))
            payload = self._received(size)
        except TimeoutError:
            self.close()
            raise FileRejected(
                f"读取一块超过了 {self.limits.worker_seconds} 秒（policy/intake.yaml），已停止："
                "请检查文件是否损坏，或另存为 csv 后重报。",
                "too_slow",
            ) from None
        except (EOFError, ConnectionResetError):
            raise self._died() from None
        if kind == worker.REFUSED:
            raise FileRejected(*json.loads(bytes(payload)))
        if kind == worker.EXHAUSTED:
            self.close()
            raise self._exhausted()
        if kind == worker.BROKEN:
            self.close()
            raise FileRejected(
                f"读取程序在这份文件上出了意外（{bytes(payload).decode()}）："
                "请另存为 csv 后重报，并把这句话告诉维护人员。",
                "reader_failed",
            )
        return kind, payload

    def _received(self, size: int) -> memoryview:
        assert self._worker is not None
        buffer = bytearray(size)
        view = memoryview(buffer)
        filled = 0
        while filled < size:
            count = self._worker.line.recv_into(view[filled:])
            if count == 0:
                raise EOFError
            filled += count
        return view

    def _died(self) -> FileRejected:
        """What to say of a worker that is gone: out of memory in a parser ends the process, it raises nothing."""
        assert self._worker is not None
        code = self._worker.process.wait()
        self.close()
        if -code in (signal.SIGABRT, signal.SIGKILL):
            return self._exhausted()
        return FileRejected(
            f"读取程序被这份文件弄停了（退出码 {code}）：文件可能已损坏，"
            "请用 Excel 或 WPS 另存为 .xlsx 或 csv 后重报。",
            "reader_failed",
        )

    def _exhausted(self) -> FileRejected:
        return FileRejected(
            f"读取它需要的内存超过了 {self.limits.worker_bytes:,} 字节（policy/intake.yaml）："
            "请删除数据区以外的行和列，或另存为 csv 后重报。",
            "too_much_memory",
        )


def _start(limits: Limits) -> _Worker:
    ours, theirs = socket.socketpair()
    ours.settimeout(limits.worker_seconds)
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", worker.__name__],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_LEAN, "PYTHONPATH": str(_PACKAGE)},
        )
    finally:
        theirs.close()
    payload = pickle.dumps(limits)
    try:
        ours.sendall(worker.HEAD.pack(worker.RESULT, len(payload)) + payload)
    except BrokenPipeError:
        raise FangpinError(f"读取进程无法启动（退出码 {process.wait()}）：请检查安装是否完整。") from None
    return _Worker(process, ours)


def _sheet(found: dict[str, Any]) -> Sheet:
    rows = {name: tuple(tuple(row) for row in found[name]) for name in ("top", "merged")}
    return Sheet(**{**found, **rows, **{name: tuple(found[name]) for name in ("lines_to", "hidden_columns")}})


def _unpacked(payload: memoryview) -> Block:
    (length,) = struct.unpack_from("<Q", payload)
    said = json.loads(bytes(payload[8 : 8 + length]))
    table = ipc.open_stream(payload[8 + length :]).read_all()
    typed, merged = _about(table, worker.TYPED), _about(table, worker.MERGED)
    return Block(
        cells=table.select([name for name in table.column_names if not name.startswith((worker.TYPED, worker.MERGED))]),
        typed_number=typed,
        merged=merged,
        ragged=tuple(Ragged(row["row"], tuple(row["cells"])) for row in said["ragged"]),
        end=said["end"],
        table=said["table"],
    )


def _about(table: pa.Table, prefix: str) -> dict[str, pa.BooleanArray]:
    """The columns that say something about the cells of others, by the name of the other."""
    names = [name for name in table.column_names if name.startswith(prefix)]
    return {name.removeprefix(prefix): table[name].combine_chunks() for name in names}
