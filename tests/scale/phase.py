"""One measured phase of the benchmark, run as a process of its own: `python -m tests.scale.phase NAME MONTH`.

Prints one JSON line with what the phase measured inside itself; bench.py adds the whole process's CPU and memory.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable

import dagster as dg
import duckdb

from assets.raw import raw_view_sql
from checks.raw import FEEDS
from pipelines.definitions import build_defs
from pipelines.home import CHECKOUT, home_folder
from pipelines.models import load_models
from pipelines.warehouse import Warehouse

GROUPS = {"intake": ("raw", "ref"), "tables": ("core", "mart"), "publish": ("publish",)}
REPEATS = 3


def run_groups(groups: tuple[str, ...], month: str) -> dict[str, object]:
    """Materialize whole groups through Dagster; seconds by step."""
    defs = build_defs()
    job = dg.define_asset_job("bench", selection=dg.AssetSelection.groups(*groups))
    assembled = dg.Definitions.merge(defs, dg.Definitions(jobs=[job]))
    with dg.DagsterInstance.get() as instance:
        result = assembled.resolve_job_def("bench").execute_in_process(
            partition_key=month, instance=instance, raise_on_error=True, run_config={"loggers": {"console": {}}}
        )
    steps = {
        e.step_key: round(e.step_success_data.duration_ms / 1000, 2) for e in result.all_events if e.is_step_success
    }
    return {"steps": dict(sorted(steps.items(), key=lambda s: -s[1])[:12]), "step_count": len(steps)}


def ratios(month: str) -> dict[str, object]:
    """CPU seconds of the score step over two floors, in one process: a bare scan, and one aggregate per feed."""
    con = duckdb.connect(home_folder() / "warehouse" / f"{month}.duckdb", read_only=False)
    views = {name: raw_view_sql(home_folder(), month, FEEDS[name]) for name in ("medical", "employment", "income")}
    features = next(m.sql for m in load_models(CHECKOUT / "sql") if m.name == "core.household_month")
    risk = con.sql("select count(*) from mart.household_risk").fetchall()[0][0]
    scan = (
        "select "
        + ", ".join(
            f"max({c})"
            for (c,) in con.sql(
                "select column_name from duckdb_columns() where schema_name = 'core' and table_name = 'household_month'"
            ).fetchall()
        )
        + " from core.household_month"
    )
    grouped = "select household_id, count(*), sum(persons) from core.household group by household_id"
    per_person = [
        f"select person_id, count(*) from ({sql}) group by person_id"
        if "person_id" in sql
        else f"select household_id, count(*) from ({sql}) group by household_id"
        for sql in views.values()
    ]
    with Warehouse().open(month, inputs=("prev.core.household_month",)) as build:
        con.close()
        return {
            "households": risk,
            "scan_cpu_s": cpu(lambda: build.con.execute(scan).fetchall()),
            "aggregates_cpu_s": cpu(
                lambda: [build.con.execute(f"select count(*) from ({q})").fetchall() for q in (grouped, *per_person)]
            ),
            "features_cpu_s": cpu(lambda: build.con.execute(f"create or replace temp table bench as {features}")),
        }


def cpu(work: Callable[[], object]) -> float:
    """Median CPU seconds of a few runs."""
    seconds = []
    for _ in range(REPEATS):
        before = time.process_time()
        work()
        seconds.append(time.process_time() - before)
    return round(statistics.median(seconds), 3)


if __name__ == "__main__":
    os.environ.setdefault("DAGSTER_HOME", str(CHECKOUT))
    name, month = sys.argv[1:3]
    print(json.dumps(ratios(month) if name == "ratios" else run_groups(GROUPS[name], month)))
