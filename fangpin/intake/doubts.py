"""What is let through but noted (警告): a cell far from what is usual, which only its department can confirm.

Does not belong here: what refuses a row (validate.py), the thresholds themselves (policy/plausibility.yaml).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import polars as pl

from fangpin import identity
from fangpin.intake.contract import Contract

RULES = {
    "id_number_age": "其中的出生日期距今已超过合理年龄；请核对证件原件，无误可不改",
    "amount_far_outside": "与同列多数金额相差悬殊，可能是元、万元混用；请核实，无误可不改",
    "later_than_month": "晚于报送月份；请核实，无误可不改",
    "merged_amount": "是合并单元格，每一行都按同一金额读取；如果是几行共有的金额，请拆开填写，无误可不改",
    "merged_identity": "是合并单元格，每一行都按同一个人读取；如果是几个人，请拆开填写，无误可不改",
    "unit_slip": "本期金额整体与上期相差悬殊，疑似元、万元混用；请核实单位，无误可不改",
}
"""What a row or a column can be warned for, and what the department should do."""

SAMPLED = 2_000
"""How many amounts of a block, evenly spread over it, stand for their column."""


@dataclass(frozen=True)
class Plausible:
    """Where doubt begins. age_years: a person's age. amount_decades: powers of ten between an amount and the median of
    its column. slip_decades: between the medians of two months. few_amounts: fewer tell nothing.
    """

    age_years: int
    amount_decades: float
    slip_decades: float
    few_amounts: int


def plausible(values: Mapping[str, Any]) -> Plausible:
    """The thresholds from a mapping of all their names; KeyError for one that is missing."""
    return Plausible(**{field.name: values[field.name] for field in fields(Plausible)})


def doubtful(
    typed: pl.DataFrame,
    keys: pl.Series | None,
    contract: Contract,
    limits: Plausible,
    month_end: dt.date,
    merged: Mapping[str, pl.Series],
) -> list[tuple[str, str, pl.Series]]:
    """(column, rule, rows as booleans) of the doubtful cells of a block; nothing for a column without any.

    merged: column -> whether a cell is merged with one above it or below.
    """
    found: list[tuple[str, str, pl.Series | None]] = []
    for column in contract.columns:
        values = typed[column.name]
        if (together := merged.get(column.name)) is not None:
            rule = "merged_amount" if column.kind == "money" else "merged_identity"
            found.append((column.name, rule, together & values.is_not_null()))
        if column.kind == "money":
            found.append((column.name, "amount_far_outside", far_outside(values, limits)))
        if column.kind == "id_number" and keys is not None:
            found.append((column.name, "id_number_age", too_old(keys, limits, month_end)))
        if column.kind in ("month", "date") and not column.planned and column.name != contract.period:
            found.append((column.name, "later_than_month", later(values, month_end)))
    return [(name, rule, rows) for name, rule, rows in found if rows is not None]


def later(times: pl.Series, month_end: dt.date) -> pl.Series | None:
    """Which days or months ('YYYY-MM') come after the month; None when none does."""
    after = times > (month_end if times.dtype == pl.Date else f"{month_end:%Y-%m}")
    return after.fill_null(False) if after.any() else None


def far_outside(amounts: pl.Series, limits: Plausible) -> pl.Series | None:
    """Which positive amounts are further from the median of the positive ones than is usual; None when none is."""
    sample = amounts.gather_every(max(1, len(amounts) // SAMPLED))
    sample = sample.filter(sample > 0)
    if len(sample) < limits.few_amounts:
        return None
    middle, factor = float(sample.median()), 10.0**limits.amount_decades  # type: ignore[arg-type]
    lowest, highest = int(middle / factor), int(middle * factor)
    far = amounts > highest
    if lowest > 0:
        far |= amounts.is_between(1, lowest)
    return far.fill_null(False) if far.any() else None


def too_old(keys: pl.Series, limits: Plausible, month_end: dt.date) -> pl.Series | None:
    """Whose number says a birth further back than people live."""
    first = month_end.replace(year=month_end.year - limits.age_years, day=1)
    born = identity.birth_dates(keys)
    old = born < first.year * 10_000 + first.month * 100 + first.day
    return old.fill_null(False) if old.any() else None
