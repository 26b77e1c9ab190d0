"""A place without a monitoring line stops the month, naming place, day and file; nothing stands in for it."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest
import yaml

from assets.build import POLICY_FOLDER
from assets.ref.division import division
from assets.ref.monitoring_line import monitoring_line, require_lines
from fangpin import policy
from fangpin.errors import NoMonitoringLine
from pipelines import warehouse

MONTH = "2021-10"


def without(folder: Path, place: str) -> Path:
    """policy/ but for the line of one place."""
    shutil.copytree(POLICY_FOLDER, folder)
    file = folder / "monitoring_line.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["values"] = [value for value in content["values"] if value["place"] != place]
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def test_the_month_stops_and_the_next_run_succeeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> dg.ExecuteInProcessResult:
        return dg.materialize(
            [division, monitoring_line],
            resources={"warehouse": warehouse.Warehouse(home=str(tmp_path))},
            partition_key=MONTH,
            raise_on_error=False,
        )

    whole = warehouse.POLICY_FOLDER
    monkeypatch.setattr(warehouse, "POLICY_FOLDER", without(tmp_path / "policy", "141123"))
    failed = run()
    assert not failed.success
    (failure,) = [event.step_failure_data for event in failed.all_node_events if event.is_step_failure]
    said = failure.user_failure_data.description
    assert "兴县（141123）在 2021-10-31 没有监测收入线" in said
    assert "policy/monitoring_line.yaml" in said
    with duckdb.connect(str(tmp_path / "warehouse" / f"{MONTH}.duckdb")) as con:
        built = {name for (name,) in con.sql("select table_name from meta.build").fetchall()}
    assert built == {"ref.division"}

    monkeypatch.setattr(warehouse, "POLICY_FOLDER", whole)
    assert run().success


def test_every_place_without_a_line_is_named(tmp_path: Path) -> None:
    known = policy.load(without(tmp_path / "policy", "41"))
    counties = {f"4101{n:02d}": f"甲{n}县" for n in range(1, 13)} | {"141123": "兴县"}
    with pytest.raises(NoMonitoringLine, match=r"甲1县（410101）、.*甲10县（410110）等 12 个县在 2021-10-31"):
        require_lines(known, counties, dt.date(2021, 10, 31))


def test_a_line_of_a_later_day_is_no_line(tmp_path: Path) -> None:
    known = policy.load(POLICY_FOLDER)
    require_lines(known, {"410102": "中原区"}, dt.date(2020, 1, 1))
    with pytest.raises(NoMonitoringLine, match="2019-12-31"):
        require_lines(known, {"410102": "中原区"}, dt.date(2019, 12, 31))
