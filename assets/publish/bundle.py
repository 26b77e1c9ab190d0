"""The version under construction: the read-only copy of the month's tables, and Parquet of every mart table.

It lies in `published/<month>/.building-vNNN` until released. Does not belong here: workbooks and site (edition.py),
what may be published (gate.py), and the switch (release.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from assets.build import Build
from assets.publish import history
from assets.publish.digest import table_digest
from checks.catalogue import contracts
from checks.table import TableContract
from fangpin.errors import GateRefused, HomeError
from fangpin.month import shift

COPY = "fangpin.duckdb"
NAMED = 3
"""Missing tables named in a message; of more the number is said."""
PARTIAL, BUILDING = ".partial-", ".building-"
META = {"build": "table_name", "check_result": "table_name, check_name"}


def bundle(build: Build) -> Path:
    """Copy every ref, core, mart and meta table of the month into a fresh building folder; the folder.

    An older one of the month, such as a killed run left, is removed. GateRefused when a table is not built yet;
    HomeError when the disk is full.
    """
    _require_tables(build)
    month = history.month_folder(build.home, build.month)
    month.mkdir(parents=True, exist_ok=True)
    for leftover in (*month.glob(f"{BUILDING}*"), *month.glob(f"{PARTIAL}*")):
        shutil.rmtree(leftover)
    version = history.next_version(build.home, build.month)
    partial = month / f"{PARTIAL}{version}"
    partial.mkdir()
    with writing(build.month):
        _copy_tables(build, partial, version)
    return partial.rename(month / f"{BUILDING}{version}")


def _require_tables(build: Build) -> None:
    built = {name for (name,) in build.con.sql("select table_name from meta.build").fetchall()}
    missing = sorted(set(contracts()) - built)
    again = f"请先 fangpin run --month {build.month}。"
    if len(missing) == len(contracts()):
        raise GateRefused(f"{build.month} 还没有运行：{again}")
    if missing:
        titles = "、".join(f"{contracts()[name].title}（{name}）" for name in missing[:NAMED])
        others = f"等 {len(missing)} 张表" if len(missing) > NAMED else ""
        raise GateRefused(f"{build.month} 不能发布：{titles}{others}还没有生成。{again}")


@contextmanager
def writing(month: str) -> Iterator[None]:
    """A disk that is full or not writable ends in a HomeError that says so."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        raise HomeError(
            f"{month} 的新版本没有写完（published/{month}）：请检查磁盘空间和写权限后重新运行。"
            f"已发布的版本未受影响。（{type(error).__name__}）"
        ) from error


def put(folder: Path, name: str, month: str, files: Iterable[tuple[str, bytes]]) -> Path:
    """Write files below `folder/name`, which appears only when all of them are written."""
    aside = folder / f".{name}"
    shutil.rmtree(aside, ignore_errors=True)
    for path, content in files:
        with writing(month):
            target = aside / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    shutil.rmtree(folder / name, ignore_errors=True)
    return aside.rename(folder / name)


def _copy_tables(build: Build, folder: Path, version: str) -> None:
    con = build.con
    con.execute(f"attach '{folder / COPY}' as edition (storage_version 'v1.5.0')")
    try:
        con.execute("begin")
        try:
            _fill(build, version)
        except BaseException:
            con.execute("rollback")
            raise
        con.execute("commit")
        con.execute("checkpoint edition")
        for name in (n for n in contracts() if n.startswith("mart.")):
            target = folder / "tables" / f"{name.replace('.', '/')}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            con.execute(f"copy edition.{name} to '{target}' (format parquet, compression zstd)")
    finally:
        con.execute("detach edition")


def _fill(build: Build, version: str) -> None:
    """Every table into the attached copy; explicit DDL, one transaction."""
    con = build.con
    for schema in ("ref", "core", "mart", "meta"):
        con.execute(f"create schema edition.{schema}")
    for contract in contracts().values():
        _copy(con, contract)
    for name, key in META.items():
        con.execute(f"create table edition.meta.{name} as select * from meta.{name} order by {key}")
    con.execute("create table edition.meta.edition (version VARCHAR, previous VARCHAR, policy_version VARCHAR)")
    con.execute("insert into edition.meta.edition values (?, ?, ?)", _edition(build, version))


def _copy(con: duckdb.DuckDBPyConnection, contract: TableContract) -> None:
    """The table in key order under its contract's types, with the Chinese words on it and its columns."""
    target = f"edition.{contract.name}"
    con.execute(contract.ddl().replace(f"table {contract.name} ", f"table {target} "))
    con.execute(f"insert into {target} by name select * from {contract.name} order by {', '.join(contract.key)}")
    con.execute(f"comment on table {target} is {_quoted(contract.grain)}")
    for column in contract.columns:
        con.execute(f'comment on column {target}."{column.name}" is {_quoted(column.description)}')


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def building(home: Path, month: str) -> Path | None:
    """The folder under construction, if there is one."""
    return next(iter(sorted(history.month_folder(home, month).glob(f"{BUILDING}*"))), None)


def current_bundle(build: Build) -> Path:
    """The folder under construction when it holds what the warehouse holds on the same month before; else a new one."""
    folder = building(build.home, build.month)
    if folder is not None:
        with duckdb.connect(str(folder / COPY), read_only=True) as copy:
            same = all(_rows(copy, name) == _rows(build.con, name) for name in META)
            if same and _rows(copy, "edition") == [_edition(build, version_of(folder))]:
                return folder
    return bundle(build)


def _rows(con: duckdb.DuckDBPyConnection, name: str) -> list[tuple[object, ...]]:
    return con.sql(f"select * from meta.{name} order by all").fetchall()


def _edition(build: Build, version: str) -> tuple[str | None, ...]:
    return version, history.reference(build.home, shift(build.month, -1)), build.policy.version


def version_of(folder: Path) -> str:
    """'.building-v002' -> 'v002'."""
    return folder.name.removeprefix(BUILDING)


def digests(copy: duckdb.DuckDBPyConnection) -> dict[str, dict[str, object]]:
    """Row count and ordered hash of every table of the copy but meta."""
    found = {}
    for name, contract in contracts().items():
        rows = int(copy.sql(f"select count(*) from {name}").fetchall()[0][0])
        columns = [(c.name, c.sql_type) for c in contract.columns]
        found[name] = {"rows": rows, "hash": table_digest(copy, name, columns, rows)}
    return found
