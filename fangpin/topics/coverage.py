"""Topic 四, coverage: the questions of the plan and the words of the figures of mart.topic_coverage.

Does not belong here: who belongs to a group (sql/mart/topic_coverage.sql, mart.eligibility).
"""

from __future__ import annotations

from fangpin.topics.topic import COUNT, SHARE, Indicator, Topic

PLAN = "《专题调研工作方案》四（四）"
WHO = PLAN + "“监测对象包含哪些人群”"
MORE = PLAN + "“是否需要增加”“是否纳入、怎么纳入”"
SPECIAL = PLAN + "“要重点关注哪些特殊群体”"

GROUP = "人群"
OPTION = "考虑纳入的人群"
OVERLAP = "人群之间有重叠，不能相加"
LIFT = "与全部农户的比例相除，即为该人群的风险倍数"
IN_RANGE = "在监测范围的该人群"
STRUCK = "突发严重困难户为收入不低于监测线而刚性支出或收入骤减使其在监测范围的户，与另两类有重叠"
OPTIONS = {
    "突发严重困难户": "added_sudden",
    "脱贫不享受政策户": "added_unserved",
    "脱贫享受政策户": "added_served",
}
"""Group that might be brought in -> the indicator that counts it."""
LABELS = {
    "unlisted": "未列入监测",
    "unstable": "监测中的脱贫不稳定户",
    "marginal": "监测中的边缘易致贫户",
    "sudden": "监测中的突发严重困难户",
    "other_class": "监测中的其他类别",
    "eliminated": "已标注消除",
}
"""The labels a household may carry, by the indicator that counts them."""
NONE_OF_THREE = "不在三类之内"
"""The combination of households in range that are in none of the groups."""


def _label(name: str, title: str) -> Indicator:
    return Indicator(name, f"{title}的户数，按人群", "households", WHO, COUNT, segmented=GROUP, note=OVERLAP)


def _share(name: str, title: str, base: str) -> Indicator:
    return Indicator(name, title, "households", SPECIAL, SHARE, base, GROUP, LIFT)


def _added(name: str, title: str, unit: str = "households", base: str = "户数", segmented: str = OPTION) -> Indicator:
    return Indicator(name, title, unit, MORE, SHARE, IN_RANGE + base, segmented, STRUCK)


TOPIC = Topic(
    "四",
    "coverage",
    "监测对象方面",
    (
        "监测对象包含哪些人群？",
        "是否需要增加突发严重困难户？",
        "脱贫不享受政策户及脱贫享受政策户是否纳入、怎么纳入？",
        "在监测对象排查认定时，要重点关注哪些特殊群体？",
    ),
    (
        Indicator("households", "户数，按人群", "households", WHO, segmented=GROUP, note=OVERLAP),
        Indicator("persons", "人数，按人群", "persons", WHO, segmented=GROUP, note=OVERLAP),
        *(_label(name, title) for name, title in LABELS.items()),
        Indicator(
            "served_told",
            "户类型写明享受或不享受政策的脱贫户",
            "households",
            MORE,
            SHARE,
            "脱贫户数",
            note="没有写明的，按本月有无低保、特困供养、公益性岗位、小额信贷推定",
        ),
        _share("monitored", "监测中的户，按人群", "该人群户数"),
        _share("below_line", "收入低于监测线的户，按人群", "该人群收入已知的户数"),
        _share("with_gap", "三保障或饮水有缺口的户，按人群", "该人群保障情况已知的户数"),
        _share("in_range", "在监测范围的户，按人群", "该人群能够判断的户数"),
        _share("in_range_unlisted", "在监测范围而未列入监测的户，按人群", "该人群在监测范围的户数"),
        *(_added(name, f"纳入{group}时新增监测的户", segmented="") for group, name in OPTIONS.items()),
        _added("added_persons", "新增监测的人", "persons", "人数"),
        _added("added_monitored", "已在监测中的户"),
        _added("added_eliminated", "已标注消除的户"),
        Indicator(
            "added_combination",
            "在监测范围而未列入监测的户，按属于考虑纳入的哪几类",
            "households",
            MORE,
            segmented="考虑纳入的人群的组合",
            note=f"每户只计一次；“{NONE_OF_THREE}”的是一般农户，按现行类别就应识别为边缘易致贫户",
        ),
    ),
)
