"""The readings behind mart.village_anomaly: what counts as an elimination, a statement, a new identification."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.mart.village_anomaly import INPUTS, KINDS, found_villages
from checks.catalogue import contracts
from fangpin.month import windows
from fangpin.policy import load
from pipelines.models import load_models

DUE = next(m for m in load_models(Path(__file__).resolve().parents[2] / "sql") if m.name == "mart.expected_elimination")
POLICY = load(Path(__file__).resolve().parents[2] / "policy")
MONTH = "2021-11"
VILLAGES = 30
SIZE = 8  # monitored households of a village


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        con.execute(f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})", [*row.values()])


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """One county of 30 villages; eight monitored households each, half of them eliminated on days of their own."""
    with duckdb.connect() as con:
        for schema in ("ref", "core", "mart"):
            con.execute(f"create schema {schema}")
        for name in {*INPUTS, *DUE.inputs}:
            con.execute(contracts()[name].ddl())
        insert(con, "ref.month", [windows(MONTH)])
        on = dt.date(2021, 11, 30)
        con.execute("insert into ref.ranking (hazard_min_households) values (1)")
        insert(
            con, "ref.threshold", [{n: POLICY.value(f"threshold.{n}", "", on).value for n in POLICY.group("threshold")}]
        )
        con.execute("insert into ref.monitoring_line (county_code, line_fen) values ('410122', 600000)")
        con.execute(
            f"""create table village as
            select v, '410122001' || lpad(cast(v as varchar), 3, '0') as village_code from range({VILLAGES}) as t(v)"""
        )
        con.execute(
            """insert into ref.division by name
            select village_code, '410122' as county_code, true as in_province from village"""
        )
        con.execute(
            """insert into mart.place_month by name
            select 'village' as level, village_code as place_code, 400 as households,
              3 as unlisted_hard_trigger_households from village"""
        )
        con.execute(
            f"""insert into core.monitored_household by name
            select cast({SIZE} * v + h as integer) as household_id, village_code, '边缘易致贫户' as category,
              case when h < 2 then '2021-05' else '2020-06' end as identified_month,
              h >= 4 as eliminated, case when h >= 4 then '2021-06' end as eliminated_month,
              case when h >= 4 then '帮扶消除' end as elimination_mode,
              case when h < 2 then 6 when h < 4 then 17 else 12 end as months_monitored,
              3 as persons,
              300000 + 10000 * h as entry_income_per_head_fen, 900000 + 10000 * v as exit_income_per_head_fen
            from village cross join range({SIZE}) as t(h)"""
        )
        con.execute(
            """insert into core.status_event by name
            select household_id, 1 as round, 'eliminated' as event, '2021-06' as event_month,
              date '2021-06-01' + cast(household_id % 28 as integer) as event_date
            from core.monitored_household where eliminated"""
        )
        con.execute(
            """insert into core.household by name
            select cast(1000 * v + h as integer) as household_id, village_code
            from village cross join range(40) as t(h)"""
        )
        con.execute(
            """insert into core.income_statement by name
            select household_id, household_id as newest_fingerprint from core.household"""
        )
        yield con


def found(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    con.execute(contracts()[DUE.name].ddl())
    con.execute(f"insert into {DUE.name} by name {DUE.sql}")
    return {(row["village_code"][-3:], row["kind"]) for row in found_villages(con).to_dicts()}


def test_an_ordinary_county_has_none(con: duckdb.DuckDBPyConnection) -> None:
    assert found(con) == set()


def test_each_kind_is_found_where_it_is(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update core.status_event set event_date = date '2021-07-29' where household_id between 0 and 7")
    con.execute("update core.income_statement set newest_fingerprint = 7 where household_id between 1000 and 1005")
    con.execute(
        "update core.monitored_household set entry_income_per_head_fen = 599000 where household_id between 16 and 23"
    )
    con.execute(
        "update core.monitored_household set exit_income_per_head_fen = 600500 where household_id between 24 and 31"
    )
    con.execute(
        """update core.monitored_household
        set eliminated = true, elimination_mode = '帮扶消除', months_monitored = 1, exit_income_per_head_fen = 1200000
        where household_id between 32 and 39"""
    )
    con.execute("update core.monitored_household set identified_month = '2020-06' where household_id between 40 and 47")
    con.execute("update mart.place_month set households = 700 where place_code = '410122001005'")
    # 24 to 31 holds four declared exits only
    con.execute(
        """update core.monitored_household
        set eliminated = true, elimination_mode = '帮扶消除', eliminated_month = '2021-06', months_monitored = 17
        where household_id between 24 and 31"""
    )
    assert found(con) == {
        ("000", "same_day_batch"),
        ("001", "copied_income"),
        ("002", "bunching_identification"),
        ("003", "bunching_elimination"),
        ("004", "inflated_elimination"),
        ("005", "zero_report"),
    }
    rows = found_villages(con).to_dicts()
    assert [row["kind"] for row in rows] == [k for _, k in sorted(found(con))]
    assert all(row["title"] == KINDS[row["kind"]][0] and row["clause"] and row["in_province"] for row in rows)
    assert all(0 <= row["p_value"] <= 0.05 and row["evidence"] and row["counter_evidence"] for row in rows)


def test_an_old_batch_and_a_natural_one_do_not_count(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """update core.status_event set event_date = date '2020-11-20', event_month = '2020-11'
        where household_id between 0 and 7"""
    )
    con.execute("update core.status_event set event_date = date '2021-07-29' where household_id between 8 and 15")
    con.execute("update core.monitored_household set elimination_mode = '自然消除' where household_id between 8 and 15")
    assert found(con) == set()


def test_statements_with_few_items_are_no_copies(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update core.income_statement set newest_fingerprint = null where household_id between 1000 and 1005")
    assert found(con) == set()
