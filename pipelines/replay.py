"""A published month computed again under another policy, from what it stores; no feed is read.

The published file is opened read-only; in memory every table of it is a view, and the tables that the other policy can
change are made again by their own steps. What would have to read the feeds again is refused by name.
Does not belong here: what is compared and told (pipelines/whatif.py), what a table is (its step).
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from assets.build import STEPS, Build, Step, fill_table
from assets.publish.bundle import COPY
from checks.catalogue import contracts
from fangpin.errors import HomeError, PolicyError
from fangpin.policy import Policy
from pipelines.status import version_folder
from pipelines.warehouse import attach_previous

PUBLISHED = "published"
"""Catalog of the published file."""
SCHEMAS = ("ref", "core", "mart")
OWN_LAYERS = ("ref.", "core.", "mart.")
VIEW = "select 1 from duckdb_views() where database_name = 'memory' and schema_name || '.' || view_name = ?"


@dataclass(frozen=True)
class Replay:
    """con: this month's tables under the other policy; those of the published version are in the catalog `published`.

    manifest: of the published version. made: the tables made again, in order.
    """

    con: duckdb.DuckDBPyConnection
    manifest: Mapping[str, Any]
    build: Build
    made: tuple[str, ...]

    def make(self, names: Sequence[str]) -> None:
        """Make these tables again from what is there now, in the order given."""
        for name in names:
            _make(self.build, STEPS[name])


@contextmanager
def replayed(
    home: Path,
    month: str,
    policy: Policy,
    *,
    goals: Sequence[str] | None = None,
    memory_limit: str = "4GB",
    report: Callable[[str], None] = lambda _: None,
) -> Iterator[Replay]:
    """The month under `policy`. goals: the tables asked for; without them all that the policy can change.

    HomeError when the month is not published or by an older program; PolicyError when only the feeds could tell.
    """
    import pipelines.definitions  # noqa: F401  # declares every step

    folder = version_folder(home, month)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="fangpin-") as spill, duckdb.connect() as con:
        con.execute(f"set memory_limit = '{memory_limit}'")
        con.execute("set autoinstall_known_extensions = false")
        con.execute("set temp_file_encryption = true")
        con.execute(f"set temp_directory = '{spill}'")
        con.execute(f"attach '{folder / COPY}' as {PUBLISHED} (read_only)")
        _require_shape(con, manifest)
        _view_published(con)
        attach_previous(con, _previous(home, manifest))
        build = Build(month=month, con=con, policy=policy, home=home, report=report)
        made = [name for name in STEPS if name.startswith("ref.") and not _reads_feeds(STEPS[name])]
        for name in _ordered(made):
            _make(build, STEPS[name])
        wanted = affected(changed(con, made))
        if goals is not None:
            needed = _with_sources(goals)
            wanted = [name for name in wanted if name in needed]
        for name in wanted:
            if _reads_feeds(STEPS[name]):
                raise PolicyError(
                    f"这项改动作用于部门数据（{STEPS[name].contract.title} {name} 直接读取部门数据），"
                    f"只凭 {month} 已存的结果不能回答：请改 policy/ 后重新运行该月，再用 fangpin changes 比较两个版本。"
                )
        for name in wanted:
            report(f"重算 {STEPS[name].contract.title}（{name}）")
            _make(build, STEPS[name])
        yield Replay(con, manifest, build, tuple(wanted))


def changed(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> dict[str, frozenset[str] | None]:
    """The tables that differ from the published ones; of tables with one row, the columns that do."""
    found: dict[str, frozenset[str] | None] = {}
    for name in names:
        if not con.sql(f"(from {name} except from {PUBLISHED}.{name}) limit 1").fetchall() and not (
            con.sql(f"(from {PUBLISHED}.{name} except from {name}) limit 1").fetchall()
        ):
            continue
        mine, theirs = (con.sql(f"from {catalog}{name}").fetchall() for catalog in ("", f"{PUBLISHED}."))
        if len(mine) == len(theirs) == 1:
            columns = [column.name for column in contracts()[name].columns]
            cells = zip(columns, mine[0], theirs[0], strict=True)
            found[name] = frozenset(column for column, one, other in cells if one != other)
        else:
            found[name] = None
    return found


def affected(differing: Mapping[str, frozenset[str] | None]) -> list[str]:
    """The tables that read what differs, and those that read them. A column that is nowhere named is not read."""
    touched = dict(differing)
    found = []
    for name in _ordered(STEPS):
        step = STEPS[name]
        sources = [source for source in step.inputs if source in touched]
        if name in differing or not any(_reads(step, each, touched[each]) for each in sources):
            continue
        touched[name] = None
        found.append(name)
    return found


def _with_sources(goals: Sequence[str]) -> set[str]:
    """The tables and all that they are made from."""
    found: set[str] = set()
    waiting = list(goals)
    while waiting:
        name = waiting.pop()
        if name in STEPS and name not in found:
            found.add(name)
            waiting += STEPS[name].inputs
    return found


def _reads(step: Step, source: str, columns: frozenset[str] | None) -> bool:
    return columns is None or any(re.search(rf"\b{column}\b", step.text) for column in columns)


def _ordered(names: Sequence[str] | Mapping[str, Any]) -> list[str]:
    """The names, each after the tables it reads."""
    wanted = set(names)
    return list(TopologicalSorter({name: wanted & set(STEPS[name].inputs) for name in sorted(wanted)}).static_order())


def _reads_feeds(step: Step) -> bool:
    return any(not source.removeprefix("prev.").startswith(OWN_LAYERS) for source in step.inputs)


def _make(build: Build, step: Step) -> None:
    """The table instead of the published one's view, or instead of what was made before."""
    product = step.produce(build)
    if build.con.execute(VIEW, [step.contract.name]).fetchall():
        build.con.execute(f"drop view {step.contract.name}")
    fill_table(build.con, step.contract, product)


def _view_published(con: duckdb.DuckDBPyConnection) -> None:
    for schema in SCHEMAS:
        con.execute(f"create schema {schema}")
    for name in contracts():
        con.execute(f"create view {name} as from {PUBLISHED}.{name}")


def _require_shape(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> None:
    stored = con.sql(
        f"select schema_name || '.' || table_name, list(column_name) from duckdb_columns() "
        f"where database_name = '{PUBLISHED}' group by all"
    ).fetchall()
    known = {name: set(columns) for name, columns in stored}
    if any({c.name for c in contract.columns} != known.get(name) for name, contract in contracts().items()):
        raise HomeError(
            f"{manifest['month']} 的已发布版本 {manifest['version']} 由另一版程序生成，表的结构不同，不能据此测算。"
            f"请先用现在的程序重新运行：fangpin run --month {manifest['month']}。"
        )


def _previous(home: Path, manifest: Mapping[str, Any]) -> Path | None:
    previous = manifest["previous"]
    return home / "published" / previous / COPY if previous else None
