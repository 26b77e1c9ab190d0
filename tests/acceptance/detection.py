"""How well the detectors find what was planted: recall and precision per kind, measured on a published month.

`python -m tests.acceptance.detection [HOME ...]` prints the table of docs/detectors.md for finished homes.
Truth is keyed by 户编号; the delivered household list gives the internal number, by the row it was read from.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

MONTH = "2021-12"


@dataclass(frozen=True)
class Found:
    """One detector on one sample: planted things, those found, and things flagged."""

    kind: str
    planted: int
    hit: int
    flagged: int

    @property
    def recall(self) -> float:
        return self.hit / self.planted if self.planted else float("nan")

    @property
    def precision(self) -> float:
        return self.hit / self.flagged if self.flagged else float("nan")


def household_numbers(home: Path) -> pl.DataFrame:
    """household_id, household_no of the month's list: the accepted rows of the lake joined to the lines of the file."""
    with next((home / "inbox" / MONTH).glob("*/农户名册_*.csv")).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    column = lines[0].index("户编号")
    numbers = pl.DataFrame(
        {"source_row": range(2, len(lines) + 1), "household_no": [line[column] for line in lines[1:]]},
        schema={"source_row": pl.Int32, "household_no": pl.String},
    )
    lake = pl.read_parquet(home / "lake" / "household_list" / f"month={MONTH}" / "*.parquet")
    return lake.select("household_id", "source_row").join(numbers, on="source_row")


def measure(home: Path) -> list[Found]:
    """Every planted kind on the newest month of a home, in alphabetical order."""
    version = (home / "published" / MONTH / "CURRENT").read_text(encoding="utf-8").strip()
    with duckdb.connect(home / "published" / MONTH / version / "fangpin.duckdb", read_only=True) as con:
        flagged_households = con.sql("select household_id, kind from mart.household_anomaly").pl()
        flagged_villages = con.sql("select village_code, kind from mart.village_anomaly").pl()
    truth = pl.read_parquet(home / "truth" / "planted_households.parquet").filter(pl.col("from_month") <= MONTH)
    planted = truth.join(household_numbers(home), on="household_no").select("household_id", "kind").unique()
    villages = pl.read_parquet(home / "truth" / "planted_villages.parquet").select("village_code", "kind").unique()
    found = []
    for truth_of, flagged, key in (
        (planted, flagged_households, "household_id"),
        (villages, flagged_villages, "village_code"),
    ):
        village_kinds = set(villages["kind"])
        for kind in sorted(set(truth_of["kind"])):
            if key == "household_id" and kind in village_kinds:
                continue
            right = truth_of.filter(kind=kind)
            named = flagged.filter(kind=kind)
            found.append(Found(kind, len(right), len(right.join(named, on=[key, "kind"])), len(named)))
    return found


def main() -> None:
    print("| kind | home | planted | found | flagged | recall | precision |\n|---|---|---|---|---|---|---|")
    for home in map(Path, sys.argv[1:]):
        for f in measure(home):
            rates = f"{f.recall:.2f} | {f.precision:.2f}"
            print(f"| {f.kind} | {home.name} | {f.planted} | {f.hit} | {f.flagged} | {rates} |")


if __name__ == "__main__":
    main()
