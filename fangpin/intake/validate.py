"""A block of delivered rows judged: accepted with typed values, or refused with every reason.

A row is judged by what its cells can be read as (cells.py), by the feed's pandera class, and by the rules that need two
cells or the month: places by code and name, wrong month, repeated columns. Below the data, rows of totals and notes are
counted, not refused. Does not belong here: duplicates and keys, which need the whole batch (assets).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
import pyarrow as pa

from fangpin import corrections, identity, masking
from fangpin.errors import FileRejected
from fangpin.intake import agreed, cells, doubts, free_text, header, no_records, placing, units
from fangpin.intake.agreed import BROKEN_SCHEMA
from fangpin.intake.blocks import Block, Ragged
from fangpin.intake.contract import Column, Contract
from fangpin.intake.doubts import Plausible
from fangpin.intake.header import Heading, fold
from fangpin.intake.levels import ERROR, WARNING
from fangpin.intake.reading.layout import layout_of
from fangpin.month import end

RULES = {
    **identity.RULES,
    **cells.RULES,
    **placing.RULES,
    **agreed.RULES,
    **doubts.RULES,
    **free_text.RULES,
    "wrong_month": "所属时间晚于报送月份；请放到所属月份报送或更正",
    "repeated_column_differs": "文件中有几列是同一项，内容不一致；请核对后只保留一列",
    "row_width": "该行的列数与表头不一致；请检查多余或缺少的分隔符",
    "duplicate_key": "与本批中另一行重复；请只保留一行",
    "delivered_before": "以前月份已经报送过同一记录：不再重复计入",
    **corrections.RULES,
}
"""Every rule a row can break, and what the department should do."""


def level(rule: str) -> str:
    """The level of a rule of RULES."""
    warnings = {*doubts.RULES, *free_text.RULES, *placing.WARNINGS, *corrections.WARNINGS}
    return WARNING if rule in warnings else ERROR


@dataclass(frozen=True)
class Context:
    """What judging needs besides the contract: the month, its places (placing.place_index), where doubt begins."""

    month: str
    places: pl.DataFrame
    plausible: Plausible


@dataclass(frozen=True)
class Judged:
    """accepted: source_row and typed columns; an id_number column is replaced by its integer key (and birth_month,
    sex). unaccepted: the same of rows that are not accepted, null where unreadable. refused: row -> header -> cell as
    delivered; doubted: the same of accepted rows with a warning. reasons: row, column, rule, level, message, value
    (masked), of both. header_rows, blank_rows: how many rows are that; asides: (row, kind) of totals and notes.
    rounded: header -> amounts with more than two decimals.
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


REASON_SCHEMA = {
    "row": pl.Int32,
    "column": pl.String,
    "rule": pl.String,
    "level": pl.String,
    "message": pl.String,
    "value": pl.String,
}


def judge(block: Block, contract: Contract, heading: Heading, context: Context) -> Judged:
    """Read, check and split one block of rows."""
    frame = _frame(block.cells)
    typed, keys, unreadable, rounded = _convert(frame, block, contract, heading, context)
    placed = placing.judge(typed, context.places)
    typed = placed.rows
    wrong = pl.concat([unreadable, *_broken_rules(typed, placed, contract, context)])
    wrong = pl.concat([wrong, agreed.broken(typed, contract, wrong)])
    personal = free_text.personal(typed, contract)
    merged = {name: pl.Series(rows) for name, rows in block.merged.items()}
    doubtful = doubts.doubtful(typed, keys, contract, context.plausible, end(context.month), merged)
    doubtful += [(found.column, "personal_in_text", found.rows) for found in personal]
    warned = pl.concat([_warned(frame, doubtful, contract), _moved(frame, placed, contract)])
    typed = typed.with_columns(found.values.alias(found.column) for found in personal)
    accepted = _keyed(typed, keys, contract).with_columns(frame["source_row"])
    bad = wrong["position"].unique().sort()
    let_through = warned.filter(~pl.col("position").is_in(bad.implode()))["position"]
    doubted = delivered(frame[let_through.unique().sort()], heading)
    if wrong.is_empty() and not block.ragged:
        return Judged(accepted, accepted.clear(), {}, doubted, warned.drop("position"), rounded=rounded)
    fates = _Fates(contract, heading, placed.details())
    for position, row in zip(bad, frame[bad].iter_rows(named=True), strict=True):
        fates.settle(position, row)
    for ragged in block.ragged:
        fates.settle_ragged(ragged)
    good = pl.repeat(True, len(typed), dtype=pl.Boolean, eager=True).scatter(bad, False)
    found = fates.judged(accepted.filter(good), accepted.filter(~good), wrong, warned)
    return replace(found, doubted=doubted, rounded=rounded)


def _frame(cells: pa.Table) -> pl.DataFrame:
    """The cells as polars holds them: Arrow makes its views of texts in half the time that polars needs."""
    views = [column.cast(pa.string_view()) if pa.types.is_string(column.type) else column for column in cells.columns]
    return pl.DataFrame(pa.Table.from_arrays(views, cells.column_names))


def delivered(rows: pl.DataFrame, heading: Heading) -> dict[int, dict[str, str | None]]:
    """Row -> header -> cell as delivered."""
    headers = {name: heading.headers[position] for name, position in heading.positions.items()}
    return {
        row["source_row"]: {text: row[name] for name, text in headers.items()} for row in rows.iter_rows(named=True)
    }


def _convert(
    frame: pl.DataFrame,
    block: Block,
    contract: Contract,
    heading: Heading,
    context: Context,
) -> tuple[pl.DataFrame, pl.Series | None, pl.DataFrame, dict[str, int]]:
    """(typed frame with exactly the contract's columns, keys of the identity numbers, unreadable cells, header ->
    amounts that had to be rounded).
    """
    schema = contract.model.to_schema().columns
    latest = end(context.month)
    typed: list[pl.Series] = []
    wrong: list[pl.DataFrame] = [pl.DataFrame(schema=BROKEN_SCHEMA)]
    rounded: dict[str, int] = {}
    keys = None
    for column in contract.columns:
        if column.name not in heading.positions:
            nothing = pl.Series(column.name, [None], dtype=schema[column.name].dtype.type)
            typed.append(nothing.new_from_index(0, len(frame)))
            continue
        names = [column.name, *(f"{column.name}#{n + 1}" for n in range(len(heading.repeats.get(column.name, ()))))]
        reads = [
            cells.convert(
                column,
                frame[name],
                latest=latest,
                in_wan=column.name in heading.in_wan,
                typed_number=pl.Series(block.typed_number[name]) if name in block.typed_number else None,
            )
            for name in names
        ]
        typed.append(reads[0].values.alias(column.name))
        keys = reads[0].keys if reads[0].keys is not None else keys
        if reads[0].rounded:
            rounded[column.header] = reads[0].rounded
        if reads[0].rules is not None:
            wrong.append(_wrong(column.name, reads[0].rules.is_not_null(), reads[0].rules.drop_nulls()))
        for repeat in reads[1:]:
            differs = repeat.values.ne_missing(reads[0].values)
            if repeat.rules is not None:
                differs |= repeat.rules.is_not_null()
            wrong.append(_wrong(column.name, differs, "repeated_column_differs"))
    return pl.DataFrame(typed), keys, pl.concat(wrong), rounded


def _wrong(column: str, rows: pl.Series, rule: pl.Series | str) -> pl.DataFrame:
    positions = rows.arg_true().cast(pl.UInt32)
    rules = pl.repeat(rule, len(positions), dtype=pl.String, eager=True) if isinstance(rule, str) else rule
    return pl.DataFrame({"position": positions, "column": [column] * len(positions), "rule": rules}, BROKEN_SCHEMA)


def _broken_rules(
    typed: pl.DataFrame, placed: placing.Placed, contract: Contract, context: Context
) -> list[pl.DataFrame]:
    """What needs more than one cell: the place, and the month of an increment's row."""
    found = [placed.wrong().select(*BROKEN_SCHEMA)]
    if contract.period is not None:
        period = typed[contract.period]
        late = period > (end(context.month) if period.dtype == pl.Date else context.month)
        found.append(_wrong(contract.period, late.fill_null(False), "wrong_month"))
    return found


def _warned(frame: pl.DataFrame, doubtful: Sequence[tuple[str, str, pl.Series]], contract: Contract) -> pl.DataFrame:
    """The reasons of level 警告, with the position of their row in the block. doubtful: column, rule, rows."""
    columns = {column.name: column for column in contract.columns}
    found = [pl.DataFrame(schema={"position": pl.UInt32, **REASON_SCHEMA})]
    for name, rule, rows in doubtful:
        positions = rows.arg_true()
        column = columns[name]
        said = {
            "position": positions,
            "row": frame["source_row"].gather(positions),
            "column": column.header,
            "rule": rule,
            "level": WARNING,
            "message": _message(column, rule),
            "value": [_masked(column, cell) for cell in frame[name].gather(positions)],
        }
        found.append(pl.DataFrame(said, found[0].schema))
    return pl.concat(found)


def _moved(frame: pl.DataFrame, placed: placing.Placed, contract: Contract) -> pl.DataFrame:
    """The reasons of rows whose place was taken to its successor, with the position of their row in the block."""
    columns = {column.name: column for column in contract.columns}
    warned = placed.warned()
    rows = frame["source_row"].gather(warned["position"])
    said = [
        (
            position,
            row,
            columns[name].header,
            rule,
            level(rule),
            _message(columns[name], rule, detail),
            _masked(columns[name], frame[name][position]),
        )
        for (position, name, rule, detail), row in zip(warned.iter_rows(), rows, strict=True)
    ]
    return pl.DataFrame(said, {"position": pl.UInt32, **REASON_SCHEMA}, orient="row")


def _keyed(typed: pl.DataFrame, keys: pl.Series | None, contract: Contract) -> pl.DataFrame:
    """Identity numbers give way to their keys, before anything is stored."""
    if keys is None:
        return typed
    number = next(c.name for c in contract.columns if c.kind == "id_number")
    frame = typed.drop(number).with_columns(person_key=keys)
    if contract.creates == "person":
        frame = frame.with_columns(identity.birth_month(keys), identity.sex(keys))
    return frame


_HEADER = "表头"


class _Fates:
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
        self._spellings = {n: header.spellings(column) for n, column in self._columns.items() if n in self._order}
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
        named = sum(header.is_name(row[name], spellings) for name, spellings in self._spellings.items())
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
            return _limits(column, *agreed.bounds(self._contract, column.name))
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
                value = _masked(column, row.get(name))
                message = _message(column, rule, self._details.get((position, rule)), self._more(column, rule))
                reasons.append((number, column.header, rule, level(rule), message, value))
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


def _message(column: Column, rule: str, detail: str | None = None, more: str = "") -> str:
    """more: put behind what is wrong; detail: behind what is to be done."""
    wrong, then, do = RULES[rule].partition("；")
    options = f"（可选：{'、'.join(column.codes)}）" if rule == "unknown_code" else ""
    return (
        f"{column.header}：{wrong}{f'（{more}）' if more else ''}{then}{do}{options}{f'。{detail}' if detail else ''}"
    )


def _limits(column: Column, low: Any, high: Any) -> str:
    unit, scale = ("元", 100) if column.kind == "money" else ("", 1)
    told = [
        f"不小于{low / scale:,.12g}{unit}" if low is not None else "",
        f"不大于{high / scale:,.12g}{unit}" if high is not None else "",
    ]
    return "，".join(part for part in told if part)


def _masked(column: Column, cell: str | None) -> str | None:
    if cell is None or (column.kind == "village_code" and re.fullmatch(r"\d{12}", cell)):
        return cell
    return masking.cell(cell, column.personal)
