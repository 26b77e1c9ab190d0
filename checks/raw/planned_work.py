"""计划外出务工信息（全国防返贫监测信息系统）: the contract of the feed `planned_work`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks import wording
from checks.feed import SNAPSHOT, column, feed


@feed(
    title="计划外出务工信息",
    source="全国防返贫监测信息系统",
    delivery=SNAPSHOT,
    key=("id_number",),
    place_level="city",
    mandatory=False,
    expected=False,
)
class PlannedWork(pa.DataFrameModel):
    """每行一名计划外出务工人员（务工月监测）。"""

    county: pl.String = column("县", synonyms=wording.COUNTY)
    township: pl.String = column("乡", synonyms=wording.TOWNSHIP)
    village: pl.String = column("村", synonyms=wording.VILLAGE)
    household_no: pl.String = column("户编号", "household_no")
    person_no: pl.String = column("人编号", required=False, example="SHILI00000101", document=True)
    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=wording.ID_NUMBER)
    household_type: pl.String = column("户类型", required=False, example="脱贫户")
    labour: pl.String = column("劳动技能", "code", required=False, codes=wording.LABOUR)
    planned: pl.Boolean = column("是否计划务工", "yesno")
    starts: pl.String = column(
        "开始时间", "month", required=False, synonyms=("计划开始时间", "计划务工时间"), planned=True
    )
    work_county: pl.String = column("务工所在县", required=False, example="某县")
    industry: pl.String = column("所属行业", required=False, example="制造业")
    channel: pl.String = column("就业渠道", required=False, example="自主就业")
    service_need: pl.String = column("就业服务需求", required=False, example="技能培训")
