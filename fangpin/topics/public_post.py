"""Topic 二, public posts: the questions of the plan and the words of the figures of mart.topic_public_post.

Does not belong here: how a figure is counted (sql/mart/topic_public_post.sql).
"""

from __future__ import annotations

from fangpin.topics.topic import MEAN, SHARE, Indicator, Topic

PLAN = "《专题调研工作方案》四（二）"
SET_UP = PLAN + "“公益性岗位设置情况”"
PLACED = PLAN + "“安置情况”"
CHANGE = PLAN + "“与上年相比的变化”"
COMPLIANT = PLAN + "“岗位设置是否合规”"
SUITABLE = PLAN + "“人员安置是否合理”"

YEAR_ON_YEAR = "与上年同月逐人对照须有连续12个月的发布数据，此前只能看上岗月份"

TOPIC = Topic(
    "二",
    "public_post",
    "公益性岗位方面",
    (
        "公益性岗位设置了哪些、由谁设置、补贴多少？",
        "安置了哪些人员？",
        "与上年相比有什么变化？",
        "岗位设置是否合规？",
        "人员安置是否合理？",
    ),
    (
        Indicator("posts", "在岗岗位数", "posts", SET_UP),
        Indicator("post_type", "在岗岗位数，按岗位类型", "posts", SET_UP, segmented="岗位类型"),
        Indicator("funder", "在岗岗位数，按设岗层级", "posts", SET_UP, segmented="设岗层级"),
        Indicator("pay", "平均月补贴", "fen", SET_UP, MEAN, "在岗岗位数", "岗位类型"),
        Indicator("pay_band", "在岗岗位数，按月补贴", "posts", SET_UP, segmented="月补贴"),
        Indicator(
            "months_held", "平均在岗月数", "months", SET_UP, MEAN, "上岗月份不晚于本月的岗位数", note="上岗当月计入"
        ),
        Indicator("months_band", "在岗岗位数，按在岗月数", "posts", SET_UP, segmented="在岗月数"),
        Indicator("holders", "在岗人数", "persons", PLACED),
        Indicator("holder_age", "在岗人数，按年龄", "persons", PLACED, segmented="期末周岁"),
        Indicator("holder_labour", "在岗人数，按劳动技能", "persons", PLACED, segmented="劳动技能"),
        Indicator("holder_disabled", "持证残疾人", "persons", PLACED, SHARE, "在岗人数"),
        Indicator("holder_household", "在岗人数，按户类型", "persons", PLACED, segmented="户类型"),
        Indicator("holder_class", "在岗人数，按监测情况", "persons", PLACED, segmented="监测情况"),
        Indicator(
            "joined_year",
            "12个月内新上岗的人",
            "persons",
            CHANGE,
            SHARE,
            "在岗人数",
            note=f"按上岗月份；{YEAR_ON_YEAR}",
        ),
        Indicator(
            "stayed_month", "上月已在岗的人", "persons", CHANGE, SHARE, "在岗人数", note="没有上月发布数据的月份为空"
        ),
        Indicator("joined_month", "本月新上岗人数", "persons", CHANGE, note="上月不在岗；没有上月发布数据的月份为空"),
        Indicator(
            "left_month",
            "本月离岗人数",
            "persons",
            CHANGE,
            note=f"上月在岗而本月不在岗，计在农户现在（不在册的计在原来）的村；{YEAR_ON_YEAR}",
        ),
        Indicator(
            "compliance",
            "设置存疑的岗位",
            "posts",
            COMPLIANT,
            SHARE,
            "在岗岗位数",
            "问题",
            "月补贴的上下限没有依据时不核对；台账只收约定的岗位类型，其余在报送时已退回",
        ),
        Indicator(
            "suitability",
            "安置存疑的人员",
            "persons",
            SUITABLE,
            SHARE,
            "在岗人数",
            "问题",
            "技能劳动力占公益性岗位是线索：台账没有写明哪些岗位用于托底安置，不计入存疑户数；一人可有几项",
        ),
        Indicator(
            "ineligible_households",
            "公益性岗位安置存疑的户数",
            "households",
            SUITABLE,
            note="与异常名单“公益性岗位安置存疑”一致，须逐户核实",
        ),
    ),
)
