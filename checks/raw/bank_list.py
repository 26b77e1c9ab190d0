"""脱贫人口和边缘易致贫人口名单（金融监管局）: the contract of the feed `bank_list`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks import wording
from checks.feed import SNAPSHOT, column, feed


@feed(
    title="脱贫人口和边缘易致贫人口名单",
    source="金融监管局",
    delivery=SNAPSHOT,
    key=("id_number",),
    place_level="city",
    mandatory=False,
    expected=False,
)
class BankList(pa.DataFrameModel):
    """每行一名脱贫人口或监测对象，户级信息逐人重复（银行信贷用31列名单）。"""

    serial: pl.Int32 = column("序号", "integer", required=False)
    data_date: pl.Date = column("数据日期", "date", required=False)
    county: pl.String = column("县", synonyms=wording.COUNTY)
    township: pl.String = column("乡", synonyms=wording.TOWNSHIP)
    village: pl.String = column("村", synonyms=wording.VILLAGE)
    hamlet: pl.String = column("自然村", required=False, example="东组")
    household_no: pl.String = column("户编号", "household_no")
    person_no: pl.String = column("人编号", required=False, example="SHILI00000101", document=True)
    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=wording.ID_NUMBER)
    household_persons: pl.Int32 = column("人数", "integer", unit="人", ge=1, le=30)
    relation: pl.String = column("与户主关系", required=False, example="户主")
    nation: pl.String = column("民族", required=False, example="汉族")
    education: pl.String = column("文化程度", "code", required=False, codes=wording.EDUCATION)
    school_status: pl.String = column("在校生状况", "code", required=False, codes=wording.SCHOOL_STATUS)
    health: pl.String = column("健康状况", required=False, example="健康")
    labour: pl.String = column("劳动技能", "code", required=False, codes=wording.LABOUR)
    work_months: pl.Int32 = column(
        "务工时间（月）", "integer", required=False, synonyms=("务工时间",), unit="月", ge=0, le=12
    )
    insured_serious_illness: pl.Boolean = column("是否参加大病保险", "yesno", required=False)
    cause: pl.String = column("致贫原因1", "code", required=False, synonyms=("致贫原因",), codes=wording.RISKS)
    unsafe_house: pl.Boolean = column("危房户", "yesno", required=False, synonyms=("是否危房户",))
    safe_water: pl.Boolean = column("是否解决安全饮用水", "yesno", required=False)
    income_per_head: pl.Int64 = column("人均纯收入", "money", required=False)
    household_phone: pl.String = column("户联系电话", "phone", required=False)
    person_phone: pl.String = column("人联系电话", "phone", required=False)
    first_identified_month: pl.String = column("首次识别时间", "month", required=False)
    person_identified_month: pl.String = column("人员识别时间", "month", required=False)
    household_type: pl.String = column("户类型", example="脱贫户")
    category: pl.String = column(
        "易返贫致贫户(监测对象)类型",
        "code",
        required=False,
        synonyms=("监测对象类别", "检测对象类别"),
        codes=wording.CATEGORIES,
    )
    eliminated: pl.Boolean = column("风险是否消除", "yesno", required=False, synonyms=("风险是否已消除",))
    identified_month: pl.String = column("风险识别时间", "month", required=False)
    eliminated_month: pl.String = column("风险消除时间", "month", required=False)
