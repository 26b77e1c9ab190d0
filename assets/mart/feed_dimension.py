"""mart.feed_dimension: the dimensions of data quality of every department, with what each is counted of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from pathlib import Path

import polars as pl

from assets import lake, ledger, receipt
from assets.build import Build, calendar_value, table_asset
from checks.feed import FeedContract
from checks.mart.feed_dimension import FeedDimension
from checks.raw import FEEDS
from fangpin import quality
from fangpin.month import shift
from fangpin.places import OWN_PROVINCE
from fangpin.quality import INDICATORS, Indicator, Standard

INPUTS = ("mart.feed_quality", "ref.division", "ref.month", "prev.mart.feed_dimension")
SCHEMA = {name: column.dtype.type for name, column in FeedDimension.model.to_schema().columns.items()}
Share = tuple[int, int]
"""Numerator and denominator."""


@table_asset(FeedDimension, inputs=INPUTS, kinds=("sqlite", "python"))
def feed_dimension(build: Build) -> pl.DataFrame:
    """各部门数据质量的六个维度：每项指标的分子、分母、等级和较上月的变化。"""
    cities = [code for (code,) in build.con.sql("select distinct city_code from ref.division").fetchall()]
    shares = measured(build.home, build.month, build.read("mart.feed_quality"), cities)
    now = judged(build.month, shares, quality.standard(build.policy, build.month))
    return continued(build, "mart.feed_dimension", now, ["source", "indicator"], "share")


def measured(home: Path, month: str, feeds: pl.DataFrame, cities: Collection[str]) -> dict[tuple[str, str], Share]:
    """(department, indicator) -> its share, from the ledger. feeds: mart.feed_quality; cities: those that report."""
    deadline = quality.deadline(month, calendar_value("delivery_day"))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with ledger.open_ledger(home) as con:
        came = receipt.arrivals(con, month, deadline)
        for feed in feeds.iter_rows(named=True):
            contract, counts = FEEDS[feed["feed"]], found[feed["source"]]
            determined = lake.determination(con, contract, month)
            counts["rows"] += feed["accepted"] + feed["quarantined"]
            for dimension in quality.DIMENSIONS:
                rules = quality.rules_of(dimension)
                if rules and feed["quarantined"]:
                    counts[dimension] += receipt.rows_refused_for(con, contract.name, month, determined, rules)
            counts[quality.CONSISTENT] += feed["unmatched"]
            if contract.expected:
                standing = {file.place for file in ledger.delivered(con, contract.name, month, month)}
                due = due_places(contract, cities)
                counts["due"] += len(due)
                counts["delivered"] += len(due & standing)
                counts["on_time"] += sum(not came[contract.name, place].late for place in due & standing)
        for source, (files, readable) in receipt.files_tried(con, month).items():
            if source in found:
                found[source].update(files=files, readable=readable)
    return {(source, i.name): _share(i, counts) for source, counts in found.items() for i in INDICATORS}


def due_places(contract: FeedContract, cities: Collection[str]) -> set[str]:
    """The places that each owe the feed a file."""
    return {OWN_PROVINCE} if contract.place_level == "province" else set(cities)


def _share(indicator: Indicator, counts: Counter[str]) -> Share:
    if indicator.name in ("delivered", "on_time"):
        return counts[indicator.name], counts["due"]
    if indicator.name == "readable":
        return counts["readable"], counts["files"]
    return counts["rows"] - counts[indicator.dimension], counts["rows"]


def judged(month: str, shares: dict[tuple[str, str], Share], by: Standard) -> pl.DataFrame:
    """The month's rows without their change."""
    known = {indicator.name: indicator for indicator in INDICATORS}
    rows = [
        {
            "month": month,
            "source": source,
            "indicator": name,
            "dimension": known[name].dimension,
            "title": known[name].title,
            "numerator": numerator,
            "denominator": denominator,
            "share": (share := numerator / denominator if denominator else None),
            "grade": quality.grade(share, by),
        }
        for (source, name), (numerator, denominator) in shares.items()
    ]
    return pl.DataFrame(rows, {name: kind for name, kind in SCHEMA.items() if name != "change"})


def continued(build: Build, table: str, now: pl.DataFrame, key: list[str], value: str) -> pl.DataFrame:
    """The month's rows with the change of `value`, and those of earlier months from the published month before."""
    first = shift(build.month, 1 - quality.TREND_MONTHS)
    earlier = build.read(f"prev.{table}").filter(pl.col("month") >= first)
    last = earlier.filter(month=shift(build.month, -1)).select(*key, before=value)
    changed = now.join(last, on=key, how="left").with_columns(change=pl.col(value) - pl.col("before"))
    return pl.concat([earlier, changed.select(earlier.columns)], how="vertical_relaxed")
