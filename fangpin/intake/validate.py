"""A block of delivered rows judged: accepted with typed values, or refused with every reason.

A row is judged by what its cells can be read as (cells.py), by the feed's pandera class, and by the rules that need two
cells or the month: places by code and name, wrong month, repeated columns. Below the data, rows of totals and notes are
counted, not refused. Does not belong here: duplicates and keys, which need the whole batch (assets).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl
import pyarrow as pa

from fangpin import identity
from fangpin.intake import agreed, cells, doubts, free_text, header, placing
from fangpin.intake.agreed import BROKEN_SCHEMA
from fangpin.intake.blocks import Block
from fangpin.intake.contract import Contract
from fangpin.intake.doubts import Plausible
from fangpin.intake.examples import EXAMPLE
from fangpin.intake.fates import REASON_SCHEMA, Fates, Judged
from fangpin.intake.header import Heading
from fangpin.intake.levels import WARNING
from fangpin.intake.reading.layout import layout_of
from fangpin.intake.rules import RULES, level, masked, message
from fangpin.month import end

__all__ = ["REASON_SCHEMA", "RULES", "Context", "Judged", "delivered", "judge", "level"]


@dataclass(frozen=True)
class Context:
    """What judging needs besides the contract: the month, its places (placing.place_index), where doubt begins."""

    month: str
    places: pl.DataFrame
    plausible: Plausible


def judge(
    block: Block, contract: Contract, heading: Heading, context: Context, examples: frozenset[int] = frozenset()
) -> Judged:
    """Read, check and split one block of rows. examples: rows (source_row) that only show how to fill in the table."""
    if examples and (block.end >= min(examples)) and (shown := block.among(examples)):
        judged = judge(block.without(shown), contract, heading, context)
        return replace(judged, asides=tuple(sorted([*judged.asides, *((row, EXAMPLE) for row in shown)])))
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
    nameless = _nameless(frame, heading)
    if wrong.is_empty() and not block.ragged:
        return Judged(
            accepted, accepted.clear(), {}, doubted, warned.drop("position"), rounded=rounded, nameless=nameless
        )
    fates = Fates(contract, heading, placed.details())
    for position, row in zip(bad, frame[bad].iter_rows(named=True), strict=True):
        fates.settle(position, row)
    for ragged in block.ragged:
        fates.settle_ragged(ragged)
    good = pl.repeat(True, len(typed), dtype=pl.Boolean, eager=True).scatter(bad, False)
    found = fates.judged(accepted.filter(good), accepted.filter(~good), wrong, warned)
    return replace(found, doubted=doubted, rounded=rounded, nameless=nameless)


def _nameless(frame: pl.DataFrame, heading: Heading) -> tuple[str, ...]:
    """The columns without a name in which a cell stands."""
    found = [
        position
        for name, position in layout_of(heading).items()
        if name.startswith("#")
        and not heading.headers[position].strip()
        and frame[name].null_count() < len(frame)
        and bool((frame[name].str.strip_chars(cells.BLANKS).str.len_bytes() > 0).any())
    ]
    return tuple(map(header.nameless, sorted(found)))


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
        repeats = heading.repeats.get(column.name, ())
        names = {column.name: heading.positions[column.name]} | {
            f"{column.name}#{n}": position for n, position in enumerate(repeats, start=1)
        }
        reads = [
            cells.convert(
                column,
                frame[name],
                latest=latest,
                in_wan=position in heading.wan,
                typed_number=pl.Series(block.typed_number[name]) if name in block.typed_number else None,
            )
            for name, position in names.items()
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
            "message": message(column, rule),
            "value": [masked(column, cell) for cell in frame[name].gather(positions)],
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
            message(columns[name], rule, detail),
            masked(columns[name], frame[name][position]),
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
