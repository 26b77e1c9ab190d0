"""Every rule of every table's contract is seen to fail: a row that breaks it alone is counted, a sound row is not."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from checks.catalogue import contracts
from checks.table import TableColumn, TableContract

SAMPLES = {
    "BOOLEAN": "true",
    "TINYINT": "1",
    "SMALLINT": "1",
    "INTEGER": "1",
    "BIGINT": "1",
    "DOUBLE": "1.0",
    "VARCHAR": "'2021-10'",
    "DATE": "date '2021-10-01'",
}


def sound(column: TableColumn) -> str:
    """A literal that breaks no rule of the column."""
    limits = dict(column.limits)
    if "isin" in limits:
        return "'" + str(limits["isin"][0]) + "'"
    if "gt" in limits and "lt" in limits:
        return str((limits["gt"] + limits["lt"]) / 2)
    for bound, step in (("ge", 0), ("gt", 1), ("le", 0), ("lt", -1)):
        if bound in limits:
            return str(limits[bound] + step)
    return SAMPLES[column.sql_type]


def broken(column: TableColumn) -> dict[str, str]:
    """Rule -> a literal that breaks it."""
    faults = {}
    if not column.nullable:
        faults[f"{column.name}: empty"] = "null"
    if column.sql_type == "DOUBLE":
        faults[f"{column.name}: not finite"] = "'nan'::double"
    for check, bound in column.limits:
        outside: dict[str, Any] = {"ge": -1, "gt": 0, "le": 1, "lt": 0}
        faults[f"{column.name}: {check} {bound}"] = "'不在其列'" if check == "isin" else str(bound + outside[check])
    return faults


class Table:
    """An empty table of the contract, in which rows are counted by the rules they break."""

    def __init__(self, contract: TableContract) -> None:
        self.contract = contract
        self.con = duckdb.connect()
        self.con.execute(f"create schema {contract.name.split('.')[0]}")
        self.con.execute(contract.ddl())
        self.rules = [*(rule for rule, _ in contract.contract_rules()), "duplicate key"]

    def counted(self, *rows: dict[str, str]) -> dict[str, int]:
        self.con.execute(f"delete from {self.contract.name}")
        for row in rows:
            values = ", ".join(row[column.name] for column in self.contract.columns)
            self.con.execute(f"insert into {self.contract.name} values ({values})")
        counts = self.con.sql(self.contract.contract_sql()).fetchall()[0]
        return dict(zip(self.rules, counts, strict=True))


@pytest.mark.parametrize("name", sorted(contracts()))
def test_every_rule_counts_the_row_that_breaks_it(name: str) -> None:
    contract = contracts()[name]
    good = {column.name: sound(column) for column in contract.columns}
    table = Table(contract)
    assert set(table.counted(good).values()) == {0}
    rules = {rule for rule, _ in contract.contract_rules()}
    tried = set()
    for column in contract.columns:
        for rule, literal in broken(column).items():
            assert table.counted({**good, column.name: literal})[rule] == 1, rule
            tried.add(rule)
    assert tried == rules


@pytest.mark.parametrize("name", sorted(contracts()))
def test_a_key_that_comes_twice_is_counted(name: str) -> None:
    contract = contracts()[name]
    good = {column.name: sound(column) for column in contract.columns}
    assert Table(contract).counted(good, good)["duplicate key"] == 1
