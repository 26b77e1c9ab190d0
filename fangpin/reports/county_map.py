"""A map of the counties: polygons where a boundary package is installed, tiles city by city otherwise; plain SVG.

The package is GeoJSON (RFC 7946) whose features carry the county's six-digit code (docs/operations.md). No boundaries
are shipped and none are fetched. Does not belong here: reading the files (assets/publish/boundaries.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

import polars as pl

from fangpin.reports.edition import Edition
from fangpin.reports.page import county_href

SHADES = ("#f3eee4", "#e3d3b8", "#d3a98a", "#b96a55", "#8d231b")
"""From the last fifth of the ranks to the first; who has no rank is white."""
TILE, GAP, LABEL, WIDTH = 62, 4, 84, 1100


def words(edition: Edition) -> tuple[str, ...]:
    shades = "颜色越深名次越靠前（按名次五等分），空白为不排名；点击进入该县页面。"
    if edition.boundaries:
        return (f"按县界绘制，县界取自安装的边界文件。{shades}",)
    return (f"没有安装县界文件，按市排列方块，不代表地理位置（安装办法见运行手册）。{shades}",)


def drawn(edition: Edition, frame: pl.DataFrame) -> str:
    """SVG of the counties, shaded by rank. frame: a county ranking in order, with short names."""
    last = frame["rank"].max()
    places = [
        (row["place_code"], row["place_name"], row["short_name"], row["city_code"], _shade(row["rank"], last))
        for row in frame.sort("place_code").iter_rows(named=True)
    ]
    missing = [name for code, name, *_ in places if edition.boundaries and code not in edition.boundaries]
    if edition.boundaries:
        note = f"边界文件没有：{'、'.join(missing)}。" if missing else ""
        return _polygons(places, edition.boundaries) + (f"<p>{escape(note)}</p>" if note else "")
    cities = dict(edition.level("city").select("place_code", "place_name").iter_rows())
    return _tiles(places, cities)


Place = tuple[str, str, str, str, str]


def _shade(rank: int | None, last: object) -> str:
    if rank is None or not isinstance(last, int):
        return "#ffffff"
    return SHADES[-1 - (rank - 1) * len(SHADES) // last]


def _tiles(places: Sequence[Place], cities: Mapping[str, str]) -> str:
    parts = []
    top = 0
    per_row = (WIDTH - LABEL) // (TILE + GAP)
    for city, name in sorted(cities.items()):
        own = [place for place in places if place[3] == city]
        if not own:
            continue
        parts.append(f'<text x="0" y="{top + 21}">{escape(name[:6])}</text>')
        for number, place in enumerate(own):
            x = LABEL + number % per_row * (TILE + GAP)
            y = top + number // per_row * (30 + GAP)
            shape = f'<rect x="{x}" y="{y}" width="{TILE}" height="30" fill="{place[4]}"/>'
            label = place[1] if len(place[1]) <= 5 else f"{place[1][:4]}…"
            text = f'<text class="{_tone(place[4])}" x="{x + TILE / 2}" y="{y + 19}">{escape(label)}</text>'
            parts.append(_linked(place, shape + text))
        top += math.ceil(len(own) / per_row) * (30 + GAP) + GAP
    return _svg(WIDTH, top, parts)


def _tone(shade: str) -> str:
    return "tile light" if shade in SHADES[3:] else "tile"


def _polygons(places: Sequence[Place], boundaries: Mapping[str, Sequence[Sequence[tuple[float, float]]]]) -> str:
    """Equirectangular, degrees of longitude shortened by the cosine of the middle latitude."""
    drawn_places = [place for place in places if place[0] in boundaries]
    points = [point for place in drawn_places for ring in boundaries[place[0]] for point in ring]
    if not points:
        return _svg(WIDTH, 0, [])
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min(WIDTH / max(1e-9, (east - west) * narrow), 900 / max(1e-9, north - south))

    def path(rings: Iterable[Sequence[tuple[float, float]]]) -> str:
        return "".join(
            "M" + "L".join(f"{(x - west) * narrow * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring) + "Z"
            for ring in rings
        )

    parts = [
        _linked(place, f'<path d="{path(boundaries[place[0]])}" fill="{place[4]}" fill-rule="evenodd"/>')
        for place in drawn_places
    ]
    return _svg((east - west) * narrow * scale, (north - south) * scale, parts)


def _linked(place: Place, shape: str) -> str:
    return f'<a href="{county_href(place[0])}"><title>{escape(place[2])}</title>{shape}</a>'


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg class="countymap" role="img" aria-label="各县排名分布" viewBox="-1 -1 {width + 2:.0f} {height + 2:.0f}">'
        f"{''.join(parts)}</svg>"
    )
