"""The month's DuckDB file: a connection for one step, with `prev` attached and the raw views it reads.

A run keeps the file open from its first step to its last, so that no step reads the catalogue and writes the journal
back for itself.
Does not belong here: what is in it. One writer at a time; analysts read the published copy, never this file.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from assets.build import META_DDL, POLICY_FOLDER, Build, calendar_value
from assets.publish import history
from assets.raw import raw_view_sql
from checks.catalogue import contracts
from checks.raw import FEEDS
from fangpin import policy as policies
from fangpin.errors import FangpinError, HomeError, MonthOrderError
from fangpin.month import shift
from fangpin.policy import Policy
from pipelines.home import home_folder

SCHEMAS = ("raw", "ref", "core", "mart", "meta")
STORED: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.5.0",  # this version's compression, which writes texts in half the time
    "autoinstall_known_extensions": False,
    "temp_file_encryption": True,
}
"""How a month's file is written and opened."""


class Warehouse(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Opens `warehouse/<month>.duckdb`. home: the home folder; empty means FANGPIN_HOME or home/ of the checkout."""

    home: str = ""
    memory_limit: str = "4GB"
    _kept: dict[str, duckdb.DuckDBPyConnection] | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """From now on a month's file stays open until the run is over."""
        self._kept = {}

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        kept, self._kept = self._kept or {}, None
        for con in kept.values():
            con.close()

    @property
    def folder(self) -> Path:
        return Path(self.home).resolve() if self.home else home_folder()

    @contextmanager
    def open(self, month: str, *, inputs: Sequence[str] = ()) -> Iterator[Build]:
        """A Build on the month's file, with `prev` when an input reads it; its connection is closed whatever happens.

        A named failure inside fails the step with its message alone, so that the screens show it first.
        """
        try:
            with self._opened(month, inputs) as build:
                yield build
        except FangpinError as error:
            raise dg.Failure(description=str(error)) from error
        except (OSError, duckdb.Error) as error:
            if not _disk_is_full(error):
                raise
            raise dg.Failure(
                description=f"磁盘已满或超出配额，{month} 没有完成，已发布的版本未受影响："
                f"请清理 {self.folder} 所在磁盘后重新运行。"
            ) from error

    @contextmanager
    def _opened(self, month: str, inputs: Sequence[str]) -> Iterator[Build]:
        folder = self.folder / "warehouse"
        folder.mkdir(parents=True, exist_ok=True)
        policy = current_policy()
        con = self._connection(folder, month)
        try:
            if any(name.startswith("prev.") for name in inputs):
                attach_previous(con, previous_copy(self.folder, month, calendar_value("first_month")))
                _require_shape(con, shift(month, -1), inputs)
            for name in inputs:
                if name.startswith("raw.") and name.removeprefix("raw.") in FEEDS:
                    feed = FEEDS[name.removeprefix("raw.")]
                    con.execute(f"create or replace view {name} as {raw_view_sql(self.folder, month, feed)}")
            yield Build(month=month, con=con, policy=policy, home=self.folder, report=dg.get_dagster_logger().info)
        finally:
            con.close()

    def _connection(self, folder: Path, month: str) -> duckdb.DuckDBPyConnection:
        """A connection to the month's file, its schemas made; HomeError when another process has it.

        Of a file that stays open it is a cursor: closing the connection it came from would close the file.
        """
        if self._kept is not None and month in self._kept:
            return self._kept[month].cursor()
        settings = STORED | {"memory_limit": self.memory_limit, "temp_directory": str(folder / ".spill")}
        try:
            con = duckdb.connect(folder / f"{month}.duckdb", config=settings)
        except duckdb.IOException as error:
            raise HomeError(
                f"{month} 的工作库正被另一个进程使用或无法打开（warehouse/{month}.duckdb）：请等它结束后重试。"
            ) from error
        for schema in SCHEMAS:
            con.execute(f"create schema if not exists {schema}")
        for statement in META_DDL:
            con.execute(statement)
        if self._kept is None:
            return con
        self._kept[month] = con
        return con.cursor()


def _disk_is_full(error: Exception) -> bool:
    """Whether the operating system had no room: told by its number, or by the words DuckDB passes on."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return any(os.strerror(number) in str(error) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def current_policy() -> Policy:
    """policy/ as it is now; read again only when a file of it changed."""
    stamp = tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(POLICY_FOLDER.rglob("*.yaml")))
    return _policy(stamp)


@lru_cache(maxsize=1)
def _policy(stamp: tuple[tuple[str, int, int], ...]) -> Policy:
    return policies.load(POLICY_FOLDER)


def previous_copy(home: Path, month: str, first: str) -> Path | None:
    """The published file of the month before, or None for the first month; MonthOrderError when it is not there."""
    if month == first:
        return None
    if month < first:
        raise MonthOrderError(f"{month} 早于起始月份 {first}（policy/calendar.yaml），不能运行。")
    before = shift(month, -1)
    version = history.in_force(home, before)
    again = f"请先运行 {before}（fangpin run --month {before}）。"
    if version is None:
        raise MonthOrderError(f"{month} 不能运行：上一月 {before} 还没有发布的版本。{again}")
    if why := history.stale(home).get(before):
        raise MonthOrderError(f"{month} 不能运行：上一月 {before} 待重算：{why}。{again}")
    return history.month_folder(home, before) / version / "fangpin.duckdb"


def attach_previous(con: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    """Attach `prev`: the published file read-only, or empty tables of the same shape; as it is when it is there."""
    if con.sql("select 1 from duckdb_databases() where database_name = 'prev'").fetchall():
        return
    if path is not None:
        con.execute(f"attach '{path}' as prev (read_only)")
        return
    con.execute("attach ':memory:' as prev")
    for schema in ("ref", "core", "mart", "meta"):
        con.execute(f"create schema if not exists prev.{schema}")
    for contract in contracts().values():
        con.execute(contract.ddl().replace(f"table {contract.name} ", f"table prev.{contract.name} "))
    for statement in META_DDL[1:]:
        con.execute(statement.replace("meta.", "prev.meta."))


def _require_shape(con: duckdb.DuckDBPyConnection, before: str, inputs: Sequence[str]) -> None:
    """Every table read of last month has the columns of today's contract; else MonthOrderError names what it lacks."""
    known: dict[str, set[str]] = {}
    for schema, table, column in con.sql(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'prev'"
    ).fetchall():
        known.setdefault(f"{schema}.{table}", set()).add(column)
    lacking = [
        f"{name} 的 {'、'.join(missing)}"
        for name in sorted(source.removeprefix("prev.") for source in inputs if source.startswith("prev."))
        if name in contracts()
        and (missing := [c.name for c in contracts()[name].columns if c.name not in known.get(name, set())])
    ]
    if lacking:
        raise MonthOrderError(
            f"{before} 的已发布版本由旧版程序生成，缺少 {'；'.join(lacking)}。"
            f"请先用现在的程序重新运行它：fangpin run --month {before}。"
        )
