"""What every command needs of the world: a line for people beside the output, and what day it is.

Does not belong here: tables (lines.py); no rule reads the clock.
"""

from __future__ import annotations

import datetime as dt

import typer

from fangpin.month import BEIJING


def say(text: str) -> None:
    """Progress and messages go to stderr, so that the output can be piped."""
    typer.echo(text, err=True)


def today() -> dt.date:
    """By Beijing's clock, whatever the machine's."""
    return dt.datetime.now(BEIJING).date()
