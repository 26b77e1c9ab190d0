"""mart.feed_reason: why rows were refused or noted this month, by rule, from the ledger."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from assets import lake, ledger
from assets.build import Build, table_asset
from checks.mart.feed_reason import FeedReason
from checks.raw import FEEDS
from fangpin import quality
from fangpin.intake.levels import ERROR, WARNING
from fangpin.intake.validate import RULES

SCHEMA = {name: column.dtype.type for name, column in FeedReason.model.to_schema().columns.items()}
INPUTS = ("mart.feed_quality", *(f"raw.{feed}" for feed in FEEDS))


@table_asset(FeedReason, inputs=INPUTS, kinds=("sqlite", "python"))
def feed_reason(build: Build) -> pl.DataFrame:
    """每类数据退回和提示的原因：问题、所属维度、怎么办、行数。"""
    return reasons(build.home, build.month)


def reasons(home: Path, month: str) -> pl.DataFrame:
    """One row per feed and rule, counted from the ledger's files in force for the month."""
    rows = []
    with ledger.open_ledger(home) as con:
        for feed, contract in FEEDS.items():
            determined = lake.determination(con, contract, month)
            for level in (ERROR, WARNING):
                for rule, number in ledger.reason_counts(con, feed, month, determined, level):
                    problem, _, remedy = RULES[rule].partition("；")
                    rows.append(
                        {
                            "feed": feed,
                            "source": contract.source,
                            "title": contract.title,
                            "rule": rule,
                            "level": level,
                            "dimension": quality.RULES[rule],
                            "problem": problem,
                            "remedy": remedy,
                            "rows": number,
                        }
                    )
    return pl.DataFrame(rows, SCHEMA)
