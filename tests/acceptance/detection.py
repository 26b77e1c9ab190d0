"""How well the detectors find what was planted: recall and precision per kind, on seeds nobody tuned on.

`python -m tests.acceptance.detection` makes the seeds' first month, measures it and writes the table of
docs/detectors.md; with home folders as arguments it prints what those say of a month (`--month`, default the first).
Truth is keyed by 户编号; the delivered household list gives the internal number, by the row it was read from.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from fangpin.sample import write_sample
from pipelines.definitions import build_defs
from pipelines.warehouse import Warehouse

MONTH = "2021-10"
SCALE = Fraction(1, 400)
SEEDS = (101, 202, 303)
"""Never looked at while the detectors or the sample were made; debug on 2021, 11 or 7."""
PAGE = Path(__file__).resolve().parents[2] / "docs" / "detectors.md"
HEADING = "| kind | planted | found | flagged | worst recall | worst precision |"


@dataclass(frozen=True)
class Found:
    """One detector on one sample: planted things, those found, and things flagged."""

    kind: str
    planted: int
    hit: int
    flagged: int

    @property
    def recall(self) -> float:
        """Of nothing planted, everything was found."""
        return self.hit / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Who flags nothing flags nothing wrongly."""
        return self.hit / self.flagged if self.flagged else 1.0


LEADS = ("mart/household_anomaly", "mart/village_anomaly")


def computed(home: Path, seed: int, scale: Fraction = SCALE, goals: Sequence[str] = LEADS) -> Path:
    """The seed's first month in `home`: delivered, taken in, the goals and all they are made from, nothing else."""
    write_sample(home, scale=scale, seed=seed, months=(MONTH,))
    tables = dg.define_asset_job("tables", selection=dg.AssetSelection.assets(*goals).upstream())
    assembled = dg.Definitions.merge(
        build_defs({"warehouse": Warehouse(home=str(home))}), dg.Definitions(jobs=[tables])
    )
    with dg.DagsterInstance.ephemeral() as instance:
        assembled.resolve_job_def("tables").execute_in_process(
            partition_key=MONTH,
            instance=instance,
            run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
        )
    return home


def measure(home: Path, month: str = MONTH) -> list[Found]:
    """Every planted kind on a month whose tables are built, published or not: household kinds, then village kinds."""
    with duckdb.connect(home / "warehouse" / f"{month}.duckdb", read_only=True) as con:
        flagged_households = con.sql("select household_id as key, kind from mart.household_anomaly").pl()
        flagged_villages = con.sql("select village_code as key, kind from mart.village_anomaly").pl()
    truth = pl.read_parquet(home / "truth" / "planted_households.parquet").filter(pl.col("from_month") <= month)
    households = truth.join(household_numbers(home, month), on="household_no").select("key", "kind").unique()
    villages = pl.read_parquet(home / "truth" / "planted_villages.parquet").select("kind", key="village_code").unique()
    households = households.join(villages, on="kind", how="anti")  # what comes with a village is judged by village
    return [*_compared(households, flagged_households), *_compared(villages, flagged_villages)]


def _compared(planted: pl.DataFrame, flagged: pl.DataFrame) -> list[Found]:
    found = []
    for kind in sorted(set(planted["kind"])):
        right, named = planted.filter(kind=kind), flagged.filter(kind=kind)
        found.append(Found(kind, len(right), len(right.join(named, on=["key", "kind"])), len(named)))
    return found


def household_numbers(home: Path, month: str) -> pl.DataFrame:
    """key (the internal number), household_no of the month's list: lines of the file and accepted rows, by row."""
    with next((home / "inbox" / month).glob("*/农户名册_*.csv")).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    column = lines[0].index("户编号")
    numbers = pl.DataFrame(
        {"source_row": range(2, len(lines) + 1), "household_no": [line[column] for line in lines[1:]]},
        schema={"source_row": pl.Int32, "household_no": pl.String},
    )
    lake = pl.read_parquet(home / "lake" / "household_list" / f"month={month}" / "*.parquet")
    return lake.select("source_row", key="household_id").join(numbers, on="source_row")


def table(measured: Mapping[int, Sequence[Found]]) -> str:
    """A line per kind: counts over all seeds, the worst recall and precision and the seed that has it."""
    lines = [HEADING, "|" + "---|" * HEADING.count(" | ") + "---|"]
    for kind in dict.fromkeys(f.kind for found in measured.values() for f in found):
        of_seed = {seed: f for seed, found in measured.items() for f in found if f.kind == kind}
        sums = [sum(getattr(f, count) for f in of_seed.values()) for count in ("planted", "hit", "flagged")]
        lowest = [min((getattr(f, rate), seed) for seed, f in of_seed.items()) for rate in ("recall", "precision")]
        worst = [f"{share:.2f} (seed {seed})" for share, seed in lowest]
        lines.append(f"| {kind} | {' | '.join([*map(str, sums), *worst])} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("homes", nargs="*", type=Path)
    options.add_argument("--month", default=MONTH)
    chosen = options.parse_args()
    if chosen.homes:
        for home in chosen.homes:
            for f in measure(home, chosen.month):
                print(f"{home.name} {f.kind}: {f.planted} planted, {f.hit} found, {f.flagged} flagged")
        return
    with tempfile.TemporaryDirectory() as folder:
        measured = {seed: measure(computed(Path(folder) / str(seed), seed)) for seed in SEEDS}
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text[: text.index(HEADING)] + table(measured), encoding="utf-8")
    print(table(measured), end="")


if __name__ == "__main__":
    main()
