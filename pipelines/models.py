"""Every file under sql/ is an asset: `sql/core/household.sql` is the SELECT of `core.household`.

The path gives the name, the leading comment the description, FROM and JOIN the dependencies, the parsed statement the
code version, the contract of the same name the DDL and the checks, and sqlglot the column lineage.
Does not belong here: anything a model says. The only parameter of a model is $month.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import dagster as dg
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from assets.build import Build, table_asset
from checks.catalogue import contracts
from checks.raw import FEEDS

ColumnLineage = dict[str, list[tuple[str, str]]]
"""Column -> the (table, column) pairs it is computed from; a table of last month starts with `prev.`."""


@dataclass(frozen=True)
class Model:
    """One SELECT file. `name` is 'schema.table'."""

    name: str
    path: Path
    sql: str

    @cached_property
    def tree(self) -> exp.Query:
        statements = sqlglot.parse(self.sql, dialect="duckdb")
        if len(statements) != 1 or not isinstance(statements[0], exp.Query):
            raise ValueError(f"{self.path}: a model is exactly one SELECT")
        return statements[0]

    @cached_property
    def description(self) -> str:
        """The leading comment, grain first."""
        lines = []
        for line in self.sql.splitlines():
            if not line.startswith("--"):
                break
            lines.append(line.removeprefix("--").strip())
        if not lines:
            raise ValueError(f"{self.path}: starts with no comment; say the grain first")
        return "\n".join(lines)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Tables read, as 'schema.table' or 'prev.schema.table', in alphabetical order."""
        names = {_table_name(t) for t in self.tree.find_all(exp.Table) if t.db}
        return tuple(sorted(names))

    @cached_property
    def code_version(self) -> str:
        """Hash of the parsed statement: comments and layout do not count."""
        return hashlib.sha256(self.tree.sql(dialect="duckdb", comments=False).encode()).hexdigest()[:16]

    def column_lineage(self, columns_of: dict[str, list[str]]) -> ColumnLineage:
        """Sources of every output column. columns_of: the columns of each input table."""
        tree = self.tree.copy()
        schema = MappingSchema(dialect="duckdb")
        for table in [t for t in tree.find_all(exp.Table) if t.db]:
            name = _table_name(table)
            layer, _, short = name.rpartition(".")
            table.replace(exp.table_(short, db=layer, quoted=True, alias=table.alias or short))
            schema.add_table(exp.table_(short, db=layer, quoted=True), dict.fromkeys(columns_of[name], "unknown"))
        qualified = qualify(tree, schema=schema, dialect="duckdb", validate_qualify_columns=False)
        root = build_scope(qualified)
        if root is None:
            raise ValueError(f"{self.path}: sqlglot finds no scope to trace columns in")
        traced: dict[int, dict[str, Sources]] = {}
        return {column: sorted(sources) for column, sources in _trace(root, traced).items()}


Sources = set[tuple[str, str]]


def _trace(scope: Scope, traced: dict[int, dict[str, Sources]]) -> dict[str, Sources]:
    """Output column -> base (table, column) pairs of a query scope; each scope is traced once."""
    if id(scope) not in traced:
        if scope.union_scopes:
            branches = [_trace(branch, traced) for branch in scope.union_scopes]
            names = list(branches[0])
            traced[id(scope)] = {
                name: set().union(*(list(branch.values())[i] for branch in branches)) for i, name in enumerate(names)
            }
        else:
            traced[id(scope)] = {
                projection.alias_or_name: _sources(projection, scope, traced) for projection in scope.expression.selects
            }
    return traced[id(scope)]


def _sources(expression: exp.Expression, scope: Scope, traced: dict[int, dict[str, Sources]]) -> Sources:
    """The base columns an expression of a scope reads, through CTEs and subqueries."""
    found: Sources = set()
    for column in expression.find_all(exp.Column):
        source = scope.sources.get(column.table)
        if isinstance(source, exp.Table):
            found.add((_table_name(source), column.name))
        elif isinstance(source, Scope):
            found |= _trace(source, traced).get(column.name, set())
    for subquery in scope.subquery_scopes:
        if any(subquery.expression is query for query in expression.find_all(exp.Query)):
            found |= set().union(*_trace(subquery, traced).values())
    return found


def _table_name(table: exp.Table) -> str:
    return ".".join(part for part in (table.catalog, table.db, table.name) if part)


@cache
def load_models(folder: Path) -> tuple[Model, ...]:
    """All models under sql/, in path order; read and parsed once a process."""
    return tuple(
        Model(name=f"{path.parent.name}.{path.stem}", path=path, sql=path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*/*.sql"))
    )


def input_columns(model: Model) -> dict[str, list[str]]:
    """The columns of every table a model reads."""
    columns = {}
    for name in model.inputs:
        table = name.removeprefix("prev.")
        if table.startswith("raw."):
            columns[name] = [c for c, _, _ in FEEDS[table.removeprefix("raw.")].lake_columns]
        else:
            columns[name] = [c.name for c in contracts()[table].columns]
    return columns


@cache
def lineage_of(model: Model) -> ColumnLineage:
    """The column lineage of a model; traced once a process, for its own step and for the site."""
    return model.column_lineage(input_columns(model))


def trace_models(folder: Path) -> dict[str, ColumnLineage]:
    """The column lineage of every model, by table."""
    return {model.name: lineage_of(model) for model in load_models(folder)}


def model_assets(folder: Path) -> Iterator[dg.AssetsDefinition]:
    """One asset per model; a model without a contract, or reading an unknown table, is an error naming both."""
    for model in load_models(folder):
        if model.name not in contracts():
            raise ValueError(f"{model.path}: no contract checks/{model.name.replace('.', '/')}.py")
        yield _asset(model)


def _asset(model: Model) -> dg.AssetsDefinition:
    def select(build: Build) -> str:
        return model.sql.replace("$month", f"'{build.month}'")

    return table_asset(
        contracts()[model.name],
        inputs=model.inputs,
        kinds=("duckdb", "sql"),
        code_version=model.code_version,
        text=model.sql,
        description=model.description,
        lineage=lambda: lineage_of(model),
    )(select)
