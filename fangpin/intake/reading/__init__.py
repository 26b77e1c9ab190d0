"""From the bytes of a delivered file to blocks of text cells, every row accounted for.

`survey` says what a file is, `sheets` shows the top of its tables, `blocks` gives their rows; `members` lists a zip,
and each function takes the name of a member to read from a zip. What a file is is told by its content, and its suffix
must say the same. Does not belong here: what a cell means (cells.py), which row is the header (header.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fangpin.intake.blocks import CSV, Block, Facts, Sheet
from fangpin.intake.header import Heading
from fangpin.intake.reading import kinds, text, workbook
from fangpin.intake.reading.members import members, opened

__all__ = ["blocks", "members", "sheets", "survey"]


def survey(path: Path, name: str | None = None, member: str | None = None) -> Facts:
    """Read every byte once. FileRejected for what is not read, saying what it is and what to save it as.

    name: the file's name as its sender wrote it, when `path` does not end in it.
    """
    with opened(path, member) as file:
        kind = kinds.kind_of(file, member or name or path.name, member is not None)
        file.seek(0)
        return text.survey(file) if kind == CSV else workbook.survey(file, kind)


def sheets(path: Path, facts: Facts, member: str | None = None) -> list[Sheet]:
    """The tables a file may hold: each worksheet, or the csv read with each delimiter that occurs in it."""
    return text.sheets(path, facts, member) if facts.kind == CSV else workbook.sheets(path, facts, member)


def blocks(
    path: Path,
    facts: Facts,
    tables: Sequence[tuple[Sheet, Heading]],
    kinds: Mapping[str, str],
    member: str | None = None,
) -> Iterator[Block]:
    """The rows below each table's header, block by block; worksheets are numbered through, one after the other.

    kinds: column of the contract -> its kind.
    """
    if facts.kind == CSV:
        ((sheet, heading),) = tables
        return text.blocks(path, facts, sheet, heading, member)
    return workbook.blocks(path, facts, tables, kinds, member)
