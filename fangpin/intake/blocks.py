"""What reading hands over: the facts of a file, its tables, and blocks of text cells with every row accounted for.

Plain values and Arrow only, so that the process that reads starts fast and its answers cross to another one unchanged.
Does not belong here: how bytes become these (reading), what a cell means (cells.py).
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from fangpin.masking import showable

CSV, XLSX, XLS = "csv", "xlsx", "xls"
KINDS = {".csv": CSV, ".txt": CSV, ".xlsx": XLSX, ".xls": XLS}
"""The kinds of file that are read, by suffix: a file whose content is of another kind than its suffix is refused."""


@dataclass(frozen=True)
class Facts:
    """What one pass over the bytes tells. kind: a value of KINDS.

    encoding, lines and quoted only for csv: lines None when not countable.
    """

    sha256: str
    size: int
    kind: str
    encoding: str | None
    lines: int | None
    quoted: bool


@dataclass(frozen=True)
class Sheet:
    """One table of a file and its top rows as text.

    name: the worksheet (None for csv). delimiter: for csv. lines_to: physical lines up to the end of each top row.
    hidden: the worksheet is not shown. rows: of the worksheet (None for csv). merged: merged cells that begin in the
    top rows, as (first row, first column, last row, last column), from 0. hidden_columns: positions, of an xlsx.
    """

    name: str | None
    delimiter: str | None
    top: tuple[tuple[str, ...], ...]
    lines_to: tuple[int, ...] = ()
    hidden: bool = False
    rows: int | None = None
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_columns: tuple[int, ...] = ()

    @property
    def told(self) -> str:
        """工作表「甲」, its name as it may be shown; nothing for the table of a csv."""
        return "" if self.name is None else f"工作表「{showable(self.name)}」"


@dataclass(frozen=True)
class Ragged:
    """A csv row with too few or too many cells."""

    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Consecutive rows below a header.

    cells: source_row (int32) and one string column for each column of the contract that the file has; further columns
    under the header of column c are named 'c#1', 'c#2' ...; of no column '#', '#1' ... by position.
    typed_number: for worksheets, the cells of number-sensitive columns that hold a number. merged: of columns of
    amounts and persons, the cells that are merged with one above or below, when there are any. end: last row.
    table: which of the file's tables (Located.tables) the rows are of.
    """

    cells: pa.Table
    typed_number: dict[str, pa.BooleanArray] = field(default_factory=dict)
    merged: dict[str, pa.BooleanArray] = field(default_factory=dict)
    ragged: tuple[Ragged, ...] = ()
    end: int = 0
    table: int = 0

    def among(self, rows: Set[int]) -> list[int]:
        """Which of the rows are in the block, in their order."""
        here = pc.is_in(self.cells["source_row"], pa.array(sorted(rows), pa.int32()))
        ragged = [each.row for each in self.ragged if each.row in rows]
        return sorted([*self.cells["source_row"].filter(here).to_pylist(), *ragged])

    def without(self, rows: Sequence[int]) -> Block:
        """The block without these rows."""
        kept = pc.invert(pc.is_in(self.cells["source_row"], pa.array(rows, pa.int32()))).combine_chunks()
        return replace(
            self,
            cells=self.cells.filter(kept),
            typed_number={name: said.filter(kept) for name, said in self.typed_number.items()},
            merged={name: said.filter(kept) for name, said in self.merged.items()},
            ragged=tuple(each for each in self.ragged if each.row not in rows),
        )
