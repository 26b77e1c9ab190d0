"""行政村信息（全国防返贫监测信息系统）: the contract of the feed `village_info`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks import wording
from checks.feed import SNAPSHOT, column, feed


@feed(
    title="行政村信息",
    source="全国防返贫监测信息系统",
    delivery=SNAPSHOT,
    key=("county", "township", "village"),
    place_level="city",
    mandatory=False,
    expected=False,
)
class VillageInfo(pa.DataFrameModel):
    """每行一个行政村。"""

    county: pl.String = column("县", synonyms=wording.COUNTY)
    township: pl.String = column("乡", synonyms=wording.TOWNSHIP)
    village: pl.String = column("村", synonyms=wording.VILLAGE)
    households: pl.Int32 = column("总户数", "integer", unit="户", ge=0)
    persons: pl.Int32 = column("总人口数", "integer", unit="人", ge=0)
    out_of_poverty: pl.Boolean = column("是否出列", "yesno", required=False)
    dibao_households: pl.Int32 = column("低保户数", "integer", required=False, unit="户", ge=0)
    dibao_persons: pl.Int32 = column("低保人口数", "integer", required=False, unit="人", ge=0)
    tekun_persons: pl.Int32 = column("特困供养人口数", "integer", required=False, unit="人", ge=0)
    disabled_persons: pl.Int32 = column("残疾人口数", "integer", required=False, unit="人", ge=0)
    pension_persons: pl.Int32 = column("参加城乡居民基本养老保险人数", "integer", required=False, unit="人", ge=0)
    unsafe_house_households: pl.Int32 = column("危房户数", "integer", required=False, unit="户", ge=0)
    unsafe_water_households: pl.Int32 = column("未实现饮水安全户数", "integer", required=False, unit="户", ge=0)
    collective_income: pl.Int64 = column(
        "村级集体经济收入（万元）", "money", required=False, ge=0, note="村级集体经济收入"
    )
    bus: pl.Boolean = column("是否通客运班车", "yesno", required=False)
    paved_road: pl.Boolean = column("到乡镇是否通沥青（水泥）路", "yesno", required=False)
    clinics: pl.Int32 = column(
        "行政村卫生室个数", "integer", required=False, synonyms=("行政村卫生室个数（个）",), unit="个", ge=0
    )
    doctors: pl.Int32 = column(
        "行政村执业（助理）医师（人）", "integer", required=False, synonyms=("行政村执业（助理）医师",), unit="人", ge=0
    )
    libraries: pl.Int32 = column(
        "行政村文化（图书）室个数（个）",
        "integer",
        required=False,
        synonyms=("行政村文化（图书）室个数",),
        unit="个",
        ge=0,
    )
