"""No ID number, name or phone of the sample's people leaves the vault: everything else the runs wrote is searched."""

from __future__ import annotations

import csv
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from fangpin.places import divisions_of_month
from tests.conftest import CHECKOUT, MONTHS

ID_LIKE = re.compile(rb"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
PHONE_LIKE = re.compile(rb"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
CHINESE = re.compile("[\u4e00-\u9fff]{3,}")
APART = {"vault", "inbox", "truth"}
"""Where personal data may be: the vault with its quarantine, what departments delivered, and the sample's truth."""


@dataclass(frozen=True)
class People:
    ids: frozenset[bytes]
    phones: frozenset[bytes]
    names: frozenset[str]
    rare_names: frozenset[str]  # names of three characters that no other text of the project contains

    def leaks(self, data: bytes) -> list[str]:
        """What kind of personal data a piece of output holds; never the value itself."""
        found = []
        if any(match in self.ids for match in ID_LIKE.findall(data)):
            found.append("ID number")
        if any(match in self.phones for match in PHONE_LIKE.findall(data)):
            found.append("phone")
        words = set(CHINESE.findall(data.decode(errors="ignore")))
        if any(word[i : i + 3] in self.rare_names for word in words for i in range(len(word) - 2)):
            found.append("name")
        return found


@pytest.fixture(scope="module")
def people(province: Path) -> People:
    ids, phones, names = set(), set(), set()
    for month in MONTHS:
        for path in (province / "inbox" / month).glob("*/农户家庭成员名册_*.csv"):
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    ids.add(row["证件号码"].strip().upper().encode())
                    names.add(row["姓名"])
                    phones.add(row["家庭成员联系电话"].encode())
        for path in (province / "inbox" / month).glob("*/农户名册_*.csv"):
            with path.open(encoding="utf-8-sig", newline="") as file:
                phones |= {row["户联系电话"].encode() for row in csv.DictReader(file)}
    other = divisions_of_month(MONTHS[0]).write_csv() + "".join(
        p.read_text(encoding="utf-8")
        for folder in ("fangpin", "assets", "checks", "policy", "sql", "docs")
        for p in (CHECKOUT / folder).rglob("*")
        if p.suffix in {".py", ".sql", ".yaml", ".md", ".html"} and "sample" not in p.parts
    )
    usual = {word[i : i + 3] for word in set(CHINESE.findall(other)) for i in range(len(word) - 2)}
    rare = {name for name in names if len(name) == 3} - usual
    assert len(ids) > 10_000
    assert len(phones) > 1_000
    assert len(rare) > 400
    return People(frozenset(ids), frozenset(phones - {b""}), frozenset(names), frozenset(rare))


def written(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.relative_to(home).parts[0] not in APART:
            yield path


def texts(path: Path) -> Iterator[tuple[str, bytes]]:
    """(where, content) of a file, unpacked: sheets of workbooks, text columns of tables."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            yield from ((name, book.read(name)) for name in book.namelist())
    elif path.suffix == ".parquet":
        frame = pl.read_parquet(path)
        for name, kind in frame.schema.items():
            if kind == pl.String:
                yield name, "\n".join(frame[name].drop_nulls().unique().to_list()).encode()
    elif path.suffix == ".duckdb":
        with duckdb.connect(path, read_only=True) as con:
            for schema, table, column in con.sql(
                """select schema_name, table_name, column_name from duckdb_columns()
                   where data_type = 'VARCHAR' and not internal and schema_name <> 'raw'"""
            ).fetchall():
                values = con.sql(f'select distinct "{column}" from {schema}."{table}" where "{column}" is not null')
                yield f"{schema}.{table}.{column}", "\n".join(v for (v,) in values.fetchall()).encode()
    elif path.suffix in {".db", ".sqlite"}:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as con:
            yield path.name, "\n".join(con.iterdump()).encode()
    else:
        yield path.name, path.read_bytes()


def test_nothing_personal_is_written_outside_the_vault(province: Path, people: People) -> None:
    found = {
        f"{path.relative_to(province)}: {where}": kinds
        for path in written(province)
        for where, content in texts(path)
        if (kinds := people.leaks(content))
    }
    assert found == {}


def test_published_text_columns_hold_no_name(province: Path, people: People) -> None:
    """Names of two characters too: no cell of a published table is one, but for names of places."""
    published = province / "published" / (province / "published/CURRENT").read_text(encoding="utf-8").strip()
    for path in sorted(published.glob("tables/*/*.parquet")):
        frame = pl.read_parquet(path)
        for column in [c for c, kind in frame.schema.items() if kind == pl.String and not c.endswith("_name")]:
            assert not set(frame[column].drop_nulls().unique()) & people.names, f"{path.name} {column}"


def test_the_search_finds_what_it_is_looking_for(province: Path, people: People) -> None:
    """The vault's quarantine and the inbox do hold them, so an empty result above means something."""
    delivered = next((province / "inbox/2021-10").glob("*/农户家庭成员名册_*.csv")).read_bytes()
    assert people.leaks(delivered) == ["ID number", "phone", "name"]
    vault = next((province / "vault").glob("*.duckdb")).read_bytes()
    assert people.leaks(vault) == []  # encrypted at rest
