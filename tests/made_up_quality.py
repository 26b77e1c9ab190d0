"""Made-up deliveries of the departments: the tables of data quality, consistent with each other.

Does not belong here: the counts of places (made_up_counts.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl

from checks.raw import FEEDS
from fangpin import quality
from fangpin.intake.validate import RULES, level
from fangpin.month import shift

LATE, MISSING, ZERO = "petition", "water", "disaster"
"""A feed that comes late, one that does not come, one with a place without a row."""


def feed_quality(rng: np.random.Generator) -> pl.DataFrame:
    rows = []
    for name, contract in FEEDS.items():
        accepted = int(rng.integers(200, 9000))
        quarantined = int(accepted * rng.uniform(0, 0.04))
        unmatched = int(accepted * rng.uniform(0, 0.03))
        rows.append(
            {
                "feed": name,
                "title": contract.title,
                "source": contract.source,
                "delivery": contract.delivery,
                "delivery_state": "已报送",
                "files": 2,
                "rows_in_file": accepted + quarantined + 6,
                "header_rows": 4,
                "blank_rows": 1,
                "total_rows": 1,
                "accepted": accepted,
                "quarantined": quarantined,
                "replaced": 0,
                "matched": accepted - unmatched,
                "unmatched": unmatched,
                "match_rate": (accepted - unmatched) / accepted,
                "reasons": f"证件号码校验位不符 {quarantined // 2}；行政村代码不存在 {quarantined - quarantined // 2}",
            }
        )
    return pl.DataFrame(rows)


def feed_reason(feeds: pl.DataFrame) -> pl.DataFrame:
    """Each feed's refused rows by two rules, and one row with a warning."""
    rows = []
    for feed in feeds.iter_rows(named=True):
        half = feed["quarantined"] // 2
        for rule, number in (
            ("id_number_check", half),
            ("missing_value", feed["quarantined"] - half),
            ("amount_far_outside", 1),
        ):
            problem, _, remedy = RULES[rule].partition("；")
            about = {name: feed[name] for name in ("feed", "source", "title")}
            said = {"level": level(rule), "dimension": quality.RULES[rule], "problem": problem, "remedy": remedy}
            rows += [about | said | {"rule": rule, "rows": number}] if number else []
    return pl.DataFrame(rows)


def feed_dimension(feeds: pl.DataFrame, month: str, rng: np.random.Generator) -> pl.DataFrame:
    """This month and the two before it; of one department nothing is known but that nothing came."""
    rows = []
    for source in feeds["source"].unique().sort():
        for offset in (-2, -1, 0):
            for indicator in quality.INDICATORS:
                due = indicator.name in ("delivered", "on_time", "readable")
                denominator = 4 if due else int(rng.integers(1000, 9000))
                numerator = denominator - int(rng.integers(0, 2 if due else 1 + denominator // 20))
                if source == FEEDS[MISSING].source:
                    numerator, denominator = 0, 1 if indicator.name in ("delivered", "on_time") else 0
                share = numerator / denominator if denominator else None
                rows.append(
                    {
                        "month": shift(month, offset),
                        "source": source,
                        "indicator": indicator.name,
                        "dimension": indicator.dimension,
                        "title": indicator.title,
                        "numerator": numerator,
                        "denominator": denominator,
                        "share": share,
                        "grade": _grade(share),
                        "change": None if offset == -2 or share is None else 0.001,
                    }
                )
    return pl.DataFrame(rows, infer_schema_length=None)


def _grade(share: float | None) -> str | None:
    limits = ((0.99, "优"), (0.97, "良"), (0.85, "中"), (0.0, "差"))
    return None if share is None else next(grade for limit, grade in limits if share >= limit)


def feed_score(dimension: pl.DataFrame) -> pl.DataFrame:
    """The plain mean of the known shares."""
    mean = dimension.group_by("month", "source").agg(score=100 * pl.col("share").mean()).sort("month", "source")
    grades = [_grade(score / 100) for score in mean["score"]]
    return mean.with_columns(
        grade=pl.Series(grades), change=pl.lit(-0.3), weakest=pl.lit("内容准确"), score=pl.col("score").clip(0, 100)
    )


def feed_coverage(feeds: pl.DataFrame, division: pl.DataFrame, month: str) -> pl.DataFrame:
    """Every feed spread evenly over the counties, this month and the one before; two rows that are nowhere."""
    counties = division.select("county_code", "county_name", "city_code", "city_name").unique().sort("county_code")
    rows: list[dict[str, Any]] = []
    for at in (shift(month, -1), month):
        for feed in feeds.iter_rows(named=True):
            name = feed["feed"]
            nowhere = 0 if name == MISSING else 2
            shares = np.full(counties.height, (feed["accepted"] - nowhere) // counties.height)
            shares[0] += feed["accepted"] - nowhere - shares.sum()
            if name == ZERO:
                shares[1] += shares[0]
                shares[0] = 0
            if name == MISSING:
                shares[:] = 0
            placed = counties.with_columns(accepted=pl.Series(shares))
            for depth, frame in (
                ("city", placed.group_by("city_code", "city_name").agg(pl.col("accepted").sum()).sort("city_code")),
                ("county", placed),
            ):
                for place in frame.iter_rows(named=True):
                    number = place["accepted"]
                    came, late = name != MISSING, name == LATE
                    rows.append(
                        {
                            "month": at,
                            "feed": name,
                            "title": feed["title"],
                            "source": feed["source"],
                            "level": depth,
                            "place_code": place[f"{depth}_code"],
                            "place_name": place[f"{depth}_name"],
                            "state": quality.state(
                                came=came, late=late, accepted=number, refused_whole=False, placeable=True
                            ),
                            "accepted": number,
                            "expected_rows": 9.5 if came else None,
                            "blind_spot": came and number == 0,
                            "sent_on": dt.date(2022, 1, 6 if late else 3) if came else None,
                            "late": late if came else None,
                        }
                    )
            if nowhere:
                about = {"month": at, "feed": name, "title": feed["title"], "source": feed["source"]}
                place = {"level": "none", "place_code": "", "place_name": "未能定位"}
                rows.append(about | place | {"state": "已报送", "accepted": nowhere, "blind_spot": False})
    return pl.DataFrame(rows, infer_schema_length=None)
