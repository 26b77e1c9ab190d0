"""Release and rollback: the one place where what readers see changes, in one step.

A version is built aside, judged, made durable, renamed into place and only then pointed to; killed anywhere before, the
published version stays as it was, killed after, the next release or rollback completes it (history.settle).
Does not belong here: what is in a version.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assets.build import Build
from assets.publish import edition as editions
from assets.publish import gate, history
from assets.publish.bundle import COPY, current_bundle, digests, version_of, writing
from assets.publish.history import MANIFEST
from assets.publish.manifest import as_text, manifest, same_content
from fangpin.errors import HomeError

READ_ONLY = 0o444


@dataclass(frozen=True)
class Release:
    """The month's version in force after a release; created: it is a new one."""

    month: str
    version: str
    created: bool
    folder: Path


def release(build: Build, trace: editions.TraceColumns) -> Release:
    """Judge the version under construction and put it in force; equal content leaves the version in force as it is.

    What is missing of it (copy, workbooks, site) is made first. GateRefused when it may not be published; HomeError
    when it cannot be written. In both cases nothing readers see has changed.
    """
    history.settle(build.home)
    folder = current_bundle(build)
    if not (folder / "workbooks").is_dir():
        editions.workbooks(build)
    if not (folder / "site").is_dir():
        editions.site(build, trace)
    results = gate.judge(build, folder)
    edition = editions.read(build, folder, only=editions.NOTICED)
    with duckdb.connect(str(folder / COPY), read_only=True) as copy:
        content = manifest(build.home, edition, digests(copy), results)
    current = history.in_force(build.home, build.month)
    if current is not None:
        in_force = history.month_folder(build.home, build.month) / current
        if same_content(content, json.loads((in_force / MANIFEST).read_bytes())):
            shutil.rmtree(folder)
            return Release(build.month, current, created=False, folder=in_force)
    with writing(build.month):
        editions.add_gate_page(folder, edition, results)
        (folder / MANIFEST).write_text(as_text(content), encoding="utf-8")
        released = _make_durable(folder)
    history.record(build.home, build.month, released.name, "released", previous=edition.previous)
    history.settle(build.home)
    return Release(build.month, released.name, created=True, folder=released)


def _make_durable(folder: Path) -> Path:
    """Everything on the disk and read-only, then the folder under its final name; the renamed folder."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            history.fsync_folder(path)
        else:
            path.chmod(READ_ONLY)
            with path.open("rb") as file:
                os.fsync(file.fileno())
    history.fsync_folder(folder)
    released = folder.rename(folder.with_name(version_of(folder)))
    history.fsync_folder(released.parent)
    return released


def rollback(home: Path, month: str, reason: str) -> str:
    """Take the month's version out of force and put the one before it back; what was done, in words.

    The version is never used again, neither by readers nor as `prev`; later months that rest on it become stale and are
    refused by the gate until they are run again. HomeError without a version in force or a reason.
    """
    if not reason.strip():
        raise HomeError(f"请写明为什么退回 {month}：--reason 不能为空。它记入台账，并显示在 fangpin status 里。")
    if history.settle(home):
        return (
            f"{month}：上一次没有完成的切换已经补完，现行版本为 {history.in_force(home, month) or '无'}。没有再退回。"
        )
    version = history.in_force(home, month)
    if version is None:
        gone = next((f"：{each}" for each in history.withdrawn(home) if each.month == month), "")
        raise HomeError(f"{month} 没有已发布的版本，无法退回{gone}。")
    stale_before = set(history.stale(home))
    history.record(home, month, version, "rolled_back", reason=reason.strip())
    history.settle(home)
    return "\n".join(_told(home, month, version, reason.strip(), stale_before))


def _told(home: Path, month: str, version: str, reason: str, stale_before: set[str]) -> Iterator[str]:
    """What a rollback did: the version now in force, what no longer counts, what is to be run."""
    yield f"{month}：{version} 已退回，现行版本为 {history.in_force(home, month) or '无（该月不再有发布的版本）'}。"
    yield f"原因（已记入台账）：{reason}"
    yield "不再有效："
    folder = history.month_folder(home, month) / version
    yield f"  {month}/{version} 的只读副本、工作簿、网站（文件仍在 {folder}，编号不再使用）"
    for each in history.stale(home):
        if each not in stale_before:
            yield f"  {history.reference(home, each)}：所依据的上一月已退回，须重算"
    waiting = history.to_run(home)
    if waiting:
        yield f"请按顺序运行：{run_command(waiting)}"


def run_command(months: Sequence[str]) -> str:
    """The command that runs these months, in this order."""
    return f"fangpin run {' '.join(f'--month {month}' for month in months)}"
