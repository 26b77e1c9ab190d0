"""专题指标汇总: what `mart.topic_figure` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "mart",
    key=("level", "place_code", "topic", "indicator", "segment"),
    audits=(
        Audit(
            "townships_add_up",
            "每个专题每项指标，各乡镇之和等于全省、等于各市、等于各县",
            """with total as (
              select
                level, substr(place_code, 1, 2) as province_code, topic, indicator, segment,
                sum(value) as value, sum(base) as base
              from mart.topic_figure
              group by level, substr(place_code, 1, 2), topic, indicator, segment
            )
            select indicator from total
            group by province_code, topic, indicator, segment
            having min(value) <> max(value) or min(base) <> max(base) or count(*) <> 4""",
        ),
        Audit(
            "one_kind_of_figure",
            "同一指标要么各处都有分母，要么各处都没有",
            """select indicator from mart.topic_figure
            group by topic, indicator having count(base) not in (0, count(*))""",
        ),
    ),
)
class TopicFigure(pa.DataFrameModel):
    """One row per level, place, topic, indicator and segment."""

    level: pl.String = col("级别", isin=["province", "city", "county", "township"])
    place_code: pl.String = col("地区代码")
    topic: pl.String = col("专题")
    indicator: pl.String = col("指标")
    segment: pl.String = col("分组（无分组为空文本）")
    value: pl.Int64 = col("数值")
    base: pl.Int64 = col("分母（计数类为空）", nullable=True)
