"""The pages of the research topics (专题): the index of all of them, and a page for each that has a table.

Does not belong here: the tables (topic_tables.py), the monitoring line (line.py), amount or share (criterion.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from fangpin.reports import charts, criterion, line, questions, spells, tables, topic_tables
from fangpin.reports.edition import Edition
from fangpin.reports.page import INDEX, TOPICS, Chart, Link, LinkGroup, Page, Section
from fangpin.reports.tables import Column, Table
from fangpin.reports.topic_figures import NUMBERS, Figures, available
from fangpin.reports.topic_figures import TOPICS as ALL_TOPICS
from fangpin.reports.workbooks import CRITERION, LINE, TOPIC_DATA
from fangpin.topics import elimination
from fangpin.topics.topic import MEAN, SHARE, UNITS, Indicator, Topic

LEAD = "专题调研工作方案第四部分列出八个方面的问题，本栏目逐项用本月数据回答；每个数字都注明出处。"
CHARTS = 3
"""Charts on the page of a topic, each of the first figure with segments of a question."""
CHART_SEGMENTS = 30

LIST = (
    Column("number", ("序号",), tables.RANK),
    Column("title", ("专题",), tables.TEXT, link="page"),
    Column("questions", ("方案提出的问题",), tables.LONG),
)


def pages(edition: Edition) -> Iterator[Page]:
    yield index(edition)
    for of in available(edition):
        yield page(of)
    yield criterion.page(edition)
    yield line.page(edition)
    for question in questions.QUESTIONS:
        yield questions.page(edition, question)


def path(topic: Topic) -> str:
    return f"topic/{topic.name}.html"


def index(edition: Edition) -> Page:
    """Every topic of the plan with its questions and the page that answers them."""
    rows = [(t.number, t.title, "".join(t.questions), path(t)) for t in ALL_TOPICS]
    rows.append(("四", "按金额还是按幅度", "刚性支出较大或收入大幅缩减如何界定，按金额还是按幅度？", criterion.PATH))
    rows.append(("五", "监测标准测算", "今年监测标准如何来确定才比较合理？", line.PATH))
    rows += [(of.number, of.title, of.asked, of.path) for of in questions.QUESTIONS]
    rows.sort(key=lambda row: NUMBERS.index(row[0]))
    frame = pl.DataFrame(rows, schema=["number", "title", "questions", "page"], orient="row")
    return Page(
        path=TOPICS.href,
        title=f"{edition.month_title}专题",
        trail=(INDEX,),
        lead=(LEAD,),
        sections=(Section("topics", "八个方面", tables=(Table("专题", LIST, frame),)), _downloads()),
    )


def _downloads() -> Section:
    names = (TOPIC_DATA, CRITERION, LINE, *(of.workbook for of in questions.QUESTIONS))
    links = tuple(Link(name, f"../workbooks/{name}") for name in names)
    return Section("downloads", "下载", groups=(LinkGroup("工作簿", links),))


def page(of: Figures) -> Page:
    """The questions, the province's figures by question, then cities and counties."""
    topic = of.topic
    sections = []
    drawn = 0
    for number, (source, table) in enumerate(topic_tables.by_source(of), start=1):
        chart = _chart(of, source, number) if drawn < CHARTS else None
        drawn += chart is not None
        sections.append(
            Section(
                f"question-{number}",
                _asked(source),
                text=(f"依据：{source}。",),
                charts=(chart,) if chart else (),
                tables=(table,),
            )
        )
    others = tuple(Link(f"{t.number}、{t.title}", path(t)) for t in ALL_TOPICS)
    return Page(
        path=path(topic),
        title=f"{of.edition.month_title}专题（{topic.number}）{topic.title}",
        trail=(INDEX, TOPICS),
        lead=topic.questions,
        menu=TOPICS.href,
        orders=others,
        orders_label="专题",
        sections=(
            *sections,
            *((spells.section(of),) if topic is elimination.TOPIC else ()),
            Section("cities", "各市", tables=(topic_tables.by_city(of),)),
            Section("counties", "各县（市、区）", tables=tuple(topic_tables.by_county(of))),
            _downloads(),
        ),
    )


def _asked(source: str) -> str:
    """The words of the plan that a source quotes, else the source itself."""
    quoted = source.partition("“")[2].partition("”")[0]
    return quoted or source


def _chart(of: Figures, source: str, number: int) -> Chart | None:
    """The first figure of a question that has segments, as bars."""
    for indicator in of.indicators:
        segments = of.segments(indicator)
        if indicator.source == source and indicator.segmented and 1 < len(segments) <= CHART_SEGMENTS:
            return _bars(of, indicator, segments, f"chart-{number}")
    return None


def _bars(of: Figures, indicator: Indicator, segments: list[str], id: str) -> Chart:
    values = [of.number(of.province, indicator, segment) for segment in segments]
    if indicator.shown == SHARE:
        values = [None if value is None else 100 * value for value in values]
    unit = "%" if indicator.shown == SHARE else UNITS[indicator.unit]
    rows = pl.DataFrame({"segment": segments, "value": values}, schema_overrides={"value": pl.Float64})
    title = f"{indicator.title}（全省，{'平均' if indicator.shown == MEAN else ''}{unit}）"
    return charts.bars(id, title, rows, "segment", "value", unit)
