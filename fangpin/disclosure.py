"""What may leave the office: small counts hidden, others rounded, percentages and sums only from what is shown.

Frames in, frames out; a hidden cell is NULL. Source: docs/decisions/0065-export.md, values in policy/disclosure.yaml.
Does not belong here: which tables are handed out, to whom, and what the file looks like (pipelines/exporting.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

HIDDEN = "*"
"""How a hidden cell is printed."""


@dataclass(frozen=True)
class Rules:
    """smallest_count: smaller counts but zero are hidden. count_rounding, money_rounding: to multiples of these (yuan).

    smallest_increment: households that a higher line must have more than the one below it.
    """

    smallest_count: int
    count_rounding: int
    smallest_increment: int
    money_rounding: int


def rules(values: Mapping[str, Any]) -> Rules:
    """values: of the parameters of policy/disclosure.yaml."""
    return Rules(
        smallest_count=values["smallest_count"],
        count_rounding=values["count_rounding"],
        smallest_increment=values["smallest_increment"],
        money_rounding=values["money_rounding_yuan"],
    )


def counts(frame: pl.DataFrame, columns: Sequence[str], rule: Rules, exact: pl.Expr) -> pl.DataFrame:
    """Counts hidden or rounded, but in the rows where `exact` holds."""
    return frame.with_columns(
        pl.when(exact).then(name).otherwise(_protected(pl.col(name), rule)).alias(name) for name in columns
    )


def _protected(count: pl.Expr, rule: Rules) -> pl.Expr:
    """Halves are rounded up; with an odd rounding whole numbers have none."""
    step = rule.count_rounding
    rounded = (2 * count + step) // (2 * step) * step
    return pl.when((count == 0) | (count >= rule.smallest_count)).then(rounded)


def ratio(part: str, whole: str) -> pl.Expr:
    """part / whole of what is shown; NULL where either is hidden or nothing is there."""
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def money(column: str, households: str, rule: Rules, exact: pl.Expr) -> pl.Expr:
    """A sum in yuan where the count of households behind it is shown, rounded but in the rows where `exact` holds."""
    step = rule.money_rounding
    rounded = (2 * pl.col(column) + step) // (2 * step) * step
    return pl.when(exact).then(column).when(pl.col(households).is_not_null()).then(rounded).alias(column)


def nested(
    frame: pl.DataFrame, place: Sequence[str], line: str, households: str, hide: Sequence[str], rule: Rules
) -> pl.DataFrame:
    """Rows of one place in order of their line: what lies too few households above the last line shown is hidden.

    households: the exact count, which is dropped from what is returned only by the caller.
    """
    rows: list[dict[str, Any]] = []
    shown: dict[tuple[Any, ...], int] = {}
    for row in frame.sort(*place, line, nulls_last=True, maintain_order=True).iter_rows(named=True):
        key = tuple(row[name] for name in place)
        more = row[households] - shown.get(key, row[households])
        if 0 < more < rule.smallest_increment:
            row |= dict.fromkeys(hide)
        else:
            shown[key] = row[households]
        rows.append(row)
    return pl.DataFrame(rows, schema=frame.schema)
