"""What became of the rows of a block: which are records and why they were refused, which are none.

Does not belong here: what makes a row a bad one (validate.py), or no record (no_records.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from fangpin import masking
from fangpin.errors import FileRejected
from fangpin.intake import agreed, no_records, spelling, units
from fangpin.intake.blocks import Ragged
from fangpin.intake.contract import Column, Contract
from fangpin.intake.header import Heading
from fangpin.intake.reading.layout import layout_of
from fangpin.intake.rules import RULES, level, limits, masked, message
from fangpin.intake.spelling import fold


@dataclass(frozen=True)
class Judged:
    """accepted: source_row and typed columns; an id_number column is replaced by its integer key (and birth_month,
    sex). unaccepted: the same of rows that are not accepted, null where unreadable. refused: row -> header -> cell as
    delivered; doubted: the same of accepted rows with a warning. reasons: row, column, rule, level, message, value
    (masked), of both. header_rows, blank_rows: how many rows are that; asides: (row, kind) of totals, notes and
    examples. rounded: header -> amounts with more than two decimals. nameless: columns without a name that have cells.
    """

    accepted: pl.DataFrame
    unaccepted: pl.DataFrame
    refused: Mapping[int, Mapping[str, str | None]]
    doubted: Mapping[int, Mapping[str, str | None]]
    reasons: pl.DataFrame
    header_rows: int = 0
    blank_rows: int = 0
    asides: tuple[tuple[int, str], ...] = ()
    rounded: Mapping[str, int] = field(default_factory=dict)
    nameless: tuple[str, ...] = ()


REASON_SCHEMA = {
    "row": pl.Int32,
    "column": pl.String,
    "rule": pl.String,
    "level": pl.String,
    "message": pl.String,
    "value": pl.String,
}


_HEADER = "表头"


class Fates:
    """Tells refused rows from blank rows, repeated headers, totals and notes, and writes down why they were refused."""

    def __init__(self, contract: Contract, heading: Heading, details: Mapping[tuple[int, str], str]) -> None:
        self._details = details
        self._columns = {c.name: c for c in contract.columns}
        self._contract = contract
        self._heading = heading
        self._order = sorted(heading.positions, key=heading.positions.__getitem__)
        self._in_file = sorted(places := layout_of(heading), key=places.__getitem__)
        self._headers = {
            name: {fold(line[position]) for line in heading.lines if position < len(line)}
            for name, position in ((name, heading.positions[name]) for name in self._order)
        }
        self._spellings = {n: spelling.spellings(column) for n, column in self._columns.items() if n in self._order}
        self._refused: dict[int, dict[str, str | None]] = {}
        self._rows: dict[int, tuple[int, Mapping[str, str | None]]] = {}
        self._ragged: list[int] = []
        self._no_records: list[int] = []
        self._asides: list[tuple[int, str]] = []
        self._counts = {no_records.BLANK: 0, _HEADER: 0}

    def settle(self, position: int, row: Mapping[str, str | None]) -> None:
        """Decide what a bad row of full width is."""
        number = int(row["source_row"] or 0)
        kind = no_records.kind({name: row[name] for name in self._in_file}, self._columns)
        if kind in (None, no_records.NOTE):
            if self._is_header(row):
                kind = _HEADER
            else:
                self._refuse_another_header(number, row)
        if kind is not None:
            self._leave_out(number, kind, list(row.values()))
            self._no_records.append(position)
            return
        self._rows[position] = (number, row)
        self._refused[number] = {
            self._heading.headers[self._heading.positions[name]]: row[name] for name in self._order
        }

    def _refuse_another_header(self, number: int, row: Mapping[str, str | None]) -> None:
        """FileRejected when a row that is not the header once more names most of the columns that it stands under."""
        named = sum(spelling.is_name(row[name], spellings) for name, spellings in self._spellings.items())
        if 2 * named >= max(4, len(self._order)):
            raise FileRejected(
                f"第{number}行又是表头，与上面的（{self._heading.rows}）不同，看不出下面的行按哪一个读："
                "请让全表用同样的列名和单位，或分成几份报送。",
                "another_header",
            )

    def _is_header(self, row: Mapping[str, str | None]) -> bool:
        """The header or the title above it once more: every said cell is the text that stands there."""
        said = {name: fold(cell) for name, cell in row.items() if isinstance(cell, str) and fold(cell)}
        headers = [name for name in said if name in self._headers]
        if len(headers) >= min(2, len(self._order)) and all(said[name] in self._headers[name] for name in headers):
            return True
        return set(said.values()) <= self._heading.above

    def settle_ragged(self, ragged: Ragged) -> None:
        """Decide what a csv row of another width than the header is."""
        names = {position: name for name, position in self._heading.positions.items()}
        cells = {names.get(position, f"#{position}"): cell for position, cell in enumerate(ragged.cells)}
        if kind := no_records.kind(cells, self._columns):
            self._leave_out(ragged.row, kind, ragged.cells)
            return
        headers = [*self._heading.headers, *(f"多余{n}" for n in range(1, len(ragged.cells) + 1))]
        self._refused[ragged.row] = dict(zip(headers, ragged.cells, strict=False))
        self._ragged.append(ragged.row)

    def _leave_out(self, row: int, kind: str, said: Sequence[str | None]) -> None:
        if self._heading.unit_unsaid and units.speaks_of_large_units([str(cell) for cell in said if cell is not None]):
            raise FileRejected(
                f"第{row}行（{kind}）写着万元这样的金额单位，列名里没有：请在列名后写明（元）或（万元）后重报。",
                "unit_unclear",
            )
        if kind in self._counts:
            self._counts[kind] += 1
        else:
            self._asides.append((row, kind))

    def _more(self, column: Column, rule: str) -> str:
        """What is wrong, more closely: the limits of a column, the names under which it stands in the file."""
        if rule in ("too_small", "too_large"):
            return limits(column, *agreed.bounds(self._contract, column.name))
        if rule == "repeated_column_differs":
            positions = (self._heading.positions[column.name], *self._heading.repeats[column.name])
            return "、".join(f"「{masking.showable(self._heading.headers[position])}」" for position in positions)
        return ""

    def judged(
        self, accepted: pl.DataFrame, unaccepted: pl.DataFrame, wrong: pl.DataFrame, warned: pl.DataFrame
    ) -> Judged:
        """Everything about the block, once every bad row is settled."""
        reasons = []
        for position, name, rule in wrong.iter_rows():
            if position in self._rows:
                number, row = self._rows[position]
                column = self._columns[name]
                value = masked(column, row.get(name))
                unit = units.WAN if name in self._heading.in_wan else units.YUAN
                told = message(column, rule, self._details.get((position, rule)), self._more(column, rule), unit)
                reasons.append((number, column.header, rule, level(rule), told, value))
        reasons += [(row, "", "row_width", level("row_width"), RULES["row_width"], None) for row in self._ragged]
        records = warned.filter(~pl.col("position").is_in(self._no_records)).drop("position")
        return Judged(
            accepted=accepted,
            unaccepted=unaccepted,
            refused=self._refused,
            doubted={},
            reasons=pl.concat([pl.DataFrame(reasons, REASON_SCHEMA, orient="row"), records]),
            header_rows=self._counts[_HEADER],
            blank_rows=self._counts[no_records.BLANK],
            asides=tuple(self._asides),
        )
