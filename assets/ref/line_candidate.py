"""ref.line_candidate: the line in force and what the formulas of policy/line_candidate.yaml give, for every county."""

from __future__ import annotations

from typing import Any

import polars as pl

from assets.build import Build, table_asset
from checks.ref.line_candidate import IN_FORCE, LineCandidate
from fangpin.candidate_line import candidate, formulas
from fangpin.errors import PolicyError
from fangpin.month import parse


@table_asset(LineCandidate, inputs=("ref.monitoring_line",))
def line_candidate(build: Build) -> pl.DataFrame:
    """现行监测线和各种算法给出的备选线（用上一年的数据）；缺少数据的写明缺什么。备选线不是政策。"""
    year = parse(build.month)[0] - 1
    lines = build.read("ref.monitoring_line").sort("county_code")
    rows: list[dict[str, Any]] = [
        {
            "scenario": IN_FORCE,
            "number": 0,
            "title": "现行监测线",
            "county_code": line["county_code"],
            "line_fen": line["line_fen"],
            "exact_yuan": line["line_fen"] / 100,
            "formula": line["clause"] or "现行标准",
            "warning": line["warning"],
            "document": line["document"],
        }
        for line in lines.iter_rows(named=True)
    ]
    for number, entry in enumerate(formulas(build.policy), start=1):
        named = {"scenario": entry["name"], "number": number, "title": entry["title"]}
        rows += [named | _line(build, entry, county, year) for county in lines["county_code"]]
    return pl.DataFrame(rows, schema_overrides={"warning": pl.String, "number": pl.Int32, "line_fen": pl.Int64})


def _line(build: Build, entry: Any, county: str, year: int) -> dict[str, Any]:
    """A formula for a county; without a line, and with the reason, where a figure it needs is not known."""
    try:
        found = candidate(entry, build.policy, county, year)
    except PolicyError as error:
        return {
            "county_code": county,
            "line_fen": None,
            "exact_yuan": None,
            "formula": "缺少所需数据，不能计算",
            "warning": str(error),
            "document": "",
        }
    return {
        "county_code": county,
        "line_fen": found.rounded * 100,
        "exact_yuan": found.line,
        "formula": found.formula,
        "warning": found.warning,
        "document": "；".join(found.sources),
    }
