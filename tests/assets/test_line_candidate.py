"""ref.line_candidate: the line in force and the oracle's candidates for every county, and why one is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.build import POLICY_FOLDER, STEPS, Build
from assets.ref import line_candidate  # noqa: F401  # declares the step
from checks.catalogue import contracts
from fangpin import policy
from tests.rules.oracles import oracle


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("create schema ref")
        con.execute(contracts()["ref.monitoring_line"].ddl())
        con.execute(
            """insert into ref.monitoring_line (county_code, line_fen, document, clause, warning) values
            ('410122', 600000, '方案', '去年', '未再确认'), ('141123', 600000, '决定', '', null)"""
        )
        yield con


def made(con: duckdb.DuckDBPyConnection, month: str) -> pl.DataFrame:
    build = Build(month, con, policy.load(POLICY_FOLDER), Path("nowhere"), lambda _: None)
    found = STEPS["ref.line_candidate"].produce(build)
    assert isinstance(found, pl.DataFrame)
    return found


def test_the_candidates_of_a_month_are_made_from_the_year_before(con: duckdb.DuckDBPyConnection) -> None:
    rows = made(con, "2021-11").filter(county_code="410122").rows_by_key("scenario", named=True, unique=True)
    wanted = oracle("t3_candidate_lines.json")
    for name, pinned in (("cpi", "cpi"), ("income", "income_nominal"), ("dibao", "dibao"), ("largest", "max")):
        assert rows[name]["exact_yuan"] == pytest.approx(wanted["candidates"][pinned], abs=1e-6)
        assert rows[name]["line_fen"] == wanted["rounded_100"][pinned] * 100
    assert (rows["in_force"]["line_fen"], rows["in_force"]["number"]) == (600_000, 0)
    assert rows["in_force"]["warning"] == "未再确认"
    assert "物价算了两次" in rows["chained"]["warning"]


def test_what_a_place_lacks_is_named_and_its_other_lines_are_there(con: duckdb.DuckDBPyConnection) -> None:
    rows = made(con, "2021-11").filter(county_code="141123").rows_by_key("scenario", named=True, unique=True)
    assert rows["floor"]["line_fen"] == 600_000
    assert rows["cpi"]["line_fen"] is None
    assert "没有适用于地区 141123" in rows["cpi"]["warning"]
    assert "policy/economy.yaml" in rows["cpi"]["warning"]


def test_a_year_without_figures_has_the_line_in_force_and_the_floor_alone(con: duckdb.DuckDBPyConnection) -> None:
    rows = made(con, "2023-01").filter(pl.col("line_fen").is_not_null(), county_code="410122")
    assert set(rows["scenario"]) == {"in_force", "floor", "dibao_ratio", "dibao_last", "dibao_mean"}
    old = made(con, "2023-01").filter(county_code="410122").rows_by_key("scenario", named=True, unique=True)
    assert "没有 2022 年的" in old["cpi"]["warning"]
    assert "最近一次确认有效的日期为2020年12月31日" in old["dibao_last"]["warning"]
