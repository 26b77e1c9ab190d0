"""The ordered hash of a table: equal content in equal order gives equal hashes, on any version of the engine.

Hashed are the values themselves, column by column in key order: which are unknown, then the values. Nothing of how an
engine stores, prints or hashes them. Does not belong here: what is hashed (bundle.py) and where it is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import duckdb
import polars as pl


def column_digest(values: pl.Series) -> str:
    """SHA-256 of a column: its unknowns as one byte each, then its values as little-endian numbers or UTF-8 text."""
    some_unknown = values.null_count() > 0
    unknown = values.is_null().cast(pl.UInt8).to_numpy().tobytes() if some_unknown else bytes(len(values))
    digest = hashlib.sha256(unknown)
    if values.dtype == pl.String:
        known = values.fill_null("") if some_unknown else values
        digest.update(known.str.len_bytes().to_numpy().astype("<u4").tobytes())
        digest.update("".join(known.to_list()).encode())
    elif values.dtype == pl.Float64:
        known = values.fill_null(0.0) if some_unknown else values
        digest.update((known.to_numpy() + 0.0).astype("<f8").tobytes())  # + 0.0: -0.0 is 0.0
    else:
        known = values.cast(pl.Int64)
        digest.update((known.fill_null(0) if some_unknown else known).to_numpy().astype("<i8").tobytes())
    return digest.hexdigest()


CELLS = 5_000_000
"""Cells read at a time: small tables whole, large ones column by column."""


def table_digest(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[tuple[str, str]], rows: int) -> str:
    """SHA-256 over (name, type, digest) of every column of a table that lies in key order and has so many rows."""
    parts = []
    step = max(1, CELLS // max(rows, 1))
    for start in range(0, len(columns), step):
        some = columns[start : start + step]
        listed = ", ".join(f'"{name}"' for name, _ in some)
        frame = con.sql(f"select {listed} from {table}").pl()
        parts += [[name, sql_type, column_digest(frame[name])] for name, sql_type in some]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
