"""医保结算明细（医保局）: the contract of the feed `medical`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import INCREMENT, column, feed


@feed(
    title="医保结算明细",
    source="医保局",
    delivery=INCREMENT,
    key=("settlement_no",),
    period="settled_on",
    window_months=18,
)
class Medical(pa.DataFrameModel):
    """每行一次医保结算。"""

    settlement_no: pl.String = column("结算单号", example="SHILI202110001", document=True)
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    person_name: pl.String = column("姓名", "name")
    settled_on: pl.Date = column("结算日期", "date")
    visit_type: pl.String = column("医疗类别", "code", codes=("住院", "门诊慢特病", "普通门诊"))
    total_cost: pl.Int64 = column("总费用", "money", ge=0, le=200_000_000)
    pooled_paid: pl.Int64 = column("基本医保支付", "money", ge=0)
    serious_illness_paid: pl.Int64 = column("大病保险支付", "money", ge=0)
    relief_paid: pl.Int64 = column("医疗救助支付", "money", ge=0)
    self_paid: pl.Int64 = column("合规自付费用", "money", ge=0, synonyms=("合规自付支出", "个人合规自付"))
