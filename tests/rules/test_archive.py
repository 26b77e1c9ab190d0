"""What a zip may hold before it is parsed: every limit once below and once above it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from fangpin.errors import FileRejected
from fangpin.intake import archive
from fangpin.intake.limits import Limits

LIMITS = Limits(
    file_bytes=10**9,
    workbook_bytes=10**9,
    zip_entries=6,
    zip_bytes=50 << 20,
    zip_ratio=200,
    sheet_cells=200 * 3,
    scanned_bytes=1 << 20,
    worker_bytes=1 << 31,
    worker_seconds=30,
)
HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def sheet(*cells: str, dimension: str = "") -> str:
    """A worksheet with empty cells at these references."""
    named = f'<dimension ref="{dimension}"/>' if dimension else ""
    rows = "".join(f'<row r="{"".join(filter(str.isdigit, c))}"><c r="{c}"/></row>' for c in cells)
    return f"{HEAD}{named}<sheetData>{rows}</sheetData></worksheet>"


def workbook(folder: Path, parts: Mapping[str, str | bytes], stored: bool = False) -> Path:
    path = folder / "a.xlsx"
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def check(folder: Path, parts: Mapping[str, str | bytes], **changed: int) -> None:
    judge(workbook(folder, parts), replace(LIMITS, **changed))


def judge(path: Path, limits: Limits = LIMITS) -> None:
    with path.open("rb") as file:
        archive.check_workbook(file, limits)


SHEET = "xl/worksheets/sheet1.xml"


def test_an_ordinary_workbook_passes(tmp_path: Path) -> None:
    check(tmp_path, {SHEET: sheet("A1", "C200", dimension="A1:C200"), "xl/workbook.xml": "<workbook/>"})


@pytest.mark.parametrize(("entries", "allowed"), [(6, True), (7, False)])
def test_entries(tmp_path: Path, entries: int, allowed: bool) -> None:
    parts = {f"xl/media/{n}.png": b"x" for n in range(entries)}
    if allowed:
        check(tmp_path, parts)
    else:
        with pytest.raises(FileRejected, match="7 个条目，超过上限 6"):
            check(tmp_path, parts)


def test_unpacked_size(tmp_path: Path) -> None:
    parts = {"xl/media/a.bin": bytes(range(256)) * 40}
    check(tmp_path, parts, zip_bytes=10240)
    with pytest.raises(FileRejected, match=r"解压后有 10,240 字节，超过上限 10,239"):
        check(tmp_path, parts, zip_bytes=10239)


def test_a_bomb_is_known_by_its_ratio(tmp_path: Path) -> None:
    with pytest.raises(FileRejected, match="解压炸弹"):
        check(tmp_path, {"xl/sharedStrings.xml": b"<sst>" + b"0" * (20 << 20)})
    check(tmp_path, {"xl/sharedStrings.xml": b"<sst>" + b"0" * ((1 << 20) - 5)})  # 1 MB may compress as it likes


@pytest.mark.parametrize(
    ("reference", "allowed"),
    [("C200", True), ("C201", False), ("D200", False), ("XFD1", False), ("A601", False), ("A600", True)],
)
@pytest.mark.parametrize("where", ["dimension", "cell"])
def test_the_rectangle_of_a_sheet(tmp_path: Path, reference: str, allowed: bool, where: str) -> None:
    """600 cells are allowed; told by the dimension as by the farthest cell."""
    parts = {SHEET: sheet("A1", dimension=f"A1:{reference}") if where == "dimension" else sheet("A1", reference)}
    if allowed:
        check(tmp_path, parts)
    else:
        with pytest.raises(FileRejected, match="格"):
            check(tmp_path, parts)


def test_two_far_cells_span_one_rectangle(tmp_path: Path) -> None:
    with pytest.raises(FileRejected, match="1,048,576 行 × 16,384 列"):
        check(tmp_path, {SHEET: sheet("XFD1", "A1048576")}, sheet_cells=10**8)
    check(tmp_path, {SHEET: sheet("CQ1", "A1048576")}, sheet_cells=10**8)  # 95 columns: 99,614,720 cells


def test_cells_far_into_a_sheet_are_seen(tmp_path: Path) -> None:
    near = [f"A{n}" for n in range(1, 3000)]
    with pytest.raises(FileRejected, match="16,384 列"):
        check(tmp_path, {SHEET: sheet(*near, "XFD9999999"[:-1])}, sheet_cells=10**8)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "docProps/core.xml"])
def test_no_part_declares_entities(tmp_path: Path, part: str) -> None:
    lol = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(FileRejected, match="DOCTYPE"):
        check(tmp_path, {part: lol})


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/vbaProject.bin", "宏"),
        ("xl/macrosheets/sheet1.xml", "宏"),
        ("xl/externalLinks/externalLink1.xml", "指向其他文件的链接"),
    ],
)
def test_what_a_workbook_must_not_hold(tmp_path: Path, part: str, said: str) -> None:
    with pytest.raises(FileRejected, match=said):
        check(tmp_path, {SHEET: sheet("A1"), part: "x"})


def test_entries_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as file, pytest.warns(UserWarning):
        file.writestr(SHEET, sheet("A1"))
        file.writestr(SHEET, sheet("A2"))
    with pytest.raises(FileRejected, match="重名"):
        judge(path)


def test_encrypted_entries(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"a.csv": b"1,2\n"}, stored=True)
    data = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # where the two headers keep their flags
        data[data.index(signature) + flags] |= 1
    path.write_bytes(data)
    with pytest.raises(FileRejected, match="密码"):
        judge(path)


@pytest.mark.parametrize("damage", ["cut", "flipped", "missing inside", "no zip"])
def test_a_damaged_zip(tmp_path: Path, damage: str) -> None:
    path = workbook(tmp_path, {SHEET: sheet(*(f"A{n}" for n in range(1, 400)))})
    data = bytearray(path.read_bytes())
    if damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "flipped":
        data[120:140] = bytes(20)
    elif damage == "missing inside":  # entries seem to begin before the file does
        del data[120:140]
    else:
        data = bytearray(b"PK\x03\x04 not a workbook")
    path.write_bytes(data)
    with pytest.raises(FileRejected, match="已损坏"):
        judge(path)


def test_folders_are_no_entries() -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as file:
        file.mkdir("报送")
        file.writestr("报送/a.csv", b"x")
    with zipfile.ZipFile(memory) as file:
        assert [entry.filename for entry in archive.entries(file, LIMITS)] == ["报送/a.csv"]


def test_a_zip_of_files_has_the_same_limits(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"a.csv": b"0" * (20 << 20)})
    with path.open("rb") as file, pytest.raises(FileRejected, match="解压炸弹"):
        archive.check_zip(file, LIMITS)
    with path.open("rb") as file:
        archive.check_zip(file, replace(LIMITS, zip_ratio=2000))
    with pytest.raises(FileRejected, match="压缩包"):
        archive.check_zip(io.BytesIO(b"PK"), LIMITS)
