"""The process that parses delivered bytes: `python -m assets.worker`, asked over its standard input.

Started and limited by sandbox.py. It is handed open files, opens nothing itself, and answers in frames: JSON for what
is small, Arrow for rows. Imports nothing heavy, so that it starts in a fifth of a second.
Does not belong here: what parsing is (reading), and what happens when this process dies (sandbox.py).
"""

from __future__ import annotations

import json
import pickle
import resource
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc as ipc

from fangpin.errors import FileRejected
from fangpin.intake import archive, reading
from fangpin.intake.blocks import CSV, XLSX, Block
from fangpin.intake.limits import Limits
from fangpin.intake.reading import kinds
from fangpin.intake.reading.members import opened

HEAD = struct.Struct("<cQ")
"""One frame: a letter for its kind, the length of what follows."""
RESULT, BLOCK, END, REFUSED, EXHAUSTED, BROKEN = b"r", b"b", b"e", b"f", b"m", b"x"
TYPED, MERGED = "#typed:", "#merged:"
"""Columns of a block's table that say where a worksheet's cell held a number, where it is merged with another."""


def main() -> None:
    """Answer requests until the other side closes."""
    line = socket.socket(fileno=sys.stdin.fileno())
    first = _received(line, 0)
    if first is None:
        return
    limits: Limits = pickle.loads(first[0])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.worker_bytes, limits.worker_bytes))
    while request := _received(line, 1):
        payload, descriptors = request
        name, arguments = pickle.loads(payload)
        try:
            for kind, parts in answers(name, Path(f"/proc/self/fd/{descriptors[0]}"), limits, arguments):
                _send(line, kind, parts)
        except FileRejected as rejected:
            _send(line, REFUSED, [json.dumps([str(rejected), rejected.rule]).encode()])
        except (MemoryError, pa.ArrowMemoryError):
            _send(line, EXHAUSTED, [])
        except Exception as error:  # noqa: BLE001 - reported; its text may quote a cell and stays here
            _send(line, BROKEN, [_place(error).encode()])
        finally:
            for descriptor in descriptors:
                socket.close(descriptor)


def answers(name: str, path: Path, limits: Limits, arguments: dict[str, Any]) -> Iterator[tuple[bytes, list[Any]]]:
    """The frames that answer one request: members, survey, sheets or blocks of reading."""
    if name == "blocks":
        for block in reading.blocks(path, **arguments):
            yield BLOCK, packed(block)
        yield END, []
    else:
        yield RESULT, [json.dumps(_said(name, path, limits, arguments)).encode()]


def _said(name: str, path: Path, limits: Limits, arguments: dict[str, Any]) -> Any:
    """The small answers, once the limits on zips are kept."""
    if name == "members":
        with path.open("rb") as file:
            kinds.require_zip(file)
            archive.check_zip(file, limits)
        return reading.members(path)
    if name == "sheets":
        return [asdict(sheet) for sheet in reading.sheets(path, **arguments)]
    facts = reading.survey(path, **arguments)
    if facts.kind != CSV and facts.size > limits.workbook_bytes:
        raise FileRejected(
            f"工作簿有 {facts.size:,} 字节，超过上限 {limits.workbook_bytes:,}（policy/intake.yaml）："
            "请另存为 csv 后重报。",
            "too_large",
        )
    if facts.kind == XLSX:
        with opened(path, arguments["member"]) as file:
            archive.check_workbook(file, limits)
    return asdict(facts)


def packed(block: Block) -> list[Any]:
    """A block as bytes: the length of its JSON part, the JSON part, its rows as an Arrow stream."""
    ragged = [asdict(row) for row in block.ragged]
    said = json.dumps({"ragged": ragged, "end": block.end, "table": block.table}).encode()
    table = block.cells
    for name, typed in block.typed_number.items():
        table = table.append_column(TYPED + name, typed)
    for name, merged in block.merged.items():
        table = table.append_column(MERGED + name, merged)
    sink = pa.BufferOutputStream()
    with ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return [struct.pack("<Q", len(said)), said, memoryview(sink.getvalue())]


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} {where}"


def _send(line: socket.socket, kind: bytes, parts: list[Any]) -> None:
    line.sendall(HEAD.pack(kind, sum(len(part) for part in parts)))
    for part in parts:
        line.sendall(part)


def _received(line: socket.socket, descriptors: int) -> tuple[bytes, list[int]] | None:
    """One request and the files handed over with it; None when the other side has closed."""
    head, files, _, _ = socket.recv_fds(line, HEAD.size, descriptors)
    if not head:
        return None
    _, size = HEAD.unpack(head)
    payload = b""
    while len(payload) < size:
        payload += line.recv(size - len(payload))
    return payload, files


if __name__ == "__main__":
    main()
