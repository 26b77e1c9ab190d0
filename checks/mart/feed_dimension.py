"""部门数据质量指标: what `mart.feed_dimension` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table
from fangpin.quality import DIMENSIONS, GRADES, INDICATORS

AUDITS = (
    Audit(
        "numerator_within_denominator",
        "每项指标的分子不大于分母，没有分母的指标没有取值",
        """select month, source, indicator from mart.feed_dimension
           where numerator > denominator or (denominator = 0) <> (share is null)""",
    ),
    Audit(
        "rows_of_feed_quality",
        "按行计的指标，本月分母之和等于接收行数与退回行数之和",
        f"""select source, indicator, sum(denominator) as denominator, any_value(judged) as judged
           from mart.feed_dimension
           left join (select source, sum(accepted + quarantined) as judged from mart.feed_quality group by source)
             using (source)
           where month = (select month from ref.month) and indicator in
             ({", ".join(f"'{i.name}'" for i in INDICATORS if "行" in i.of)})
           group by source, indicator
           having sum(denominator) is distinct from any_value(judged)""",
    ),
)


@table("mart", key=("month", "source", "indicator"), audits=AUDITS)
class FeedDimension(pa.DataFrameModel):
    """One row per month, department and indicator: twelve months, the earlier ones as they were judged then."""

    month: pl.String = col("报送月份")
    source: pl.String = col("报送部门")
    indicator: pl.String = col("指标标识", isin=[i.name for i in INDICATORS])
    dimension: pl.String = col("维度（GB/T 36344-2018）", isin=list(DIMENSIONS))
    title: pl.String = col("指标")
    numerator: pl.Int64 = col("分子", ge=0)
    denominator: pl.Int64 = col("分母", ge=0)
    share: pl.Float64 = col("取值＝分子÷分母（没有分母时为空）", nullable=True, unit="share", ge=0, le=1)
    grade: pl.String = col("等级（没有取值时为空）", nullable=True, isin=list(GRADES))
    change: pl.Float64 = col("取值较上月（上月没有取值时为空）", nullable=True, unit="share", ge=-1, le=1)
