"""The province's corrections applied to a judged block: rows dropped, overridden or flagged, each with a reason.

A row that no longer holds what its correction expects is left as it is, and said. Does not belong here: what an entry
may say (fangpin/corrections.py), and what the batch as a whole must fulfil (assets/judging.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from fangpin import masking
from fangpin.corrections import Correction, typed
from fangpin.intake import cells, placing, validate
from fangpin.intake.blocks import Block
from fangpin.intake.contract import Column, Contract
from fangpin.intake.header import Heading
from fangpin.intake.validate import REASON_SCHEMA, Context, Judged

_PLACES = frozenset({"county", "township", "village", "village_code"})
_FREE = frozenset({"text", "household_no"})
"""Kinds whose cells may hold anything: masked when they are told."""


@dataclass(frozen=True)
class Match:
    """A row that a correction tells. wrong: why it could not be applied to it, None when it was."""

    correction: Correction
    row: int
    wrong: str | None


def apply(
    judged: Judged,
    block: Block,
    contract: Contract,
    heading: Heading,
    context: Context,
    corrections: Sequence[Correction],
    file: str,
) -> tuple[Judged, list[Match]]:
    """The block with the corrections made, and every row they tell. file: sha256 of the delivered file, 16 digits."""
    columns = {column.name: column for column in contract.columns}
    accepted = judged.accepted
    told = _told(accepted, columns, corrections, file)
    changing = Counter(position for entry, positions in told if entry.flag is None for position in positions)
    matches: list[Match] = []
    reasons: list[tuple[Any, ...]] = []
    dropped: list[int] = []
    changed: dict[str, pl.Series] = {}
    for entry, positions in told:
        here = accepted[positions]
        wrong = _wrong(here, columns, entry, context)
        for n, position in enumerate(positions):
            if entry.flag is None and changing[position] > 1:
                wrong.setdefault(n, "这一行还有另一条不计入或改写的更正：请合并成一条")
        rows = here["source_row"].to_list()
        matches += [Match(entry, row, wrong.get(n)) for n, row in enumerate(rows)]
        right = [n for n in range(len(rows)) if n not in wrong]
        for n in right:
            reasons += _reasons(entry, columns, here.row(n, named=True))
        if entry.drop:
            dropped += [positions[n] for n in right]
        for name, text in entry.override.items():
            value = typed(columns[name], [text]).values.new_from_index(0, len(right))
            changed[name] = changed.get(name, accepted[name]).clone().scatter([positions[n] for n in right], value)
    if not reasons:
        return judged, matches
    return _corrected(judged, block, heading, changed, dropped, reasons), matches


def _told(
    accepted: pl.DataFrame, columns: dict[str, Column], corrections: Sequence[Correction], file: str
) -> list[tuple[Correction, list[int]]]:
    """Each correction with the positions of the accepted rows it tells; those that tell none are left out."""
    alike: dict[tuple[str, ...], list[Correction]] = defaultdict(list)
    for entry in corrections:
        if entry.file in (None, file):
            alike[tuple(sorted(entry.where)) or ("source_row",)].append(entry)
    found = []
    for names, entries in alike.items():
        wanted = {
            name: typed(columns[name], [e.where[name] for e in entries]).values for name in names if name in columns
        }
        if not wanted:
            wanted = {"source_row": pl.Series([entry.row for entry in entries], dtype=pl.Int32)}
        hits = (
            accepted.select(names)
            .with_row_index("position")
            .join(pl.DataFrame(wanted).with_row_index("entry"), on=names, nulls_equal=True)
            .sort("entry", "position")
        )
        for (number,), rows in hits.group_by("entry", maintain_order=True):
            found.append((entries[int(str(number))], rows["position"].to_list()))
    return found


def _wrong(rows: pl.DataFrame, columns: dict[str, Column], entry: Correction, context: Context) -> dict[int, str]:
    """Why the correction cannot be applied, by row of `rows`."""
    found: dict[int, list[str]] = defaultdict(list)
    for name, text in entry.expect.items():
        expected = typed(columns[name], [text]).values.new_from_index(0, len(rows))
        for n in rows[name].ne_missing(expected).arg_true():
            now, then = (_said(columns[name], value) for value in (rows[name][n], expected[n]))
            found[n].append(f"「{columns[name].header}」现为“{now}”，更正时是“{then}”")
    if found:
        return {n: f"{'、'.join(texts)}。来源已更正，请删除这条更正" for n, texts in found.items()}
    if not _PLACES.isdisjoint(entry.override):
        values = [typed(columns[name], [text]).values.alias(name) for name, text in entry.override.items()]
        meant = rows.with_columns(value.new_from_index(0, len(rows)) for value in values)
        for n, _, rule, detail in placing.judge(meant, context.places).findings.iter_rows():
            problem = placing.RULES[rule].split("；")[0]
            found[n].append(f"改写后{problem}{f'（{detail}）' if detail else ''}。请把代码和县、乡、村名称一起改写")
    return {n: "；".join(texts) for n, texts in found.items()}


def _said(column: Column, value: Any) -> str:
    text = cells.as_written(column, value) or ""
    return masking.words(text) if column.kind in _FREE else text


def _reasons(entry: Correction, columns: dict[str, Column], row: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The reasons (REASON_SCHEMA) of one row that a correction changes or flags."""
    number, signed = row["source_row"], entry.signed.replace("；", "，")
    if entry.drop:
        return [_reason(number, "", "dropped_by_province", f"：{signed}", None)]
    if entry.flag is not None:
        return [_reason(number, "", "flagged_by_province", f"：{entry.flag.replace('；', '，')}。{signed}", None)]
    found = []
    for name, text in entry.override.items():
        column = columns[name]
        old, new = _said(column, row[name]), _said(column, typed(column, [text]).values.item())
        told = f"。{column.header}：{old or '（空）'} → {new or '（空）'}。{signed}"
        found.append(_reason(number, column.header, "overridden_by_province", told, old))
    return found


def _reason(row: int, header: str, rule: str, told: str, value: str | None) -> tuple[Any, ...]:
    what, _, todo = validate.RULES[rule].partition("；")
    return (row, header, rule, validate.level(rule), f"{what}{told}；{todo}", value)


def _corrected(
    judged: Judged,
    block: Block,
    heading: Heading,
    changed: dict[str, pl.Series],
    dropped: list[int],
    reasons: list[tuple[Any, ...]],
) -> Judged:
    touched = pa.array(sorted({reason[0] for reason in reasons}), pa.int32())
    rows = pl.DataFrame(block.cells.filter(pc.is_in(block.cells["source_row"], touched)))
    cells_of = validate.delivered(rows, heading)
    accepted = judged.accepted.with_columns(**changed)
    kept = pl.repeat(True, len(accepted), dtype=pl.Boolean, eager=True).scatter(dropped, False)
    gone = set(accepted["source_row"].gather(dropped))
    doubted = {**judged.doubted, **cells_of}
    return replace(
        judged,
        accepted=accepted.filter(kept),
        unaccepted=pl.concat([judged.unaccepted, accepted.filter(~kept)]),
        refused={**judged.refused, **{row: cells_of[row] for row in gone}},
        doubted={row: said for row, said in doubted.items() if row not in gone},
        reasons=pl.concat([judged.reasons, pl.DataFrame(reasons, REASON_SCHEMA, orient="row")]),
    )
