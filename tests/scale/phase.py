"""One measured phase of the benchmark, run as a process of its own: `python -m tests.scale.phase NAME MONTH`.

Prints one JSON line with what the phase measured inside itself; bench.py adds the whole process's CPU and memory.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from assets import return_list
from assets.build import Build
from checks.raw import FEEDS
from pipelines import whatif
from pipelines.definitions import build_defs
from pipelines.home import CHECKOUT, home_folder
from pipelines.warehouse import Warehouse

GROUPS = {"intake": ("raw", "ref"), "tables": ("core", "mart"), "publish": ("publish",)}
REPEATS = 3
SCORE = "mart/household_risk"
"""With all of core, what turns feeds into a score: the score step of the ratios."""


class Measured(Warehouse):
    """The warehouse that notes the CPU and wall seconds every step spends with it: its own work, without Dagster's."""

    @contextmanager
    def open(self, month: str, *, inputs: Sequence[str] = ()) -> Iterator[Build]:
        with noted(), super().open(month, inputs=inputs) as build:
            yield build


@contextmanager
def noted() -> Iterator[None]:
    """A step's own work: it opens the warehouse once, or writes the return lists."""
    cpu_before, wall_before = time.process_time(), time.monotonic()
    try:
        yield
    finally:
        SPENT.append((time.process_time() - cpu_before, time.monotonic() - wall_before))


SPENT: list[tuple[float, float]] = []
"""(CPU seconds, wall seconds) of every step, in their order."""


def run_groups(groups: tuple[str, ...], month: str) -> dict[str, object]:
    """Materialize whole groups through Dagster: CPU seconds of the steps' own work, and what Dagster adds a step."""
    return_list.write = noted()(return_list.write)
    assembled = dg.Definitions.merge(
        build_defs({"warehouse": Measured()}),
        dg.Definitions(jobs=[dg.define_asset_job("bench", selection=dg.AssetSelection.key_prefixes(*groups))]),
    )
    job = assembled.resolve_job_def("bench")
    cpu_before, wall_before = time.process_time(), time.monotonic()
    with dg.DagsterInstance.get() as instance:
        result = job.execute_in_process(
            partition_key=month, instance=instance, raise_on_error=True, run_config={"loggers": {"console": {}}}
        )
    cpu_total, wall_total = time.process_time() - cpu_before, time.monotonic() - wall_before
    names = [e.step_key.replace("__", "/") for e in result.all_events if e.is_step_success]
    if len(names) != len(SPENT):
        raise SystemExit(f"{len(names)} steps opened the warehouse {len(SPENT)} times")
    work = dict(zip(names, (round(cpu, 2) for cpu, _ in SPENT), strict=True))
    return {
        "steps": len(names),
        "work_cpu_s": round(sum(cpu for cpu, _ in SPENT), 1),
        "dagster_cpu_s_a_step": round((cpu_total - sum(cpu for cpu, _ in SPENT)) / len(names), 2),
        "dagster_wall_s_a_step": round((wall_total - sum(wall for _, wall in SPENT)) / len(names), 2),
        "score_cpu_s": round(sum(cpu for name, cpu in work.items() if name.startswith("core/") or name == SCORE), 1),
        "slowest": dict(sorted(work.items(), key=lambda step: -step[1])[:12]),
    }


def floors(month: str) -> dict[str, object]:
    """What any way of scoring must pay: CPU seconds of reading every column of every feed in force, and of one
    aggregate per feed (count and sums by person or household, else by row)."""
    with Warehouse().open(month, inputs=[f"raw.{name}" for name in FEEDS]) as build:
        columns = {name: build.con.sql(f"describe raw.{name}").fetchall() for name in FEEDS}
        scans = [f"select {', '.join(f'max({c[0]})' for c in of)} from raw.{name}" for name, of in columns.items()]
        sums = []
        for name, of in columns.items():
            key = next(k for k in ("person_id", "household_id", "source_row") if k in {c[0] for c in of})
            numbers = [c[0] for c in of if c[1] in ("BIGINT", "INTEGER") and c[0] != key]
            totals = ", ".join(["count(*) as n", *(f"sum({c}) as {c}" for c in numbers)])
            largest = ", ".join(f"max({c})" for c in ("n", *numbers))  # a sum nobody reads would not be computed
            sums.append(f"select {largest} from (select {totals} from raw.{name} group by {key})")
        return {
            "households": build.con.sql("select count(*) from core.household").fetchall()[0][0],
            "scan_cpu_s": cpu(lambda: [build.con.execute(sql).fetchall() for sql in scans]),
            "aggregates_cpu_s": cpu(lambda: [build.con.execute(sql).fetchall() for sql in sums]),
        }


def questions(month: str) -> dict[str, object]:
    """What a question to the published month takes: a scenario of the line, and a grid of other steps."""
    line = CHECKOUT / "policy" / "scenarios" / "line-by-income.yaml"
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as grid:
        step = "[{place: '', from: 2020-01-01, value: 0.04}]"
        grid.write(f"title: 档距\noverrides: {{threshold.criterion_share_step: {step}}}\n")
        grid.flush()
        asked = {
            "line": lambda: whatif.line(home_folder(), month, line, lambda _: None),
            "grid": lambda: whatif.rigid(home_folder(), month, Path(grid.name), lambda _: None),
        }
        found: dict[str, object] = {}
        for name, work in asked.items():
            cpu_before, wall_before = time.process_time(), time.monotonic()
            work()
            found[f"{name}_cpu_s"] = round(time.process_time() - cpu_before, 1)
            found[f"{name}_wall_s"] = round(time.monotonic() - wall_before, 1)
    return found


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
    special = {"floors": floors, "questions": questions}
    print(json.dumps(special[name](month) if name in special else run_groups(GROUPS[name], month)))
