"""mart.feed_score: one score and grade for every department and month."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from assets.mart.feed_dimension import continued
from checks.mart.feed_score import FeedScore
from fangpin import quality
from fangpin.quality import Standard

SCHEMA = {name: column.dtype.type for name, column in FeedScore.model.to_schema().columns.items()}
NAMES = dict(zip(("excellent", "good", "fair", "poor"), quality.GRADES, strict=True))
INPUTS = ("mart.feed_dimension", "prev.mart.feed_score")


GRADED = f"""
select {", ".join(f"count(*) filter (where grade = '{grade}') as {name}" for name, grade in NAMES.items())}
from mart.feed_score where month = (select max(month) from mart.feed_score)"""


@table_asset(FeedScore, inputs=INPUTS, counts=GRADED)
def feed_score(build: Build) -> pl.DataFrame:
    """各部门数据质量得分、等级、较上月的变化和失分最多的指标。"""
    shares = build.read("mart.feed_dimension").filter(month=build.month)
    now = scored(build.month, shares, quality.standard(build.policy, build.month))
    return continued(build, "mart.feed_score", now, ["source"], "score")


def scored(month: str, shares: pl.DataFrame, by: Standard) -> pl.DataFrame:
    """The month's scores without their change. shares: the month's rows of mart.feed_dimension."""
    rows = []
    for (source,), indicators in shares.group_by("source", maintain_order=True):
        known = dict(indicators.select("indicator", "share").iter_rows())
        total = quality.score(known, by)
        if total is not None:
            rows.append(
                {
                    "month": month,
                    "source": source,
                    "score": 100 * total,
                    "grade": quality.grade(total, by),
                    "weakest": quality.weakest(known, by),
                }
            )
    return pl.DataFrame(rows, {name: kind for name, kind in SCHEMA.items() if name != "change"})
