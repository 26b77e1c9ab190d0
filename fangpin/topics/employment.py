"""Topic 一, employment: the questions of the plan and the words of the figures of mart.topic_employment.

Does not belong here: how a figure is counted (sql/mart/topic_employment.sql).
"""

from __future__ import annotations

from collections.abc import Iterator

from fangpin.topics.topic import MEAN, SHARE, Indicator, Topic

PLAN = "《专题调研工作方案》四（一）"
STATE = PLAN + "“各地稳岗就业整体情况”"
DONE = PLAN + "“今年开展了哪些工作”"
NOTICE = "施甸县《关于进一步做好防止返贫动态监测和帮扶工作的通知》"
TWO_TARGETS = NOTICE + "“两个不少于”"
TRAINING = NOTICE + "“技能培训”"

POPULATIONS = {"": "", "_tuopin": "（脱贫户）", "_monitored": "（未消除的监测对象）"}
"""Whose figures: of all households, of 脱贫户, of those still monitored; the end of an indicator's name and title."""

PLACE = "务工所在地"
TWELVE_MONTHS = "近12个月结束的培训"


def _work(end: str, whose: str) -> Iterator[Indicator]:
    """The figures of work of one population."""
    year_earlier = "上年同月没有务工报送的不计；不少于上年的目标数没有文件，只列上年数"
    yield Indicator(f"working{end}", f"在务工人数{whose}", "persons", STATE, segmented=PLACE)
    yield Indicator(
        f"working_year_earlier{end}",
        f"上年同月在务工人数{whose}",
        "persons",
        TWO_TARGETS,
        segmented=PLACE,
        note=f"现在册的人当时的情况，减少的人口不在内；{year_earlier}",
    )
    yield Indicator(f"wage{end}", f"平均务工月收入{whose}", "fen", STATE, MEAN, "在务工人数", PLACE)
    yield Indicator(
        f"wage_year_earlier{end}", f"上年同月平均务工月收入{whose}", "fen", STATE, MEAN, "上年同月在务工人数", PLACE
    )
    yield Indicator(f"wage_band{end}", f"在务工人数{whose}，按月收入", "persons", STATE, segmented="务工月收入")
    yield Indicator(f"channel{end}", f"在务工人数{whose}，按就业渠道", "persons", DONE, segmented="就业渠道")
    yield Indicator(f"stable{end}", f"稳定务工的人{whose}", "persons", STATE, SHARE, "在务工人数")
    yield Indicator(
        f"months{end}", f"本年平均务工月数{whose}", "months", STATE, MEAN, "本年务过工的人数", note="结束当月不计"
    )
    yield Indicator(f"months_band{end}", f"本年务过工的人数{whose}，按月数", "persons", STATE, segmented="本年务工月数")
    yield Indicator(f"lost{end}", f"近三个月失去工作的人数{whose}", "persons", STATE, note="至本月没有再就业")


TOPIC = Topic(
    "一",
    "employment",
    "稳岗就业方面",
    (
        "各地稳岗就业的整体情况怎样？",
        "今年开展了哪些工作？",
    ),
    (
        *(indicator for end, whose in POPULATIONS.items() for indicator in _work(end, whose)),
        Indicator(
            "trained",
            "参加技能培训的人次",
            "person_times",
            TRAINING,
            segmented="组织部门",
            note=TWELVE_MONTHS + "；没有报送技能培训台账的月份不全",
        ),
        Indicator(
            "trained_class",
            "参加技能培训的人次，按户的类别",
            "person_times",
            TRAINING,
            segmented="户的类别",
            note=TWELVE_MONTHS,
        ),
        Indicator(
            "certified", "培训取得证书的人次", "person_times", TRAINING, SHARE, "培训人次", "组织部门", TWELVE_MONTHS
        ),
        Indicator(
            "trained_working",
            "培训后在务工的人次",
            "person_times",
            TRAINING,
            SHARE,
            "培训人次",
            "组织部门",
            "期末在务工，不论何时开始",
        ),
        Indicator(
            "trained_employed",
            "培训后就业的人次",
            "person_times",
            TRAINING,
            SHARE,
            "培训人次",
            "组织部门",
            "期末在务工，且这段务工自培训结束当月起才开始；是否因培训而就业，数据中没有",
        ),
    ),
)
