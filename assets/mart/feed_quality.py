"""mart.feed_quality: what every department delivered this month and what became of it, from the ledger."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from assets import lake, ledger
from assets.build import Build, table_asset
from checks.mart.feed_quality import DELIVERED, NOT_DELIVERED, FeedQuality
from checks.raw import FEEDS
from fangpin.intake.validate import RULES

COUNTS = (
    "rows_in_file",
    "header_rows",
    "blank_rows",
    "total_rows",
    "accepted",
    "quarantined",
    "replaced",
    "matched",
    "unmatched",
)


DELIVERIES = f"""
select cast(sum(files) as bigint) as files, count(*) filter (where delivery_state = '{NOT_DELIVERED}') as not_delivered,
  cast(sum(accepted) as bigint) as accepted, cast(sum(quarantined) as bigint) as quarantined,
  cast(sum(unmatched) as bigint) as unmatched
from mart.feed_quality"""
INPUTS = tuple(f"raw.{feed}" for feed in FEEDS)


@table_asset(FeedQuality, inputs=INPUTS, kinds=("sqlite", "python"), counts=DELIVERIES)
def feed_quality(build: Build) -> pl.DataFrame:
    """各部门数据的报送、接收、退回与匹配情况。"""
    return quality(build.home, build.month)


def quality(home: Path, month: str) -> pl.DataFrame:
    """One row per feed that is asked for or came, counted from the ledger's files in force for the month."""
    rows = []
    with ledger.open_ledger(home) as con:
        for feed, contract in FEEDS.items():
            determined = lake.determination(con, contract, month)
            files = ledger.in_force(con, feed, month, determined)
            if not files and not contract.expected:
                continue
            counts = {count: sum(getattr(file, count) for file in files) for count in COUNTS}
            reasons = ledger.reason_counts(con, feed, month, determined)
            rows.append(
                {
                    "feed": feed,
                    "title": contract.title,
                    "source": contract.source,
                    "delivery": contract.delivery,
                    "delivery_state": DELIVERED if files else NOT_DELIVERED,
                    "files": len(files),
                    **counts,
                    "match_rate": counts["matched"] / counts["accepted"] if counts["accepted"] else None,
                    "reasons": "；".join(f"{_problem(rule)}{number}行" for rule, number in reasons),
                }
            )
    return pl.DataFrame(rows, schema_overrides={"match_rate": pl.Float64})


def _problem(rule: str) -> str:
    """The rule's message without what to do about it."""
    return RULES[rule].split("；")[0]
