"""The pages of the research topics (专题): the index of all of them.

Does not belong here: the monitoring line (line.py).
"""

from __future__ import annotations

from fangpin.reports import criterion, line
from fangpin.reports.edition import Edition
from fangpin.reports.page import INDEX, TOPICS, Link, LinkGroup, Page, Section

LEAD = "专题调研工作方案第四部分列出的八个方面，逐项用本月数据回答；问题是方案的原文，数字都有出处。"


def index(edition: Edition) -> Page:
    """Every topic of the plan with the pages that answer it."""
    groups = (
        LinkGroup("（四）监测对象", (Link("按金额还是按幅度", criterion.PATH),)),
        LinkGroup("（五）监测标准", (Link("监测标准测算", line.PATH),)),
    )
    section = Section("topics", "八个专题", groups=groups)
    return Page(TOPICS.href, f"{edition.month_title}专题", (INDEX,), (LEAD,), (section,))
