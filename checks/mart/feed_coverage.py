"""报送覆盖: what `mart.feed_coverage` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table
from fangpin.quality import STATES

PLACED, NOWHERE = ("city", "county"), "none"
"""Levels of a place, and what stands for the rows whose place nobody knows."""

AUDITS = tuple(
    Audit(
        f"rows_reconcile_{level}",
        f"本月每类数据各{title}的行数与未能定位的行数之和等于接收行数",
        f"""select quality.feed, quality.accepted, sum(coverage.accepted) as placed
           from mart.feed_quality as quality
           left join mart.feed_coverage as coverage
             on quality.feed = coverage.feed and coverage.month = (select month from ref.month)
             and coverage.level in ('{level}', '{NOWHERE}')
           group by quality.feed, quality.accepted
           having coalesce(sum(coverage.accepted), 0) <> quality.accepted""",
    )
    for level, title in zip(PLACED, ("市", "县"), strict=True)
)


@table("mart", key=("month", "feed", "level", "place_code"), audits=AUDITS)
class FeedCoverage(pa.DataFrameModel):
    """One row per month, feed and city or county: twelve months, the earlier ones as they were judged then."""

    month: pl.String = col("报送月份")
    feed: pl.String = col("数据来源标识")
    title: pl.String = col("数据名称")
    source: pl.String = col("报送部门")
    level: pl.String = col("层级（none 为未能定位）", isin=[*PLACED, NOWHERE])
    place_code: pl.String = col("地区代码（未能定位时为空文本）")
    place_name: pl.String = col("地区名称")
    state: pl.String = col("报送情况", isin=list(STATES))
    accepted: pl.Int64 = col("接收行数", ge=0)
    expected_rows: pl.Float64 = col("按户数推算的行数（没有报送时为空）", nullable=True, ge=0)
    blind_spot: pl.Boolean = col("是否疑似盲区：一行没有，而按户数推算应有若干行")
    sent_on: pl.Date = col("首次报送日期", nullable=True)
    late: pl.Boolean = col("是否迟报（没有报送时为空）", nullable=True)
