"""行政区划: what `ref.division` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("village_code",))
class Division(pa.DataFrameModel):
    """One row per village (行政村/社区) of the month's divisions."""

    village_code: pl.String = col("行政村代码（12位）")
    village_name: pl.String = col("行政村名称")
    township_code: pl.String = col("乡镇代码")
    township_name: pl.String = col("乡镇名称")
    county_code: pl.String = col("县代码")
    county_name: pl.String = col("县名称")
    city_code: pl.String = col("市代码")
    city_name: pl.String = col("市名称")
    province_code: pl.String = col("省代码")
    province_name: pl.String = col("省名称")
    rural: pl.Boolean = col("是否村民委员会")
    in_province: pl.Boolean = col("是否计入本省合计、排名与抽样")
