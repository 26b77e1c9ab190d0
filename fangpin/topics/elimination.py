"""Topic 七, elimination: the questions of the plan and the words of the figures of mart.topic_elimination.

Does not belong here: how a figure is counted (sql/mart/topic_elimination.sql), the curves of time to elimination
(fangpin/competing_risks.py, from the spells named here).
"""

from __future__ import annotations

from fangpin.topics.topic import COUNT, MEAN, SHARE, Indicator, Topic

PLAN = "《专题调研工作方案》四（七）"
PROCEDURE = PLAN + "“是否按程序解除监测”"
GRASP = PLAN + "“对标注风险消除是如何把握的”"
STANDARD = PLAN + "“判断风险消除的标准和依据是什么”"
AFTER = PLAN + "“标注风险消除后是否继续监测帮扶”"
SAFETY_NET = PLAN + "“落实社会保障措施的是否要标注风险消除”"

ENDED = {
    "spell_real": "有其他帮扶措施而消除",
    "spell_safety_net": "只有综合保障而消除",
    "spell_unhelped": "没有已实施的措施而消除",
    "spell_natural": "自然消除",
}
"""How a spell in the register ended: competing ends of fangpin.competing_risks, by indicator."""
READINGS = {
    "households": ("ratio_households", "strict_ratio_households"),
    "persons": ("ratio_persons", "strict_ratio_persons"),
}
"""By unit, the indicators of the two readings of the plan: with and without those of the safety net alone."""
SAFETY_NET_ONLY = "只有综合保障"
"""The segment of `ending` that the second reading leaves out."""
LASTING = "spell_active"
"""The indicator of spells that last."""

MONTHS = "从识别至消除（未消除的至本月）的月数"
HELPED_OUT = "帮扶消除户数"
THE_LINE = "监测线为消除当月适用的标准，当月没有依据的不计"


def _spell(name: str, title: str) -> Indicator:
    return Indicator(name, f"{title}的户数，按监测时长", "households", GRASP, COUNT, segmented=MONTHS)


TOPIC = Topic(
    "七",
    "elimination",
    "风险消除方面",
    (
        "对返贫（致贫）风险已消除的是否按程序解除监测？",
        "各地对标注风险消除是如何把握的？",
        "判断风险消除的标准和依据是什么？",
        "标注风险消除后是否继续监测帮扶？",
        "落实社会保障措施的是否要标注风险消除？",
    ),
    (
        Indicator("ratio_households", "风险消除率（户）", "households", SAFETY_NET, SHARE, "监测对象户数"),
        Indicator("ratio_persons", "风险消除率（人）", "persons", SAFETY_NET, SHARE, "监测对象人数"),
        Indicator(
            "strict_ratio_households",
            "风险消除率（户），只有综合保障的不计为消除",
            "households",
            SAFETY_NET,
            SHARE,
            "监测对象户数",
        ),
        Indicator(
            "strict_ratio_persons",
            "风险消除率（人），只有综合保障的不计为消除",
            "persons",
            SAFETY_NET,
            SHARE,
            "监测对象人数",
        ),
        Indicator("ending", "已消除户按消除依据", "households", STANDARD, SHARE, "已消除户数", "消除依据"),
        Indicator(
            "procedure_complete",
            "评议、公示、审核都有日期的消除",
            "households",
            PROCEDURE,
            SHARE,
            "应履行程序的帮扶消除户数",
            note="自要求评议、公示的月份起消除的户，看最近一轮",
        ),
        Indicator("step_missing", "缺少的程序环节", "households", PROCEDURE, SHARE, "应履行程序的帮扶消除户数", "环节"),
        Indicator(
            "condition_met",
            "各项消除条件成立的户",
            "households",
            STANDARD,
            SHARE,
            "该项情况已知的帮扶消除户数",
            "消除条件",
            f"收入是收支台账消除前12个月的人均纯收入，{THE_LINE}；三保障和饮水是消除后采集的情况；"
            "措施和劳动能力是本月台账记载的情况",
        ),
        Indicator(
            "ledger_margin",
            "帮扶消除户数，按消除时收入高出监测线的幅度（收支台账）",
            "households",
            STANDARD,
            segmented="高出监测线的幅度",
            note=THE_LINE,
        ),
        Indicator(
            "ledger_margin_mean",
            "消除时人均纯收入平均高出监测线（收支台账）",
            "fen",
            STANDARD,
            MEAN,
            "消除前12个月收入和消除当月监测线都已知的帮扶消除户数",
            note=THE_LINE,
        ),
        Indicator(
            "ledger_margin_known",
            "收支台账有消除前12个月收入的户",
            "households",
            STANDARD,
            SHARE,
            HELPED_OUT,
        ),
        Indicator(
            "declared_margin",
            "帮扶消除户数，按消除时收入高出监测线的幅度（登记）",
            "households",
            STANDARD,
            segmented="高出监测线的幅度",
            note=THE_LINE,
        ),
        Indicator(
            "elimination_months", "识别至消除的平均月数", "months", GRASP, MEAN, "识别、消除时间完整的帮扶消除户数"
        ),
        *(_spell(name, title) for name, title in ENDED.items()),
        _spell(LASTING, "未消除"),
        Indicator(
            "spell_unknown",
            "监测时长不详的户数",
            "households",
            GRASP,
            note="识别或消除时间缺失，或消除早于识别，没有计入监测时长",
        ),
        Indicator(
            "measures_per_case",
            "每户已实施措施项数",
            "items",
            GRASP,
            MEAN,
            "监测对象户数（自然消除除外）",
            "监测状态",
        ),
        Indicator("measure_after", "消除后仍有新的帮扶措施的户", "households", AFTER, SHARE, HELPED_OUT),
        Indicator(
            "recorded_after",
            "消除后采集了收入的户",
            "households",
            AFTER,
            SHARE,
            HELPED_OUT,
            note="监测对象信息中填有风险消除后家庭人均纯收入",
        ),
        Indicator("alert_after", "消除后本月有预警的户", "households", AFTER, SHARE, HELPED_OUT),
        Indicator(
            "relapse",
            "消除后又回到监测的户",
            "households",
            AFTER,
            SHARE,
            "程序台账记载过风险消除的户数",
            "回到监测的方式",
            "程序台账记载的全部月份，不限12个月",
        ),
    ),
)
