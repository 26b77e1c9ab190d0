"""机动车登记信息（公安局）: the contract of the feed `vehicle`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="机动车登记信息",
    source="公安局",
    delivery=SNAPSHOT,
    key=("vehicle_no",),
)
class Vehicle(pa.DataFrameModel):
    """每行一辆在用机动车。"""

    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    vehicle_no: pl.String = column("车辆识别代号", example="LSHILI00000000001", document=True)
    vehicle_type: pl.String = column("车辆类型", "code", codes=("小型轿车", "小型客车", "货车", "摩托车", "农用车"))
    registered: pl.String = column("登记月份", "month")
    price: pl.Int64 = column("购置价格", "money", required=False, ge=0)
