"""`make bench`: speed and memory of the whole month, by phase, each phase a process of its own.

python -m tests.scale.bench [files] [rankings] [draw] [packs] [field_checks] [SCALE ...]: default all, 1/100 and 1/10.
Prints Markdown for docs/benchmarks.md. CPU seconds and peak RSS are the system's own accounting of the process.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from pipelines.cli import ALLOCATORS

CHECKOUT = Path(__file__).resolve().parents[2]
MONTH = "2021-10"
FILES = "files"
"""Single files instead of a scale of the sample province (files.py)."""
SINGLE = {
    "rankings": "rankings of 45,000 villages, P(top-K) included",
    "draw": "rehearsal and official draw from 45,000 villages",
    "packs": "packs of a trip of 24 villages and 288 households",
    "field_checks": "whom to check next among 20 million households",
}
"""Modules of this package that make what they measure, and print one line."""
NEXT_ENGINE = "duckdb==2.0.0"
"""Measured on the tables only: the vault's encryption needs an extension that exists for the locked version."""


def measured(command: list[str], environment: dict[str, str]) -> tuple[float, float, float, str]:
    """(CPU seconds, wall seconds, peak RSS in GB, last line printed) of one finished process."""
    with tempfile.TemporaryFile("w+") as out:
        start = os.times().elapsed
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=out, stderr=subprocess.PIPE, text=True
        )
        errors = process.stderr.read() if process.stderr else ""
        _, status, usage = os.wait4(process.pid, 0)
        wall = os.times().elapsed - start
        if status:
            raise SystemExit(f"{' '.join(command)} failed:\n{errors[-4000:]}")
        out.seek(0)
        printed = out.read().strip().splitlines()
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024**2, printed[-1] if printed else ""


def bench(scale: str, home: Path) -> None:
    environment = {
        **os.environ,
        **ALLOCATORS,
        "FANGPIN_HOME": str(home),
        "FANGPIN_DAGSTER": str(home / "dagster"),
        "DAGSTER_HOME": str(CHECKOUT),
    }
    (home / "dagster").mkdir(parents=True)
    python = sys.executable

    def phase(name: str) -> list[str]:
        return [python, "-m", "tests.scale.phase", name, MONTH]

    phases = {
        "sample": [str(Path(python).parent / "fangpin"), "sample", "--scale", scale, "--month", MONTH],
        **{name: phase(name) for name in ("intake", "tables", "publish")},
    }
    if "UV" in os.environ:  # the same tables by the next engine, beside the locked one
        phases[NEXT_ENGINE] = [
            os.environ["UV"],
            *f"run --no-sync --with {NEXT_ENGINE} python".split(),
            *phase("tables")[1:],
        ]
    inside = {}
    print("| scale | phase | CPU s | of it the steps' own work | wall s | peak RSS GB |\n|---|---|---|---|---|---|")
    for name, command in phases.items():
        cpu, wall, rss, printed = measured(command, environment)
        inside[name] = json.loads(printed) if name != "sample" else {}
        own = inside[name].get("work_cpu_s", "")
        print(f"| {scale} | {name} | {cpu:.1f} | {own} | {wall:.1f} | {rss:.2f} |", flush=True)
    floors = json.loads(measured(phase("floors"), environment)[3])
    score = inside["tables"]["score_cpu_s"]
    print(
        f"\n{floors['households']:,} households; score step {score} CPU s, "
        f"{score / floors['scan_cpu_s']:.1f} x a bare scan of every feed ({floors['scan_cpu_s']}), "
        f"{score / floors['aggregates_cpu_s']:.1f} x one aggregate per feed ({floors['aggregates_cpu_s']})"
    )
    asked = json.loads(measured(phase("questions"), environment)[3])
    print(f"questions to the published month: {asked}")
    for name in ("intake", "tables", "publish"):
        step = inside[name]
        print(
            f"{name}: {step['steps']} steps, Dagster adds {step['dagster_wall_s_a_step']} s wall, "
            f"{step['dagster_cpu_s_a_step']} CPU s a step; slowest (CPU s): {step['slowest']}"
        )
    print()


def bench_files(home: Path) -> None:
    """Single large files, and what the limited process costs small ones."""
    environment = {**os.environ, **ALLOCATORS, "FANGPIN_HOME": str(home)}
    print("| file | CPU s | wall s | peak RSS GB | |\n|---|---|---|---|---|")
    for name in ("write", "people", "csv", "xlsx", "huge", "sandbox"):
        command = [sys.executable, "-m", "tests.scale.files", name, str(home)]
        cpu, wall, rss, printed = measured(command, environment)
        if name != "write":
            print(f"| {name} | {cpu:.1f} | {wall:.1f} | {rss:.2f} | {printed} |", flush=True)
    print()


def bench_single(name: str) -> None:
    _, wall, rss, printed = measured([sys.executable, "-m", f"tests.scale.{name}"], {**os.environ, **ALLOCATORS})
    print(f"{SINGLE[name]}: {printed}; the whole process {wall:.1f} s wall, {rss:.2f} GB\n")


def main() -> None:
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}\n"
    )
    cpu, wall, rss, _ = measured([sys.executable, "-c", "import pipelines.definitions"], dict(os.environ))
    print(f"import pipelines.definitions: {wall:.2f} s wall, {cpu:.2f} CPU s, {rss:.2f} GB\n")
    for scale in sys.argv[1:] or [FILES, *SINGLE, "1/100", "1/10"]:
        home = Path(tempfile.mkdtemp(prefix="fangpin-bench-"))
        try:
            if scale == FILES:
                bench_files(home)
            elif scale in SINGLE:
                bench_single(scale)
            else:
                bench(scale, home)
        finally:
            shutil.rmtree(home)


if __name__ == "__main__":
    main()
