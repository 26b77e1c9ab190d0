"""The statutory range as an official reads it: tests/cases/eligibility/*.yaml, household, line and month -> expected.

A case gives `户` (what is known of it, in yuan), `监测线` (or `地区`, whose line in force is taken) and `月份`.
What is not said is the ordinary case: nothing wrong, one member, no record in the register. 不详 is unknown.
Expected values are worked out by hand from the documents and decisions that the case names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from assets.ref.category import classes
from fangpin.month import end
from fangpin.policy import load
from pipelines.models import load_models
from tests.sql.test_sql_models import CONTRACTS, create_table

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
POLICY = load(CHECKOUT / "policy")
MODEL = next(model for model in load_models(CHECKOUT / "sql") if model.name == "mart.eligibility")
CASES = [
    pytest.param(case, id=f"{path.stem}：{case['名称']}")
    for path in sorted((HERE / "eligibility").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]

WORDS = {True: True, False: False, "是": True, "否": False, "有": True, "无": False, "不详": None}
FACTS = {
    "义务教育缺口": "education_gap",
    "基本医疗缺口": "medical_gap",
    "住房安全缺口": "housing_gap",
    "饮水安全缺口": "water_gap",
    "整户无劳动能力": "no_labour",
}
COUNTS = {
    "劳动力": "labourers",
    "在务工": "working",
    "稳定务工": "stable_earners",
    "近三月失业": "jobs_lost_recent",
    "灾害事故": "disasters",
    "死亡": "deaths",
    "重残": "severe_disabled",
    "信访": "petitions",
    "低保": "dibao_persons",
    "特困": "tekun_persons",
    "非义务教育在校生": "students_non_compulsory",
    "登记资产": "assets",
}
AMOUNTS = ("人均纯收入", "医疗自付", "其他刚性支出", "理赔", "核算期内医疗自付", "收入降幅")
REGISTER = ("类别", "识别", "识别时人均纯收入", "已消除", "风险", "监测月数")
PLAIN = ("户类型", "人口")
ANSWERS = {
    "收入": "by_income",
    "刚性支出": "by_rigid",
    "收入骤减": "by_drop",
    "三保障": "by_guarantee",
    "自主应对能力": "by_capacity",
    "在监测范围": "in_range",
    "潜在风险户": "watch",
    "类别相符": "class_fits",
    "收入低": "low_income",
    "刚性支出大": "high_rigid",
    "因灾陷困": "disaster_stricken",
    "兜底户": "safety_net",
}
TEXTS = {
    "理由": "reasons",
    "类别说明": "class_note",
    "应落实政策": "entitlements",
    "有问题的方面": "problems",
    "不详的方面": "problems_unknown",
    "高出监测线百分比": "net_margin_pct",
    "参考收入高出监测线百分比": "reference_margin_pct",
}
MARGINS = {"高出监测线": "net_margin_fen", "参考收入高出监测线": "reference_margin_fen"}
GROUPS = {
    "低保户": "group_dibao",
    "特困供养户": "group_tekun",
    "大病户": "group_serious_illness",
    "重残户": "group_severe_disability",
    "多名在校生": "group_students",
    "务工不稳定": "group_unstable_work",
    "灾害事故或死亡": "group_calamity",
    "信访": "group_petition",
    "长期未消除": "group_monitored_long",
}


@pytest.mark.parametrize("case", CASES)
def test_case(case: Mapping[str, Any]) -> None:
    found = judged(str(case["月份"]))[case["名称"]]
    wanted = case["应为"]
    assert {question: told(question, found) for question in wanted} == {
        question: pytest.approx(answer)
        if isinstance(answer, float)
        else WORDS.get(answer, answer)
        if question in ANSWERS
        else answer
        for question, answer in wanted.items()
    }


def told(question: str, found: Mapping[str, Any]) -> Any:
    """An answer of the table in the words of the cases; amounts in yuan."""
    if question == "重点人群":
        return [name for name, column in GROUPS.items() if found[column]]
    if question in MARGINS:
        fen = found[MARGINS[question]]
        return None if fen is None else fen / 100
    return found[{**ANSWERS, **TEXTS}[question]]


@cache
def judged(month: str) -> dict[str, dict[str, Any]]:
    """Rows of mart.eligibility by the name of the case, for all cases of a month."""
    cases = [param.values[0] for param in CASES if str(param.values[0]["月份"]) == month]
    names = [case["名称"] for case in cases]
    assert len(set(names)) == len(names), "two cases of one name"
    on = end(month)
    limits = {name: parameter.find("", on) for name, parameter in POLICY.group("threshold").items()}
    given = {
        "core.household_month": [feature(number, case) for number, case in enumerate(cases, start=1)],
        "core.monitored_household": [
            entry(number, case["户"]) for number, case in enumerate(cases, start=1) if "类别" in case["户"]
        ],
        "ref.threshold": [{name: None if value is None else value.value for name, value in limits.items()}],
        "ref.category": classes(POLICY, on).to_dicts(),
    }
    with duckdb.connect() as con:
        for table in MODEL.inputs:
            create_table(con, table, given[table])
        con.execute("create schema mart")
        con.execute(CONTRACTS["mart.eligibility"].ddl())
        con.execute(f"insert into mart.eligibility by name {MODEL.sql}")
        rows = con.sql("select * from mart.eligibility order by household_id").pl().to_dicts()
    return dict(zip(names, rows, strict=True))


def feature(number: int, case: Mapping[str, Any]) -> dict[str, Any]:
    """The row of core.household_month that a case describes."""
    home = case["户"]
    unknown = set(home) - {*FACTS, *COUNTS, *AMOUNTS, *REGISTER, *PLAIN}
    assert unknown == set(), "the case says what nobody reads"
    persons = home.get("人口", 1)
    medical = fen(home.get("医疗自付", 0))
    rigid = medical + fen(home.get("其他刚性支出", 0))
    income = home.get("人均纯收入", 20_000)
    net = None if income == "不详" else fen(income) * persons
    claims, paid = fen(home.get("理赔", 0)), fen(home.get("核算期内医疗自付", home.get("医疗自付", 0)))
    fall = home.get("收入降幅", 0)
    status = ("eliminated" if home.get("已消除") else "active") if "类别" in home else "none"
    row = {
        "household_id": number,
        "village_code": "410122001001",
        "in_province": True,
        "household_type": home.get("户类型", "一般农户"),
        "persons": persons,
        "status": status,
        "category": home.get("类别"),
        "line_fen": line(case),
        "income_known": net is not None,
        "net_income_fen": net,
        "net_income_per_head_fen": None if net is None else net // persons,
        "reference_income_per_head_fen": None if net is None else (net + claims - paid) // persons,
        "net_after_rigid_per_head_fen": None if net is None else (net - rigid) // persons,
        "rigid_fen": rigid,
        "medical_fen": medical,
        "income_drop_share": None if fall == "不详" or net is None else fall / 100,
    }
    row |= {column: WORDS[home.get(name, "无")] for name, column in FACTS.items()}
    row |= {
        column: None if home.get(name) == "不详" else home.get(name, int(column == "labourers"))
        for name, column in COUNTS.items()
    }
    return row


def line(case: Mapping[str, Any]) -> int:
    """The line the case gives, or the one in force at its place, in fen."""
    if "监测线" in case:
        return fen(case["监测线"])
    return fen(POLICY.value("monitoring_line", str(case["地区"]), end(str(case["月份"]))).value)


def fen(yuan: float) -> int:
    return round(yuan * 100)


def entry(number: int, home: Mapping[str, Any]) -> dict[str, Any]:
    """The row of core.monitored_household of a household in the register."""
    income = home.get("识别时人均纯收入")
    return {
        "household_id": number,
        "village_code": "410122001001",
        "category": home["类别"],
        "household_type": home.get("户类型", "一般农户"),
        "persons": home.get("人口", 1),
        "identified_month": str(home["识别"]),
        "risks": home.get("风险"),
        "eliminated": bool(home.get("已消除")),
        "entry_income_per_head_fen": None if income is None else fen(income),
        "months_monitored": home.get("监测月数"),
    }
