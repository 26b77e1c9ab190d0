"""A PostgreSQL of one's own: a new cluster in a temporary folder, on loopback, stopped by who started it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

ADMIN, READER, PASSWORD = "postgres", "reader", "canary-Wq7-mima"
"""The reader may only read; its password is searched for in everything that is said."""
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{READER}@127.0.0.1:{self.port}/{ADMIN}"

    def run(self, *statements: str, rows: list[tuple[Any, ...]] | None = None) -> None:
        """Execute as the owner of the database; the last statement once for each of `rows`, if given."""
        with psycopg.connect(host="127.0.0.1", port=self.port, user=ADMIN, password=PASSWORD, dbname=ADMIN) as con:
            *first, last = statements
            for statement in first:
                con.execute(statement)
            if rows is None:
                con.execute(last)
            else:
                con.cursor().executemany(last, rows)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def started() -> Iterator[Server]:
    """Runs until the block ends. Without PostgreSQL the test fails: it is never skipped."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="fangpin-postgres-"))
    account = _account(folder)
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)
    try:
        subprocess.run(
            [
                *(programs / "initdb", "-D", folder / "data", "-U", ADMIN, "-E", "UTF8", "--locale=C.UTF-8"),
                *("--no-sync", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"),
            ],
            **account,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "fsync": "off",
            "log_statement": "all",
        }
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    programs / "postgres",
                    "-D",
                    folder / "data",
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                **account,
                cwd=folder,
                stderr=log,
                stdout=log,
            )
        try:
            server = Server(port, folder / "log")
            _wait(server, process)
            server.run(
                f"create role {READER} login password '{PASSWORD}'",
                f"alter default privileges grant select on tables to {READER}",
            )
            yield server
        finally:
            process.send_signal(2)  # fast shutdown: no waiting for who is connected
            process.wait(START_SECONDS)
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    named = shutil.which("initdb")
    if not found and named is None:
        pytest.fail("没有 PostgreSQL，数据库取数没有测试：请安装 apt-get install postgresql", pytrace=False)
    return (found[-1] if found else Path(str(named))).parent


def _account(folder: Path) -> dict[str, Any]:
    """PostgreSQL does not run as root: then as the account that its package made."""
    if os.getuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 10):
        if process.poll() is not None:
            break
        try:
            return server.run("select 1")
        except psycopg.OperationalError:
            time.sleep(0.1)
    pytest.fail(f"PostgreSQL 没有启动：\n{server.said()[-2000:]}", pytrace=False)
