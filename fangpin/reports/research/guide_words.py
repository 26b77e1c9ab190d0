"""What is asked about a finding: for every kind of lead a topic and a question to the officials of a place.

Does not belong here: which findings a place has (guide.py), the leads themselves (mart.*_anomaly).
"""

from __future__ import annotations

from fangpin.reports.tables import ALERT_TITLES

HOUSEHOLD_LEADS = {
    "not_marginal": (
        "condition",
        "边缘易致贫户不边缘",
        "当时按什么情况识别的？现在收入、务工、资产远好于监测线，为什么还在监测？",
    ),
    "stable_unstable": (
        "condition",
        "脱贫不稳定户较稳定",
        "收入已经连续稳定在监测线以上，对是否标注消除是怎么研究的？",
    ),
    "unlisted_risk": (
        "coverage",
        "应纳未纳",
        "这些户有没有核实过？没有纳入是因为有亲属赡养、存款等自主应对能力，还是没有发现？",
    ),
    "asset_contradiction": ("procedure", "资产矛盾", "识别时比对过资产没有？名下的车、房、市场主体是怎么核实处理的？"),
    "ineligible_post": ("public_post", "公益性岗位安置存疑", "安置时怎么审核的？是不是本人在岗、有没有替岗和空岗？"),
    "elimination_below_line": (
        "elimination",
        "线下消除",
        "消除时收入低于监测线，是台账漏记了收入，还是消除早了？",
    ),
    "fast_elimination": ("elimination", "快速消除", "从识别到消除时间很短，措施起了什么作用？收入能不能稳住？"),
    "elimination_without_measure": (
        "elimination",
        "无帮扶消除",
        "没有帮扶措施记录就按帮扶消除，措施是没做还是没有录入？",
    ),
    "elimination_without_procedure": ("elimination", "消除缺程序", "评议、公示、审核的记录在哪里？请当场查看。"),
    "safety_net_only": ("elimination", "一兜了之", "只落实了低保等综合保障就标注消除，这类户今后怎么监测、怎么帮扶？"),
    "relapse": ("elimination", "返复", "消除后又返回，当时判断风险消除的依据是什么？现在的措施有什么不同？"),
}
"""Kind of mart.household_anomaly -> topic, title, question."""

VILLAGE_LEADS = {
    "inflated_elimination": ("elimination", "消除过快", "消除比例明显高于同类地方，有没有下达过消除指标、赶过进度？"),
    "same_day_batch": (
        "elimination",
        "同日批量消除",
        "多户在同一天消除，是集中评议审核，还是一次批量操作？请看会议记录。",
    ),
    "bunching_elimination": (
        "elimination",
        "消除时收入扎堆线上",
        "消除时的收入集中在监测线上一点点，收入是怎么算出来的？",
    ),
    "bunching_identification": (
        "coverage",
        "识别时收入扎堆线下",
        "识别时的收入集中在监测线下一点点，收入是怎么算出来的？",
    ),
    "copied_income": ("condition", "收支雷同", "多户收支各项完全相同，是谁填的、怎么采集的？请看原始调查表。"),
    "zero_report": ("coverage", "零报告", "长时间没有新识别，排查是怎么做的？有没有做过集中排查、农户申报渠道通不通？"),
}
"""Kind of mart.village_anomaly -> topic, title, question."""

ALERT_TOPICS = {
    "job_lost": "employment",
    "income_below_line": "line",
    "income_drop": "condition",
    "rigid_share": "condition",
    "medical_year": "condition",
    "medical_stay": "condition",
    "medical_income": "condition",
    "dropout": "condition",
    "uninsured": "condition",
    "unsafe_house": "condition",
    "unsafe_water": "condition",
    "disaster": "condition",
    "newly_severe": "condition",
    "petition": "coverage",
    "helped_unlisted": "coverage",
    "field_unlisted": "coverage",
    "field_risk_remains": "elimination",
}
"""Kind of mart.alert -> topic; the words are tables.ALERT_TITLES."""

assert ALERT_TOPICS.keys() == ALERT_TITLES.keys()

LINE_QUESTIONS = ("今年监测标准定多少比较合理？按物价、收入增幅和低保标准测算，基层怎么看？",)
"""Topic 五 has no table of its own: the page of the monitoring line answers it."""

OPINIONS = {
    "employment": "稳岗就业工作中有哪些困惑和问题？",
    "public_post": "对公益性岗位的设置、安置有什么意见建议？",
    "condition": "监测和帮扶工作中有哪些困惑和问题？",
    "coverage": "对监测对象的范围有什么意见建议？",
    "line": "对监测标准有什么意见建议？",
    "procedure": "对识别、消除的程序有什么意见建议？授权查询资产有什么困难？",
    "elimination": "对风险消除的标准、消除后的管理有什么意见建议？",
    "measure": "对分层分类帮扶有什么意见建议？如何分层，如何分类？",
}
"""The opinion asked for at the end of each topic (专题调研工作方案 四)."""
