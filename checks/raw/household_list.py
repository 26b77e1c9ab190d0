"""农户名册（乡村振兴局）: the contract of the feed `household_list`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks import wording
from checks.feed import SNAPSHOT, column, feed


@feed(
    title="农户名册",
    source="乡村振兴局",
    delivery=SNAPSHOT,
    key=("household_no",),
    creates="household",
)
class HouseholdList(pa.DataFrameModel):
    """每行一户（全部农户），期末状态。"""

    county: pl.String = column("县", synonyms=wording.COUNTY)
    township: pl.String = column("乡", synonyms=wording.TOWNSHIP)
    village: pl.String = column("村", synonyms=wording.VILLAGE)
    village_code: pl.String = column("行政村代码", "village_code")
    hamlet: pl.String = column("自然村", required=False, example="东组")
    household_no: pl.String = column("户编号", "household_no")
    household_type: pl.String = column("户类型", "code", codes=wording.HOUSEHOLD_TYPES)
    registered_persons: pl.Int32 = column("家庭人口", "integer", ge=1, le=30, unit="人")
    household_phone: pl.String = column("户联系电话", "phone", required=False)
    asset_consent: pl.Boolean = column("是否授权查询家庭资产", "yesno")
    from_household_no: pl.String = column("原户编号", "household_no", required=False, note="分户前的户编号")
