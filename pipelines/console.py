"""What every command needs of the world: a line for people, what day it is, a month given, files that can be written.

Does not belong here: tables (lines.py); no rule reads the clock.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from fangpin.errors import HomeError
from fangpin.month import BEIJING, parse


def say(text: str) -> None:
    """Progress and messages go to stderr, so that the output can be piped."""
    typer.echo(text, err=True)


def today() -> dt.date:
    """By Beijing's clock, whatever the machine's."""
    return dt.datetime.now(BEIJING).date()


def valid_month(text: str) -> str:
    """A month given on the command line; BadParameter when it is none."""
    try:
        parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--month") from None
    return text


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """HomeError naming the file when it cannot be written."""
    try:
        yield
    except OSError as error:
        raise HomeError(f"{path} 写不进去：请检查写权限和磁盘空间。（{type(error).__name__}）") from error


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A folder beside the target that takes its place at the end, flushed to the disk; on failure the target stays."""
    from assets.publish.history import fsync_folder

    aside, old = target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.old")
    for left in (aside, old):
        shutil.rmtree(left, ignore_errors=True)
    with written_to(target):
        aside.mkdir(parents=True)
        try:
            yield aside
            for folder, _, names in os.walk(aside):
                for name in names:
                    with (Path(folder) / name).open("rb") as file:
                        os.fsync(file.fileno())
                fsync_folder(Path(folder))
            if target.exists():
                target.rename(old)
            aside.rename(target)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        fsync_folder(target.parent)
        shutil.rmtree(old, ignore_errors=True)
