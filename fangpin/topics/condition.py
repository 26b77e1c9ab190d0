"""Topic 三, how monitored households fare: the questions of the plan and the words of mart.topic_condition.

Does not belong here: how a figure is counted (sql/mart/topic_condition.sql).
"""

from __future__ import annotations

from fangpin.topics.topic import MEAN, SHARE, Indicator, Topic

PLAN = "《专题调研工作方案》四（三）"
MONEY = PLAN + "“两类人群收入支出状况”"
GUARANTEES = PLAN + "“两不愁三保障情况”"
WATER = "施甸县《关于进一步做好防止返贫动态监测和帮扶工作的通知》二（三）“水质、水量、取水方便程度、供水保证率”"
CAUSES = PLAN + "“返贫致贫原因”"
NOT_MARGINAL = PLAN + "“边缘易致贫户不边缘”"
STABLE = PLAN + "“脱贫不稳定户较稳定”"
NEW = PLAN + "“2021年各地新识别两类人群情况”"

GROUP = "未消除的类别，或其他农户"
ACTIVE = "未消除的监测对象户数"
THE_LINE = "监测线为本月适用的标准；收入记录不足的户不计"
THIS_YEAR = "本年一月至本月审核认定的户，类别和原因为现在登记的；在农户现在的村"

TOPIC = Topic(
    "三",
    "condition",
    "两类人群状况方面",
    (
        "两类人群的收入支出状况怎样？",
        "两不愁三保障和饮水安全情况怎样？",
        "返贫致贫的原因有哪些？",
        "有没有边缘易致贫户不边缘、脱贫不稳定户较稳定的情况？",
        "今年各地新识别两类人群的情况怎样？",
    ),
    (
        Indicator("net_income_per_head", "人均纯收入", "fen", MONEY, MEAN, "收入已知的户的人数", GROUP),
        Indicator("income_share", "收入构成", "fen", MONEY, SHARE, "四项收入合计", "类别·收入种类"),
        Indicator(
            "income_margin",
            "未消除的监测对象户数，按人均纯收入高出监测线的幅度",
            "households",
            MONEY,
            segmented="类别·高出监测线的幅度",
            note=THE_LINE,
        ),
        Indicator(
            "rigid", "户均刚性支出", "fen", MONEY, MEAN, "户数", GROUP, "近12个月的自付医疗、教育支出和灾害净损失"
        ),
        Indicator("rigid_share", "刚性支出构成", "fen", MONEY, SHARE, "刚性支出合计", "类别·支出种类"),
        Indicator(
            "burden",
            "未消除的监测对象户数，按刚性支出占纯收入的比例",
            "households",
            MONEY,
            segmented="类别·占纯收入的比例",
            note="收入记录不足或纯收入不为正的户不计",
        ),
        Indicator(
            "margin",
            "未消除的监测对象户数，按扣除刚性支出后人均收入高出监测线的幅度",
            "households",
            MONEY,
            segmented="类别·高出监测线的幅度",
            note=THE_LINE,
        ),
        Indicator(
            "margin_mean",
            "扣除刚性支出后人均收入平均高出监测线",
            "fen",
            MONEY,
            MEAN,
            "收入已知的未消除监测对象户数",
            "类别",
            THE_LINE,
        ),
        Indicator(
            "guarantee", "三保障和饮水有缺口的户", "households", GUARANTEES, SHARE, "情况已知的户数", f"{GROUP}·项目"
        ),
        Indicator("water", "饮水四项指标不达标的户", "households", WATER, SHARE, "该项指标已知的户数", f"{GROUP}·指标"),
        Indicator("cause", "未消除的监测对象户数，按首要原因", "households", CAUSES, segmented="类别·首要原因"),
        Indicator(
            "contradiction",
            "原因与事实不符的户",
            "households",
            CAUSES,
            SHARE,
            "登记有该项原因且可以核对的未消除监测对象户数",
            "致贫返贫原因",
            "线索：因病而近12个月和识别时都没有自付医疗支出；因残而没有持证残疾人；因学而没有教育支出；因缺劳动力而人数和劳动力都够；"
            "因务工就业不稳而没有务工记录；因灾因意外而识别前没有灾害、事故或大额住院（只核对近12个月识别的）",
        ),
        Indicator(
            "unexplained",
            "缺口没有写进原因的户",
            "households",
            CAUSES,
            SHARE,
            "该项有缺口的未消除监测对象户数",
            "缺口",
        ),
        Indicator(
            "not_marginal",
            "边缘易致贫户不边缘",
            "households",
            NOT_MARGINAL,
            SHARE,
            "登记在册的边缘易致贫户户数（含已消除）",
            note="与异常名单一致，按识别时的情况判断",
        ),
        Indicator(
            "stable_unstable",
            "脱贫不稳定户较稳定",
            "households",
            STABLE,
            SHARE,
            "未消除的脱贫不稳定户户数",
            note="与异常名单一致，按本月情况判断",
        ),
        Indicator("identified_month", "本月新识别户数", "households", NEW, segmented="类别", note="本月审核认定的户"),
        Indicator("identified_year", "本年新识别户数", "households", NEW, segmented="类别", note=THIS_YEAR),
        Indicator("identified_course", "本年新识别户数，按月", "households", NEW, segmented="识别月份", note=THIS_YEAR),
        Indicator(
            "identified_channel", "本年新识别户数，按线索来源", "households", NEW, segmented="线索来源", note=THIS_YEAR
        ),
        Indicator(
            "identified_cause", "本年新识别户数，按首要原因", "households", NEW, segmented="首要原因", note=THIS_YEAR
        ),
        Indicator("village_without", "本年没有新识别的行政村", "villages", NEW, SHARE, "有农户的行政村数"),
    ),
)
