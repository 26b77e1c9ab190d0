"""The identity vault: ID numbers, names and phones <-> dense integer keys, and the raw text of refused rows. Encrypted.

`vault/identity.duckdb` is encrypted with the key of `vault/key` (or of the file FANGPIN_VAULT_KEY names), which the
first run creates, readable by its owner only. One writer at a time, across processes. Nothing here is ever logged.
Does not belong here: which rows become persons or households (assets/batch.py).
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import duckdb
import polars as pl

from assets.locks import LOCK_TIMEOUT, alone
from fangpin.errors import HomeError

MEMORY_MB = 512
"""What DuckDB may hold while a feed is taken in; the rest it spills, encrypted, into the vault's folder."""
PERSON_BYTES = 64
"""What is added for every person known, whose key and number a join holds: a spilled join reads everything again."""

_TABLES = (
    "create table if not exists vault.person (person_id INTEGER, id_key BIGINT, name VARCHAR, phone VARCHAR)",
    "create table if not exists vault.household (household_id INTEGER, household_no VARCHAR, phone VARCHAR)",
    """create table if not exists vault.quarantine (
      feed VARCHAR, month VARCHAR, file VARCHAR, row INTEGER, raw VARCHAR, reasons VARCHAR)""",
    """create table if not exists vault.unmatched (
      feed VARCHAR, month VARCHAR, file VARCHAR, row INTEGER, id_number VARCHAR, household_no VARCHAR, name VARCHAR)""",
)


def folder(home: Path) -> Path:
    """The vault's folder, which only its owner may enter."""
    home.mkdir(parents=True, exist_ok=True)
    folder = home / "vault"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def key_path(home: Path) -> Path:
    """The file that holds the key: FANGPIN_VAULT_KEY, or vault/key in the home folder."""
    named = os.environ.get("FANGPIN_VAULT_KEY")
    return Path(named) if named else home / "vault" / "key"


def _key(home: Path) -> str:
    path = key_path(home)
    if not path.exists():
        if (home / "vault" / "identity.duckdb").exists():
            raise HomeError(f"身份库的密钥文件不见了（{path}）：请从备份恢复；没有它无法打开身份库。")
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.part")
        aside.unlink(missing_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)  # whole or not at all, and never over another key
        aside.unlink()
    if path.stat().st_mode & 0o077:
        raise HomeError(f"身份库的密钥文件 {path} 能被其他用户读取：请执行 chmod 600 后重试。")
    return path.read_text().strip()


def connect(home: Path) -> duckdb.DuckDBPyConnection:
    """A private in-memory DuckDB that can encrypt; what it spills lies in the vault's folder, encrypted."""
    spill = folder(home) / "spill"
    spill.mkdir(exist_ok=True, mode=0o700)
    return _database(spill).cursor()


@lru_cache(maxsize=1)
def _database(spill: Path) -> duckdb.DuckDBPyConnection:
    """The database behind `connect`, once a process: each time, the extension's signature alone costs 0.1 s."""
    con = duckdb.connect(config={"memory_limit": f"{MEMORY_MB}MB", "autoinstall_known_extensions": "false"})
    con.execute(f"load '{_httpfs()}'")
    con.execute("set temp_file_encryption = true")
    con.execute(f"set temp_directory = '{spill}'")
    return con


def _httpfs() -> Path:
    """The extension whose OpenSSL DuckDB encrypts with, from the installed package of the same version."""
    package = find_spec("duckdb_extension_httpfs")
    if package is None or package.origin is None:
        raise HomeError("缺少 duckdb-extension-httpfs：身份库无法加密。请按锁定的依赖重新安装。")
    folder = Path(package.origin).parent / "extensions" / f"v{duckdb.__version__}"
    path = folder / "httpfs.duckdb_extension"
    if not path.is_file():
        raise HomeError(f"duckdb-extension-httpfs 与 duckdb {duckdb.__version__} 不匹配：请按锁定的依赖重新安装。")
    return path


@contextmanager
def attached(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    who: str,
    report: Callable[[str], None] = lambda _: None,
    timeout: float = LOCK_TIMEOUT,
) -> Iterator[None]:
    """The vault attached to `con` as `vault`, in one transaction: committed at the end, rolled back on any exception.

    who: what holds it, told to those who wait. Raises HomeError when another holds it for longer than `timeout` s.
    """
    path = home / "vault" / "identity.duckdb"
    with alone(folder(home) / "lock", "身份库", who, report, timeout):
        if not path.exists() and any((home / "lake").glob("*/month=*/*.parquet")):
            raise HomeError(
                "身份库不见了，但 lake/ 里还有用它编号的数据：请从备份恢复 vault/identity.duckdb 后再运行。"
            )
        key = _key(home)
        if not path.exists():
            _create(con, path, key)
        try:
            con.execute(f"attach '{path}' as vault (encryption_key '{key}')")
        except duckdb.Error as error:
            if "Could not set lock" in str(error):
                raise HomeError(
                    f"{who} 打不开身份库：另一个程序正打开着 vault/identity.duckdb。请关闭它后重试。"
                ) from None
            kind = type(error).__name__
            raise HomeError(
                f"身份库打不开（{kind}）：请核对密钥文件 {key_path(home)} 与 vault/identity.duckdb 是否成对。"
            ) from None
        try:
            con.execute("begin")
            try:
                for statement in _TABLES:
                    con.execute(statement)
                (persons,) = con.sql("select count(*) from vault.person").fetchall()[0]
                con.execute(f"set memory_limit = '{MEMORY_MB + persons * PERSON_BYTES // 2**20}MB'")
                yield
                con.execute("commit")
            except BaseException:
                with contextlib.suppress(duckdb.TransactionException):
                    con.execute("rollback")
                raise
        finally:
            con.execute("detach vault")


def _create(con: duckdb.DuckDBPyConnection, path: Path, key: str) -> None:
    """An empty vault, made aside: a disk that fills meanwhile leaves no file that could not be opened again."""
    aside = path.with_suffix(".part")
    aside.unlink(missing_ok=True)
    con.execute(f"attach '{aside}' as made (encryption_key '{key}')")
    con.execute("detach made")
    aside.replace(path)


def keep_quarantine(
    con: duckdb.DuckDBPyConnection, feed: str, month: str, sha16: str, rows: Iterable[tuple[int, str, str]]
) -> None:
    """Replace the file's refused rows: (row, raw cells as JSON, rules as JSON)."""
    schema = {"row": pl.Int32, "raw": pl.String, "reasons": pl.String}
    con.execute(f"delete from vault.quarantine where feed = '{feed}' and month = '{month}' and file = '{sha16}'")
    con.register("kept", pl.DataFrame(list(rows), schema, orient="row"))
    con.execute(
        f"insert into vault.quarantine select '{feed}', '{month}', '{sha16}', row, raw, reasons from kept order by row"
    )
    con.unregister("kept")


def quarantined(con: duckdb.DuckDBPyConnection, feed: str, month: str, sha16: str) -> dict[int, str]:
    """Row -> raw cells as JSON of a file's refused and doubted rows; `con` has the vault attached."""
    found = con.execute(
        "select row, raw from vault.quarantine where feed = ? and month = ? and file = ?", [feed, month, sha16]
    )
    return dict(found.fetchall())
