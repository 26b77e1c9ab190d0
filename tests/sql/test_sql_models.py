"""Every SQL model on hand-made rows: tests/sql/<schema>/<table>.yaml says what is given and what must come out.

A case has `name`, `month`, `given` (table -> rows) and `expect` (rows in key order). Tables not named are empty,
columns not named NULL, columns not named in `expect` not compared. ref.month is the month's unless given;
ref.threshold holds policy/threshold.yaml and ref.ranking policy/ranking.yaml, overridden column by column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from checks.catalogue import contracts
from checks.raw import FEEDS
from fangpin.month import end, windows
from fangpin.policy import load
from pipelines.models import Model, load_models

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
MODELS = {model.name: model for model in load_models(CHECKOUT / "sql")}
CONTRACTS = contracts()
POLICY = load(CHECKOUT / "policy")

CASES = [
    pytest.param(MODELS[f"{path.parent.name}.{path.stem}"], case, id=f"{path.parent.name}.{path.stem}: {case['name']}")
    for path in sorted(HERE.glob("*/*.yaml"))
    if f"{path.parent.name}.{path.stem}" in MODELS
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("model", "case"), CASES)
def test_model(model: Model, case: Mapping[str, Any]) -> None:
    given = _defaults(case["month"]) | dict(case.get("given") or {})
    for name, values in (("ref.threshold", _thresholds), ("ref.ranking", _ranking)):
        if name in (case.get("given") or {}):
            given[name] = [values(case["month"]) | case["given"][name][0]]
    unread = set(case.get("given") or {}) - set(model.inputs)
    assert unread == set(), f"given but not read by {model.name}"
    contract = CONTRACTS[model.name]
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as prev")
        for name in model.inputs:
            create_table(con, name, given.get(name, []))
        con.execute("create schema if not exists " + model.name.split(".")[0])
        con.execute(contract.ddl())
        con.execute(f"insert into {model.name} by name {model.sql.replace('$month', repr(case['month']))}")
        found = con.sql(f"select * from {model.name} order by {', '.join(contract.key)}").pl().to_dicts()
    named = [{column: row[column] for column in wanted} for row, wanted in zip(found, case["expect"], strict=False)]
    assert [_plain(row) for row in named] == [_approximately(row) for row in case["expect"]]
    assert len(found) == len(case["expect"])


def _defaults(month: str) -> dict[str, list[dict[str, Any]]]:
    return {
        "ref.month": [windows(month)],
        "ref.threshold": [_thresholds(month)],
        "ref.ranking": [_ranking(month)],
    }


def _thresholds(month: str) -> dict[str, Any]:
    return {name: POLICY.value(f"threshold.{name}", "", end(month)).value for name in POLICY.group("threshold")}


def _ranking(month: str) -> dict[str, Any]:
    values = {name: POLICY.value(f"ranking.{name}", "", end(month)).value for name in POLICY.group("ranking")}
    return values | {"ranked_classes": "、".join(values["ranked_classes"])}


def create_table(con: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> None:
    layer, _, short = name.rpartition(".")
    con.execute(f"create schema if not exists {layer}")
    if layer == "raw":
        columns = {column: sql_type for column, sql_type, _ in FEEDS[short].lake_columns}
    else:
        columns = {column.name: column.sql_type for column in CONTRACTS[name.removeprefix("prev.")].columns}
    body = ", ".join(f'"{column}" {sql_type}' for column, sql_type in columns.items())
    con.execute(f"create table {name} ({body})")
    for row in rows:
        unknown = set(row) - set(columns)
        assert unknown == set(), f"no such column in {name}"
        marks = ", ".join(f"cast(? as {columns[column]})" for column in row)
        con.execute(f"insert into {name} ({', '.join(row)}) values ({marks})", list(row.values()))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in row.items()}


def _approximately(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: pytest.approx(v, abs=1e-9) if isinstance(v, float) else v for k, v in _plain(row).items()}
