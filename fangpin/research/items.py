"""The catalogue of field items: everything a research team asks, sees on paper or confirms, each with one code.

The visit sheets, the electronic form and the import of what comes back are made of this catalogue alone, so that an
answer on paper and one on a phone are the same answer. A system value is compared, not asked again (S0-59).
Does not belong here: what an item is (item.py), what answers mean (field.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

from fangpin.research.item import (
    APPLIES,
    ASK,
    CATEGORY,
    CHOICE,
    DATE,
    EACH,
    ELIMINATED,
    FIELD,
    FINDING,
    HELPED,
    HOUSEHOLD,
    HOUSEHOLD_TYPE,
    INTEGER,
    JUDGEMENT,
    LATEST,
    LEAD,
    LEVEL,
    LIST,
    MONTH,
    OPINION,
    PAPER,
    POST,
    REGISTERED,
    STATUS,
    SUM,
    TEXT,
    TOPICS,
    VILLAGE,
    YES_NO,
    YESNO,
    YUAN,
    Item,
)

_MONTH = "core.household_month."
_GUARANTEE = "core.guarantee."
_REGISTER = "core.monitored_household."
_ASSET = "core.asset_holding."
_PROCEDURE = "core.procedure."
_POST = "core.public_post."


def _ask(code: str, question: str, kind: str, topic: str, **more: Any) -> Item:
    choices = {YESNO: YES_NO, CHOICE: JUDGEMENT}.get(kind, ())
    return Item(code, question, kind, topic, ASK, choices=choices, **more)


def _yesno(code: str, question: str, topic: str, system: str, **more: Any) -> Item:
    return Item(code, question, YESNO, topic, system=system, choices=YES_NO, **more)


def _asset(code: str, question: str) -> Item:
    return Item(code, question, INTEGER, "procedure", system=_ASSET + code)


def _paper(code: str, question: str, column: str, topic: str = "procedure", **more: Any) -> Item:
    paper = {"kind": DATE, "reduced": LATEST, "applies": REGISTERED, "system": _PROCEDURE + column}
    return Item(f"paper_{code}", question, topic=topic, answer=PAPER, source="五（二）查阅资料", **(paper | more))


def _lead(kind: str, title: str, topic: str, subject: str = HOUSEHOLD) -> Item:
    table = "mart.household_anomaly" if subject == HOUSEHOLD else "mart.village_anomaly"
    return Item(f"lead_{kind}", title, TEXT, topic, LEAD, f"{table}.evidence", subject=subject)


HOUSEHOLD_ITEMS = (
    Item("working", "目前在务工的有几人？", INTEGER, "employment", system=_MONTH + "working"),
    Item(
        "jobs_lost", "近三个月失去工作、没有再就业的有几人？", INTEGER, "employment", system=_MONTH + "jobs_lost_recent"
    ),
    _ask("employment_trouble", "务工就业有什么困难？", TEXT, "employment"),
    Item(
        "post_type",
        "公益性岗位是什么岗位？",
        TEXT,
        "public_post",
        system=_POST + "post_type",
        reduced=LIST,
        applies=POST,
    ),
    Item(
        "post_pay",
        "公益性岗位月补贴合计（元）",
        YUAN,
        "public_post",
        system=_POST + "monthly_pay_fen",
        reduced=SUM,
        applies=POST,
    ),
    _ask("post_attended", "是不是本人实际在岗履职？", YESNO, "public_post", applies=POST),
    Item("persons", "家庭成员有几人？", INTEGER, "condition", system="core.household.persons"),
    Item(
        "household_type",
        "户类型",
        CHOICE,
        "condition",
        system="core.household.household_type",
        choices=HOUSEHOLD_TYPE,
    ),
    Item(
        "income_per_head",
        "近12个月人均纯收入（元）",
        YUAN,
        "condition",
        system=_MONTH + "net_income_per_head_fen",
    ),
    Item("rigid", "近12个月刚性支出（元）", YUAN, "condition", system=_MONTH + "rigid_fen", seen_by=FIELD),
    Item("medical", "其中自付医疗费（元）", YUAN, "condition", system=_MONTH + "medical_fen", seen_by=FIELD),
    _ask("food_clothing", "吃穿是不是不愁？", YESNO, "condition"),
    _yesno("education_gap", "有没有义务教育阶段失学辍学的孩子？", "condition", _GUARANTEE + "education_gap"),
    _yesno("medical_gap", "有没有成员没参加基本医疗保险？", "condition", _GUARANTEE + "medical_gap"),
    _yesno("housing_gap", "住房是不是不安全？", "condition", _GUARANTEE + "housing_gap"),
    _yesno("water_gap", "饮水是不是不安全？", "condition", _GUARANTEE + "water_gap"),
    Item("disasters", "近期受灾或发生意外事故几次？", INTEGER, "condition", system=_MONTH + "disasters"),
    Item(
        "severe_disabled",
        "重度残疾人有几人？",
        INTEGER,
        "condition",
        system=_MONTH + "severe_disabled",
        seen_by=FIELD,
    ),
    Item(
        "risks",
        "返贫致贫的原因",
        TEXT,
        "condition",
        system=_REGISTER + "risks",
        applies=REGISTERED,
        seen_by=FIELD,
    ),
    Item("status", "监测状态", CHOICE, "coverage", system=_MONTH + "status", choices=STATUS),
    Item(
        "category",
        "监测对象类别",
        CHOICE,
        "coverage",
        system=_REGISTER + "category",
        applies=REGISTERED,
        choices=CATEGORY,
    ),
    _ask("should_be_monitored", "调研组判断：这户现在应不应当在监测中？", CHOICE, "coverage"),
    _ask("should_be_reason", "判断的理由", TEXT, "coverage"),
    _yesno("below_line", "人均纯收入是不是低于监测线？", "line", "mart.eligibility.by_income"),
    _yesno("consent", "有没有签承诺书、授权查询家庭资产？", "procedure", "core.household.asset_consent"),
    _asset("cars", "家里有几辆小型汽车？"),
    _asset("properties", "家里有几套商品房、门面房？"),
    _asset("businesses", "家人名下有几个市场主体？"),
    _asset("payroll_members", "财政供养人员有几人？"),
    Item(
        "identified",
        "识别月份",
        MONTH,
        "procedure",
        system=_REGISTER + "identified_month",
        applies=REGISTERED,
    ),
    Item(
        "eliminated",
        "风险消除月份",
        MONTH,
        "elimination",
        system=_REGISTER + "eliminated_month",
        applies=ELIMINATED,
    ),
    Item(
        "exit_income",
        "消除时人均纯收入（元）",
        YUAN,
        "elimination",
        system=_REGISTER + "exit_income_per_head_fen",
        applies=ELIMINATED,
    ),
    _ask("exit_known", "户主知不知道、认不认可已标注风险消除？", YESNO, "elimination", applies=ELIMINATED),
    _ask("still_helped", "标注消除后是不是还在监测帮扶？", YESNO, "elimination", applies=ELIMINATED),
    _ask("risk_gone", "调研组判断：风险是不是真的消除了？", CHOICE, "elimination", applies=ELIMINATED),
    Item(
        "measures",
        "落实了哪些帮扶措施？",
        TEXT,
        "measure",
        system="core.support.measure_types",
        applies=HELPED,
    ),
    Item(
        "first_measure",
        "第一项措施落实月份",
        MONTH,
        "measure",
        system="core.support.first_measure_month",
        applies=HELPED,
    ),
    Item("dibao_persons", "享受低保的有几人？", INTEGER, "measure", system=_MONTH + "dibao_persons"),
    _ask("measure_fits", "措施是不是针对这户的风险？", CHOICE, "measure", applies=HELPED),
    _ask("measure_lasts", "措施停了以后收入能不能稳住？", CHOICE, "measure", applies=HELPED),
)
"""Asked and compared in a household."""

PAPER_ITEMS = (
    _paper("applied", "识别申请书（或线索登记）", "applied_on"),
    _paper("consented", "农户承诺及授权书", "consented_on"),
    _paper("verified", "入户核实表（附收支核算）", "verified_on"),
    _paper("compared", "部门信息比对结果", "compared_on"),
    _paper("reviewed", "识别民主评议记录", "reviewed_on"),
    _paper("publicised", "识别公示（公示单、照片）", "publicised_on"),
    _paper("approved", "识别审核批复", "approved_on"),
    _paper("help_reviewed", "帮扶措施评议记录", "help_reviewed_on", applies=HELPED),
    _paper("help_publicised", "帮扶措施公示", "help_publicised_on", applies=HELPED),
    _paper(
        "measures",
        "帮扶措施落实凭证（最早一项）",
        "first_measure_month",
        "measure",
        kind=MONTH,
        applies=HELPED,
        system="core.support.first_measure_month",
        reduced=EACH,
    ),
    _paper("exit_applied", "风险消除申请（或提名）", "exit_applied_on", "elimination", applies=ELIMINATED),
    _paper("exit_reviewed", "风险消除评议记录", "exit_reviewed_on", "elimination", applies=ELIMINATED),
    _paper("exit_publicised", "风险消除公示（公示单、照片）", "exit_publicised_on", "elimination", applies=ELIMINATED),
    _paper("exit_approved", "风险消除审核批复", "exit_approved_on", "elimination", applies=ELIMINATED),
    _paper(
        "post",
        "公益性岗位协议（上岗月份）",
        "started",
        "public_post",
        kind=TEXT,
        applies=POST,
        system=_POST + "started",
        reduced=LIST,
    ),
    _paper(
        "post_pay",
        "公益性岗位补贴发放凭证（月补贴，元）",
        "monthly_pay_fen",
        "public_post",
        kind=YUAN,
        applies=POST,
        system=_POST + "monthly_pay_fen",
        reduced=SUM,
    ),
)
"""Papers that should exist of a household (S0-53), with the date or amount that the system has."""

LEAD_ITEMS = (
    _lead("not_marginal", "边缘易致贫户不边缘", "condition"),
    _lead("stable_unstable", "脱贫不稳定户较稳定", "condition"),
    _lead("unlisted_risk", "应纳未纳", "coverage"),
    _lead("asset_contradiction", "资产矛盾", "procedure"),
    _lead("ineligible_post", "公益性岗位安置存疑", "public_post"),
    _lead("elimination_below_line", "线下消除", "elimination"),
    _lead("fast_elimination", "快速消除", "elimination"),
    _lead("elimination_without_measure", "无帮扶消除", "elimination"),
    _lead("elimination_without_procedure", "消除缺程序", "elimination"),
    _lead("safety_net_only", "一兜了之", "elimination"),
    _lead("relapse", "返复", "elimination"),
)
"""Leads of the system about a household: one item a kind of mart.household_anomaly."""

VILLAGE_ITEMS = (
    Item(
        "village_monitored",
        "监测对象户数",
        INTEGER,
        "coverage",
        system="mart.place_month.monitored_households",
        subject=VILLAGE,
    ),
    Item(
        "village_active",
        "其中风险未消除户数",
        INTEGER,
        "coverage",
        system="mart.place_month.active_households",
        subject=VILLAGE,
    ),
    Item(
        "village_eliminated",
        "其中风险已消除户数",
        INTEGER,
        "elimination",
        system="mart.place_month.eliminated_households",
        subject=VILLAGE,
    ),
    _lead("inflated_elimination", "消除过快", "elimination", VILLAGE),
    _lead("same_day_batch", "同日批量消除", "elimination", VILLAGE),
    _lead("bunching_elimination", "消除时收入扎堆线上", "elimination", VILLAGE),
    _lead("bunching_identification", "识别时收入扎堆线下", "coverage", VILLAGE),
    _lead("copied_income", "收支雷同", "condition", VILLAGE),
    _lead("zero_report", "零报告", "coverage", VILLAGE),
    _ask("village_unlisted", "走访中发现应纳未纳的有几户？", INTEGER, "coverage", subject=VILLAGE),
)
"""Compared and confirmed in a village."""

_INTERVIEW = "五（三）座谈访谈"
OPINION_ITEMS = (
    Item("opinion_level", "哪一级的意见", CHOICE, "", ASK, choices=LEVEL, subject=OPINION, source=_INTERVIEW),
    Item(
        "opinion_topic",
        "关于什么",
        CHOICE,
        "",
        ASK,
        choices=tuple(TOPICS.items()),
        subject=OPINION,
        source=_INTERVIEW,
    ),
    Item("opinion_text", "意见、困惑", TEXT, "", ASK, subject=OPINION, source=_INTERVIEW),
    Item("opinion_advice", "建议", TEXT, "", ASK, subject=OPINION, source=_INTERVIEW),
    Item("opinion_answer", "调研组现场答复", TEXT, "", ASK, subject=OPINION, source=_INTERVIEW),
)
"""One opinion of a talk: subject, level and place are coded (S0-02, S0-54)."""

_FOUND = "五（四）提出指导意见"
FINDING_ITEMS = (
    Item("finding_topic", "关于什么", CHOICE, "", ASK, choices=tuple(TOPICS.items()), subject=FINDING, source=_FOUND),
    Item("finding_problem", "问题", TEXT, "", ASK, subject=FINDING, source=_FOUND),
    Item("finding_evidence", "证据（户、资料、数据）", TEXT, "", ASK, subject=FINDING, source=_FOUND),
    Item("finding_cause", "原因", TEXT, "", ASK, subject=FINDING, source=_FOUND),
    Item("finding_advice", "建议", TEXT, "", ASK, subject=FINDING, source=_FOUND),
    Item("finding_owner", "责任单位", TEXT, "", ASK, subject=FINDING, source=_FOUND),
    Item("finding_due", "整改期限", DATE, "", ASK, subject=FINDING, source=_FOUND),
)
"""One problem found: 问题 -> 证据 -> 原因 -> 建议 (S0-56)."""

CATALOGUE = (
    *HOUSEHOLD_ITEMS,
    *PAPER_ITEMS,
    *LEAD_ITEMS,
    *VILLAGE_ITEMS,
    *OPINION_ITEMS,
    *FINDING_ITEMS,
)
"""Every item, in the order of the sheets."""

BY_CODE = {item.code: item for item in CATALOGUE}


def of(subject: str, applies: Iterable[str] = APPLIES) -> tuple[Item, ...]:
    """The items about a subject, of a household those that apply to it."""
    wanted = frozenset(applies)
    return tuple(item for item in CATALOGUE if item.subject == subject and item.applies in wanted)


def form_version() -> str:
    """Ten characters that change with any item: what comes back is matched with the catalogue that asked for it."""
    return hashlib.sha256(repr([astuple(item) for item in CATALOGUE]).encode()).hexdigest()[:10]
