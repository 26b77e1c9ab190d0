"""How well the ranking by O/E finds villages whose eliminations were planted too fast, at real village sizes.

`python -m tests.acceptance.ranking` makes 1/40 of the province for three seeds nobody tuned on and prints the table of
docs/benchmarks.md. Does not belong here: the anomaly of the same name, which tests against the county (detection.py).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import duckdb
import polars as pl

from tests.acceptance import detection
from tests.acceptance.detection import MONTH, SEEDS

SCALE = Fraction(1, 40)
FIRST = 20
LARGE = 12
"""Monitored households from which a planted village has to be found (issue 5)."""

RANKED = """
select
  posterior.place_code as village_code,
  households.monitored as monitored,
  rank() over (order by posterior.p_top desc, posterior.eb_mean desc) as by_chance,
  rank() over (order by persons.observed / persons.expected desc) as by_oe,
  rank() over (order by rate.eb_mean desc, households.monitored desc) as by_ratio
from mart.rank_posterior as posterior
join mart.place_rate as persons
  on posterior.place_code = persons.place_code and persons.level = 'village' and persons.measure = 'persons'
join mart.place_rate as households
  on posterior.place_code = households.place_code and households.level = 'village' and households.measure = 'households'
join mart.rank_posterior as rate
  on posterior.place_code = rate.place_code and rate.level = 'village' and rate.criterion = 'ratio_households'
where posterior.level = 'village' and posterior.criterion = 'oe_persons'"""


@dataclass(frozen=True)
class Recall:
    """Of the planted villages with at least LARGE monitored households: how many are among the first FIRST by each."""

    villages: int
    planted: int
    large: int
    by_chance: int
    by_oe_of_large: int
    by_ratio: int

    @property
    def possible(self) -> int:
        return min(self.large, FIRST)


def computed(home: Path, seed: int) -> Path:
    """The seed's first month in `home`: what the ranking by O/E is made from."""
    return detection.computed(home, seed, SCALE, ("mart/rank_posterior",))


def measure(home: Path) -> Recall:
    """Planted villages among the first by P(top-K), by raw O/E among villages as large, and by the shrunken ratio."""
    with duckdb.connect(home / "warehouse" / f"{MONTH}.duckdb", read_only=True) as con:
        ranked = con.sql(RANKED).pl()
    planted = pl.read_parquet(home / "truth" / "planted_villages.parquet").filter(kind="inflated_elimination")
    large = ranked.filter(pl.col("monitored") >= LARGE)
    found = large.join(planted.select("village_code").unique(), on="village_code")
    first_of_large = large.sort("by_oe", "village_code").head(FIRST)["village_code"]
    return Recall(
        villages=ranked.height,
        planted=planted["village_code"].n_unique(),
        large=found.height,
        by_chance=found.filter(pl.col("by_chance") <= FIRST).height,
        by_oe_of_large=found.filter(pl.col("village_code").is_in(first_of_large.implode())).height,
        by_ratio=found.filter(pl.col("by_ratio") <= FIRST).height,
    )


def table(measured: Mapping[int, Recall]) -> str:
    lines = [
        f"| seed | villages | planted | of them with {LARGE} or more | first {FIRST} by P(top-{FIRST}) of O/E |"
        f" first {FIRST} by O/E among villages as large | first {FIRST} by shrunken ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for seed, r in measured.items():
        counts = (r.villages, r.planted, r.large, r.by_chance, r.by_oe_of_large, r.by_ratio)
        lines.append(f"| {seed} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


def main() -> None:
    measured = {}
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            measured[seed] = measure(computed(Path(folder), seed))
        print(table(measured), flush=True)


if __name__ == "__main__":
    main()
