"""Rankings of the made-up month: every criterion at every level, plausible and consistent, without the real estimates.

Does not belong here: the counts they are of (made_up_counts.py).
"""

from __future__ import annotations

import polars as pl

from fangpin.ranks.criteria import CRITERIA

Z = 1.959963984540054
UPPER = {"county": ["city_code"], "township": ["city_code", "county_code"]}
UPPER["village"] = [*UPPER["township"], "township_code"]


def ranking(places: pl.DataFrame, ref_place: pl.DataFrame, division: pl.DataFrame, level: str) -> pl.DataFrame:
    """mart.<level>_ranking: shrunken with a beta prior of 7 and 3, O/E against two thirds of the persons."""
    own = places.filter((pl.col("level") == level) & pl.col("in_province")).drop("level", "parent_code", "place_name")
    upper = division.select(pl.col(f"{level}_code").alias("place_code"), *UPPER[level]).unique()
    names = ref_place.filter(pl.col("level") == level).select("place_code", "place_name", "full_name")
    frame = own.join(upper, on="place_code").join(names, on="place_code").sort("place_code")
    if level == "county":
        frame = frame.with_columns(county_code="place_code")
    frame = frame.with_columns(
        per_thousand=1000 * pl.col("monitored_households") / pl.col("households"),
        small_sample=pl.col("monitored_households") < 10,
        anomalies=pl.lit(3),
        anomaly_kinds=pl.lit("消除过快2、返复1"),
        alerts="new_alerts",
        last_visit=pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.date(2020, 6, 15)),
        rank_before=pl.int_range(pl.len(), 0, -1),
    )
    return pl.concat([_by(frame, criterion) for criterion in CRITERIA], how="diagonal_relaxed")


def _by(frame: pl.DataFrame, criterion: str) -> pl.DataFrame:
    kind, _, unit = criterion.partition("_")
    x, n = pl.col(f"eliminated_{unit}"), pl.col(f"monitored_{unit}")
    known = n > 0
    p = x / n
    half = Z * (p * (1 - p) / n + Z * Z / (4 * n * n)).sqrt()
    if kind == "count":
        made = frame.with_columns(ratio=n / pl.col(unit), rank=n.rank("ordinal", descending=True).cast(pl.Int64))
        made = made.with_columns(expected_rank="rank", rank_low="rank", rank_high="rank", p_top=pl.lit(1.0))
    else:
        value = p if kind == "ratio" else x / (2 * n / 3)
        mean = (x + 7) / (n + 10) if kind == "ratio" else (x + 3) / (2 * n / 3 + 3)
        made = frame.with_columns(
            units=pl.when(known).then(n.cast(pl.Float64)),
            eb_mean=pl.when(known).then(mean),
            eb_low=pl.when(known).then(mean * 0.8),
            eb_high=pl.when(known).then((mean * 1.2).clip(0, 1) if kind == "ratio" else mean * 1.2),
            funnel_z=pl.when(known).then(value - 0.5),
            q_value=pl.when(n >= 10).then(pl.lit(0.04)),
            outlier=(n >= 10).fill_null(False),
        )
        made = made.with_columns(rank=pl.col("eb_mean").rank("ordinal", descending=True).cast(pl.Int64))
        made = made.with_columns(
            p_top=pl.when(known).then(1 / pl.col("rank")),
            expected_rank=pl.when(known).then(pl.col("rank") + 0.5),
            rank_low=pl.when(known).then(1),
            rank_high=pl.when(known).then(pl.len()),
        )
        if kind == "ratio":
            made = made.with_columns(
                ratio=pl.when(known).then(p),
                wilson_low=pl.when(known).then(((p + Z * Z / (2 * n) - half) / (1 + Z * Z / n)).clip(0, 1)),
                wilson_high=pl.when(known).then(((p + Z * Z / (2 * n) + half) / (1 + Z * Z / n)).clip(0, 1)),
            )
        else:
            made = made.with_columns(
                observed=pl.when(known).then(x),
                expected=pl.when(known).then(2 * n / 3),
                oe_ratio=pl.when(known).then(value),
                oe_low=pl.when(known).then(value * 0.6),
                oe_high=pl.when(known).then(value * 1.7),
            )
    return made.with_columns(
        criterion=pl.lit(criterion),
        reason=pl.format("{}：监测对象{}，已消除{}", pl.lit(CRITERIA[criterion]), n, x),
    )
