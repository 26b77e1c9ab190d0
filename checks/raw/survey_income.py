"""集中排查收支（全国防返贫监测信息系统）: the contract of the feed `survey_income`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks import wording
from checks.feed import SNAPSHOT, column, feed


@feed(
    title="集中排查收支",
    source="全国防返贫监测信息系统",
    delivery=SNAPSHOT,
    key=("household_no", "stage"),
    place_level="city",
    mandatory=False,
    expected=False,
)
class SurveyIncome(pa.DataFrameModel):
    """每行一户一次收支（2023年集中排查表，识别时或风险消除时）。"""

    county: pl.String = column("县", synonyms=wording.COUNTY)
    township: pl.String = column("乡", synonyms=wording.TOWNSHIP)
    village: pl.String = column("村", synonyms=wording.VILLAGE)
    household_no: pl.String = column("户编号", "household_no")
    stage: pl.String = column("处理类型", "code", codes=("识别时", "消除时"), note="识别时或风险消除时")
    a1_work: pl.Int64 = column("A1务工", "money", required=False, ge=0)
    a2_sector_post: pl.Int64 = column("A2行业部门公益岗", "money", required=False, ge=0)
    a3_township_post: pl.Int64 = column("A3乡镇公益岗", "money", required=False, ge=0)
    a4_village_post: pl.Int64 = column("A4村级公益岗", "money", required=False, ge=0)
    a5_gathering: pl.Int64 = column("A5自主采摘", "money", required=False, ge=0)
    wage_income: pl.Int64 = column("工资性收入", "money", synonyms=("A工资性收入",), ge=0)
    b1_crops: pl.Int64 = column("B1种植", "money", required=False, ge=0)
    b2_livestock: pl.Int64 = column("B2养殖", "money", required=False, ge=0)
    b3_orchard: pl.Int64 = column("B3林果", "money", required=False, ge=0)
    b4_other: pl.Int64 = column("B4其他", "money", required=False, ge=0)
    business_income: pl.Int64 = column("生产经营性收入", "money", synonyms=("B生产经营性收入",), ge=0)
    c1_asset_dividend: pl.Int64 = column("C1资产收益扶贫分红", "money", required=False, ge=0)
    c2_land_lease: pl.Int64 = column("C2土地流转", "money", required=False, ge=0)
    c3_finance_project: pl.Int64 = column("C3金融贷款项目", "money", required=False, ge=0)
    c4_contract_farming: pl.Int64 = column("C4代种代养", "money", required=False, ge=0)
    c5_other: pl.Int64 = column("C5其他", "money", required=False, ge=0)
    property_income: pl.Int64 = column("财产性收入", "money", synonyms=("C财产性收入",), ge=0)
    d1_family_planning: pl.Int64 = column("D1计划生育金", "money", required=False, ge=0)
    d2_dibao: pl.Int64 = column("D2低保金", "money", required=False, ge=0)
    d3_tekun: pl.Int64 = column("D3特困供养金", "money", required=False, ge=0)
    d4_pension: pl.Int64 = column("D4养老保险金", "money", required=False, ge=0)
    d5_ecology: pl.Int64 = column("D5生态补偿", "money", required=False, ge=0)
    d6_other: pl.Int64 = column("D6其他", "money", required=False, ge=0)
    transfer_income: pl.Int64 = column("转移性收入", "money", synonyms=("D转移性收入",), ge=0)
    e1_crops: pl.Int64 = column("E1种植", "money", required=False, ge=0)
    e2_livestock: pl.Int64 = column("E2养殖", "money", required=False, ge=0)
    e3_orchard: pl.Int64 = column("E3林果", "money", required=False, ge=0)
    e4_other: pl.Int64 = column("E4其他", "money", required=False, ge=0)
    business_cost: pl.Int64 = column("生产经营性支出", "money", synonyms=("E生产经营性支出",), ge=0)
    net_income: pl.Int64 = column("家庭纯收入", "money", required=False)
    income_per_head: pl.Int64 = column("家庭人均纯收入", "money")
    claims: pl.Int64 = column("家庭理赔收入", "money", required=False, synonyms=("理赔收入",), ge=0)
    self_paid: pl.Int64 = column("合规自付支出", "money", required=False, ge=0)
    reference_income: pl.Int64 = column("纳入监测对象的收入参考范围", "money", required=False)
    reference_income_per_head: pl.Int64 = column(
        "纳入监测对象的人均收入参考范围", "money", required=False, synonyms=("人均收入参考范围",)
    )
