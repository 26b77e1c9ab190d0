"""The exports and forms that offices really send: told apart by their headers, as published, and read to the last cell.

The headers are those of the national system's exports (third row, as read by a public rule library), of the banks' list
of October 2022 and of the form of 2023; none is taken from the contracts.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pytest

from checks.feed import FeedContract
from checks.raw import FEEDS
from fangpin.errors import FileRejected
from fangpin.intake import placing, validate
from fangpin.intake.blocks import Block, Sheet
from fangpin.intake.doubts import Plausible
from fangpin.intake.locating import Located, recognise

AREAS = (("县", "乡", "村"), ("县(市、区、旗)", "乡(镇)", "行政村"), ("县", "乡", "行政村"))
IDENTITY = (
    *("户编号", "人编号", "姓名", "证件号码", "证件类型", "性别", "出生日期", "民族", "与户主关系"),
    *("家庭成员联系电话", "户联系电话", "户类型"),
)
STATE = ("文化程度", "在校生状况", "失学或辍学原因", "健康状况", "劳动技能")
INSURANCE = (
    *("是否参加城乡居民基本医疗保险", "是否参加城镇职工基本医疗保险", "是否参加大病保险"),
    *("是否参加城乡居民基本养老保险", "是否参加城镇职工基本养老保险", "是否接受医疗救助"),
)
WELFARE = ("享受低保政策情况", "享受特困供养政策情况", "特困人员救助供养金")
POSTS = ("务工所在地", "就业渠道（易地搬迁后扶使用）", "公益性岗位", "公益性岗位(月数)")
LIVING = (
    *(
        "耕地面积（亩）",
        "林地面积（亩）",
        "退耕还林面积（亩）",
        "林果面积（亩）",
        "牧草地面积",
        "水面面积",
        "与村主干路距离",
    ),
    *("入户道路是否硬化", "住房面积", "是否通生活用电", "是否有卫生厕所", "卫生厕所是否能正常使用"),
)
MONITORING = (
    *(
        "监测对象类别",
        "识别监测时间",
        "致贫/返贫风险1",
        "致贫/返贫风险2",
        "致贫/返贫风险3",
        "致贫/返贫风险4",
        "致贫/返贫风险5",
    ),
    *("因自然灾害子项", "其他备注", "风险是否已消除", "消除监测时间", "风险消除方式", "整户无劳动能力兜底保障户"),
    *("实施开发式帮扶措施情况", "信息采集人", "信息采集人联系电话"),
)
MEASURES = ("产业帮扶", "就业帮扶", "金融帮扶", "公益岗位帮扶", "健康帮扶", "教育帮扶", "综合保障", "社会帮扶")
AWAY = (
    *("是否已务工", "开始时间", "结束时间", "务工所在县", "务工企业名称", "所属行业", "是否点对点输送", "就业渠道"),
    *("务工月收入", "年度交通费补助", "就业服务需求"),
)
PLANNED = ("是否计划务工", "开始时间", "务工所在县", "所属行业", "就业渠道", "就业服务需求")
VILLAGE = (
    *("总户数", "总人口数", "是否出列", "低保户数", "低保人口数", "特困供养人口数", "残疾人口数"),
    *("参加城乡居民基本养老保险人数", "危房户数", "未实现饮水安全户数", "村级集体经济收入（万元）", "是否通客运班车"),
    *(
        "到乡镇是否通沥青（水泥）路",
        "行政村卫生室个数",
        "行政村执业（助理）医师（人）",
        "行政村文化（图书）室个数 （个）",
    ),
)
BANK = (
    *(
        "序号",
        "数据日期",
        "县(市、区、旗)",
        "乡(镇)",
        "行政村",
        "自然村",
        "户编号",
        "人编号",
        "姓名",
        "证件号码",
        "人数",
    ),
    *("与户主关系", "民族", "文化程度", "在校生状况", "健康状况", "劳动技能", "务工时间（月）", "是否参加大病保险"),
    *("致贫原因1", "危房户", "是否解决安全饮用水", "人均纯收入", "户联系电话", "人联系电话", "首次识别时间"),
    *("人员识别时间", "户类型", "易返贫致贫户(监测对象)类型", "风险是否消除", "风险识别时间", "风险消除时间"),
)
INCOME = (
    *("处理类型", "A1务工", "A2行业部门公益岗", "A3乡镇公益岗", "A4村级公益岗", "A5自主采摘", "工资性收入"),
    *("B1种植", "B2养殖", "B3林果", "B4其他", "生产经营性收入", "C1资产收益扶贫分红", "C2土地流转", "C3金融贷款项目"),
    *("C4代种代养", "C5其他", "财产性收入", "D1计划生育金", "D2低保金", "D3特困供养金", "D4养老保险金", "D5生态补偿"),
    *("D6其他", "转移性收入", "E1种植", "E2养殖", "E3林果", "E4其他", "生产经营性支出", "家庭纯收入", "家庭人均纯收入"),
    *("家庭理赔收入", "合规自付支出", "纳入监测对象的收入参考范围", "纳入监测对象的人均收入参考范围"),
)
CONTRACTS: Any = FEEDS
SYSTEM, BANKS = "全国防返贫监测信息系统", "金融监管局"


def dialects(area: tuple[str, ...]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Feed -> (department, header) with one spelling of the area columns."""
    person = (*area, *IDENTITY)
    return {
        "register": (SYSTEM, (*person, *STATE, *INSURANCE, *WELFARE, *POSTS, *MONITORING, *MEASURES, *LIVING)),
        "household_info": (SYSTEM, (*person, *STATE, *INSURANCE, *WELFARE, *POSTS, *LIVING)),
        "away_work": (SYSTEM, (*person, "劳动技能", *AWAY)),
        "planned_work": (SYSTEM, (*person, "劳动技能", *PLANNED)),
        "village_info": (SYSTEM, (*area, *VILLAGE)),
        "survey_household": (SYSTEM, (*area, "户编号", "户联系电话", "户类型", *MONITORING)),
        "survey_income": (SYSTEM, (*area, "户编号", *INCOME)),
        "bank_list": (BANKS, BANK),
    }


def seen(header: tuple[str, ...], department: str, titles: int = 2) -> tuple[str, Located]:
    top = (*((f"标题{n}", *[""] * (len(header) - 1)) for n in range(titles)), header)
    feeds: list[FeedContract] = [contract for contract in CONTRACTS.values() if contract.source == department]
    contract, at = recognise([Sheet("Sheet1", None, top, rows=100)], feeds)
    return contract.name, at


@pytest.mark.parametrize("feed", sorted(dialects(AREAS[0])))
@pytest.mark.parametrize("area", AREAS)
def test_every_export_is_known_by_its_header_in_the_third_row(feed: str, area: tuple[str, ...]) -> None:
    department, header = dialects(area)[feed]
    found, at = seen(header, department)
    assert (found, at.header_rows) == (feed, 3)
    blocks = (MEASURES, IDENTITY, STATE, INSURANCE, WELFARE, POSTS, LIVING, MONITORING)
    assert set(at.unknown) <= {name for block in blocks for name in block}


@pytest.mark.parametrize(
    "feed", ["household_info", "away_work", "planned_work", "village_info", "bank_list", "survey_income"]
)
def test_every_column_of_the_published_header_is_known(feed: str) -> None:
    department, header = dialects(AREAS[1])[feed]
    _, at = seen(header, department)
    person = set(IDENTITY) if feed in ("away_work", "planned_work") else set()
    assert set(at.unknown) <= person
    assert len(at.tables[0][1].positions) == len(header) - len(at.unknown)


@pytest.mark.parametrize(
    ("feed", "written", "instead"),
    [
        ("register", "检测对象类别", "监测对象类别"),
        ("register", "风险是否已消除0", "风险是否已消除"),
        ("register", "识别监测时间0", "识别监测时间"),
        ("register", "人均纯收入(元) ", "人均纯收入（元）"),
        ("register", "县（市、区、旗）", "县"),
        ("household_info", "公益岗位", "公益性岗位"),
        ("household_info", "耕地面积(亩)", "耕地面积（亩）"),
        ("household_info", "义务教育阶段未上学原因", "失学或辍学原因"),
        ("village_info", "行政村文化(图书)室个数(个)", "行政村文化（图书）室个数 （个）"),
        ("village_info", "到乡镇是否通沥青(水泥)路 ", "到乡镇是否通沥青（水泥）路"),
        ("survey_household", "检测对象类别", "监测对象类别"),
        ("bank_list", "务工时间(月)", "务工时间（月）"),
        ("bank_list", "易返贫致贫户（监测对象）类型", "易返贫致贫户(监测对象)类型"),
    ],
)
def test_spelling_variants_are_the_same_column(feed: str, written: str, instead: str) -> None:
    department, header = dialects(AREAS[0])[feed]
    header = tuple(written if name == instead else name for name in (*header, "人均纯收入（元）"))
    assert written in header
    found, at = seen(header, department)
    assert found == feed
    assert written not in at.unknown


def test_a_repeated_header_with_a_0_is_a_repeat_of_its_column() -> None:
    department, header = dialects(AREAS[0])["register"]
    _, at = seen((*header, "风险是否已消除0", "识别监测时间0"), department)
    repeats = at.tables[0][1].repeats
    assert {name: len(positions) for name, positions in repeats.items()} == {"eliminated": 1, "identified_month": 1}


def test_a_register_that_lacks_a_column_is_not_taken_for_another_export() -> None:
    department, header = dialects(AREAS[0])["register"]
    with pytest.raises(FileRejected, match=r"《监测对象信息》.*「识别监测时间」"):
        seen(tuple(name for name in header if name != "识别监测时间"), department)
    with pytest.raises(FileRejected, match=r"《监测对象信息》.*「证件号码」"):
        seen(tuple(name for name in header if name != "证件号码"), department)


def test_a_missing_mandatory_column_is_named_with_its_nearest_header() -> None:
    department, header = dialects(AREAS[0])["bank_list"]
    with pytest.raises(FileRejected, match=r"「人数」（文件中最接近的列名是「人口数」）"):
        seen(tuple("人口数" if name == "人数" else name for name in header), department)


@lru_cache(maxsize=1)
def context() -> validate.Context:
    return validate.Context("2023-10", placing.place_index("2023-10"), Plausible(120, 3.5, 3, 20))


AREA = ("兴县", "赵家坪乡", "赵家坪村委会")
ID = "11010519491231002X"


def judged(feed: str, *rows: dict[str, str]) -> validate.Judged:
    """Rows of texts by header, judged."""
    department, header = dialects(AREAS[0])[feed]
    _, at = seen(header, department)
    heading = at.tables[0][1]
    rows = tuple(dict(zip(header, AREA, strict=False)) | row for row in rows) if header[0] == "县" else rows
    cells = {
        name: pa.array([row.get(header[position]) or None for row in rows], pa.string())
        for name, position in heading.positions.items()
    }
    table = pa.table({"source_row": pa.array(range(4, 4 + len(rows)), pa.int32()), **cells})
    return validate.judge(Block(cells=table, end=3 + len(rows)), CONTRACTS[feed], heading, context())


def accepted(feed: str, row: dict[str, str], *columns: str) -> tuple[object, ...]:
    found = judged(feed, row)
    assert found.reasons.rows() == []
    return found.accepted.select(columns).row(0)


def test_a_person_of_a_household_in_rural_construction() -> None:
    row = {"户编号": "1411230001", "姓名": "甲", "证件号码": ID, "出生日期": "19491231", "耕地面积（亩）": "3.5"}
    row |= {"是否通生活用电": "是", "是否有卫生厕所": "√", "公益性岗位(月数)": "12", "特困人员救助供养金": "5,200.00"}
    columns = (
        "birth_month",
        "cultivated_area",
        "electricity",
        "toilet",
        "public_post_months",
        "tekun_amount",
        "health",
    )
    assert accepted("household_info", row, *columns) == ("1949-12", 3.5, True, True, 12, 520_000, None)


def test_work_away_from_home() -> None:
    row = {"户编号": "1411230001", "姓名": "甲", "证件号码": ID, "开始时间": "2023年03月", "结束时间": "2023年09月"}
    row |= {"务工月收入": "4500", "是否点对点输送": "否"}
    columns = ("started", "ended", "monthly_wage", "point_to_point")
    assert accepted("away_work", row, *columns) == ("2023-03", "2023-09", 450_000, False)


def test_work_that_is_planned() -> None:
    row = {"户编号": "1411230001", "姓名": "甲", "证件号码": ID, "是否计划务工": "是", "开始时间": "2023年11月"}
    assert accepted("planned_work", row, "planned", "starts") == (True, "2023-11")


def test_a_village_with_its_income_in_10000_yuan() -> None:
    row = {"总户数": "312", "总人口数": "1,024", "村级集体经济收入（万元）": "12.5", "是否通客运班车": "1"}
    found = accepted("village_info", row, "households", "persons", "collective_income", "bus")
    assert found == (312, 1024, 12_500_000, True)


def test_a_row_of_the_banks_list() -> None:
    row = dict(zip(BANK[2:5], AREA, strict=True))
    row |= {
        "户编号": "1411230001",
        "姓名": "甲",
        "证件号码": ID,
        "人数": "4",
        "户类型": "脱贫户",
        "人均纯收入": "9800.50",
    }
    row |= {"数据日期": "20221008", "首次识别时间": "2014-01-01", "危房户": "否", "务工时间（月）": "10"}
    columns = ("data_date", "first_identified_month", "unsafe_house", "work_months", "income_per_head", "category")
    assert accepted("bank_list", row, *columns) == (dt.date(2022, 10, 8), "2014-01", False, 10, 980_050, None)


def test_the_form_of_2023() -> None:
    totals = {
        "工资性收入": "24000",
        "生产经营性收入": "0",
        "财产性收入": "—",
        "转移性收入": "3,600",
        "生产经营性支出": "800",
    }
    row = {"户编号": "1411230001", "处理类型": "识别时", "A1务工": "24000", "家庭人均纯收入": "6700", **totals}
    found = judged("survey_income", row)
    assert found.reasons.select("column", "rule").rows() == [("财产性收入", "missing_value")]
    columns = ("stage", "a1_work", "wage_income", "transfer_income", "business_cost", "income_per_head")
    expected = ("识别时", 2_400_000, 2_400_000, 360_000, 80_000, 670_000)
    assert accepted("survey_income", row | {"财产性收入": "0"}, *columns) == expected
    base = {"户编号": "1411230001", "户类型": "脱贫户", "监测对象类别": "脱贫不稳定户", "识别监测时间": "202103"}
    base |= {"风险是否已消除": "否", "致贫/返贫风险1": "因病"}
    found_base = accepted("survey_household", base, "category", "identified_month", "eliminated", "risk1")
    assert found_base == ("脱贫不稳定户", "2021-03", False, "因病")
