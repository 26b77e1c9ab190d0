"""不动产登记信息（自然资源局）: the contract of the feed `property`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="不动产登记信息",
    source="自然资源局",
    delivery=SNAPSHOT,
    key=("certificate_no",),
)
class Property(pa.DataFrameModel):
    """每行一套城镇商品房。"""

    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    certificate_no: pl.String = column("不动产单元号", example="SHILI410122000001", document=True)
    property_use: pl.String = column("用途", "code", codes=("住宅", "商业", "办公"))
    area: pl.Float64 = column("建筑面积", "number", ge=0, le=5_000, unit="平方米")
    registered: pl.String = column("登记月份", "month")
