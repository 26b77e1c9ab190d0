"""户信息（全国防返贫监测信息系统）: the contract of the feed `household_info`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks import wording
from checks.feed import SNAPSHOT, column, feed


@feed(
    title="户信息",
    source="全国防返贫监测信息系统",
    delivery=SNAPSHOT,
    key=("id_number",),
    place_level="city",
    mandatory=False,
    expected=False,
)
class HouseholdInfo(pa.DataFrameModel):
    """每行农户家庭一人，户级生产生活条件逐人重复（乡村建设信息采集）。"""

    county: pl.String = column("县", synonyms=wording.COUNTY)
    township: pl.String = column("乡", synonyms=wording.TOWNSHIP)
    village: pl.String = column("村", synonyms=wording.VILLAGE)
    household_no: pl.String = column("户编号", "household_no")
    person_no: pl.String = column("人编号", required=False, example="SHILI00000101", document=True)
    person_name: pl.String = column("姓名", "name")
    id_number: pl.String = column("证件号码", "id_number", synonyms=wording.ID_NUMBER)
    id_type: pl.String = column("证件类型", "code", required=False, codes=("居民身份证", "残疾人证"))
    sex: pl.String = column("性别", "code", required=False, codes=("男", "女"))
    birth_month: pl.String = column("出生日期", "month", required=False, note="出生年月")
    nation: pl.String = column("民族", required=False, example="汉族")
    relation: pl.String = column("与户主关系", required=False, example="户主")
    person_phone: pl.String = column("家庭成员联系电话", "phone", required=False, synonyms=("人联系电话",))
    household_phone: pl.String = column("户联系电话", "phone", required=False)
    household_type: pl.String = column("户类型", required=False, example="脱贫户")
    education: pl.String = column("文化程度", "code", required=False, codes=wording.EDUCATION)
    school_status: pl.String = column("在校生状况", "code", required=False, codes=wording.SCHOOL_STATUS)
    dropout_reason: pl.String = column(
        "失学或辍学原因", required=False, synonyms=("义务教育阶段未上学原因",), example="因身体原因"
    )
    health: pl.String = column("健康状况", required=False, example="健康")
    labour: pl.String = column("劳动技能", "code", required=False, codes=wording.LABOUR)
    insured_resident: pl.Boolean = column("是否参加城乡居民基本医疗保险", "yesno", required=False)
    insured_employee: pl.Boolean = column("是否参加城镇职工基本医疗保险", "yesno", required=False)
    insured_serious_illness: pl.Boolean = column("是否参加大病保险", "yesno", required=False)
    pension_resident: pl.Boolean = column("是否参加城乡居民基本养老保险", "yesno", required=False)
    pension_employee: pl.Boolean = column("是否参加城镇职工基本养老保险", "yesno", required=False)
    medical_relief: pl.Boolean = column("是否接受医疗救助", "yesno", required=False)
    dibao: pl.String = column("享受低保政策情况", "code", required=False, codes=("农村低保", "城市低保", "不享受"))
    tekun: pl.String = column("享受特困供养政策情况", "code", required=False, codes=("农村特困", "城市特困", "未享受"))
    tekun_amount: pl.Int64 = column("特困人员救助供养金", "money", required=False, ge=0)
    work_place: pl.String = column("务工所在地", required=False, example="省内县外")
    channel: pl.String = column(
        "就业渠道（易地搬迁后扶使用）", required=False, synonyms=("就业渠道",), example="帮扶车间"
    )
    public_post: pl.String = column("公益性岗位", required=False, synonyms=("公益岗位",), example="护林员")
    public_post_months: pl.Int32 = column(
        "公益性岗位(月数)", "integer", required=False, synonyms=("公益岗位(月数)",), unit="月", ge=0, le=12
    )
    cultivated_area: pl.Float64 = column(
        "耕地面积（亩）", "number", required=False, synonyms=("耕地面积",), unit="亩", ge=0
    )
    forest_area: pl.Float64 = column(
        "林地面积（亩）", "number", required=False, synonyms=("林地面积",), unit="亩", ge=0
    )
    reforested_area: pl.Float64 = column(
        "退耕还林面积（亩）", "number", required=False, synonyms=("退耕还林面积",), unit="亩", ge=0
    )
    orchard_area: pl.Float64 = column(
        "林果面积（亩）", "number", required=False, synonyms=("林果面积",), unit="亩", ge=0
    )
    pasture_area: pl.Float64 = column(
        "牧草地面积（亩）", "number", required=False, synonyms=("牧草地面积",), unit="亩", ge=0
    )
    water_area: pl.Float64 = column("水面面积（亩）", "number", required=False, synonyms=("水面面积",), unit="亩", ge=0)
    road_distance: pl.Float64 = column(
        "与村主干路距离", "number", required=False, synonyms=("与村主干路距离（公里）",), unit="公里", ge=0
    )
    road_paved: pl.Boolean = column("入户道路是否硬化", "yesno", required=False)
    housing_area: pl.Float64 = column(
        "住房面积", "number", required=False, synonyms=("住房面积（平方米）",), unit="平方米", ge=0
    )
    electricity: pl.Boolean = column("是否通生活用电", "yesno", required=False, mandatory=True)
    toilet: pl.Boolean = column("是否有卫生厕所", "yesno", required=False, mandatory=True)
    toilet_usable: pl.Boolean = column("卫生厕所是否能正常使用", "yesno", required=False)
