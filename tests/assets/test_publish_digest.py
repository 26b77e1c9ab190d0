"""The ordered hash: content and order count; how rows were inserted, and how an engine stores them, do not."""

from __future__ import annotations

import hashlib
import json
import struct
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.publish import digest
from assets.publish.digest import column_digest, table_digest

COLUMNS = [("id", "INTEGER"), ("name", "VARCHAR"), ("ratio", "DOUBLE"), ("day", "DATE"), ("known", "BOOLEAN")]
ROWS = [
    (1, "赵家坪村", 0.5, "2021-10-31", True),
    (2, None, None, None, None),
    (3, "", 0.0, "2021-12-31", False),
    (4, "a", -0.25, "1970-01-01", True),
]


def table(rows: list[tuple[Any, ...]]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create table made (id integer, name varchar, ratio double, day date, known boolean)")
    for row in rows:
        con.execute("insert into made values (?, ?, ?, ?, ?)", row)
    con.execute("create table t as select * from made order by id")
    return con


def hashed(con: duckdb.DuckDBPyConnection) -> str:
    return table_digest(con, "t", COLUMNS, con.sql("select count(*) from t").fetchall()[0][0])


def test_against_bytes_written_by_hand() -> None:
    """An integer column with one unknown, packed here with struct."""
    expected = hashlib.sha256(bytes([0, 1, 0]) + struct.pack("<qqq", 7, 0, -2)).hexdigest()
    assert column_digest(pl.Series("n", [7, None, -2], dtype=pl.Int32)) == expected
    text = hashlib.sha256(bytes([0, 0, 1]) + struct.pack("<III", 6, 0, 0) + "甲乙".encode()).hexdigest()
    assert column_digest(pl.Series("s", ["甲乙", "", None])) == text
    ratio = hashlib.sha256(bytes([0, 0]) + struct.pack("<dd", 0.5, 0.0)).hexdigest()
    assert column_digest(pl.Series("x", [0.5, -0.0])) == ratio
    parts = json.dumps([["n", "INTEGER", expected]]).encode()
    con = duckdb.connect()
    con.execute("create table t as select * from (values (7), (null), (-2)) as v(n)")
    assert table_digest(con, "t", [("n", "INTEGER")], 3) == hashlib.sha256(parts).hexdigest()


def test_insert_order_does_not_count() -> None:
    assert hashed(table(ROWS)) == hashed(table(ROWS[::-1])) == hashed(table([ROWS[i] for i in (2, 0, 3, 1)]))


@pytest.mark.parametrize("cells", [1, 3, 10**9])
def test_reading_in_parts_does_not_count(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    whole = hashed(table(ROWS))
    monkeypatch.setattr(digest, "CELLS", cells)
    assert hashed(table(ROWS)) == whole


@pytest.mark.parametrize(
    "changed",
    [
        ROWS[:3],
        [*ROWS, (5, "b", 1.0, "2021-01-01", True)],
        [*ROWS[:3], (4, "b", -0.25, "1970-01-01", True)],
        [*ROWS[:3], (4, "a", -0.25000000000000006, "1970-01-01", True)],
        [*ROWS[:3], (4, "a", -0.25, "1970-01-02", True)],
        [*ROWS[:3], (4, "a", -0.25, "1970-01-01", False)],
        [*ROWS[:3], (4, "a", None, "1970-01-01", True)],
        [ROWS[0], (2, "", None, None, None), *ROWS[2:]],
        [ROWS[0], (2, None, 0.0, None, None), *ROWS[2:]],
    ],
)
def test_every_change_of_content_counts(changed: list[tuple[Any, ...]]) -> None:
    assert hashed(table(changed)) != hashed(table(ROWS))


def test_name_and_type_count() -> None:
    con = table(ROWS)
    con.execute("alter table t rename column id to number")
    renamed = [("number", "INTEGER"), *COLUMNS[1:]]
    assert table_digest(con, "t", renamed, 4) != hashed(table(ROWS))
    assert table_digest(table(ROWS), "t", [("id", "BIGINT"), *COLUMNS[1:]], 4) != hashed(table(ROWS))


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=5)), max_size=6),
    st.lists(st.one_of(st.none(), st.text(max_size=5)), max_size=6),
)
def test_text_columns_are_equal_exactly_when_their_hashes_are(one: list[str | None], other: list[str | None]) -> None:
    same = column_digest(pl.Series(one, dtype=pl.String)) == column_digest(pl.Series(other, dtype=pl.String))
    assert same == (one == other)
