"""监测对象信息（全国防返贫监测信息系统）: the contract of the feed `register`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

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

    county: pl.String = column("县", synonyms=("县(市、区、旗)",))
    township: pl.String = column("乡", synonyms=("乡(镇)",))
    village: pl.String = column("村", synonyms=("行政村",))
    household_no: pl.String = column("户编号", "household_no")
    person_no: pl.String = column("人编号", required=False, example="SHILI00000101")
    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number")
    id_type: pl.String = column("证件类型", "code", required=False, codes=("居民身份证", "残疾人证"))
    relation: pl.String = column("与户主关系", required=False, example="户主")
    household_phone: pl.String = column("户联系电话", "phone", required=False)
    household_type: pl.String = column("户类型", "code", codes=("脱贫户", "一般农户"))
    education: pl.String = column(
        "文化程度",
        "code",
        required=False,
        codes=("文盲或半文盲", "小学", "初中", "高中", "大专", "本科及以上", "学龄前儿童"),
    )
    school_status: pl.String = column(
        "在校生状况",
        "code",
        required=False,
        codes=(
            "学龄前儿童",
            "学前教育",
            "小学",
            "七年级",
            "八年级",
            "九年级",
            "普通高中一年级",
            "普通高中二年级",
            "普通高中三年级",
            "中职一年级",
            "中职二年级",
            "中职三年级",
            "高职高专一年级",
            "高职高专二年级",
            "高职高专三年级",
            "本科一年级",
            "本科二年级",
            "本科三年级",
            "本科四年级",
            "硕士",
            "非在校生",
        ),
    )
    health: pl.String = column("健康状况", "code", required=False, codes=("健康", "长期慢性病", "患有大病", "残疾"))
    labour: pl.String = column(
        "劳动技能",
        "code",
        required=False,
        codes=("技能劳动力", "普通劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力"),
    )
    category: pl.String = column(
        "监测对象类别",
        "code",
        codes=("脱贫不稳定户", "边缘易致贫户", "突发严重困难户"),
        synonyms=("检测对象类别",),
    )
    identified_month: pl.String = column("识别监测时间", "month")
    risk1: pl.String = column(
        "致贫/返贫风险1",
        "code",
        required=False,
        codes=(
            "因病",
            "因自然灾害",
            "因残",
            "因缺劳动力",
            "因意外事故",
            "因产业失败",
            "因务工就业不稳",
            "因学",
            "因安全住房",
            "因安全饮水",
            "其他",
        ),
    )
    risk2: pl.String = column(
        "致贫/返贫风险2",
        "code",
        required=False,
        codes=(
            "因病",
            "因自然灾害",
            "因残",
            "因缺劳动力",
            "因意外事故",
            "因产业失败",
            "因务工就业不稳",
            "因学",
            "因安全住房",
            "因安全饮水",
            "其他",
        ),
    )
    risk3: pl.String = column(
        "致贫/返贫风险3",
        "code",
        required=False,
        codes=(
            "因病",
            "因自然灾害",
            "因残",
            "因缺劳动力",
            "因意外事故",
            "因产业失败",
            "因务工就业不稳",
            "因学",
            "因安全住房",
            "因安全饮水",
            "其他",
        ),
    )
    risk4: pl.String = column(
        "致贫/返贫风险4",
        "code",
        required=False,
        codes=(
            "因病",
            "因自然灾害",
            "因残",
            "因缺劳动力",
            "因意外事故",
            "因产业失败",
            "因务工就业不稳",
            "因学",
            "因安全住房",
            "因安全饮水",
            "其他",
        ),
    )
    risk5: pl.String = column(
        "致贫/返贫风险5",
        "code",
        required=False,
        codes=(
            "因病",
            "因自然灾害",
            "因残",
            "因缺劳动力",
            "因意外事故",
            "因产业失败",
            "因务工就业不稳",
            "因学",
            "因安全住房",
            "因安全饮水",
            "其他",
        ),
    )
    disaster_item: pl.String = column("因自然灾害子项", required=False, example="洪涝灾害")
    eliminated: pl.Boolean = column("风险是否已消除", "yesno")
    eliminated_month: pl.String = column("消除监测时间", "month", required=False)
    elimination_mode: pl.String = column("风险消除方式", "code", required=False, codes=("帮扶消除", "自然消除"))
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
