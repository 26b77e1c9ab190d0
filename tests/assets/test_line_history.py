"""ref.line_history: every county's lines by month, from made-up dated law."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.build import STEPS, Build
from assets.ref import line_history  # noqa: F401  # declares the step
from checks.catalogue import contracts
from fangpin import policy

LAW = """title: 监测收入线
unit: yuan_per_person_year
values:
  - {place: "41", from: 2020-01-01, value: 6000, source: {decision: 甲}}
  - {place: "41", from: 2021-03-20, value: 6200, source: {decision: 甲}}
  - {place: "41", from: 2021-12-01, value: 6900, source: {decision: 甲}}
  - {place: "410122", from: 2020-06-01, value: 5000, source: {decision: 甲}}
  - {place: "411526", from: 2020-06-01, value: null, source: {decision: 甲}}
  - {place: "141123", from: 2021-07-01, value: 5500.5, source: {decision: 甲}}
"""


@pytest.mark.parametrize(
    ("county", "lines"),
    [
        ("410102", [("2020-01", "2021-02", 600_000), ("2021-03", "2021-11", 620_000)]),  # 6900 only from December on
        ("410122", [("2020-01", "2020-05", 600_000), ("2020-06", "2021-02", 500_000), ("2021-03", "2021-11", 500_000)]),
        ("411526", [("2020-01", "2020-05", 600_000)]),  # its own is left blank: the province's is no substitute
        ("141123", [("2021-07", "2021-11", 550_050)]),
        ("990101", []),
    ],
)
def test_the_line_in_force_at_the_end_of_every_month(
    tmp_path: Path, county: str, lines: list[tuple[str, str, int]]
) -> None:
    (tmp_path / "monitoring_line.yaml").write_text(LAW, encoding="utf-8")
    with duckdb.connect() as con:
        con.execute("create schema ref")
        con.execute(contracts()["ref.division"].ddl())
        con.execute("insert into ref.division by name select $county as county_code", {"county": county})
        build = Build("2021-11", con, policy.load(tmp_path), Path("nowhere"), lambda _: None)
        found = STEPS["ref.line_history"].produce(build)
    assert isinstance(found, pl.DataFrame)
    assert found.drop("county_code").rows() == lines
