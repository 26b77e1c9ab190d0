"""What every command needs of the world: a line for people, what day it is, a month given, a file that can be written.

Does not belong here: tables (lines.py); no rule reads the clock.
"""

from __future__ import annotations

import datetime as dt
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
