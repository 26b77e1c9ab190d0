"""Fetching: a declared query becomes a file of the inbox, from there on like any that a department sent.

The csv is written aside and renamed; then the ledger notes it, and how far its watermark came.
Does not belong here: how a source is declared (database.py) and asked (querying.py), what becomes of the file
(delivery.py).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import polars as pl

from assets import ledger
from assets.build import POLICY_FOLDER
from assets.database import DatabaseSource, Mark, SourceError, declared, failure, written
from assets.querying import Query, Seconds, asked
from fangpin import policy as policies
from fangpin.month import end

Report = Callable[[str], None]
SUFFIX = "_数据库.csv"
"""How the name of a fetched file ends."""
PROGRESS_ROWS = 500_000


def fetch(
    home: Path,
    month: str,
    *,
    feed: str | None = None,
    again: bool = False,
    report: Report = lambda _: None,
) -> list[Path]:
    """Fetch what is declared for the month and not in its inbox yet (again: all of it); the files written.

    Every source is tried; then SourceError with what went wrong with any.
    """
    sources = [source for source in declared(home) if feed in (None, source.contract.name)]
    if feed is not None and not sources:
        raise SourceError(f"没有为 {feed} 声明数据库来源：请在 {home / 'sources'} 里写一份 yaml。")
    due = [source for source in sources if source.since <= month]
    done: list[Path] = []
    problems: list[str] = []
    if due:
        seconds = _seconds(month)
        with _alone(home):
            for source, place in [(each, place) for each in due for place in each.places]:
                try:
                    if again or not _is_fetched(home, month, source, place):
                        done.append(_fetch(home, month, source, place, seconds, report))
                except SourceError as problem:
                    problems.append(str(problem))
    if problems:
        raise SourceError(
            f"{month} 有 {len(problems)} 项数据没有从数据库取到，收件目录里没有留下半份文件：\n"
            + "\n".join(f"  {problem}" for problem in problems)
        )
    return done


def fetched_path(month: str, source: DatabaseSource, place: str) -> str:
    """Where the fetched file lies, relative to inbox/."""
    contract = source.contract
    name = contract.name if contract.place_level == "province" else f"{contract.name}_{place}"
    return f"{month}/{contract.source}/{name}{SUFFIX}"


def _seconds(month: str) -> Seconds:
    policy = policies.load(POLICY_FOLDER)
    names = ("database_connect_seconds", "database_statement_seconds")
    return Seconds(*(int(policy.value(f"intake.{name}", "", end(month)).value) for name in names))


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One process fetches at a time: two would write the same files."""
    (home / "ledger").mkdir(parents=True, exist_ok=True)
    with (home / "ledger" / "fetching.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SourceError("另一个进程正在从数据库取数：请等它结束后重试。") from None
        yield


def _is_fetched(home: Path, month: str, source: DatabaseSource, place: str) -> bool:
    with ledger.open_ledger(home) as book:
        known = ledger.last_fetched(book, source.contract.name, place)
    return month in known and (home / "inbox" / fetched_path(month, source, place)).is_file()


def _fetch(home: Path, month: str, source: DatabaseSource, place: str, seconds: Seconds, report: Report) -> Path:
    contract, relative = source.contract, fetched_path(month, source, place)
    path = home / "inbox" / relative
    with asked(source, month, place, _last_mark(home, month, source, place), seconds) as query:
        try:
            with _placed(path) as file:
                rows = _write(file, query, lambda rows: report(f"{contract.title} {month}：已从数据库读 {rows:,} 行"))
                if rows == 0 and contract.place_level != "province":
                    raise failure(
                        source,
                        f"地区 {place} 没有一行，每市一份的数据不能是空的：请核对 query；没有可报的市从 places 里删去",
                    )
        except OSError as error:
            raise failure(source, f"写不进 inbox/{relative}（{error.strerror}）：请核对磁盘空间和权限") from None
    with ledger.open_ledger(home) as book:
        column = None if source.watermark is None else source.watermark.column
        reached = None if query.reached is None else written(query.reached)
        ledger.record_fetched(
            book, ledger.Fetched(contract.name, month, place, rows, column, reached, _hash(source), relative)
        )
    report(f"{contract.title} {month}：从{source.where}取得 {rows:,} 行，放入 inbox/{relative}")
    return path


@contextlib.contextmanager
def _placed(path: Path) -> Iterator[IO[bytes]]:
    """A file for its owner only, in its place once it is whole: written aside, and gone after any failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".part")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            aside.replace(path)
        except BaseException:
            aside.unlink()
            raise


def _write(file: IO[bytes], query: Query, report: Callable[[int], None]) -> int:
    """The query's header and rows as csv, quoted where a cell needs it; how many. report: is told how many so far."""
    rows = 0
    file.write(pl.DataFrame(query.schema.empty_table()).write_csv().encode())
    for batch in query.batches():
        file.write(pl.DataFrame(batch).write_csv(include_header=False).encode())
        rows += batch.num_rows
        if rows % PROGRESS_ROWS < batch.num_rows:
            report(rows)
    return rows


def _last_mark(home: Path, month: str, source: DatabaseSource, place: str) -> Mark | None:
    """How far the fetches of earlier months came: a month fetched again starts where it started."""
    watermark = source.watermark
    if watermark is None:
        return None
    with ledger.open_ledger(home) as book:
        known = ledger.last_fetched(book, source.contract.name, place)
    before = [known[each] for each in sorted(known) if each < month and known[each].mark_column == watermark.column]
    if not before:
        return watermark.start
    try:
        return watermark.read(str(before[-1].watermark))
    except ValueError:
        raise failure(
            source,
            f"台账里 {before[-1].month} 的水位与 watermark 的 start 不是同一类："
            "请把 start 改回原来的写法，或换一个水位列",
        ) from None


def _hash(source: DatabaseSource) -> str:
    """What tells one query from another."""
    said = [source.query, dict(source.columns), None if source.watermark is None else source.watermark.column]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
