"""监测对象程序台账（乡村振兴局）: the contract of the feed `register_step`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="监测对象程序台账",
    source="乡村振兴局",
    delivery=SNAPSHOT,
    key=("household_no", "round", "step"),
)
class RegisterStep(pa.DataFrameModel):
    """每行监测对象一户一个程序环节，累计台账。"""

    household_no: pl.String = column("户编号", "household_no")
    round: pl.Int32 = column("轮次", "integer", ge=1, le=9, note="首次识别为1，回退或再识别递增")
    step: pl.String = column(
        "环节",
        "code",
        codes=(
            "识别申请",
            "入户核实",
            "识别评议",
            "识别公示",
            "识别审核",
            "消除申请",
            "消除评议",
            "消除公示",
            "消除审核",
            "风险消除",
            "风险消除回退",
            "承诺授权",
            "信息比对",
            "措施评议",
            "措施公示",
        ),
    )
    done_on: pl.Date = column("完成日期", "date")
    batch_no: pl.String = column("批次号", required=False, example="2021-第3批", document=True)
    channel: pl.String = column("线索来源", "code", required=False, codes=("农户自主申报", "干部排查", "部门筛查预警"))
    publicity_days: pl.Int32 = column(
        "公示天数", "integer", required=False, ge=0, le=366, unit="天", note="村内公示的天数（公示环节）"
    )
    objections: pl.Int32 = column(
        "公示期间异议", "integer", required=False, ge=0, le=999, unit="件", note="公示期间收到的异议件数（公示环节）"
    )
