"""What a page of the site is made of: sections of words, key figures, a chart with its table, links.

Does not belong here: which pages there are (overview.py, places.py, evidence.py) and how they look (templates/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fangpin.reports.tables import Table


@dataclass(frozen=True)
class Link:
    """A link; href is relative to the root of the site."""

    text: str
    href: str


@dataclass(frozen=True)
class LinkGroup:
    """Links under one heading. id: the anchor of the group."""

    title: str
    links: tuple[Link, ...]
    id: str = ""


@dataclass(frozen=True)
class Figure:
    """One key figure: what it is, the number, and a line below it."""

    label: str
    value: str
    below: str = ""


@dataclass(frozen=True)
class Chart:
    """A plotly figure as plain data, drawn by assets/charts.js; the section's table says the same without it."""

    id: str
    title: str
    figure: Mapping[str, Any]
    height: int


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    text: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    groups: tuple[LinkGroup, ...] = ()
    drawing: str = ""  # SVG made here, put on the page as it is


@dataclass(frozen=True)
class Page:
    """A page: where it lies below the root of the site, its trail from the index, and its sections."""

    path: str
    title: str
    trail: tuple[Link, ...]
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    orders: tuple[Link, ...] = ()  # pages beside this one: the same table in other orders, or the neighbours
    orders_label: str = "排列"
    menu: str = ""  # the page of the menu this one belongs to, where it is not itself in the menu
    county: str = ""  # the county the page is about: it prints that county's warnings only

    @property
    def root(self) -> str:
        """The way back to the root of the site: '' or '../'."""
        return "../" * self.path.count("/")


INDEX = Link("首页", "index.html")
"""The first step of every trail."""
TOPICS = Link("专题", "topics.html")
"""The eight research topics."""


def county_href(code: str) -> str:
    """The page of a county, or of a township outside the province."""
    return f"county/{code}.html"
