"""Topic 六, procedure: the questions of the plan and the words of the figures of mart.topic_procedure.

Does not belong here: how a figure is counted (sql/mart/topic_procedure.sql), the limits (policy/time_limit.yaml).
"""

from __future__ import annotations

from fangpin.topics.topic import MEAN, SHARE, Indicator, Topic

PLAN = "《专题调研工作方案》四（六）"
LINKS = PLAN + "“确定监测对象、落实帮扶措施、标注风险消除等环节中,增加民主评议和公开公示”"
HANDY = PLAN + "“识别、消除风险的具体程序怎么来确定”"
CONSENT = PLAN + "“农户应承诺提供的情况真实可靠,并授权查询家庭资产信息”"
LIST = PLAN + "“家庭资产达到什么标准不予识别”"
GUIDE = "《健全防止返贫动态监测和帮扶机制工作指南（试行）》"

SINCE = "自要求评议、公示的月份起识别（消除）的户，识别、消除各看最近一轮"
NO_LEVEL = "资产由各部门全省名单比对，数据没有记明是县还是乡镇比对的结果"
MATCHED = "已授权的监测中户数"
HOLDERS = "比对到该项且情况已知的监测中户数"


def _holders(name: str, title: str) -> Indicator:
    return Indicator(name, title, "households", LIST, SHARE, HOLDERS, "资产项目", NO_LEVEL)


def _complete(name: str, title: str, base: str) -> Indicator:
    return Indicator(name, title, "households", LINKS, SHARE, base, note=SINCE)


TOPIC = Topic(
    "六",
    "procedure",
    "监测程序方面",
    (
        "确定监测对象、落实帮扶措施、标注风险消除等环节，民主评议和公开公示做到了没有？",
        "识别、消除风险的具体程序怎么来确定，既能易于操作，又能公开公正公平？",
        "农户承诺授权查询家庭资产信息如何操作？",
        "家庭资产达到什么标准不予识别？",
    ),
    (
        Indicator("step_recorded", "有日期的程序环节", "households", LINKS, SHARE, "应履行该环节的户数", "环节", SINCE),
        _complete("entry_complete", "确定对象：评议、公示、审核齐全的户", "自要求程序的月份起识别的户数"),
        _complete("help_complete", "落实措施：评议、公示齐全的户", "其中有已实施措施的户数"),
        _complete("exit_complete", "标注消除：评议、公示、审核齐全的户", "自要求程序的月份起帮扶消除的户数"),
        Indicator("link_in_order", "程序先后正确的户", "households", LINKS, SHARE, "程序齐全的户数", "阶段"),
        Indicator(
            "stage_days",
            "各步平均天数",
            "days",
            HANDY,
            MEAN,
            "两个日期都有的户数",
            "从哪一步到哪一步",
            "自然日；先后颠倒的不计",
        ),
        Indicator(
            "identification_days", "户数，按申请至识别审核的天数", "households", HANDY, segmented="申请至识别审核的天数"
        ),
        Indicator(
            "identification_in_time",
            "申请至识别审核没有超过时限的户",
            "households",
            f"{HANDY}；{GUIDE}识别认定一般不超过15天",
            SHARE,
            "申请、审核日期都有的户数",
            note="台账没有发现线索的日期，以识别申请代替",
        ),
        Indicator("publicity_days_told", "记有公示天数的公示", "records", LINKS, SHARE, "有日期的公示次数", "公示"),
        Indicator("publicity_days", "平均公示天数", "days", LINKS, MEAN, "记有公示天数的公示次数", "公示"),
        Indicator(
            "publicity_long_enough",
            "公示天数达到下限的公示",
            "records",
            f"{LINKS}；{GUIDE}村内公示不少于5天",
            SHARE,
            "记有公示天数的公示次数",
            "公示",
        ),
        Indicator("objected", "有异议的公示", "records", HANDY, SHARE, "记有异议件数的公示次数", "公示"),
        Indicator("objections", "公示期间异议件数", "records", HANDY, segmented="公示"),
        Indicator("consented", "授权查询家庭资产的农户", "households", CONSENT, SHARE, "农户数", "监测状态"),
        Indicator("refused", "没有授权查询家庭资产的农户数", "households", CONSENT, segmented="监测状态"),
        Indicator(
            "asset_all",
            "比对到资产的农户",
            "households",
            LIST,
            SHARE,
            "已授权的农户数",
            "资产项目",
            NO_LEVEL,
        ),
        Indicator(
            "asset_monitored",
            "比对到资产的监测中户（按该项不予识别时的户数）",
            "households",
            LIST,
            SHARE,
            MATCHED,
            "资产项目",
            NO_LEVEL,
        ),
        Indicator(
            "asset_unlisted",
            "收入低于监测线或三保障有缺口、未列入监测、比对到资产的户",
            "households",
            LIST,
            SHARE,
            "已授权、收入低于监测线或三保障有缺口、未列入监测的户数",
            "资产项目",
            NO_LEVEL,
        ),
        _holders("asset_below_line", "比对到资产的监测中户：收入低于监测线"),
        _holders("asset_gap", "比对到资产的监测中户：三保障或饮水有缺口"),
        _holders("asset_no_labour", "比对到资产的监测中户：整户无劳动能力"),
        _holders("asset_no_need", "比对到资产的监测中户：收入不低于监测线，也没有缺口"),
        Indicator(
            "car_price",
            "有小型汽车的监测中户数，按购置价格",
            "households",
            LIST,
            segmented="最贵一辆的购置价格",
            note="购置价格没有登记的不计",
        ),
        Indicator(
            "business_capital",
            "有市场主体的监测中户数，按注册资本",
            "households",
            LIST,
            segmented="最大一个的注册资本",
            note="不含农民专业合作社；注册资本没有登记的不计",
        ),
    ),
)
