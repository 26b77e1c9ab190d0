"""The keys of one batch on their way to the lake: staged in memory, duplicates found, persons and households numbered.

`staging` holds of every accepted row what identifies it: file and row, identity key, household numbers, names, phones,
and the columns of the feed's key. `numbered` holds their integer keys.
Every function runs on the connection that holds both and has `vault` attached.
Does not belong here: the other columns (assets/parts.py), and the order of the steps (assets/batch.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from assets.lake import parquet
from checks.feed import KINDS, FeedColumn, FeedContract
from checks.table import SQL_TYPES

AT_ONCE = 4_000_000
"""Rows whose keys are held in Python at a time: what a file needs does not grow with it."""


def create(con: duckdb.DuckDBPyConnection, contract: FeedContract) -> None:
    """Empty `staging`, `unaccepted` (the same of refused rows, NULL where unreadable) and `refused` (rows of staging
    that the batch as a whole rules out)."""
    columns = ['"file_no" INTEGER', '"source_row" INTEGER']
    columns += [f'"{staged(c)}" {_sql_type(c)}' for c in contract.columns if is_staged(contract, c)]
    con.execute(f"create or replace temp table staging ({', '.join(columns)})")
    con.execute("create or replace temp table unaccepted as from staging")
    con.execute("create or replace temp table refused (id BIGINT, rule VARCHAR, note VARCHAR)")


def is_staged(contract: FeedContract, column: FeedColumn) -> bool:
    return column.personal or column.kind == "household_no" or column.name in contract.key


def staged(column: FeedColumn) -> str:
    """The staging column that holds a contract column."""
    return "person_key" if column.kind == "id_number" else column.name


def _sql_type(column: FeedColumn) -> str:
    return "BIGINT" if column.kind == "id_number" else SQL_TYPES[KINDS[column.kind]]


def load(
    con: duckdb.DuckDBPyConnection, contract: FeedContract, file_no: int, accepted: pl.DataFrame, refused: pl.DataFrame
) -> None:
    """Append rows of a file: the accepted, and what could be read of the refused."""
    columns = [staged(c) for c in contract.columns if is_staged(contract, c)]
    for table, rows in (("staging", accepted), ("unaccepted", refused)):
        if len(rows):
            con.register("judged", rows.select("source_row", *columns))
            con.execute(f"insert into {table} by name select {file_no} as file_no, * from judged")
            con.unregister("judged")


def accepted_rows(con: duckdb.DuckDBPyConnection, file_no: int) -> list[int]:
    """The accepted rows of a file."""
    return [int(row) for (row,) in con.sql(f"select source_row from staging where file_no = {file_no}").fetchall()]


def same_key(
    con: duckdb.DuckDBPyConnection, contract: FeedContract, file_no: int, earlier: int, table: str = "staging"
) -> list[tuple[int, int]]:
    """(row, row of file `earlier`) for each accepted row of file `file_no` that has the key of one of the other's, of
    its accepted ones or of those in another table."""
    found = con.sql(f"""
        select a.source_row, b.source_row from {table} as b join staging as a on {_same_key(contract)}
        where a.file_no = {file_no} and b.file_no = {earlier}""")
    return [(int(row), int(other)) for row, other in found.fetchall()]


def repeated(con: duckdb.DuckDBPyConnection, contract: FeedContract, file_no: int, rows: set[int]) -> set[int]:
    """Which of these rows of a file have the key of a row of the batch before them."""
    con.register("asked", pl.DataFrame({"source_row": sorted(rows)}, schema={"source_row": pl.Int32}))
    found = con.sql(f"""
        select distinct b.source_row from staging as b join staging as a on {_same_key(contract)}
        where b.file_no = {file_no} and b.source_row in (select source_row from asked)
          and (a.file_no < b.file_no or (a.file_no = b.file_no and a.source_row < b.source_row))""").fetchall()
    con.unregister("asked")
    return {int(row) for (row,) in found}


def _same_key(contract: FeedContract) -> str:
    return " and ".join(f'b."{staged(contract.column(n))}" = a."{staged(contract.column(n))}"' for n in contract.key)


def take_out(con: duckdb.DuckDBPyConnection, file_no: int, rows: set[int]) -> None:
    """Remove rows of a file from staging."""
    con.register("gone", pl.DataFrame({"source_row": sorted(rows)}, schema={"source_row": pl.Int32}))
    con.execute(f"delete from staging where file_no = {file_no} and source_row in (select source_row from gone)")
    con.unregister("gone")


def refuse_duplicates(con: duckdb.DuckDBPyConnection, contract: FeedContract) -> None:
    """Rows whose key another row of the batch had before: by file, then by row.

    Hashes of keys, sorted, tell the few rows that are worth comparing by their keys; a share of them at a time.
    """
    key = ", ".join(f'"{staged(contract.column(name))}"' for name in contract.key)
    (rows,) = con.sql("select count(*) from staging").fetchall()[0]
    shares = rows // AT_ONCE + 1
    found = []
    for share in range(shares):
        mine = f"where hash({key}) % {shares} = {share}" if shares > 1 else ""
        hashes = con.sql(f"select hash({key}) as key_hash from staging {mine}").pl()["key_hash"].sort()
        found.append(hashes.filter(hashes == hashes.shift()).unique())
    again = pl.concat(found)
    if again.is_empty():
        return
    con.register("again", again.to_frame())
    con.execute(f"""
        insert into refused
        with ranked as (
          select rowid as id, row_number() over same_key as nth, first_value(source_row) over same_key as first_row,
            if(first_value(file_no) over same_key = file_no, '', '同批另一份文件') as elsewhere
          from staging where hash({key}) in (select key_hash from again)
          window same_key as (partition by {key} order by file_no, source_row))
        select id, 'duplicate_key', '与' || elsewhere || '第' || first_row || '行重复' from ranked where nth > 1""")
    con.unregister("again")


def refuse_delivered_before(con: duckdb.DuckDBPyConnection, contract: FeedContract, earlier: list[Path]) -> None:
    """Rows whose key is in a lake file of an earlier delivery; rows of persons or households unknown so far are new."""
    if not earlier:
        return
    conditions, joins = [], []
    for name in contract.key:
        kind = contract.column(name).kind
        if kind == "id_number":
            joins.append("join vault.person as p on p.id_key = s.person_key")
            conditions.append("e.person_id = p.person_id")
        elif kind == "household_no":
            joins.append(f'join vault.household as h on h.household_no = s."{name}"')
            conditions.append(f'e."{name.replace("_no", "_id")}" = h.household_id')
        else:
            conditions.append(f'e."{name}" is not distinct from s."{name}"')
    con.execute(f"""
        insert into refused
        select distinct s.rowid, 'delivered_before', e.delivery_month || ' 第' || e.source_row || '行已报送'
        from staging as s {" ".join(joins)} join {parquet(earlier)} as e on {" and ".join(conditions)}
        qualify row_number() over (partition by s.rowid order by e.delivery_month, e.source_file, e.source_row) = 1""")


def take_out_refused(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Remove refused rows from staging and return them with rule and note."""
    rows = con.sql("""
        select s.*, r.rule, r.note from staging as s join refused as r on r.id = s.rowid
        order by s.file_no, s.source_row""").pl()
    con.execute("delete from staging where rowid in (select id from refused)")
    con.execute("delete from refused")
    return rows


def add_persons(con: duckdb.DuckDBPyConnection, contract: FeedContract) -> None:
    """Persons of staging that the vault does not know get the next numbers, in the order of their keys."""
    name, phone = _first(contract, "name"), _named(contract, "person_phone")
    _alone(
        con,
        f"""
        insert into vault.person
        select (select coalesce(max(person_id), 0) from vault.person) + row_number() over (), person_key, name, phone
        from (
          select s.person_key, {name} as name, {phone} as phone from staging as s
          where not exists (select 1 from vault.person as p where p.id_key = s.person_key)
          order by s.person_key)""",
    )


def add_households(con: duckdb.DuckDBPyConnection, contract: FeedContract) -> None:
    """Households of staging that the vault does not know get the next numbers, in the order of their own."""
    number, phone = _first(contract, "household_no"), _named(contract, "household_phone")
    _alone(
        con,
        f"""
        insert into vault.household
        select (select coalesce(max(household_id), 0) from vault.household) + row_number() over (), household_no, phone
        from (
          select {number} as household_no, {phone} as phone from staging as s
          where not exists (select 1 from vault.household as h where h.household_no = {number})
          order by {number})""",
    )


def _alone(con: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Run on one thread what cannot be split: a second one at times spins as long as the first inserts (1.5.5)."""
    con.execute("set threads = 1")
    try:
        con.execute(statement)
    finally:
        con.execute("reset threads")


def _first(contract: FeedContract, kind: str) -> str:
    return next(f's."{c.name}"' for c in contract.columns if c.kind == kind)


def _named(contract: FeedContract, name: str) -> str:
    return f's."{name}"' if any(c.name == name for c in contract.columns) else "cast(null as VARCHAR)"


def number(con: duckdb.DuckDBPyConnection, contract: FeedContract) -> None:
    """`numbered`: of every row of staging its file, its row, and the integer keys, NULL where nobody is known."""
    columns, joins = [], []
    for column in contract.columns:
        if column.kind == "id_number":
            joins.append("left join vault.person as p on p.id_key = s.person_key")
            columns.append("p.person_id")
        elif column.kind == "household_no":
            h = f"h{len(joins)}"
            joins.append(f'left join vault.household as {h} on {h}.household_no = s."{column.name}"')
            columns.append(f'{h}.household_id as "{_key_name(column)}"')
    con.execute(f"""
        create or replace temp table numbered as
        select {", ".join(["s.file_no", "s.source_row", *columns])} from staging as s {" ".join(joins)}""")


def ids(con: duckdb.DuckDBPyConnection, file_no: int) -> Iterator[pl.DataFrame]:
    """source_row and the integer keys of a file's rows, named as in the lake, by row; so many rows at once."""
    mine = f"from numbered where file_no = {file_no}"
    (last,) = con.sql(f"select coalesce(max(source_row), 0) {mine}").fetchall()[0]
    for first in range(0, last + 1, AT_ONCE):
        rows = f"source_row >= {first} and source_row < {first + AT_ONCE}"
        found = con.sql(f"select * exclude (file_no) {mine} and {rows}").pl()
        if len(found):
            yield found[_order(found["source_row"] - first)]


def _order(rows: pl.Series) -> pl.Series:
    """Where each row number stands, by row number: they are distinct and dense, so they are placed, not sorted."""
    places = np.full((rows.max() or 0) + 1, -1, dtype=np.int32)
    places[rows.to_numpy()] = np.arange(len(rows), dtype=np.int32)
    return pl.Series(places[places >= 0])


def _key_name(column: FeedColumn) -> str:
    return "person_id" if column.kind == "id_number" else column.name.replace("_no", "_id")


def list_unmatched(con: duckdb.DuckDBPyConnection, contract: FeedContract, file_no: int, month: str, sha16: str) -> int:
    """List the file's rows whose person or household nobody knows in the vault; how many there are."""
    keys = [c for c in contract.columns if c.kind in ("id_number", "household_no") and c.required]
    con.execute(
        f"delete from vault.unmatched where feed = '{contract.name}' and month = '{month}' and file = '{sha16}'"
    )
    if not keys:
        return 0
    nothing = "cast(null as VARCHAR)"
    number = _ID_NUMBER if any(c.kind == "id_number" for c in keys) else nothing
    household = next((f's."{c.name}"' for c in keys if c.kind == "household_no"), nothing)
    name = next((f's."{c.name}"' for c in contract.columns if c.kind == "name"), nothing)
    unknown = " or ".join(f'"{_key_name(c)}" is null' for c in keys)
    strangers = f"select source_row from numbered where file_no = {file_no} and ({unknown})"
    con.execute(f"""
        insert into vault.unmatched
        select '{contract.name}', '{month}', '{sha16}', s.source_row, {number}, {household}, {name}
        from staging as s join ({strangers}) as stranger on stranger.source_row = s.source_row
        where s.file_no = {file_no} order by s.source_row""")
    return int(con.sql(f"select count(*) from ({strangers})").fetchall()[0][0])


_ID_NUMBER = """lpad(cast(s.person_key // 11 as VARCHAR), 17, '0')
  || case s.person_key % 11 when 10 then 'X' else cast(s.person_key % 11 as VARCHAR) end"""
"""The number of a key: fangpin.identity.number in SQL."""
