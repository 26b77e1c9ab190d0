"""The static site of a month: every page as bytes, with its style sheet and its chart library.

It opens from a folder, asks nothing of any network and is readable without JavaScript. Does not belong here: what
a page says (overview.py, rankings.py, places.py, evidence.py, topics.py, line.py, criterion.py, quality.py, policy.py,
lineage.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from fangpin.reports import (
    charts,
    evidence,
    field_checks,
    lineage,
    overview,
    places,
    policy,
    quality,
    rankings,
    sampling,
    tables,
    topics,
)
from fangpin.reports.edition import ORGANISATION, Edition, GateResult
from fangpin.reports.page import TOPICS, Chart, Link, Page

TEMPLATES = Path(__file__).parent / "templates"

NAVIGATION = (
    Link("首页", "index.html"),
    Link("县排名", rankings.href("county", "count_households")),
    Link("乡镇排名", rankings.href("township", "count_households")),
    Link("村排名", rankings.href("village", "count_households")),
    Link("调研抽样", "sample.html"),
    Link("异常线索", "anomalies.html"),
    Link("实地核查", field_checks.PATH),
    TOPICS,
    Link("数据质量", "quality.html"),
    Link("政策与口径", "policy.html"),
    Link("数据血缘", "lineage.html"),
    Link("发布审核", "gate.html"),
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; base-uri 'none'; form-action 'none'"
)
"""Content-Security-Policy of every page: nothing from outside, no script but the files of the site."""


def site(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """(path below the site, bytes) of every file but gate.html, which is written when the gate has judged."""
    for name in ("style.css", "charts.js", "sort.js"):
        yield f"assets/{name}", (TEMPLATES / name).read_bytes()
    yield "assets/plotly.min.js", charts.plotly_script().encode()
    for page in pages(edition):
        yield page.path, render(edition, page)


def pages(edition: Edition) -> Iterator[Page]:
    yield overview.index(edition)
    yield from rankings.pages(edition)
    yield sampling.page(edition, overview.downloads())
    yield from places.place_pages(edition)
    yield evidence.anomalies(edition)
    yield field_checks.page(edition, overview.downloads())
    yield from topics.pages(edition)
    yield quality.page(edition)
    yield policy.page(edition)
    yield lineage.page(edition)


def gate_page(edition: Edition, results: Iterable[GateResult]) -> bytes:
    """gate.html: what was checked before this version could be published."""
    titles = {table.name: table.title for table in edition.lineage}
    return render(edition, evidence.gate(tuple(results), titles))


def render(edition: Edition, page: Page) -> bytes:
    template = _environment().get_template("page.html")
    text = template.render(
        page=page,
        root=page.root,
        edition=edition,
        navigation=NAVIGATION,
        organisation=ORGANISATION,
        security=POLICY,
        has_charts=any(section.charts for section in page.sections),
        has_sorting=any(table.sortable for section in page.sections for table in section.tables),
    )
    return text.encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "header_cells": tables.header_cells,
        "plain_cells": tables.plain_cells,
        "shown": tables.shown,
        "colours": tables.COLOURS,
        "chart_data": _chart_data,
    }
    return environment


def _chart_data(chart: Chart) -> Markup:
    """The figure as JSON that cannot end the script element it stands in."""
    text = json.dumps(chart.figure, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))
