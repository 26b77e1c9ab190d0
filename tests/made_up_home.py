"""A home folder whose warehouse holds the made-up month: for the tests of publication.

Builds and check results are recorded as a run would; no pipeline is run. Does not belong here: any figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.build import META_DDL, POLICY_FOLDER, Build, identify_build
from assets.publish.release import Release, release
from checks.catalogue import contracts
from fangpin import policy
from fangpin.month import shift
from pipelines.warehouse import SCHEMAS, attach_previous
from tests import made_up_month

POLICY = policy.load(POLICY_FOLDER)
FIRST = "2021-10"
READS_PREVIOUS = ("mart.alert", "mart.place_month")
"""Tables recorded as built from last month's copy of themselves."""


FEW = (
    "core.household",
    "core.monitored_household",
    "mart.alert",
    "mart.asset_exclusion",
    "mart.county_ranking",
    "mart.feed_coverage",
    "mart.feed_dimension",
    "mart.feed_quality",
    "mart.feed_reason",
    "mart.feed_score",
    "mart.field_check",
    "mart.household_anomaly",
    "mart.household_risk",
    "mart.income_band",
    "mart.line_group",
    "mart.line_scenario",
    "mart.place_month",
    "mart.research_day",
    "mart.research_household",
    "mart.research_sample",
    "mart.research_team",
    "mart.rigid_criterion",
    "mart.rigid_map",
    "mart.risk_contribution",
    "mart.rule_yield",
    "mart.topic_figure",
    "mart.township_ranking",
    "mart.village_anomaly",
    "mart.village_ranking",
    "ref.asset_step",
    "ref.division",
    "ref.line_candidate",
    "ref.monitoring_line",
    "ref.place",
    "ref.policy_value",
)
"""The tables that publication reads, and one it only copies."""


def with_few_tables(patch: pytest.MonkeyPatch) -> None:
    """From here on a month has few tables and short reports: versions and pointers are what is tested."""
    few = {name: contract for name, contract in contracts().items() if name in FEW}
    for module in ("assets.publish.bundle", "assets.publish.edition", "assets.publish.gate", "pipelines.warehouse"):
        patch.setattr(f"{module}.contracts", lambda: few)
    patch.setattr("tests.made_up_home.contracts", lambda: few)
    patch.setattr("fangpin.reports.site.site", lambda made: [("index.html", made.month_title.encode())])
    patch.setattr("fangpin.reports.workbooks.workbooks", lambda made: {"书.xlsx": made.month_title.encode()})


def with_settled_code(patch: pytest.MonkeyPatch) -> None:
    """From here on the suite holds (it has tests of its own) and nobody edits the code meanwhile."""
    patch.setattr("assets.publish.expectations.judge", lambda *_, **__: ())
    patch.setattr("assets.publish.edition.code_version", lambda _: "c0de")


def frames(month: str, seed: int = 1) -> dict[str, pl.DataFrame]:
    """The made-up month, small, continuing the month before: every month has the same register."""
    made = made_up_month.build(contracts(), month=month, seed=seed, cities=1, counties=2, townships=1, villages=2)
    return made


def fill(home: Path, month: str, tables: Mapping[str, pl.DataFrame]) -> None:
    """Write `warehouse/<month>.duckdb`: every table, its build and its passed checks."""
    (home / "warehouse").mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home / "warehouse" / f"{month}.duckdb")) as con:
        for schema in SCHEMAS:
            con.execute(f"create schema if not exists {schema}")
        for statement in META_DDL:
            con.execute(statement)
        con.execute("begin")
        con.execute("delete from meta.build")
        con.execute("delete from meta.check_result")
        before = _published_builds(home, month)
        code = f"{sum(int(tables[name].hash_rows().sum()) for name in contracts()):x}"  # other content, other builds
        for name, contract in contracts().items():
            con.execute(contract.ddl())
            con.register("rows", tables[name])
            con.execute(f"insert into {name} by name select * from rows")
            con.unregister("rows")
            inputs = {f"prev.{name}": before.get(name, "none")} if name in READS_PREVIOUS else {}
            identity = identify_build(name, month, code, POLICY.version, inputs)
            con.execute(
                "insert into meta.build values (?, ?, ?, ?, ?)",
                [name, identity, json.dumps(inputs), code, tables[name].height],
            )
            for check in (("contract", "契约", True), *((a.name, a.description, a.blocking) for a in contract.audits)):
                con.execute("insert into meta.check_result values (?, ?, ?, ?, ?, true, 0)", [name, identity, *check])
        con.execute("commit")


def _published_builds(home: Path, month: str) -> dict[str, str]:
    path = published_copy(home, shift(month, -1))
    if path is None:
        return {}
    with duckdb.connect(str(path), read_only=True) as con:
        return dict(con.sql("select table_name, build_id from meta.build").fetchall())


def published_copy(home: Path, month: str) -> Path | None:
    pointer = home / "published" / month / "CURRENT"
    return pointer.parent / pointer.read_text().strip() / "fangpin.duckdb" if pointer.is_file() else None


@contextmanager
def opened(home: Path, month: str) -> Iterator[Build]:
    """The month's Build with `prev` attached, as a step gets it."""
    with duckdb.connect(str(home / "warehouse" / f"{month}.duckdb")) as con:
        attach_previous(con, published_copy(home, shift(month, -1)))
        yield Build(month=month, con=con, policy=POLICY, home=home, report=lambda _: None)


def publish(home: Path, month: str) -> Release:
    """Release what the month's warehouse holds."""
    with opened(home, month) as build:
        return release(build, dict)


def fill_and_publish(home: Path, month: str, seed: int = 1) -> Release:
    fill(home, month, frames(month, seed))
    return publish(home, month)


def change(home: Path, month: str, statement: str) -> None:
    """Run a statement on the month's warehouse: the seeded fault of a test."""
    with duckdb.connect(str(home / "warehouse" / f"{month}.duckdb")) as con:
        con.execute(statement)


def seen(home: Path) -> dict[str, str]:
    """What a reader sees: every pointer and the manifest behind it."""
    found = {}
    for pointer in sorted((home / "published").rglob("CURRENT")):
        target = pointer.parent / pointer.read_text().strip()
        found[pointer.relative_to(home).as_posix()] = (target / "manifest.json").read_text()
    return found
