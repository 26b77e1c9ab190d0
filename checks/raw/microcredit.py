"""脱贫人口小额信贷台账（金融监管局）: the contract of the feed `microcredit`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="脱贫人口小额信贷台账",
    source="金融监管局",
    delivery=SNAPSHOT,
    key=("loan_no",),
)
class Microcredit(pa.DataFrameModel):
    """每行一笔在贷小额信贷。"""

    loan_no: pl.String = column("借据号", example="SHILI202110001", document=True)
    household_no: pl.String = column("户编号", "household_no")
    loan_amount: pl.Int64 = column("贷款金额", "money", ge=0, le=10_000_000)
    issued: pl.String = column("放款月份", "month")
    overdue: pl.Boolean = column("是否逾期", "yesno")
