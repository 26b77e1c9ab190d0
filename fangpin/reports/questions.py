"""The pages and workbooks of the what-ifs that need no more than tables: who is covered, the asset list, elimination.

Does not belong here: the tables (coverage_tables.py, asset_tables.py, elimination_tables.py), the line (line.py), by
amount or by share (criterion.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fangpin.reports import asset_tables, coverage_tables, elimination_tables
from fangpin.reports.edition import Edition
from fangpin.reports.page import INDEX, TOPICS, Link, LinkGroup, Page, Section
from fangpin.reports.tables import Table
from fangpin.reports.workbooks import ASSETS, COVERAGE, ELIMINATION


@dataclass(frozen=True)
class Question:
    """number: of the topic in section four of the plan. path: of the page; lead: what is asked, and how to read it."""

    number: str
    path: str
    workbook: str
    asked: str
    lead: str
    tables: Callable[[Edition], list[tuple[str, Table]]]

    @property
    def title(self) -> str:
        return self.workbook.removesuffix(".xlsx")


QUESTIONS = (
    Question(
        "四",
        "coverage.html",
        COVERAGE,
        "是否需要增加突发严重困难户？脱贫不享受政策户及脱贫享受政策户是否纳入、怎么纳入？",
        "“纳入”指该人群中在监测范围的户都列入监测；收入、支出、保障情况按本月数据判断，是核查线索，不是认定。"
        "脱贫户是否享受政策，数据中没有标识的按本月有无低保、特困供养、公益性岗位、小额信贷推定。",
        coverage_tables.sheets,
    ),
    Question(
        "六",
        "assets.html",
        ASSETS,
        "家庭资产达到什么标准不予识别？",
        "没有见到规定金额的文件，这里逐档试算：从某个金额起不予识别，会排除多少户，其中多少户另有困难。"
        "用别的金额测算：fangpin whatif assets --month 月份 --scenario 情景文件。",
        asset_tables.sheets,
    ),
    Question(
        "七",
        "elimination.html",
        ELIMINATION,
        "落实社会保障措施的是否要标注风险消除？",
        "同一批监测对象按两种口径各算一次消除率：兜底户计入消除，或不计入消除、仍按监测中计。",
        elimination_tables.sheets,
    ),
)


def page(edition: Edition, of: Question) -> Page:
    """A section for every table of the workbook."""
    sections = [Section(f"part-{n}", name, tables=(table,)) for n, (name, table) in enumerate(of.tables(edition), 1)]
    downloads = LinkGroup("工作簿", (Link(of.workbook, f"../workbooks/{of.workbook}"),))
    return Page(
        path=of.path,
        title=f"{edition.month_title}{of.title}",
        trail=(INDEX, TOPICS),
        lead=(f"调研方案四（{of.number}）问：{of.asked}", of.lead),
        menu=TOPICS.href,
        sections=(*sections, Section("downloads", "下载", groups=(downloads,))),
    )
