"""The lineage page: which tables rest on which, and every column down to the columns that departments deliver.

Does not belong here: finding the lineage (the SQL loader does); this module only follows and shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import polars as pl

from fangpin.reports import tables
from fangpin.reports.edition import Edition, LineageTable
from fangpin.reports.page import INDEX, Page, Section
from fangpin.reports.tables import Column, Table

LAYERS = (("raw", "部门数据"), ("ref", "政策与区划"), ("core", "核心表"), ("mart", "成果表"))
PREVIOUS = "prev."

_LINKS = pl.List(pl.Struct({"group": pl.String, "links": pl.List(pl.Struct({"text": pl.String, "href": pl.String}))}))
_ROW: dict[str, pl.DataType | type[pl.DataType]] = {
    "anchor": pl.String,
    "name": pl.String,
    "description": pl.String,
    "sources": _LINKS,
    "origins": _LINKS,
}

COLUMNS = (
    Column("name", ("列",), tables.CODE),
    Column("description", ("含义",), tables.LONG),
    Column("sources", ("直接来源",), tables.LINKS),
    Column("origins", ("最终来源（部门数据、政策与区划）",), tables.LINKS),
)

Source = tuple[str, str]


def page(edition: Edition) -> Page:
    known = {table.name: table for table in edition.lineage}
    sections = [Section("graph", "数据流向", text=(GRAPH_TEXT,), drawing=graph(edition.lineage))]
    for layer, title in (*LAYERS[::-1],):
        members = [t for t in edition.lineage if t.name.startswith(f"{layer}.")]
        sections.append(Section(layer, title, tables=tuple(_table(t, known) for t in members)))
    lead = (
        "从任何一张成果表的任何一列，都可以查到它由哪些表、哪些列算出，直到部门报送数据的列。“上月”指上一月的发布版本。"
    )
    return Page("lineage.html", "数据血缘", (INDEX,), (lead,), tuple(sections))


GRAPH_TEXT = "左边是部门数据和政策，右边是成果；指向一张表，可见它的来源和去向，点击可到它的各列。"


def _table(table: LineageTable, known: Mapping[str, LineageTable]) -> Table:
    rows = [
        {
            "anchor": _anchor(table.name, column.name),
            "name": column.name,
            "description": column.description,
            "sources": _links(column.sources, known),
            "origins": _links(origins(known, (table.name, column.name)), known),
        }
        for column in table.columns
    ]
    title = f"{table.title}　{table.name}"
    traced = any(column.sources for column in table.columns)
    read = [known[name].title for name in table.inputs if name in known]
    how = "来源为空的列是计数或固定文字。" if traced else "由程序计算，各列不逐一列出来源。"
    notes = (f"本表读取：{'、'.join(read)}。{how}",) if read else ()
    columns = COLUMNS if traced else COLUMNS[:2]
    return Table(title, columns, pl.DataFrame(rows, schema=_ROW), notes, anchor="anchor", id=_anchor(table.name))


def origins(known: Mapping[str, LineageTable], column: Source) -> list[Source]:
    """The delivered, reference or last month's columns that a column comes from in the end, in order."""
    found: set[Source] = set()
    seen: set[Source] = set()
    waiting = [column]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        sources = _sources(known, current)
        if sources:
            waiting.extend(sources)
        elif current != column:
            found.add(current)
    return sorted(found)


def _sources(known: Mapping[str, LineageTable], column: Source) -> tuple[Source, ...]:
    table = known.get(column[0])
    if table is None:
        return ()
    return next((c.sources for c in table.columns if c.name == column[1]), ())


def _links(sources: Iterable[Source], known: Mapping[str, LineageTable]) -> list[dict[str, Any]]:
    """The sources by table, each column with the address of its own line; last month's tables are named as such."""
    found: dict[str, list[dict[str, str | None]]] = {}
    for source, column in sources:
        name = source.removeprefix(PREVIOUS)
        table = known.get(name)
        words = name if table is None else table.title
        described = "" if table is None else next((c.description for c in table.columns if c.name == column), "")
        href = None if table is None else f"lineage.html#{_anchor(name, column)}"
        group = f"上月{words}" if source.startswith(PREVIOUS) else words
        found.setdefault(group, []).append({"text": described or column, "href": href})
    return [{"group": group, "links": links} for group, links in found.items()]


def _anchor(table: str, column: str = "") -> str:
    return f"t-{table}-{column}".replace(".", "-").rstrip("-")


_WIDTH, _ROW_HEIGHT, _BOX, _LEFT = 1230, 25, 172, (0, 250, 500, 750, 1000)
_LABEL = 13  # characters of a title that fit its box


def graph(lineage: tuple[LineageTable, ...]) -> str:
    """An SVG of all tables in lanes (delivered and reference, core twice, mart twice), an edge for every input."""
    places = _layout(lineage)
    numbers = {name: i for i, name in enumerate(places)}
    height = max(y for _, y in places.values()) + _ROW_HEIGHT if places else _ROW_HEIGHT
    edges, boxes, rules = [], [], []
    for table in lineage:
        for source in table.inputs:
            name = source.removeprefix(PREVIOUS)
            if name in places and name != table.name:
                edges.append(_edge(places[name], places[table.name], numbers[name], numbers[table.name]))
    for table in lineage:
        x, y = places[table.name]
        number = numbers[table.name]
        layer = table.name.split(".")[0]
        label = escape(table.title.split("（")[0][:_LABEL])
        boxes.append(
            f'<a class="n{number}" href="#{_anchor(table.name)}"><rect class="{layer}" x="{x}" y="{y}" '
            f'width="{_BOX}" height="{_ROW_HEIGHT - 5}" rx="2"/><text x="{x + 8}" y="{y + 14}">{label}'
            f"</text><title>{escape(table.title)} {escape(table.name)}</title></a>"
        )
        rules.append(f".graph:has(.n{number}:hover) .e{number}")
    style = f"<style>{','.join(rules)}{{stroke:#9c2a20;stroke-opacity:1;stroke-width:1.6}}</style>" if rules else ""
    return (
        f'<svg class="graph" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="数据流向图">{style}'
        f"<g>{''.join(edges)}</g><g>{''.join(boxes)}</g></svg>"
    )


def _layout(lineage: tuple[LineageTable, ...]) -> dict[str, tuple[int, int]]:
    """Top left corner of every table: feeds and reference tables, then core and mart, each by how deep they lie."""
    known = {t.name: t for t in lineage}
    depth: dict[str, int] = {}

    def within(name: str) -> int:
        """How many tables of its own layer a table rests on, one after another."""
        if name not in depth:
            depth[name] = 0  # a table that reads last month's copy of itself does not go deeper
            layer = name.split(".")[0]
            inputs = [i for i in known[name].inputs if i in known and i.startswith(f"{layer}.")]
            depth[name] = 1 + max((within(i) for i in inputs), default=-1)
        return depth[name]

    lanes: dict[int, list[str]] = {number: [] for number in range(len(_LEFT))}
    for layer, first in (("raw", 0), ("ref", 0), ("core", 1), ("mart", 3)):
        for table in lineage:
            if table.name.startswith(f"{layer}."):
                lanes[first + (min(within(table.name), 1) if first else 0)].append(table.name)
    rows = max((len(lane) for lane in lanes.values()), default=1)
    places: dict[str, tuple[int, int]] = {}
    for number, members in lanes.items():
        step = rows * _ROW_HEIGHT / max(len(members), 1)
        for position, name in enumerate(members):
            places[name] = (_LEFT[number], round(position * step + (step - _ROW_HEIGHT) / 2))
    return places


def _edge(source: tuple[int, int], target: tuple[int, int], a: int, b: int) -> str:
    middle = _ROW_HEIGHT // 2 - 2
    x1, y1, x2, y2 = source[0] + _BOX, source[1] + middle, target[0], target[1] + middle
    if source[0] >= target[0]:  # same lane or backwards: leave and arrive on the right
        x2 = target[0] + _BOX
        bend = max(x1, x2) + 40
        return f'<path class="e{a} e{b}" d="M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}"/>'
    half = (x1 + x2) // 2
    return f'<path class="e{a} e{b}" d="M{x1} {y1}C{half} {y1} {half} {y2} {x2} {y2}"/>'
