"""月份: what `ref.month` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("month",))
class Month(pa.DataFrameModel):
    """One row: the month of the run and its windows."""

    month: pl.String = col("本月 YYYY-MM")
    month_start: pl.Date = col("本月首日")
    month_end: pl.Date = col("本月末日")
    statement_first: pl.String = col("收入核算期首月（本月前第12个月）")
    statement_last: pl.String = col("收入核算期末月（本月上一月）")
    prior_first: pl.String = col("上一核算期首月（本月前第24个月）")
    prior_last: pl.String = col("上一核算期末月（本月前第13个月）")
    quarter_first: pl.String = col("核算期最后三个月的首月（本月前第3个月）")
    year_earlier_first: pl.String = col("上年同期三个月的首月（本月前第15个月）")
    status_first: pl.String = col("状态判断期首月（本月前第11个月）")
    previous_month: pl.String = col("上一月")
    recent_first: pl.String = col("近三个月首月（含本月）")
    half_year_first: pl.String = col("近六个月首月（含本月）")
