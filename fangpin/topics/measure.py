"""Topic 八, help: the questions of the plan and the words of the figures of mart.topic_measure.

Does not belong here: how a figure is counted (sql/mart/topic_measure.sql).
"""

from __future__ import annotations

from fangpin.topics.topic import MEAN, SHARE, Indicator, Topic

PLAN = "《专题调研工作方案》四（八）"
TIMELY = PLAN + "“是否及时采取有针对性的帮扶措施”"
LASTING = PLAN + "“帮扶措施是否可持续”"
LAYERED = PLAN + "“如何做到分层分类帮扶”"
NOTICE = "施甸县《关于进一步做好防止返贫动态监测和帮扶工作的通知》"
CREDIT = NOTICE + "二（三）“小额信贷应贷尽贷”"

ACTIVE = "未消除的监测对象户数"
ABLE = "未消除且有劳动能力的监测对象户数"
IN_MONTHS = "台账只记措施开始的月份，按月计；识别前时限以内的月份开始的措施视为先帮扶后补手续，计0个月"
COHORT = "识别年份"

TOPIC = Topic(
    "八",
    "measure",
    "帮扶措施方面",
    (
        "对监测对象是否及时采取了有针对性的帮扶措施？",
        "帮扶措施是否可持续？",
        "如何做到分层分类帮扶？",
    ),
    (
        Indicator(
            "first_measure",
            "监测对象户数，按识别至第一项措施的月数",
            "households",
            TIMELY,
            segmented="月数",
            note=IN_MONTHS + "；没有措施的自然消除户不计",
        ),
        Indicator(
            "first_measure_months",
            "识别至第一项措施的平均月数",
            "months",
            TIMELY,
            MEAN,
            "识别后有已实施措施的监测对象户数",
            note=IN_MONTHS,
        ),
        Indicator(
            "late_month",
            "第一项措施超过时限（按月）的户",
            "households",
            TIMELY,
            SHARE,
            "已有措施或时限已过的监测对象户数",
            COHORT,
            "时限见程序时限：识别后落实第一项帮扶措施的最长月数",
        ),
        Indicator(
            "late_quarter",
            "第一项措施没有在识别的当季落实的户",
            "households",
            TIMELY,
            SHARE,
            "已有措施或当季已过的监测对象户数",
            COHORT,
            NOTICE + "三（二）“在当季得到精准有效帮扶”",
        ),
        Indicator(
            "without_measure",
            "未消除而没有已实施措施的户数",
            "households",
            TIMELY,
            segmented="台账是否登记措施",
        ),
        Indicator(
            "cause_helped",
            "原因或缺口有对症措施的户",
            "households",
            TIMELY,
            SHARE,
            "有该项原因或缺口的未消除监测对象户数",
            "致贫返贫原因或三保障缺口",
            "什么措施对什么症见对症措施；没有依据的原因不判断；不在其列的措施也可能合适，须逐户看",
        ),
        Indicator(
            "household_helped",
            "每项原因和缺口都有对症措施的户",
            "households",
            TIMELY,
            SHARE,
            "有可判断的原因或缺口的未消除监测对象户数",
        ),
        Indicator(
            "lasting",
            "未消除的监测对象户数，按最持久的已实施措施的性质",
            "households",
            LASTING,
            segmented="措施的性质",
        ),
        Indicator(
            "own_income",
            "未消除的监测对象户数，按扣除转移性收入后的人均纯收入",
            "households",
            LASTING,
            segmented="与监测线相比",
            note="只计收入记录足够的户；监测线为本月适用的标准",
        ),
        Indicator("development", "有开发式措施的户", "households", LASTING, SHARE, ABLE),
        Indicator(
            "development_late",
            "到期仍没有开发式措施的户",
            "households",
            LASTING,
            SHARE,
            "未消除、有劳动能力且识别已满时限的监测对象户数",
            note="时限见程序时限：有劳动能力的监测对象落实开发式帮扶的最长月数",
        ),
        Indicator(
            "safety_net_only",
            "只有综合保障的户（一兜了之）",
            "households",
            LASTING,
            SHARE,
            "未消除、有劳动能力且有措施的监测对象户数",
        ),
        Indicator("industry", "有产业帮扶的户", "households", NOTICE + "二（三）“产业帮扶全覆盖”", SHARE, ABLE),
        Indicator(
            "unable_assisted",
            "有人享受低保或特困供养的户",
            "households",
            NOTICE + "二（三）四“及时纳入兜底保障”",
            SHARE,
            "未消除且整户无劳动能力的监测对象户数",
        ),
        Indicator(
            "credit",
            "有小额信贷的户",
            "households",
            CREDIT,
            SHARE,
            "有劳动能力的脱贫户和未消除的边缘易致贫户户数",
            "户的类别",
            "是否有贷款需求、是否符合信用条件，数据中没有",
        ),
        Indicator(
            "credit_producing",
            "有小额信贷的户（有生产经营收入的）",
            "households",
            CREDIT,
            SHARE,
            "有劳动能力、有生产经营收入的脱贫户和未消除的边缘易致贫户户数",
            "户的类别",
            "没有贷款的是应贷未贷的线索",
        ),
        Indicator(
            "credit_idle",
            "有贷款而没有生产经营收入的户",
            "households",
            CREDIT,
            SHARE,
            "有小额信贷且收入已知的户数",
        ),
        Indicator("credit_overdue", "贷款逾期的户", "households", CREDIT, SHARE, "有小额信贷的户数"),
        Indicator(
            "layer",
            "未消除的监测对象户数，分层分类",
            "households",
            LAYERED,
            segmented="劳动能力·首要原因·扣除刚性支出后人均收入高出监测线的幅度",
        ),
        Indicator(
            "layer_persons",
            "未消除的监测对象人数，分层分类",
            "persons",
            LAYERED,
            segmented="劳动能力·首要原因·扣除刚性支出后人均收入高出监测线的幅度",
        ),
    ),
)
