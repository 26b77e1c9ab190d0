"""帮扶措施台账（乡村振兴局）: the contract of the feed `measure`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import INCREMENT, column, feed


@feed(
    title="帮扶措施台账",
    source="乡村振兴局",
    delivery=INCREMENT,
    key=("household_no", "measure_type", "started"),
    period="started",
    window_months=120,
)
class Measure(pa.DataFrameModel):
    """每行一户一项帮扶措施。"""

    household_no: pl.String = column("户编号", "household_no")
    measure_type: pl.String = column(
        "措施类型",
        "code",
        codes=(
            "产业帮扶",
            "就业帮扶",
            "金融帮扶",
            "公益岗位帮扶",
            "住房安全保障",
            "饮水安全保障",
            "健康帮扶",
            "义务教育保障",
            "教育帮扶",
            "综合保障",
            "社会帮扶",
        ),
    )
    started: pl.String = column("开始月份", "month")
    amount: pl.Int64 = column("帮扶金额", "money", required=False, ge=0)
    status: pl.String = column("实施情况", "code", codes=("已实施", "尚未实施"))
