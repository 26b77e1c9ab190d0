"""Delivered files are opened only when they are plain files below the inbox, with no link on the way."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from fangpin.errors import FileRejected
from fangpin.intake.limits import Limits, limits
from fangpin.intake.opening import opened

LIMITS = Limits(
    file_bytes=100,
    workbook_bytes=100,
    zip_entries=10,
    zip_bytes=10**6,
    zip_ratio=200,
    sheet_cells=10**6,
    scanned_bytes=10**6,
    worker_bytes=1 << 31,
    worker_seconds=30,
)


def read(root: Path, relative: str, within: Limits = LIMITS) -> bytes:
    with opened(root, Path(relative), within) as descriptor:
        return os.read(descriptor, 1000)


def test_a_plain_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "部门").mkdir()
    (tmp_path / "部门" / "a.csv").write_bytes(b"a,b\n")
    assert read(tmp_path, "部门/a.csv") == b"a,b\n"


def test_a_link_is_not_followed_at_any_level(tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    inbox.mkdir()
    outside.mkdir()
    (outside / "secret.csv").write_bytes(b"secret")
    (inbox / "file.csv").symlink_to(outside / "secret.csv")
    (inbox / "folder").symlink_to(outside)
    for relative in ("file.csv", "folder/secret.csv"):
        with pytest.raises(FileRejected, match="链接"):
            read(inbox, relative)


def test_the_inbox_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "a.csv").write_bytes(b"x")
    (tmp_path / "inbox").symlink_to(tmp_path / "disk")
    assert read(tmp_path / "inbox", "a.csv") == b"x"


@pytest.mark.parametrize("relative", ["../a.csv", "部门/../../a.csv", "/etc/hostname"])
def test_a_path_cannot_leave_the_inbox(tmp_path: Path, relative: str) -> None:
    with pytest.raises(FileRejected, match="收件目录"):
        read(tmp_path, relative)


def test_pipes_folders_and_devices_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")  # opening it for reading must not wait for a writer
    (tmp_path / "folder.csv").mkdir()
    for relative in ("pipe.csv", "folder.csv"):
        with pytest.raises(FileRejected, match="不是普通文件"):
            read(tmp_path, relative)


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRejected, match="移走"):
        read(tmp_path, "a.csv")


@pytest.mark.parametrize(("size", "allowed"), [(100, True), (101, False)])
def test_the_size_limit(tmp_path: Path, size: int, allowed: bool) -> None:
    (tmp_path / "a.csv").write_bytes(b"x" * size)
    if allowed:
        assert len(read(tmp_path, "a.csv")) == size
    else:
        with pytest.raises(FileRejected, match="101 字节，超过上限 100"):
            read(tmp_path, "a.csv")


def test_every_limit_must_be_given() -> None:
    values = vars(LIMITS)
    assert limits(values) == LIMITS
    with pytest.raises(KeyError, match="zip_ratio"):
        limits({name: value for name, value in values.items() if name != "zip_ratio"})
    assert replace(LIMITS, file_bytes=5).file_bytes == 5
