"""What a table of ours is: the base for every class in checks/ref, checks/core, checks/mart and checks/publish.

One pandera class per table gives its DDL, its column descriptions, its contract check and, beside it, the audits:
SELECTs that return the offending rows. Does not belong here: how a table is built (sql/, assets/) or run (pipelines/).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl

SQL_TYPES: dict[Any, str] = {
    pl.Boolean: "BOOLEAN",
    pl.Int8: "TINYINT",
    pl.Int16: "SMALLINT",
    pl.Int32: "INTEGER",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.String: "VARCHAR",
    pl.Date: "DATE",
}


@dataclass(frozen=True)
class Audit:
    """A SELECT that returns the offending rows; none is right. `name` is ASCII, `description` Chinese."""

    name: str
    description: str
    sql: str
    blocking: bool = True


@dataclass(frozen=True)
class TableColumn:
    name: str
    sql_type: str
    description: str
    nullable: bool
    unit: str | None
    limits: tuple[tuple[str, Any], ...]  # (check name, bound) understood by `contract_sql`


@dataclass(frozen=True)
class TableContract:
    """A table: its name 'schema.table', key, columns and audits."""

    name: str
    model: type[pa.DataFrameModel]
    key: tuple[str, ...]
    columns: tuple[TableColumn, ...]
    audits: tuple[Audit, ...]

    @property
    def grain(self) -> str:
        return (self.model.__doc__ or "").strip()

    @property
    def title(self) -> str:
        """The Chinese name of the table: how its contract's module begins."""
        return str(sys.modules[self.model.__module__].__doc__).split(":", 1)[0]

    def ddl(self) -> str:
        """`create or replace table` with explicit types; nullability is judged by the contract check, not here."""
        body = ",\n  ".join(f'"{c.name}" {c.sql_type}' for c in self.columns)
        return f"create or replace table {self.name} (\n  {body}\n)"

    def contract_sql(self) -> str:
        """Counts violations: one row, a column per rule in the order of `contract_rules()`, and the duplicate keys."""
        parts = [f"{count} as r{i}" for i, (_, count) in enumerate(self.contract_rules())]
        parts.append(f"({self._duplicates_sql()}) as duplicate_key")
        return f"select {', '.join(parts)} from {self.name}"

    def _duplicates_sql(self) -> str:
        """How many rows repeat a key.

        Numbers of households and persons are dense, so they are counted in one bitmap for each value of the rest of
        the key, which takes few values: a sixth of the time of a distinct count, and 1 bit a number of memory.
        """
        first, *rest = self.key
        sql_type = next(c.sql_type for c in self.columns if c.name == first)
        if sql_type != "INTEGER":
            return f"select count(*) - count(distinct ({', '.join(self.key)})) from {self.name}"
        grouped = f" group by {', '.join(rest)}" if rest else ""
        distinct = f"coalesce(bit_count(bitstring_agg({first})), 0)"
        counted = f"select count({first}) - {distinct} as n from {self.name}{grouped}"
        return f"select coalesce(sum(n), 0) from ({counted})"

    def contract_rules(self) -> list[tuple[str, str]]:
        """(rule, aggregate that counts the offending rows) for every nullability, range, list and finiteness.

        Empty and not finite are counted by difference: cheaper than a predicate on every row.
        """
        rules: list[tuple[str, str]] = []
        for c in self.columns:
            if not c.nullable:
                rules.append((f"{c.name}: empty", f'count(*) - count("{c.name}")'))
            if c.sql_type == "DOUBLE":
                finite = f'count(*) filter (where isfinite("{c.name}"))'
                rules.append((f"{c.name}: not finite", f'count("{c.name}") - {finite}'))
            for check, bound in c.limits:
                violation = _violation(c.name, check, bound)
                rules.append((f"{c.name}: {check} {bound}", f"count(*) filter (where {violation})"))
        return rules


def _violation(name: str, check: str, bound: Any) -> str:
    if check == "isin":
        listed = ", ".join("'" + str(v).replace("'", "''") + "'" for v in bound)
        return f'"{name}" not in ({listed})'
    operator = {"ge": "<", "gt": "<=", "le": ">", "lt": ">="}[check]
    return f'"{name}" {operator} {bound}'


_PANDERA = {
    "greater_than_or_equal_to": ("ge", "min_value"),
    "greater_than": ("gt", "min_value"),
    "less_than_or_equal_to": ("le", "max_value"),
    "less_than": ("lt", "max_value"),
    "isin": ("isin", "allowed_values"),
}


def col(description: str, *, nullable: bool = False, unit: str | None = None, **checks: Any) -> Any:
    """Declare a column of one of our tables: Chinese description, unit (fen, months, share ...), pandera checks."""
    return pa.Field(description=description, nullable=nullable, metadata={"unit": unit}, **checks)


def table(
    schema: str, *, key: tuple[str, ...], audits: Iterable[Audit] = ()
) -> Callable[[type[pa.DataFrameModel]], TableContract]:
    """Turn a pandera class into the TableContract `<schema>.<module name>` (checks/<schema>/<name>.py)."""

    def build(model: type[pa.DataFrameModel]) -> TableContract:
        columns = []
        for name, spec in model.to_schema().columns.items():
            limits = []
            for check in spec.checks:
                short, bound = _PANDERA[str(check.name)]
                limits.append((short, (check.statistics or {})[bound]))
            columns.append(
                TableColumn(
                    name=name,
                    sql_type=SQL_TYPES[spec.dtype.type if spec.dtype.type in SQL_TYPES else type(spec.dtype.type)],
                    description=spec.description or "",
                    nullable=bool(spec.nullable),
                    unit=(spec.metadata or {}).get("unit"),
                    limits=tuple(limits),
                )
            )
        unknown = set(key) - {c.name for c in columns}
        if unknown:
            raise ValueError(f"{model.__module__}: key column {sorted(unknown)} is not a column of the table")
        return TableContract(
            name=f"{schema}.{model.__module__.rsplit('.', 1)[-1]}",
            model=model,
            key=key,
            columns=tuple(columns),
            audits=tuple(audits),
        )

    return build
