"""持证残疾人名单（残联）: the contract of the feed `disability`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import SNAPSHOT, column, feed


@feed(
    title="持证残疾人名单",
    source="残联",
    delivery=SNAPSHOT,
    key=("id_number",),
)
class Disability(pa.DataFrameModel):
    """每行一本有效残疾人证。"""

    id_number: pl.String = column(
        "残疾人证号", "id_number", note="20位或22位：身份证号+类别+等级(+补办)", synonyms=("残疾证号",)
    )
    person_name: pl.String = column("姓名", "name")
    disability_type: pl.String = column(
        "残疾类别", "code", codes=("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
    )
    grade: pl.Int32 = column("残疾等级", "integer", ge=1, le=4)
    issued: pl.String = column("发证月份", "month")
