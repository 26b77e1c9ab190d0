"""The tables of the research topics: figures of the province, of cities side by side, of counties.

Made from mart.topic_figure and the words of fangpin/topics alone, the same way for every topic; the page and the
workbook 专题调研数据包 show the same ones. Does not belong here: how they look (topics.py, workbooks.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from fangpin.reports import spells, tables
from fangpin.reports.edition import NO_CITY, ORGANISATION, Edition
from fangpin.reports.tables import Column, Table
from fangpin.reports.topic_figures import Figures, available
from fangpin.topics import elimination
from fangpin.topics.topic import COUNT, MEAN, SHARE, UNITS, Indicator, Topic

SHEET_WIDTH = 165
"""Characters across that can still be read on a page of A4."""
NAME_WIDTH = 28
"""Of the longest name of a county with its city, on one line."""

_KINDS = {COUNT: tables.COUNT, SHARE: tables.SHARE, MEAN: tables.DECIMAL}


def sheets(edition: Edition) -> list[tuple[str, Table]]:
    """(sheet name, table) of the workbook: every topic with its questions, then its counties."""
    found: list[tuple[str, Table]] = []
    for of in available(edition):
        short = of.topic.title.removesuffix("方面")
        cities = by_city(of)
        notes = (*cities.notes, *_sources(of))
        found.append((f"{of.topic.number}、{short}", replace(cities, lead=_questions(of.topic), notes=notes)))
        parts = by_county(of)
        for number, table in enumerate(parts, start=1):
            found.append((f"{of.topic.number}、各县{number if len(parts) > 1 else ''}", table))
        if of.topic is elimination.TOPIC:
            found.append((f"{of.topic.number}、监测时长", spells.table(of)))
    return [(name, replace(table, title=ORGANISATION + table.title)) for name, table in found]


def _questions(topic: Topic) -> tuple[str, ...]:
    return tuple(f"问题{number}：{question}" for number, question in enumerate(topic.questions, start=1))


def _sources(of: Figures) -> tuple[str, ...]:
    asked = _asked(of).items()
    return tuple(f"{'、'.join(i.title for i in members)}：依据{source}。" for source, members in asked)


def _asked(of: Figures) -> dict[str, list[Indicator]]:
    """Indicators by the document and clause that asks for them."""
    found: dict[str, list[Indicator]] = {}
    for indicator in of.indicators:
        found.setdefault(indicator.source, []).append(indicator)
    return found


def _unit(indicator: Indicator) -> str:
    return "" if indicator.shown == SHARE else UNITS[indicator.unit]


def _notes(indicators: tuple[Indicator, ...]) -> tuple[str, ...]:
    notes = [f"{i.title}：{i.note}。" for i in indicators if i.note]
    return tuple(dict.fromkeys(notes))


PROVINCE = (
    Column("title", ("指标",), tables.LONG, 36),
    Column("segment", ("分组",), tables.TEXT, 20),
    Column("figure", ("结果",), tables.FIGURE, 12),
    Column("unit", ("单位",), tables.TEXT, 8),
    Column("value", ("分子",), width=11),
    Column("base", ("分母",), width=11),
    Column("base_title", ("分母是",), tables.LONG, 30),
)


def by_source(of: Figures) -> list[tuple[str, Table]]:
    """(document and clause, figures of the province) for every question of the plan."""
    return [(source, _province(of, tuple(members))) for source, members in _asked(of).items()]


def _province(of: Figures, indicators: tuple[Indicator, ...]) -> Table:
    rows = []
    for indicator in indicators:
        for number, segment in enumerate(of.segments(indicator)):
            value, base = of.parts(of.province, indicator, segment)
            rows.append(
                {
                    "title": indicator.title if number == 0 else "",
                    "segment": segment,
                    "figure": _figure(of, of.province, indicator, segment),
                    "unit": _unit(indicator),
                    "value": None if indicator.shown == COUNT else value,
                    "base": base,
                    "base_title": indicator.base_title if number == 0 else "",
                }
            )
    schema: dict[str, Any] = {"figure": _FIGURE, "value": pl.Float64, "base": pl.Float64}
    return Table(
        f"{of.topic.title}：全省",
        PROVINCE if any(indicator.shown != COUNT for indicator in indicators) else PROVINCE[:4],
        pl.DataFrame(rows, schema_overrides=schema),
        _notes(indicators),
        unit="见各行",
    )


_FIGURE = pl.Struct({"kind": pl.String, "number": pl.Float64})
_NO_BASE = {"kind": tables.RANK, "number": None}
"""Beside a row that is itself a base."""


def _figure(of: Figures, place: str, indicator: Indicator, segment: str) -> dict[str, Any]:
    return {"kind": _KINDS[indicator.shown], "number": of.number(place, indicator, segment)}


def by_city(of: Figures) -> Table:
    """Figures down, the province and its cities across; under shares and means what they are divided by, which a sheet
    folds: the province's stands beside its figure.
    """
    cities = of.edition.level("city")
    names = cities["place_name"].str.replace(f"^{NO_CITY}$", "省直辖").str.strip_suffix("市").to_list()
    places = [(of.province, "全省"), *zip(cities["place_code"].to_list(), names, strict=True)]
    rows = []
    for indicator in of.indicators:
        segments = of.segments(indicator)
        for number, segment in enumerate(segments):
            cells = {code: _figure(of, code, indicator, segment) for code, _ in places}
            cells["base"] = {"kind": tables.COUNT, "number": of.parts(of.province, indicator, segment)[1]}
            unit = f"（{_unit(indicator)}）" if _unit(indicator) else ""
            title = f"{indicator.title}{unit}" if number == 0 else ""
            rows.append({"title": title, "segment": segment, **cells, "folded": False})
        if indicator.shown != COUNT:
            rows += _bases(of, indicator, segments, [code for code, _ in places])
    columns = (
        Column("title", ("指标",), tables.LONG, 32),
        Column("segment", ("分组",), tables.TEXT, 18),
        Column(of.province, ("全省",), tables.FIGURE, 9),
        Column("base", ("全省分母",), tables.FIGURE, 9),
        *(Column(code, (name,), tables.FIGURE, 7.2) for code, name in places if code != of.province),
    )
    schema = {code: _FIGURE for code, _ in places} | {"base": _FIGURE}
    return Table(
        f"{of.topic.title}：全省和各市",
        columns,
        pl.DataFrame(rows, schema_overrides=schema),
        _notes(of.indicators),
        unit="见各行",
        dense=True,
        folded="folded",
    )


def _bases(of: Figures, indicator: Indicator, segments: list[str], places: list[str]) -> list[dict[str, Any]]:
    """What shares and means are divided by: one row where all segments have the same, else one for each."""
    found = [
        {code: {"kind": tables.COUNT, "number": of.parts(code, indicator, segment)[1]} for code in places}
        for segment in segments
    ]
    same = all(cells == found[0] for cells in found)
    title = f"（{indicator.base_title}）"
    if same:
        return [{"title": title, "segment": "分母", **found[0], "base": _NO_BASE, "folded": True}]
    return [
        {"title": title if number == 0 else "", "segment": segment, **cells, "base": _NO_BASE, "folded": True}
        for number, (segment, cells) in enumerate(zip(segments, found, strict=True))
    ]


def by_county(of: Figures) -> list[Table]:
    """Counties down, the figures without segments across, on as many sheets as it takes to read them."""
    counties = of.edition.with_short_names(of.edition.level("county"))
    codes = [of.province, *counties["place_code"].to_list()]
    names = ["全省合计", *counties["short_name"].to_list()]
    pages = [None, *(f"county/{code}.html" for code in counties["place_code"])]
    data: dict[str, Any] = {"name": names, "page": pages}
    groups: list[list[Column]] = [[]]
    for indicator in of.indicators:
        if indicator.segmented:
            continue
        columns = _county_columns(indicator)
        for column in columns:
            data[column.key] = [_county_cell(of, code, indicator, column) for code in codes]
        if sum(c.width for c in (*groups[-1], *columns)) + NAME_WIDTH > SHEET_WIDTH:
            groups.append([])
        groups[-1] += columns
    rows = pl.DataFrame(data, schema_overrides={"page": pl.String} | _county_schema(groups))
    first = Column("name", ("县（市、区）",), tables.TEXT, NAME_WIDTH, link="page")
    note = "分组的指标和乡镇、行政村的数值在发布的数据表中：乡镇及以上见 mart.topic_figure，行政村见各专题的表。"
    return [
        Table(f"{of.topic.title}：各县", (first, *group), rows, (note,), emphasis=1, unit="见各列", dense=True)
        for group in groups
        if group
    ]


def _county_columns(indicator: Indicator) -> list[Column]:
    title, key = indicator.title, indicator.name
    if indicator.shown == COUNT:
        return [Column(f"{key}.number", (title, UNITS[indicator.unit]), tables.COUNT, 9)]
    result = Column(f"{key}.number", (title, _unit(indicator) or "占比"), _KINDS[indicator.shown], 8)
    base = Column(f"{key}.base", (title, "分母"), tables.COUNT, 8)
    return [result, base]


def _county_schema(groups: list[list[Column]]) -> dict[str, Any]:
    return {c.key: pl.Float64 for group in groups for c in group}


def _county_cell(of: Figures, place: str, indicator: Indicator, column: Column) -> float | None:
    part = column.key.rpartition(".")[2]
    return of.parts(place, indicator, "")[1] if part == "base" else of.number(place, indicator, "")
