"""`make bench`: speed and memory of the whole month, by phase, each phase a process of its own.

python -m tests.scale.bench [SCALE ...]: default 1/100 and 1/10. Prints a Markdown table for docs/benchmarks.md.
CPU seconds and peak RSS are the operating system's own accounting of the finished process.
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

CHECKOUT = Path(__file__).resolve().parents[2]
MONTH = "2021-10"


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
        "FANGPIN_HOME": str(home),
        "FANGPIN_DAGSTER": str(home / "dagster"),
        "DAGSTER_HOME": str(CHECKOUT),
    }
    (home / "dagster").mkdir(parents=True)
    python = sys.executable
    phases = {
        "sample": [str(Path(python).parent / "fangpin"), "sample", "--scale", scale, "--month", MONTH],
        **{p: [python, "-m", "tests.scale.phase", p, MONTH] for p in ("intake", "tables", "publish")},
    }
    details = {}
    for phase, command in phases.items():
        cpu, wall, rss, printed = measured(command, environment)
        print(f"| {scale} | {phase} | {cpu:.1f} | {wall:.1f} | {rss:.2f} |", flush=True)
        details[phase] = printed
    ratios = json.loads(measured([python, "-m", "tests.scale.phase", "ratios", MONTH], environment)[3])
    print(
        f"\nhouseholds {ratios['households']:,}; features {ratios['features_cpu_s']} CPU s; "
        f"over scan {ratios['features_cpu_s'] / ratios['scan_cpu_s']:.1f}; "
        f"over aggregates only {ratios['features_cpu_s'] / ratios['aggregates_cpu_s']:.1f}"
    )
    for phase in ("intake", "tables", "publish"):
        print(f"{phase}, slowest steps (s): {json.loads(details[phase])['steps']}")


def main() -> None:
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}\n"
    )
    cpu, wall, rss, _ = measured([sys.executable, "-c", "import pipelines.definitions"], dict(os.environ))
    print(f"import pipelines.definitions: {wall:.2f} s wall, {cpu:.2f} CPU s, {rss:.2f} GB\n")
    print("| scale | phase | CPU s | wall s | peak RSS GB |\n|---|---|---|---|---|")
    for scale in sys.argv[1:] or ["1/100", "1/10"]:
        home = Path(tempfile.mkdtemp(prefix="fangpin-bench-"))
        try:
            bench(scale, home)
        finally:
            shutil.rmtree(home)


if __name__ == "__main__":
    main()
