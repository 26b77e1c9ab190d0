"""The long version of the fault tests: `make faults`. Prints the counts that docs/faults.md records, row by row.

Stops with an error at the first fault that does harm. Does not belong here: the short version (test_*.py).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from tests.assets.test_sensor import MANDATORY, put
from tests.faults import kills, mutated, rivals, shortage

SEED = 2026
FILES = 2_000
TIMES = 20
DISKS = range(20, 2_060, 50)
"""Sizes in KB of the disks that are too small: the whole home takes 2,080 KB."""


def main() -> None:
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count_mutated(folder / "mutated")
        prepared = kills.prepare(folder / "prepared")
        kills.run(folder / "unharmed", prepared)
        unharmed = kills.held(folder / "unharmed")
        for count in (count_kills, count_moments, count_disks, count_locks, count_rivals):
            count(folder / "home", prepared, unharmed)


def say(*cells: object) -> None:
    sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")
    sys.stdout.flush()


def count_mutated(folder: Path) -> None:
    folder.mkdir()
    counts = mutated.run(folder, SEED, range(FILES))
    for name, times in sorted(counts.items()):
        say(name, times)


def whole_again(home: Path, prepared: Path, unharmed: dict[str, Any], what: str) -> None:
    """Run the work again; the home then holds what one does that nothing happened to."""
    kills.run(home, prepared)
    held = kills.held(home)
    differs = [name for name in unharmed if held[name] != unharmed[name]]
    if differs:
        raise SystemExit(f"{what}: {differs}")
    shutil.rmtree(home)


def count_kills(home: Path, prepared: Path, unharmed: dict[str, Any]) -> None:
    rng = Random(SEED)
    for number, point in enumerate(kills.POINTS):
        passes = kills.calls(home, prepared, point)
        shutil.rmtree(home)
        hit: Counter[int] = Counter()
        for _ in range(TIMES):
            nth = rng.randint(1, passes)
            kills.killed_at(home, prepared, number, nth)
            whole_again(home, prepared, unharmed, f"{point.title} {nth}")
            hit[nth] += 1
        say(point.title, passes, len(hit), TIMES, TIMES)


def count_moments(home: Path, prepared: Path, unharmed: dict[str, Any]) -> None:
    rng, killed, started = Random(SEED), 0, time.monotonic()
    kills.killed_after(home, prepared, 300)
    shutil.rmtree(home)
    whole = time.monotonic() - started
    for _ in range(3 * TIMES):
        killed += kills.killed_after(home, prepared, rng.uniform(0, whole))
        whole_again(home, prepared, unharmed, "任意时刻")
    say("任意时刻", "", "", killed, killed)


def count_disks(home: Path, prepared: Path, unharmed: dict[str, Any]) -> None:
    how, ended = shortage.kind(home), Counter[str]()
    for kilobytes in DISKS:
        told = home.with_name("told")
        if how == shortage.TMPFS:
            with shortage.disk(home, kilobytes << 10):
                said = shortage.attempted(home / "home", prepared, None, told)
                shortage.enlarge(home)
                whole_again(home / "home", prepared, unharmed, f"{kilobytes} KB")
        else:
            said = shortage.attempted(home, prepared, kilobytes << 9, told)
            whole_again(home, prepared, unharmed, f"{kilobytes} KB")
        if said and not said.startswith(shortage.NAMED):
            raise SystemExit(said)
        ended[said.removeprefix(shortage.NAMED).split(":")[0] or "room enough"] += 1
    say(how, len(DISKS), dict(ended))


def count_locks(home: Path, prepared: Path, unharmed: dict[str, Any]) -> None:
    for what in rivals.WAITED_FOR:
        for _ in range(TIMES):
            kills.run_look(home, prepared, 1)
            with rivals.held_by_another(what, home, home.with_name("ready"), 0.3):
                kills.run(home, prepared)
            whole_again(home, prepared, unharmed, what)
        say(what, TIMES)


def count_rivals(home: Path, prepared: Path, unharmed: dict[str, Any]) -> None:
    for _ in range(TIMES):
        told = [home.with_name(name) for name in ("first", "second")]
        both = [kills.child(shortage.attempt, home, prepared, None, path) for path in told]
        for process in both:
            process.join(300)
        if [process.exitcode for process in both] != [0, 0] or any(path.read_text() for path in told):
            raise SystemExit(f"two at once: {[path.read_text() for path in told]}")
        whole_again(home, prepared, unharmed, "two at once")
    say("two intakes at once", TIMES)
    for source in MANDATORY:
        os.utime(put(home, kills.OCTOBER, source), (1_600_000_000, 1_600_000_000))
    for _ in range(TIMES):
        if len(set(rivals.keys_of_two_sensors(home, home.parent))) > 1:
            raise SystemExit("two sensors asked for two runs")
    say("two sensors at once", TIMES)


if __name__ == "__main__":
    main()
