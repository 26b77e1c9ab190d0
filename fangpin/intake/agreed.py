"""Typed cells against the feed's pandera class: required, of the code list, within limits.

Pandera judges; a look at each column's extremes first tells which columns it need not judge. Does not belong here:
how a cell is read (cells.py), what needs a second cell or the month (validate.py).
"""

from __future__ import annotations

from typing import Any

import pandera.errors
import polars as pl

from fangpin.intake.contract import Contract

RULES = {
    "missing_value": "必填项为空；请补填",
    "unknown_code": "不在规定的选项中；请从选项中选填",
    "too_small": "低于合理范围；请核实后重报",
    "too_large": "超出合理范围；请核实数值（金额还要核实是元还是万元）后重报",
    "wrong_form": "写法不符合要求；请按填报说明填写",
}
"""What a typed cell can be refused for, and what the department should do."""

_CHECKS = {
    "not_nullable": "missing_value",
    "isin": "unknown_code",
    "greater_than_or_equal_to": "too_small",
    "greater_than": "too_small",
    "less_than_or_equal_to": "too_large",
    "less_than": "too_large",
}
_LOWEST = ("greater_than_or_equal_to", "greater_than")
_HIGHEST = ("less_than_or_equal_to", "less_than")
BROKEN_SCHEMA = {"position": pl.UInt32, "column": pl.String, "rule": pl.String}


def broken(typed: pl.DataFrame, contract: Contract, wrong: pl.DataFrame | None = None) -> pl.DataFrame:
    """(position, column, rule) of the cells that fail the class; wrong: those that are refused already."""
    schema = contract.model.to_schema()
    wrong = pl.DataFrame(schema=BROKEN_SCHEMA) if wrong is None else wrong
    known = {str(name): rows["position"].unique() for (name,), rows in wrong.group_by("column")}
    names = [name for name, column in schema.columns.items() if not _right(typed[name], column, known.get(name))]
    if not names:
        return pl.DataFrame(schema=BROKEN_SCHEMA)
    try:
        schema.select_columns(names).validate(typed.select(names), lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases: pl.DataFrame = error.failure_cases
    else:
        return pl.DataFrame(schema=BROKEN_SCHEMA)
    if cases["index"].null_count():
        checks = sorted(set(cases.filter(pl.col("index").is_null())["check"]))
        raise TypeError(f"the typed frame of {contract.name} does not fit its class: {checks}") from None
    name = pl.col("check").str.extract(r"^(\w+)")
    found = cases.select(
        position=pl.col("index").cast(pl.UInt32),
        column=pl.col("column").cast(pl.String),
        rule=name.replace_strict(_CHECKS, default="wrong_form"),
    ).unique(maintain_order=True)
    return found.join(wrong, on=["position", "column"], how="anti")


def bounds(contract: Contract, name: str) -> tuple[Any, Any]:
    """The least and the greatest value that the class allows in a column, None where it sets no limit."""
    low = high = None
    for check in contract.model.to_schema().columns[name].checks:
        said = check.statistics or {}
        low = said["min_value"] if check.name in _LOWEST else low
        high = said["max_value"] if check.name in _HIGHEST else high
    return low, high


def _right(values: pl.Series, column: Any, wrong: pl.Series | None) -> bool:
    """Whether nothing further in the column can fail: from the extremes alone, as pandera would find. False in doubt.

    wrong: the rows in which the column is refused already; an unreadable cell is null.
    """
    if values.dtype != column.dtype.type:
        return False
    unread = 0 if wrong is None else values.gather(wrong).null_count()
    if not column.nullable and values.null_count() > unread:
        return False
    if values.null_count() == len(values):
        return True
    return all(_fulfilled(values, str(check.name), check.statistics or {}) for check in column.checks)


def _fulfilled(values: pl.Series, check: str, statistics: dict[str, Any]) -> bool:
    lowest: Any = values.min()
    highest: Any = values.max()
    if values.dtype.is_float() and values.is_nan().any():
        return False
    if check == "greater_than_or_equal_to":
        return bool(lowest >= statistics["min_value"])
    if check == "greater_than":
        return bool(lowest > statistics["min_value"])
    if check == "less_than_or_equal_to":
        return bool(highest <= statistics["max_value"])
    if check == "less_than":
        return bool(highest < statistics["max_value"])
    return check == "isin" and bool(values.is_in(list(statistics["allowed_values"])).all())
