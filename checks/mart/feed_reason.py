"""退回和提示的原因: what `mart.feed_reason` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table
from fangpin.intake.levels import ERROR, WARNING
from fangpin.quality import DIMENSIONS

AUDITS = (
    Audit(
        "refused_rows_have_reasons",
        "有退回行的数据有退回原因，每种原因的行数不超过退回行数",
        f"""select quality.feed from mart.feed_quality as quality
           left join (select feed, max("rows") as most from mart.feed_reason where level = '{ERROR}' group by feed)
             using (feed)
           where coalesce(most, 0) > quarantined or (most is null and quarantined > 0)""",
    ),
)


@table("mart", key=("feed", "rule"), audits=AUDITS)
class FeedReason(pa.DataFrameModel):
    """One row per feed of the month and rule that rows broke."""

    feed: pl.String = col("数据来源标识")
    source: pl.String = col("报送部门")
    title: pl.String = col("数据名称")
    rule: pl.String = col("规则标识")
    level: pl.String = col("级别", isin=[ERROR, WARNING])
    dimension: pl.String = col("维度（GB/T 36344-2018）", isin=list(DIMENSIONS))
    problem: pl.String = col("问题")
    remedy: pl.String = col("怎么办")
    rows: pl.Int64 = col("行数", ge=1)
