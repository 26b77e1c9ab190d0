"""户籍迁移信息（公安局）: the contract of the feed `move`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import INCREMENT, column, feed


@feed(
    title="户籍迁移信息",
    source="公安局",
    delivery=INCREMENT,
    key=("id_number", "moved_on"),
    period="moved_on",
    window_months=18,
)
class Move(pa.DataFrameModel):
    """每行一人一次户籍迁移。"""

    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=("身份证号", "身份证号码", "公民身份号码"))
    moved_on: pl.Date = column("迁移日期", "date")
    move_type: pl.String = column("迁移类型", "code", codes=("迁入", "迁出", "分户"))
