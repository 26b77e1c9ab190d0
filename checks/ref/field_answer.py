"""实地核查结果: what `ref.field_answer` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table
from fangpin.research.item import CHECKS
from fangpin.research.items import BY_CODE


@table("ref", key=("trip", "unit", "item"))
class FieldAnswer(pa.DataFrameModel):
    """One row per trip, household or village, and item that was answered up to the month's end."""

    plan: pl.String = col("调研方案")
    trip: pl.String = col("抽样种子（替换村以后的各次抽样种子相同，算一次调研）")
    unit: pl.String = col("核查的是哪一户或哪个村")
    item: pl.String = col("项目编码", isin=sorted(BY_CODE))
    subject: pl.String = col("农户或村", isin=["household", "village"])
    visited_code: pl.String = col("行政村代码（调研时）")
    household_id: pl.Int32 = col("农户内部编号（村级项目为空）", nullable=True)
    day: pl.Date = col("核查日期")
    checked: pl.String = col(
        "核查结果（match 一致、differ 不一致、missing 应有而没有、confirmed 属实、refuted 不属实、unknown 无法核实）",
        nullable=True,
        isin=sorted({code for options in CHECKS.values() for code, _ in options}),
    )
    judged: pl.String = col("实际情况的选项（yes 是、no 否、unsure 拿不准等；不是选择题的为空）", nullable=True)
