"""Whatever a file does to the process that reads it is one refused file, and the next file is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from assets.sandbox import Sandbox
from fangpin.errors import FileRejected
from fangpin.intake import header, reading
from fangpin.intake.blocks import Block
from fangpin.intake.limits import Limits

LIMITS = Limits(
    file_bytes=10**9,
    workbook_bytes=10**8,
    zip_entries=100,
    zip_bytes=10**9,
    zip_ratio=200,
    sheet_cells=10**8,
    scanned_bytes=1 << 24,
    worker_bytes=1 << 31,
    worker_seconds=60,
)
COLUMNS: list[Any] = [
    SimpleNamespace(name=n, header=h, kind=k, mandatory=True, required=True, synonyms=(), codes=())
    for n, h, k in [("name", "姓名", "text"), ("number", "证件号码", "id_number"), ("month", "月份", "month")]
]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(LIMITS)
    yield made
    made.close()


@contextmanager
def descriptor(path: Path) -> Iterator[int]:
    opened = os.open(path, os.O_RDONLY)
    try:
        yield opened
    finally:
        os.close(opened)


def blocks(sandbox: Sandbox, path: Path, member: str | None = None) -> list[Block]:
    with descriptor(path) as file:
        facts = sandbox.survey(file, path.name, member)
        tables = [
            (sheet, heading)
            for sheet in sandbox.sheets(file, facts, member)
            if (heading := header.find(sheet.top, COLUMNS)) is not None
        ]
        return list(sandbox.blocks(file, facts, tables, COLUMNS, member))


def rows(sandbox: Sandbox, path: Path, member: str | None = None) -> list[tuple[Any, ...]]:
    cells = [pl.DataFrame(block.cells) for block in blocks(sandbox, path, member)]
    return pl.concat(cells).select("source_row", "name", "number", "month").rows() if cells else []


def workbook(path: Path, count: int = 3) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, ["姓名", "证件号码", "月份"])
    for n in range(1, count + 1):
        sheet.write_row(n, 0, [f"人{n}", n, 202110])
    book.close()
    return path


def csv_file(path: Path, text: str = "姓名,证件号码,月份\n张三,1,202110\n李四,2\n王五,3,202110\n") -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_cross_unchanged(sandbox: Sandbox, tmp_path: Path) -> None:
    """A csv with a ragged row, and a worksheet with numbers, read here and there."""
    for path in (csv_file(tmp_path / "a.csv"), workbook(tmp_path / "a.xlsx")):
        facts = reading.survey(path)
        tables = [(s, h) for s in reading.sheets(path, facts) if (h := header.find(s.top, COLUMNS)) is not None]
        here = list(reading.blocks(path, facts, tables, {c.name: c.kind for c in COLUMNS}))
        there = blocks(sandbox, path)
        assert len(here) == len(there) == 1
        assert there[0].cells.equals(here[0].cells)
        assert there[0].typed_number == here[0].typed_number
        assert (there[0].ragged, there[0].end, there[0].table) == (here[0].ragged, here[0].end, here[0].table)
    assert rows(sandbox, tmp_path / "a.csv") == [(2, "张三", "1", "202110"), (4, "王五", "3", "202110")]


def test_members_of_a_zip(sandbox: Sandbox, tmp_path: Path) -> None:
    csv_file(tmp_path / "a.csv")
    workbook(tmp_path / "b.xlsx")
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.write(tmp_path / "a.csv", "甲县/名单.csv")
        file.write(tmp_path / "b.xlsx", "乙县.xlsx")
    with descriptor(tmp_path / "c.zip") as opened:
        assert sandbox.members(opened) == ["甲县/名单.csv", "乙县.xlsx"]
    assert rows(sandbox, tmp_path / "c.zip", "甲县/名单.csv")[0] == (2, "张三", "1", "202110")
    assert [row[1] for row in rows(sandbox, tmp_path / "c.zip", "乙县.xlsx")] == ["人1", "人2", "人3"]


def refused(sandbox: Sandbox, path: Path) -> str:
    with pytest.raises(FileRejected) as error:
        blocks(sandbox, path)
    return str(error.value)


def test_one_worker_reads_file_after_file(sandbox: Sandbox, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    rows(sandbox, path)
    first = process(sandbox).pid
    assert "扩展名" in refused(sandbox, csv_file(tmp_path / "b.xlsx"))  # a refusal costs no process
    assert len(rows(sandbox, path)) == 3
    assert process(sandbox).pid == first


def process(sandbox: Sandbox) -> subprocess.Popen[bytes]:
    worker = sandbox._worker
    assert worker is not None
    return worker.process


def test_a_sparse_sheet_beyond_the_memory_is_one_refused_file(tmp_path: Path) -> None:
    """The directory check is told to allow it: the parser then asks for more memory than there is and dies."""
    book = xlsxwriter.Workbook(tmp_path / "sparse.xlsx")
    sheet = book.add_worksheet()
    sheet.write(0, 0, "姓名")
    sheet.write(1048575, 16383, "x")
    book.close()
    sandbox = Sandbox(replace(LIMITS, sheet_cells=1 << 40))
    try:
        assert "内存" in refused(sandbox, tmp_path / "sparse.xlsx")
        assert len(rows(sandbox, workbook(tmp_path / "a.xlsx"))) == 3
    finally:
        sandbox.close()


def test_a_file_that_needs_more_memory_than_allowed(sandbox: Sandbox, tmp_path: Path) -> None:
    """What a small workbook takes and 30 MB more is not enough for 300,000 rows."""
    small, large = workbook(tmp_path / "small.xlsx"), workbook(tmp_path / "large.xlsx", 300_000)
    rows(sandbox, small)
    enough = int(next(line.split()[1] for line in open_status(sandbox) if line.startswith("VmPeak:"))) << 10
    tight = Sandbox(replace(LIMITS, worker_bytes=enough + (30 << 20)))
    try:
        assert len(rows(tight, small)) == 3
        assert "内存" in refused(tight, large)
        assert len(rows(tight, small)) == 3
    finally:
        tight.close()


def open_status(sandbox: Sandbox) -> list[str]:
    return Path(f"/proc/{process(sandbox).pid}/status").read_text().splitlines()


def test_a_worker_that_hangs_is_stopped(tmp_path: Path) -> None:
    sandbox = Sandbox(replace(LIMITS, worker_seconds=5))
    try:
        path = workbook(tmp_path / "a.xlsx")
        rows(sandbox, path)
        os.kill(process(sandbox).pid, signal.SIGSTOP)
        assert "超过了 5 秒" in refused(sandbox, path)
        assert len(rows(sandbox, path)) == 3
    finally:
        sandbox.close()


@pytest.mark.parametrize(("sign", "said"), [(signal.SIGSEGV, "退出码 -11"), (signal.SIGABRT, "内存")])
def test_a_worker_that_dies_refuses_its_file_only(
    sandbox: Sandbox, tmp_path: Path, sign: signal.Signals, said: str
) -> None:
    path = workbook(tmp_path / "a.xlsx")
    rows(sandbox, path)
    os.kill(process(sandbox).pid, sign)
    assert said in refused(sandbox, path)
    assert len(rows(sandbox, path)) == 3


def test_a_reader_that_stops_early_leaves_nothing_behind(sandbox: Sandbox, tmp_path: Path) -> None:
    many = "".join(f"人{n},{n},202110\n" for n in range(450_000))
    path = csv_file(tmp_path / "long.csv", "姓名,证件号码,月份\n" + many)
    with descriptor(path) as file:
        facts = sandbox.survey(file, path.name)
        (sheet,) = sandbox.sheets(file, facts)
        heading = header.find(sheet.top, COLUMNS)
        assert heading is not None
        for block in sandbox.blocks(file, facts, [(sheet, heading)], COLUMNS):
            assert block.end < 450_001
            break
    assert len(rows(sandbox, csv_file(tmp_path / "a.csv"))) == 2


def test_the_worker_ends_with_its_parent(tmp_path: Path) -> None:
    """A parent killed with -9 cannot tell its worker to stop: the worker notices."""
    path = workbook(tmp_path / "a.xlsx")
    code = (
        "import os, sys\n"
        "from tests.assets.test_sandbox import LIMITS, Sandbox, descriptor, process\n"
        "sandbox = Sandbox(LIMITS)\n"
        f"with descriptor(__import__('pathlib').Path({str(path)!r})) as file:\n"
        "    sandbox.survey(file, 'a.xlsx')\n"
        "print(process(sandbox).pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    worker = int(done.stdout)
    for _ in range(200):
        if not alive(worker):
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    raise AssertionError("the worker outlived its parent")


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
