"""Every audit seen to fail on rows that offend: tests/sql/audits_<schema>.yaml says what is given and how many offend.

A case has `audit` ('schema.table name'), `found` (offending rows) and `given` (table -> rows).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
import yaml
from sqlglot import exp

from checks.catalogue import contracts
from tests.sql.test_sql_models import create_table

AUDITS = {f"{name} {audit.name}": audit for name, contract in contracts().items() for audit in contract.audits}
CASES = [
    case
    for path in sorted(Path(__file__).parent.glob("audits_*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['audit']} {case['found']}")
def test_audit(case: Mapping[str, Any]) -> None:
    sql = AUDITS[case["audit"]].sql
    given = dict(case.get("given") or {})
    found = [t for t in sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Table) if t.db]
    tables = {".".join(part for part in (t.catalog, t.db, t.name) if part) for t in found}
    assert set(given) <= tables, "given but not read"
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as prev")
        for name in tables:
            create_table(con, name, given.get(name, []))
        offending = con.sql(f"select count(*) from ({sql}) as offending").fetchall()[0][0]
    assert offending == case["found"]


@pytest.mark.parametrize(
    "schema", [path.stem.removeprefix("audits_") for path in Path(__file__).parent.glob("audits_*.yaml")]
)
def test_every_audit_of_the_schema_is_seen_to_fail(schema: str) -> None:
    seen = {case["audit"] for case in CASES if case["found"] > 0}
    assert {name for name in AUDITS if name.startswith(f"{schema}.")} - seen == set()
