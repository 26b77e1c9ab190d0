"""农户收支台账（乡村振兴局）: the contract of the feed `income`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.feed import INCREMENT, column, feed


@feed(
    title="农户收支台账",
    source="乡村振兴局",
    delivery=INCREMENT,
    key=("household_no", "period"),
    period="period",
    window_months=25,
)
class Income(pa.DataFrameModel):
    """每行一户一期收支（脱贫户和监测对象按月，一般农户按年）。"""

    household_no: pl.String = column("户编号", "household_no")
    period: pl.String = column("所属期", "month", note="该期最后一个月")
    months: pl.Int32 = column("涵盖月数", "integer", ge=1, le=12, unit="月")
    a1_work: pl.Int64 = column("A1务工", "money", ge=0, le=50_000_000, note="A1 务工（工资性收入）")
    a2_sector_post: pl.Int64 = column(
        "A2行业部门公益岗", "money", ge=0, le=50_000_000, note="A2 行业部门公益岗（工资性收入）"
    )
    a3_township_post: pl.Int64 = column(
        "A3乡镇公益岗", "money", ge=0, le=50_000_000, note="A3 乡镇公益岗（工资性收入）"
    )
    a4_village_post: pl.Int64 = column("A4村级公益岗", "money", ge=0, le=50_000_000, note="A4 村级公益岗（工资性收入）")
    a5_gathering: pl.Int64 = column("A5自主采摘", "money", ge=0, le=50_000_000, note="A5 自主采摘（工资性收入）")
    b1_crops: pl.Int64 = column("B1种植", "money", ge=0, le=50_000_000, note="B1 种植（生产经营性收入）")
    b2_livestock: pl.Int64 = column("B2养殖", "money", ge=0, le=50_000_000, note="B2 养殖（生产经营性收入）")
    b3_orchard: pl.Int64 = column("B3林果", "money", ge=0, le=50_000_000, note="B3 林果（生产经营性收入）")
    b4_other: pl.Int64 = column("B4其他", "money", ge=0, le=50_000_000, note="B4 其他（生产经营性收入）")
    c1_asset_dividend: pl.Int64 = column(
        "C1资产收益扶贫分红", "money", ge=0, le=50_000_000, note="C1 资产收益扶贫分红（财产性收入）"
    )
    c2_land_lease: pl.Int64 = column("C2土地流转", "money", ge=0, le=50_000_000, note="C2 土地流转（财产性收入）")
    c3_finance_project: pl.Int64 = column(
        "C3金融贷款项目", "money", ge=0, le=50_000_000, note="C3 金融贷款项目（财产性收入）"
    )
    c4_contract_farming: pl.Int64 = column("C4代种代养", "money", ge=0, le=50_000_000, note="C4 代种代养（财产性收入）")
    c5_other: pl.Int64 = column("C5其他", "money", ge=0, le=50_000_000, note="C5 其他（财产性收入）")
    d1_family_planning: pl.Int64 = column(
        "D1计划生育金", "money", ge=0, le=50_000_000, note="D1 计划生育金（转移性收入）"
    )
    d2_dibao: pl.Int64 = column("D2低保金", "money", ge=0, le=50_000_000, note="D2 低保金（转移性收入）")
    d3_tekun: pl.Int64 = column("D3特困供养金", "money", ge=0, le=50_000_000, note="D3 特困供养金（转移性收入）")
    d4_pension: pl.Int64 = column("D4养老保险金", "money", ge=0, le=50_000_000, note="D4 养老保险金（转移性收入）")
    d5_ecology: pl.Int64 = column("D5生态补偿", "money", ge=0, le=50_000_000, note="D5 生态补偿（转移性收入）")
    d6_other: pl.Int64 = column("D6其他", "money", ge=0, le=50_000_000, note="D6 其他（转移性收入）")
    e1_crops: pl.Int64 = column("E1种植", "money", ge=0, le=50_000_000, note="E1 种植（生产经营性支出）")
    e2_livestock: pl.Int64 = column("E2养殖", "money", ge=0, le=50_000_000, note="E2 养殖（生产经营性支出）")
    e3_orchard: pl.Int64 = column("E3林果", "money", ge=0, le=50_000_000, note="E3 林果（生产经营性支出）")
    e4_other: pl.Int64 = column("E4其他", "money", ge=0, le=50_000_000, note="E4 其他（生产经营性支出）")
    claims: pl.Int64 = column("理赔收入", "money", ge=0, synonyms=("家庭理赔收入",))
