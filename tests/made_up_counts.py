"""Counts of the made-up month: drawn per village from a seed, summed over the levels.

赵家坪乡 carries the figures of its 2022 report (晋乡振发〔2022〕46号). Does not belong here: other tables.
"""

from __future__ import annotations

import numpy as np
import polars as pl

LEVELS = ("province", "city", "county", "township", "village")
CLASSES = ("unstable", "marginal", "sudden")
TOWNSHIP = "141123208"


def village_counts(division: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One row per village: households, persons and the register by class and status."""
    rows = []
    for code in division["village_code"]:
        households = int(rng.integers(60, 400))
        row: dict[str, object] = {"village_code": code, "households": households}
        row["persons"] = int(households * rng.uniform(2.8, 3.9))
        row["tuopin_households"] = int(households * rng.uniform(0.03, 0.15))
        row["tuopin_persons"] = int(int(row["tuopin_households"]) * 3.1)
        for name in CLASSES:
            total = int(rng.binomial(households, 0.012))
            active = int(rng.binomial(total, rng.uniform(0.1, 0.5)))
            size = float(rng.uniform(1.8, 3.8))
            row[f"{name}_households"], row[f"{name}_persons"] = total, round(total * size)
            row[f"{name}_active_households"], row[f"{name}_active_persons"] = active, round(active * size)
        rows.append(row)
    frame = pl.DataFrame(rows)
    return pl.concat([frame.filter(~pl.col("village_code").str.starts_with(TOWNSHIP)), township_counts(division)])


def township_counts(division: pl.DataFrame) -> pl.DataFrame:
    """赵家坪乡: 2,535 / 7,160 in 10 villages; out of poverty 891 / 2,493; active 3/11 and 1/3; eliminated 41/117."""
    codes = division.filter(pl.col("township_code") == TOWNSHIP)["village_code"].to_list()

    def spread(total: int) -> list[int]:
        return [total // len(codes) + (i < total % len(codes)) for i in range(len(codes))]

    def first(total: int) -> list[int]:
        return [total] + [0] * (len(codes) - 1)

    return pl.DataFrame(
        {
            "village_code": codes,
            "households": spread(2535),
            "persons": spread(7160),
            "tuopin_households": spread(891),
            "tuopin_persons": spread(2493),
            "unstable_households": [a + b for a, b in zip(first(3), spread(30), strict=True)],
            "unstable_persons": [a + b for a, b in zip(first(11), spread(85), strict=True)],
            "unstable_active_households": first(3),
            "unstable_active_persons": first(11),
            "marginal_households": [a + b for a, b in zip(first(1), spread(11), strict=True)],
            "marginal_persons": [a + b for a, b in zip(first(3), spread(32), strict=True)],
            "marginal_active_households": first(1),
            "marginal_active_persons": first(3),
            "sudden_households": first(0),
            "sudden_persons": first(0),
            "sudden_active_households": first(0),
            "sudden_active_persons": first(0),
        }
    )


def place_month(division: pl.DataFrame, village: pl.DataFrame) -> pl.DataFrame:
    counts = village.columns[1:]
    joined = division.join(village, on="village_code")
    levels = []
    for depth, level in enumerate(LEVELS):
        parent = pl.col(f"{LEVELS[depth - 1]}_code").first() if depth else pl.lit(None, dtype=pl.String)
        levels.append(
            joined.group_by(place_code=f"{level}_code")
            .agg(
                pl.lit(level).alias("level"),
                pl.col(f"{level}_name").first().alias("place_name"),
                parent.alias("parent_code"),
                pl.col("in_province").first(),
                pl.col(counts).sum(),
            )
            .select("level", "place_code", "place_name", "parent_code", "in_province", *counts)
        )
    total = {
        f"{prefix}_{unit}": pl.sum_horizontal([pl.col(f"{c}{infix}_{unit}") for c in CLASSES])
        for unit in ("households", "persons")
        for prefix, infix in (("monitored", ""), ("active", "_active"))
    }
    frame = pl.concat(levels).with_columns(**total)
    for unit in ("households", "persons"):
        frame = frame.with_columns((pl.col(f"monitored_{unit}") - pl.col(f"active_{unit}")).alias(f"eliminated_{unit}"))
        frame = frame.with_columns(
            pl.when(pl.col(f"monitored_{unit}") > 0)
            .then(pl.col(f"eliminated_{unit}") / pl.col(f"monitored_{unit}"))
            .alias(f"elimination_ratio_{unit}")
        )
    monitored, households = pl.col("monitored_households"), pl.col("households")
    return frame.with_columns(
        opening_active_households=pl.col("active_households"),
        identified_households=monitored // 20,
        identified_persons=pl.col("monitored_persons") // 20,
        returned_households=monitored // 90,
        eliminated_this_month_households=monitored // 20 + monitored // 90,
        eliminated_this_month_persons=pl.col("monitored_persons") // 18,
        band_high=households // 60,
        band_middle=households // 15,
        band_low=households // 4,
        band_none=households - households // 60 - households // 15 - households // 4,
        hard_trigger_households=households // 80,
        unlisted_hard_trigger_households=households // 200,
        mean_score=pl.lit(9.25),
        new_alerts=households // 50,
        household_anomalies=households // 70,
        cause_illness=pl.lit(0.41),
        cause_disability=pl.lit(0.19),
        cause_no_labour=pl.lit(0.13),
        cause_job=pl.lit(0.11),
        cause_study=pl.lit(0.06),
        cause_disaster=pl.lit(0.04),
        cause_other=pl.lit(0.06),
    )
