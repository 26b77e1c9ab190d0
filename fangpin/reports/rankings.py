"""The ranking pages: counties, townships and villages by every criterion, each order a page of its own.

A page says how sure its order is: a caterpillar and a funnel beside the table, a map of the counties, the reasons of
the first. Does not belong here: a single county (places.py), how a rank comes to be (sql/mart/place_ranking.sql).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from fangpin.ranks.criteria import CRITERIA, LEVELS
from fangpin.reports import county_map, ranking_charts, tables
from fangpin.reports.edition import Edition
from fangpin.reports.page import INDEX, Chart, Link, Page, Section
from fangpin.reports.ranking_tables import columns_of, comparison, family, ranked
from fangpin.reports.tables import Column, Table

PAGE_ROWS = 300
"""Places on a ranking page; all of them are in the workbook, villages on the county pages too."""
CHART_ROWS = 30
"""Places in the caterpillar."""
REASONS = (
    Column("rank", ("名次",), tables.RANK),
    Column("short_name", ("地区",), tables.TEXT, link="page"),
    Column("reason", ("上榜理由",), tables.LONG),
)
TEXTS = {
    "count": "按参加排名的监测对象由多到少排列，相同的另一项多者在前。数量是全部在册的计数，没有抽样误差；"
    "名次只说明数量，不说明好坏。",
    "ratio": "按进入前{top}位的概率排列，概率相同的按收缩估计。户数少的地区消除率大起大落，"
    "收缩估计把它拉向所在地区的水平；名次范围越宽，名次越不可靠。没有监测对象的不排名。",
    "oe": "消除快慢是已消除人数与应消除人数之比：应消除人数按全省同类别、同监测时长、同原因的消除速度"
    "乘以本地监测月数算得，1倍为全省水平。刚纳入的户本来就不会消除，所以它比消除率更能说明标注消除是否过快；"
    "自然消除不计。按进入前{top}位的概率排列。",
}
"""What a family of criteria ranks by."""
TOPS = {"county": "top_counties", "township": "top_townships", "village": "top_villages"}
"""Level -> the parameter of policy/ranking.yaml that says how many places are at the top."""
FUNNEL_TEXT = (
    "漏斗图中每点为一个地区，横轴为独立的消除结果数（同一户的人算一个结果），两条细线之间为偶然波动可以解释的范围（95%和99.8%），"
    "粗线另计入了地区之间通常的差异；在粗线之外的才明显偏离。"
)


def href(level: str, criterion: str) -> str:
    """The page of a level in the order of a criterion."""
    return f"{level}-{criterion.replace('_', '-')}.html"


def pages(edition: Edition) -> Iterator[Page]:
    for level in LEVELS:
        for criterion in CRITERIA:
            yield _page(edition, level, criterion)


def _page(edition: Edition, level: str, criterion: str) -> Page:
    title, words = LEVELS[level], CRITERIA[criterion]
    frame = ranked(edition, level, criterion)
    rows = frame.head(PAGE_ROWS)
    lead = [TEXTS[family(criterion)].format(top=edition.policy(f"ranking.{TOPS[level]}")), comparison(edition)]
    if frame.height > rows.height:
        lead.append(f"本页列前{rows.height}个{title}；全部{frame.height:,}个{title}见工作簿“县村排名.xlsx”。")
    if frame["eb_mean"].drop_nulls().n_unique() == 1:
        lead.append(f"本月各{title}之间没有超出偶然波动的差异，收缩估计相同：名次按户数列出，不说明快慢高低。")
    first = rows.head(CHART_ROWS)
    charts = (ranking_charts.caterpillar(f"前{first.height}名", first, criterion),)
    sections = [
        Section(
            "ranking",
            f"{title}排名",
            text=("点列名可以按该列重新排列（需要浏览器允许脚本）；不用脚本时请用上面准备好的几种排列。",),
            charts=charts,
            tables=(Table(f"{title}排名（{words}）", columns_of(edition, level, criterion), rows, sortable=True),),
        )
    ]
    if family(criterion) != "count":
        sections.append(_funnel(edition, frame, level, criterion))
    if level == "county":
        sections.append(
            Section("map", "分布图", text=county_map.words(edition), drawing=county_map.drawn(edition, frame))
        )
    told = frame.filter(pl.col("rank") <= int(edition.policy("ranking.reasons_in_full")))
    sections += [
        Section("reasons", "上榜理由", tables=(Table(f"前{told.height}名的上榜理由", REASONS, told),)),
    ]
    return Page(
        path=href(level, criterion),
        title=f"{edition.month_title}{title}排名（{words}）",
        trail=(INDEX,),
        lead=tuple(lead),
        orders=tuple(Link(text, href(level, key)) for key, text in CRITERIA.items()),
        menu=href(level, "count_households"),
        sections=tuple(sections),
    )


FUNNEL = (
    Column("short_name", ("明显偏高的地区",), tables.TEXT, link="page"),
    Column("units", ("独立结果数",), tables.DECIMAL),
    Column("ratio", ("消除率",), tables.SHARE),
    Column("oe_ratio", ("为应消除的倍数",), tables.FINE),
    Column("funnel_z", ("漏斗图z值",), tables.DECIMAL),
    Column("q_value", ("校正显著性",), tables.PROBABILITY),
)


def _funnel(edition: Edition, frame: pl.DataFrame, level: str, criterion: str) -> Section:
    """The funnel of all places, and those that lie clearly above it."""
    chart: Chart = ranking_charts.funnel_plot(edition, frame, level, criterion)
    outliers = frame.filter("outlier").sort("q_value", "place_code").head(CHART_ROWS)
    columns = tuple(c for c in FUNNEL if c.key != ("ratio" if family(criterion) == "oe" else "oe_ratio"))
    table = Table(f"明显高于全省水平的{LEVELS[level]}（共{frame['outlier'].sum()}个）", columns, outliers)
    return Section("funnel", "漏斗图", text=(FUNNEL_TEXT,), charts=(chart,), tables=(table,))
