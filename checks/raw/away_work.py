"""已外出务工信息（全国防返贫监测信息系统）: the contract of the feed `away_work`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks import wording
from checks.feed import SNAPSHOT, column, feed


@feed(
    title="已外出务工信息",
    source="全国防返贫监测信息系统",
    delivery=SNAPSHOT,
    key=("id_number", "started"),
    place_level="city",
    mandatory=False,
    expected=False,
)
class AwayWork(pa.DataFrameModel):
    """每行一人一段外出务工（务工月监测）。"""

    county: pl.String = column("县", synonyms=wording.COUNTY)
    township: pl.String = column("乡", synonyms=wording.TOWNSHIP)
    village: pl.String = column("村", synonyms=wording.VILLAGE)
    household_no: pl.String = column("户编号", "household_no")
    person_no: pl.String = column("人编号", required=False, example="SHILI00000101", document=True)
    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=wording.ID_NUMBER)
    household_type: pl.String = column("户类型", required=False, example="脱贫户")
    labour: pl.String = column("劳动技能", "code", required=False, codes=wording.LABOUR)
    working: pl.Boolean = column("是否已务工", "yesno", required=False)
    started: pl.String = column("开始时间", "month", synonyms=("务工开始时间",))
    ended: pl.String = column("结束时间", "month", required=False, synonyms=("务工结束时间",), planned=True)
    work_county: pl.String = column("务工所在县", required=False, example="某县")
    employer: pl.String = column("务工企业名称", required=False, example="某某有限公司")
    industry: pl.String = column("所属行业", required=False, example="制造业")
    point_to_point: pl.Boolean = column("是否点对点输送", "yesno", required=False)
    channel: pl.String = column("就业渠道", required=False, example="自主就业")
    monthly_wage: pl.Int64 = column("务工月收入", "money", synonyms=("月收入",), ge=0, le=5000000)
    transport_subsidy: pl.Int64 = column("年度交通费补助", "money", required=False, ge=0)
    service_need: pl.String = column("就业服务需求", required=False, example="技能培训")
