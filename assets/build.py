"""How a table comes to be: one step that builds it whole, checks it and records both.

`table_asset` turns a function (a frame or a SELECT from a Build) into a Dagster asset of the contract of the same name.
Does not belong here: what any table holds, and how connections are opened (pipelines/warehouse.py).
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from checks.catalogue import contracts
from checks.raw import FEEDS
from checks.table import Audit, TableContract
from fangpin import policy as policies
from fangpin.errors import FangpinError
from fangpin.policy import Policy

CHECKOUT = Path(__file__).resolve().parents[1]
POLICY_FOLDER = CHECKOUT / "policy"
CALENDAR = policies.load(POLICY_FOLDER).group("calendar")
"""policy/calendar.yaml: first month, days of delivery, run and publication; the newest value of each counts."""


def calendar_value(name: str) -> Any:
    return CALENDAR[name].values[-1].value


MONTHS = dg.MonthlyPartitionsDefinition(start_date=calendar_value("first_month"), fmt="%Y-%m", timezone="Asia/Shanghai")
"""One partition per month, from the first month of the record."""

OWNERS = ("team:monitoring",)
CONTRACT = Audit("contract", "主键唯一、必填不空、取值在约定范围内、没有非数值", "")
"""The check every table has; what offends is counted by the contract itself."""

META_DDL = (
    "create schema if not exists meta",
    """create table if not exists meta.build (
      table_name VARCHAR, build_id VARCHAR, inputs VARCHAR, code_version VARCHAR, row_count BIGINT)""",
    """create table if not exists meta.check_result (
      table_name VARCHAR, build_id VARCHAR, check_name VARCHAR, description VARCHAR,
      blocking BOOLEAN, passed BOOLEAN, violations BIGINT)""",
)
"""meta.build: one row per table, the build in force and its inputs' builds. meta.check_result: what judged it."""


@dataclass(frozen=True)
class Build:
    """What a table's function is given: the month, a connection to its warehouse, the policy and the home folder."""

    month: str
    con: duckdb.DuckDBPyConnection
    policy: Policy
    home: Path
    report: Callable[[str], None]  # progress, counts only

    def read(self, name: str) -> pl.DataFrame:
        """A whole table of the warehouse as a frame; for the small ones."""
        return self.con.sql(f"select * from {name}").pl()


Produce = Callable[[Build], "pl.DataFrame | str"]


@dataclass(frozen=True)
class Step:
    """How a table is made. inputs: tables as `table_asset` is given them. text: of the code, a SELECT or a module."""

    contract: TableContract
    inputs: tuple[str, ...]
    produce: Produce
    text: str


STEPS: dict[str, Step] = {}
"""Every declared table by name, for what makes one again outside a run (pipelines/replay.py)."""


def asset_key(name: str) -> dg.AssetKey:
    """'core.household' -> core/household; 'prev.core.household' is core/household of the month before."""
    return dg.AssetKey(name.removeprefix("prev.").split("."))


def table_asset(
    contract: TableContract,
    *,
    inputs: Sequence[str],
    kinds: Sequence[str] = ("duckdb", "python"),
    code_version: str | None = None,
    text: str | None = None,
    description: str | None = None,
    lineage: Callable[[], Mapping[str, list[tuple[str, str]]]] | None = None,
    counts: str | None = None,
    group: str | None = None,
    content: Callable[[Build], str] | None = None,
) -> Callable[[Produce], dg.AssetsDefinition]:
    """Declare the asset that builds `contract` from `inputs` ('schema.table', 'raw.feed' or 'prev.schema.table').

    text: the code, where it is no module of its own. counts: a SELECT of one row over the built table, each column
    shown with the materialization under its name. group: where it is not the schema. content: a hash of what is read
    besides tables, written behind the code's version with a dash.
    """

    def wrap(produce: Produce) -> dg.AssetsDefinition:
        code = text or _source(produce)
        version = code_version or hashlib.sha256(code.encode()).hexdigest()[:16]
        STEPS[contract.name] = Step(contract, tuple(inputs), produce, code)
        told = _describe(contract, inputs, description or inspect.getdoc(produce) or contract.grain)
        schema = contract.name.split(".")[0]

        @dg.asset(
            key=asset_key(contract.name),
            deps=_this_month(inputs),
            partitions_def=MONTHS,
            group_name=group or schema,
            kinds=set(kinds),
            owners=list(OWNERS),
            description=told,
            code_version=version,
            check_specs=check_specs(contract),
            metadata={"dagster/column_schema": column_schema(contract), **_reads_last_month(inputs)},
            required_resource_keys={"warehouse"},
            name=None,
        )
        def build_table(context) -> Iterator[dg.MaterializeResult]:  # type: ignore[no-untyped-def]
            month = context.partition_key
            with context.resources.warehouse.open(month, inputs=inputs) as build:
                made_of = version if content is None else f"{version}-{content(build)}"
                rows, build_id = write_table(build, contract, produce(build), inputs, made_of)
                results = list(check_table(build, contract, build_id))
                counted = {} if counts is None else build.con.sql(counts).pl().row(0, named=True)
            metadata: dict[str, Any] = {"dagster/row_count": rows, "month": month, "build": build_id, **counted}
            if lineage is not None:
                metadata["dagster/column_lineage"] = _column_lineage(lineage())
            yield dg.MaterializeResult(metadata=metadata, check_results=results)

        return build_table

    return wrap


def _this_month(inputs: Sequence[str]) -> list[dg.AssetDep]:
    """Dagster's edges are this month's tables. Last month's are no edges: they come from the published version of the
    month before, which an edge cannot say, and Dagster would start a later month's steps before that version is there
    (docs/decisions/0032-order-of-months.md). `reads_last_month` in the asset's metadata names them.
    """
    return [dg.AssetDep(asset_key(source)) for source in sorted(set(inputs)) if not source.startswith("prev.")]


def _describe(contract: TableContract, inputs: Sequence[str], text: str) -> str:
    """What the screens say of a table: its Chinese name, what a row is, what it is made from; then the code's words."""
    keyed = {column.name: column.description for column in contract.columns}
    known = {f"raw.{name}": feed.title for name, feed in FEEDS.items()} | {n: c.title for n, c in contracts().items()}
    parts = [f"{contract.title}。每行一个：{' × '.join(keyed[column] for column in contract.key)}。"]
    for label, last_month in (("来自本月", False), ("来自上月已发布的版本", True)):
        titles = [known[n.removeprefix("prev.")] for n in sorted(set(inputs)) if n.startswith("prev.") is last_month]
        if titles:
            parts.append(f"{label}：{'、'.join(titles)}。")
    return "".join(parts) + "\n\n" + text


def _reads_last_month(inputs: Sequence[str]) -> dict[str, str]:
    tables = sorted(source.removeprefix("prev.") for source in set(inputs) if source.startswith("prev."))
    return {"reads_last_month": "、".join(tables)} if tables else {}


def _source(produce: Produce) -> str:
    module = inspect.getmodule(produce)
    return inspect.getsource(module if module is not None else produce)


def _column_lineage(columns: Mapping[str, list[tuple[str, str]]]) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        deps_by_column={
            column: [
                dg.TableColumnDep(asset_key=key, column_name=source)
                for key, source in sorted({(asset_key(table), source) for table, source in sources})
            ]
            for column, sources in columns.items()
        }
    )


def column_schema(contract: TableContract) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=c.name,
                type=c.sql_type + (f" ({c.unit})" if c.unit else ""),
                description=c.description,
                constraints=dg.TableColumnConstraints(nullable=c.nullable),
            )
            for c in contract.columns
        ]
    )


def check_specs(contract: TableContract) -> list[dg.AssetCheckSpec]:
    key = asset_key(contract.name)
    return [
        dg.AssetCheckSpec(a.name, asset=key, blocking=a.blocking, description=a.description)
        for a in (CONTRACT, *contract.audits)
    ]


def write_table(
    build: Build, contract: TableContract, product: pl.DataFrame | str, inputs: Sequence[str], code_version: str
) -> tuple[int, str]:
    """Build the table whole in one transaction and record the build; (rows, build id)."""
    con = build.con
    con.execute("begin")
    try:
        fill_table(con, contract, product)
        rows = int(con.sql(f"select count(*) from {contract.name}").fetchall()[0][0])
        build_id = record_build(build, contract.name, inputs, code_version, rows)
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    return rows, build_id


def fill_table(con: duckdb.DuckDBPyConnection, contract: TableContract, product: pl.DataFrame | str) -> None:
    """Create the table anew from its DDL, with the rows of a frame or a SELECT."""
    con.execute(contract.ddl())
    if isinstance(product, str):
        con.execute(f"insert into {contract.name} by name {product}")
        return
    con.register("product", product)
    con.execute(f"insert into {contract.name} by name select * from product")
    con.unregister("product")


def record_build(build: Build, name: str, inputs: Sequence[str], code_version: str, rows: int) -> str:
    """Replace the table's row in meta.build. The id is made of the code and the inputs' ids: equal work, equal id."""
    known = dict(build.con.sql("select table_name, build_id from meta.build").fetchall())
    used = {}
    for source in sorted(set(inputs)):
        if source.startswith("prev."):
            used[source] = _previous_build(build, source)
        elif source not in known:
            raise FangpinError(f"{build.month} 的 {name} 需要先生成 {source}。请先运行它，或运行整月。")
        else:
            used[source] = known[source]
    build_id = identify_build(name, build.month, code_version, build.policy.version, used)
    build.con.execute("delete from meta.build where table_name = ?", [name])
    build.con.execute(
        "insert into meta.build values (?, ?, ?, ?, ?)",
        [name, build_id, json.dumps(used, sort_keys=True), code_version, rows],
    )
    return build_id


def identify_build(name: str, month: str, code_version: str, policy_version: str, inputs: Mapping[str, str]) -> str:
    """The id of a build made by this code under this policy from these builds of its inputs."""
    text = json.dumps([name, month, code_version, policy_version, inputs], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _previous_build(build: Build, source: str) -> str:
    found = build.con.sql(
        "select build_id from prev.meta.build where table_name = ?", params=[source.removeprefix("prev.")]
    ).fetchall()
    return str(found[0][0]) if found else "none"


def check_table(build: Build, contract: TableContract, build_id: str) -> Iterator[dg.AssetCheckResult]:
    """Run the contract check and every audit, store each result for the build, and yield them for display."""
    con = build.con
    con.execute("delete from meta.check_result where table_name = ?", [contract.name])
    counts = con.sql(contract.contract_sql()).fetchall()[0]
    rules = [rule for rule, _ in contract.contract_rules()] + ["duplicate key"]
    broken = {rule: int(n) for rule, n in zip(rules, counts, strict=True) if n}
    yield record_check(con, contract.name, build_id, CONTRACT, sum(broken.values()), broken)
    for audit in contract.audits:
        violations = int(con.sql(f"select count(*) from ({audit.sql}) as offending").fetchall()[0][0])
        yield record_check(con, contract.name, build_id, audit, violations, {})


def record_check(
    con: duckdb.DuckDBPyConnection, name: str, build_id: str, audit: Audit, violations: int, detail: Mapping[str, int]
) -> dg.AssetCheckResult:
    """Store what a check found about a build, and return it for display."""
    con.execute(
        "insert into meta.check_result values (?, ?, ?, ?, ?, ?, ?)",
        [name, build_id, audit.name, audit.description, audit.blocking, violations == 0, violations],
    )
    return dg.AssetCheckResult(
        check_name=audit.name,
        asset_key=asset_key(name),
        passed=violations == 0,
        severity=dg.AssetCheckSeverity.ERROR if audit.blocking else dg.AssetCheckSeverity.WARN,
        description=audit.description,
        metadata={"violations": violations, **detail},
    )
