"""市场主体登记信息（市场监管局）: the contract of the feed `business`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="市场主体登记信息",
    source="市场监管局",
    delivery=SNAPSHOT,
    key=("credit_code",),
)
class Business(pa.DataFrameModel):
    """每行一个在营市场主体。"""

    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("法定代表人证件号码", "经营者证件号码"))
    credit_code: pl.String = column("统一社会信用代码", example="92410122SHILI0001X", document=True)
    entity_type: pl.String = column("主体类型", "code", codes=("企业", "个体工商户", "农民专业合作社"))
    capital: pl.Int64 = column("注册资本", "money", required=False, ge=0, note="注册资本（元）")
    registered: pl.String = column("成立月份", "month")
