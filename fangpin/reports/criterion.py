"""The page 刚性支出口径比较 (topic 四): by amount or by share, compared at equal work, and the form recommended.

Does not belong here: the tables (criterion_tables.py), the arithmetic (fangpin/criterion.py).
"""

from __future__ import annotations

import polars as pl

from fangpin.criterion import overlap
from fangpin.reports import criterion_tables as shown
from fangpin.reports import rigid_map, tables, what_if_charts
from fangpin.reports.criterion_tables import Compared
from fangpin.reports.edition import Edition
from fangpin.reports.line_tables import IN_FORCE, of_province, present
from fangpin.reports.page import INDEX, TOPICS, Figure, Link, LinkGroup, Page, Section
from fangpin.reports.what_if_charts import Ray
from fangpin.reports.workbooks import CRITERION

PATH = "criterion.html"

QUESTION = (
    "调研方案四（四）问：刚性支出较大或收入大幅缩减如何界定，按金额还是按幅度？本页用全部农户的数据比较两种口径。"
)
ANSWER = (
    "要点：一户扣除刚性支出后是否低于监测线，取决于“纯收入−监测线×人口”这个余地，收入越高余地越大。固定的金额门槛和固定的"
    "比例门槛都不随余地变动，所以都会漏掉刚过线的农户、多算收入高的农户；只按金额容易漏掉收入低、人口少的户，多标收入高、"
    "人口多的户；只按幅度容易多标收入高而扣除后仍有余地的户。建议“先触发再核实”：金额或幅度满足其一即核查，核实后按扣除刚性支出的人均收入认定。"
)
WINDOW = (20_000, 10_000)
"""What the map shows of income and of expenditure, in yuan per head."""
RAYS = (0.1, 0.2, 0.4)
SIZES = (2, 4, 6)
"""Shares, and sizes of households at the amount compared, that are drawn on the map."""


def page(edition: Edition) -> Page:
    """What is looked for, the map, then both subjects: thresholds, equal work, overlap, kinds, trigger and check."""
    found = shown.compared(edition)
    sections = [section for of in found for section in _subject(of)]
    if found:
        sections = [_sought(edition, found[0]), _map(edition, found[0]), *sections]
    else:
        sections = [Section("sought", "没有可比较的农户", text=("本月没有收入已知的农户，不能比较。",))]
    downloads = LinkGroup("工作簿", (Link(CRITERION, f"../workbooks/{CRITERION}"),))
    return Page(
        path=PATH,
        title=f"{edition.month_title}刚性支出口径比较：按金额还是按幅度",
        trail=(INDEX, TOPICS),
        lead=(QUESTION, ANSWER),
        menu=TOPICS.href,
        sections=(*sections, Section("downloads", "下载", groups=(downloads,))),
    )


def _sought(edition: Edition, of: Compared) -> Section:
    """Whom the criteria should find, and how many of them no threshold can find."""
    row = of.every[0]
    flagged = overlap(row).flagged("either")
    below = of_province(edition).filter(scenario=IN_FORCE)["households_below"].sum()
    return Section(
        "sought",
        "要找的是谁",
        text=(
            "以“扣除刚性支出后人均收入低于监测线”作为困难的标准来检验两种口径。这是按数据核对的标准，不是入户认定，"
            "也不用监测名册（名册本身就是按某种口径产生的）。",
        ),
        figures=(
            Figure("收入已知的农户（户）", f"{flagged.of:,}"),
            Figure("扣除刚性支出后低于监测线（户）", f"{flagged.hardship:,}", "全部困难户，即要找的"),
            Figure("其中纯收入本身就低于监测线（户）", f"{below:,}", "看收入就能发现，不必看刚性支出"),
            Figure(
                "最低的门槛也标不出（户）",
                f"{flagged.hardship - flagged.hits:,}",
                f"金额不足{row['amount_yuan']:,}元且不足收入的{row['share']:.0%}",
            ),
        ),
    )


def _map(edition: Edition, of: Compared) -> Section:
    line, (right, top) = present(edition), WINDOW
    limit = line * float(edition.policy("threshold.criterion_line_multiple"))
    rays = [Ray("扣除后等于监测线", (limit, 0), (limit + top, top), "solid", 0.9)]
    rays += [Ray(f"占收入{share:.0%}", (0, 0), (right, share * right), "dot", 0.99) for share in RAYS]
    amount = of.pair["amount_yuan"]
    rays += [
        Ray(f"{persons}人户{amount:,}元", (0, amount / persons), (right, amount / persons), "dash", 0.1)
        for persons in SIZES
        if amount / persons < top
    ]
    frame = rigid_map.hexagons(edition)
    inside = frame.filter((pl.col("x") <= right) & (pl.col("y") <= top))
    beyond = int(frame["households"].sum()) - int(inside["households"].sum())
    chart = what_if_charts.hexagons(
        "chart-map",
        "人均纯收入与人均刚性支出：每个六边形里有多少户",
        inside,
        int(edition.policy("threshold.map_step_yuan")),
        WINDOW,
        rays,
    )
    return Section(
        "map",
        "政策图",
        text=(
            f"横轴是人均纯收入，纵轴是人均刚性支出。粗实线从（{limit:,.0f}，0）起向右上45°：线左上方的农户扣除刚性支出后"
            "低于监测线，就是要找的。",
            "幅度门槛是从原点出发的射线（点线），射线以上达到门槛。金额门槛按户计，换成人均要除以人口，所以在图上不是一条线："
            f"同样{amount:,}元，人口越多的户，横线越低（虚线）。没有一条射线或横线能与粗实线重合，这就是单用一种口径都不准的原因。",
            f"图上画到人均纯收入{right:,}元、人均刚性支出{top:,}元，其余{beyond:,}户在图外，已计入下表。",
        ),
        charts=(chart,),
        tables=(rigid_map.counted(edition, line),),
    )


def _subject(of: Compared) -> tuple[Section, ...]:
    amount, share, equal = shown.single(of, "amount"), shown.single(of, "share"), shown.equal(of)
    lines = {
        word: (table.rows[f"{key}_households"].to_list(), table.rows[f"{key}_recall"].to_list())
        for word, key, table in (("按金额", "amount", amount), ("按幅度", "share", share))
    }
    return (
        Section(
            f"{of.subject}-thresholds",
            f"{of.title}：各档门槛",
            text=_advice(of, equal.rows["verdict"].to_list()),
            charts=(
                what_if_charts.found_by_work(f"chart-{of.subject}", f"{of.title}：核查同样多的户，各能查实多少", lines),
            ),
            tables=(amount, share),
        ),
        Section(f"{of.subject}-equal", f"{of.title}：工作量相同时比较", tables=(equal,)),
        Section(f"{of.subject}-overlap", f"{of.title}：重叠与各类农户", tables=(shown.overlaps(of), shown.parts(of))),
        Section(f"{of.subject}-confirm", f"{of.title}：先触发再核实（建议）", tables=(shown.confirmed(of),)),
        Section(
            f"{of.subject}-pairs",
            f"{of.title}：金额或幅度",
            text=(f"每一对门槛的查准率等见工作簿“{CRITERION}”。",),
            tables=(shown.matrix(of, "households"), shown.matrix(of, "recall")),
        ),
    )


def _advice(of: Compared, verdicts: list[str]) -> tuple[str, ...]:
    """The comparison in one sentence: of all amounts, where which criterion is surely the better one."""
    words = {"按金额": "按金额较准", "按幅度": "按幅度较准", shown.EQUAL: "两种相当"}
    close = [verdict for verdict in verdicts if verdict in words]
    told = "、".join(f"{close.count(word)}对{said}" for word, said in words.items() if word in close)
    row = of.pair
    found = overlap(row)
    amount, share, either = (found.flagged(key) for key in ("amount", "share", "either"))
    return (
        f"工作量相近的{len(close)}对门槛中，{told}。" if close else "没有一对门槛的工作量相近。",
        f"以{of.pair_words}为例：按金额标出{amount.households:,}户、查实{amount.hits:,}户"
        f"（查全率{tables.shown(tables.SHARE, amount.recall)}），按幅度标出{share.households:,}户、查实{share.hits:,}户"
        f"（{tables.shown(tables.SHARE, share.recall)}）；满足其一的{either.households:,}户、查实{either.hits:,}户"
        f"（{tables.shown(tables.SHARE, either.recall)}）。",
        *((DROPS,) if of.subject == "income_drop" else ()),
    )


DROPS = (
    "收入减少只是困难的原因之一：有的农户收入一向低，有的因刚性支出致困，不会被这种口径标出，所以查全率低不等于口径无用。"
    "收入减少额按全年毛收入乘降幅计；“持续”指近三个月工资合计仍低于上年同期。"
)
