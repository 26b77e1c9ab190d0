"""Dagster's SQLite storage, with one engine and one lasting connection for each file of its event log.

Dagster's own class makes a new engine for every connection, some 7,000 in a month's run: each compiles its statements
anew, and the last to close writes its journal back into the file and deletes it. Named in dagster.yaml. Does not belong
here: what is stored, and any other storage.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData

OPEN_RUNS = 8
"""How many runs' files stay open in one process."""


class Storage(DagsterSqliteStorage):
    """Dagster's own, in the same files, but for the event log."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = EventLog(str(Path(self._event_log_storage.path_for_shard("index")).parent))

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Storage:
        return cls.from_local(inst_data=inst_data, **config_value)


class EventLog(SqliteEventLogStorage):
    """The same files, read and written by the same statements."""

    def __init__(self, base_dir: str) -> None:
        self._engines: dict[str, sa.Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def store_event(self, event: EventLogEntry) -> None:
        """The screens follow a run by the changes of its own file, which the journal beside it does not make."""
        super().store_event(event)
        os.utime(self.path_for_shard(event.run_id))

    def has_table(self, table_name: str) -> bool:
        """Tables are made with the index and never dropped: one that was there is not looked for again."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        super().dispose()
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()

    def _engine(self, shard: str) -> sa.Engine:
        """The shard's engine, its tables made."""
        if shard not in self._engines:
            self._forget_the_oldest()
            engine = sa.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=sa.QueuePool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
            )
            sa.event.listen(engine, "connect", _flush_at_checkpoints)
            self._engines[shard] = engine
        if shard not in self._initialized_dbs:
            self._initdb(self._engines[shard])
            self._initialized_dbs.add(shard)
        return self._engines[shard]

    def _forget_the_oldest(self) -> None:
        """A server that shows many runs keeps the files of the last ones open, not of all."""
        runs = [shard for shard in self._engines if shard != INDEX_SHARD_NAME]
        for shard in runs[: max(0, len(runs) - OPEN_RUNS + 1)]:
            self._engines.pop(shard).dispose()


def _flush_at_checkpoints(connection: sqlite3.Connection, _record: object) -> None:
    """Written to the disk when the journal is written back, not event by event: a power cut loses the last events of
    the screens, and never damages the file (sqlite.org, PRAGMA synchronous, WAL).
    """
    connection.execute("pragma synchronous = normal")
