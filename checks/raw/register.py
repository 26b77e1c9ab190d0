"""监测对象信息（全国防返贫监测信息系统）: the contract of the feed `register`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks import wording
from checks.feed import SNAPSHOT, column, feed


@feed(
    title="监测对象信息",
    source="全国防返贫监测信息系统",
    delivery=SNAPSHOT,
    key=("id_number",),
    place_level="city",
    creates="person",
)
class Register(pa.DataFrameModel):
    """每行监测对象家庭一人，户级信息逐人重复。"""

    county: pl.String = column("县", synonyms=wording.COUNTY)
    township: pl.String = column("乡", synonyms=wording.TOWNSHIP)
    village: pl.String = column("村", synonyms=wording.VILLAGE)
    household_no: pl.String = column("户编号", "household_no")
    person_no: pl.String = column("人编号", required=False, example="SHILI00000101", document=True)
    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number")
    id_type: pl.String = column("证件类型", "code", required=False, codes=("居民身份证", "残疾人证"))
    relation: pl.String = column("与户主关系", required=False, example="户主")
    household_phone: pl.String = column("户联系电话", "phone", required=False)
    household_type: pl.String = column("户类型", "code", codes=wording.HOUSEHOLD_TYPES)
    education: pl.String = column("文化程度", "code", required=False, codes=wording.EDUCATION)
    school_status: pl.String = column("在校生状况", "code", required=False, codes=wording.SCHOOL_STATUS)
    health: pl.String = column("健康状况", "code", required=False, codes=wording.HEALTH)
    labour: pl.String = column("劳动技能", "code", required=False, codes=wording.LABOUR)
    category: pl.String = column("监测对象类别", "code", codes=wording.CATEGORIES, synonyms=wording.CATEGORY)
    identified_month: pl.String = column("识别监测时间", "month", synonyms=("识别监测时间0",))
    risk1: pl.String = column("致贫/返贫风险1", "code", required=False, codes=wording.RISKS)
    risk2: pl.String = column("致贫/返贫风险2", "code", required=False, codes=wording.RISKS)
    risk3: pl.String = column("致贫/返贫风险3", "code", required=False, codes=wording.RISKS)
    risk4: pl.String = column("致贫/返贫风险4", "code", required=False, codes=wording.RISKS)
    risk5: pl.String = column("致贫/返贫风险5", "code", required=False, codes=wording.RISKS)
    disaster_item: pl.String = column("因自然灾害子项", required=False, example="洪涝灾害")
    eliminated: pl.Boolean = column("风险是否已消除", "yesno", synonyms=("风险是否已消除0",))
    eliminated_month: pl.String = column("消除监测时间", "month", required=False)
    elimination_mode: pl.String = column("风险消除方式", "code", required=False, codes=wording.ELIMINATION_MODES)
    no_labour_household: pl.Boolean = column("整户无劳动能力兜底保障户", "yesno", required=False)
    development_measure: pl.String = column(
        "实施开发式帮扶措施情况", "code", required=False, codes=("已实施", "尚未实施")
    )
    entry_unsafe_house: pl.Boolean = column("是否危房户", "yesno", required=False)
    entry_safe_water: pl.Boolean = column("是否解决安全饮用水", "yesno", required=False)
    entry_dropout: pl.Boolean = column("是否义务教育阶段适龄儿童少年失学辍学", "yesno", required=False)
    entry_uninsured: pl.Boolean = column("是否有家庭成员未参加城乡居民（职工）基本医疗保险", "yesno", required=False)
    entry_wage_income: pl.Int64 = column("工资性收入", "money", required=False, ge=0)
    entry_business_income: pl.Int64 = column("生产经营性收入", "money", required=False, ge=0)
    entry_property_income: pl.Int64 = column("财产性收入", "money", required=False, ge=0)
    entry_transfer_income: pl.Int64 = column("转移性收入", "money", required=False, ge=0)
    entry_business_cost: pl.Int64 = column("生产经营性支出", "money", required=False, ge=0)
    entry_income_per_head: pl.Int64 = column("人均纯收入（元）", "money", required=False)
    entry_self_paid: pl.Int64 = column("合规自付支出", "money", required=False, ge=0)
    exit_income_per_head: pl.Int64 = column("风险消除后家庭人均纯收入", "money", required=False)
    exit_income: pl.Int64 = column("风险消除后家庭纯收入", "money", required=False)
    exit_wage_income: pl.Int64 = column("风险消除后工资性收入", "money", required=False, ge=0)
    exit_transfer_income: pl.Int64 = column("风险消除后转移性收入", "money", required=False, ge=0)
    exit_claims: pl.Int64 = column("风险消除后理赔收入", "money", required=False, ge=0)
    exit_self_paid: pl.Int64 = column("风险消除后合规自付支出", "money", required=False, ge=0)
    exit_dropout: pl.Boolean = column("风险消除后是否义务教育阶段适龄儿童少年失学辍学", "yesno", required=False)
    exit_house_damaged: pl.Boolean = column("风险消除后是否住房损毁", "yesno", required=False)
    exit_uninsured: pl.Boolean = column(
        "风险消除后是否有家庭成员未参加城乡居民（职工）基本医疗保险", "yesno", required=False
    )
    exit_water_damaged: pl.Boolean = column("风险消除后是否饮水设施损毁", "yesno", required=False)
