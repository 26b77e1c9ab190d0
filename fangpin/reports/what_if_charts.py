"""The charts of the what-if pages: curves with marked lines, what criteria find by work, the map of hexagons.

Does not belong here: any figure; what all charts share (charts.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import polars as pl

from fangpin.reports.charts import ACCENT, CALM, INK, RULE, SAND, drawn
from fangpin.reports.page import Chart


def curve(
    id: str, title: str, frame: pl.DataFrame, x: str, y: str, units: tuple[str, str], marks: Mapping[int, str]
) -> Chart:
    """A line over x with an upright line at every mark and its words beside it; units: of x and of y."""
    trace = go.Scatter(x=frame[x].to_list(), y=frame[y].to_list(), mode="lines", line={"color": CALM, "width": 2})
    return drawn(id, title, [trace], 380, _upright(units) | _marked(marks))


def steps(
    id: str, title: str, frame: pl.DataFrame, x: str, y: str, units: tuple[str, str], marks: Mapping[int, str]
) -> Chart:
    """A bar over each step of 100 from x on, with upright lines as in `curve`."""
    bar = go.Bar(x=[start + 50 for start in frame[x].to_list()], y=frame[y].to_list(), width=92, marker_color=SAND)
    return drawn(id, title, [bar], 340, _upright(units) | _marked(marks))


def found_by_work(id: str, title: str, lines: Mapping[str, tuple[list[int], list[float | None]]]) -> Chart:
    """What each criterion finds (per cent of all) over how many it flags; a point per threshold."""
    traces = [
        go.Scatter(
            name=name,
            x=flagged,
            y=[None if share is None else 100 * share for share in found],
            mode="lines+markers",
            line={"color": color, "width": 2},
            marker={"color": color, "size": 6, "symbol": symbol},
        )
        for (name, (flagged, found)), color, symbol in zip(
            lines.items(), (CALM, ACCENT), ("circle", "diamond"), strict=True
        )
    ]
    layout = _upright(("标出户数（要核查的工作量）", "查全率（%）")) | {"showlegend": True}
    return drawn(id, title, traces, 360, layout | {"margin": {"l": 64, "r": 16, "t": 36, "b": 48}})


@dataclass(frozen=True)
class Ray:
    """A straight line on the map, from one point to another, with its words beside it."""

    words: str
    start: tuple[float, float]
    end: tuple[float, float]
    dash: str
    label: float = 1.0  # where the words stand, as a share of the way


TINTS = (("#dfe7ec", "#f3d9d3"), ("#b3c6d3", "#e3a596"), ("#7b9bb0", "#c9604f"), ("#3f637a", "#8d231b"))
"""Of a hexagon by how many households it holds (1, 10, 100, 1000 and more); the second where at least half are low."""


def hexagons(
    id: str, title: str, frame: pl.DataFrame, width: float, window: tuple[float, float], rays: Sequence[Ray]
) -> Chart:
    """Hexagons of a width around (x, y), coloured by households and by whether at least half of them are low."""
    radius = width / math.sqrt(3)
    corners = [(radius * math.sin(turn * math.pi / 3), radius * math.cos(turn * math.pi / 3)) for turn in range(7)]
    classes: dict[tuple[int, bool], list[tuple[float, float]]] = {}
    for x, y, households, low in frame.select("x", "y", "households", "hardship_households").iter_rows():
        tint = min(len(str(households)), len(TINTS)) - 1
        classes.setdefault((tint, 2 * low >= households), []).append((x, y))
    traces = []
    for (tint, low), centres in sorted(classes.items(), key=lambda part: (part[0][1], part[0][0])):
        size = f"{10**tint:,}户及以上" if tint == len(TINTS) - 1 else f"{10**tint:,}–{10 ** (tint + 1) - 1:,}户"
        points = [
            p for x, y in centres for p in (*((round(x + dx), round(y + dy)) for dx, dy in corners), (None, None))
        ]
        traces.append(
            go.Scatter(
                name=f"{size}{'，半数以上低于监测线' if low else ''}",
                x=[x for x, _ in points],
                y=[y for _, y in points],
                mode="lines",
                fill="toself",
                fillcolor=TINTS[tint][low],
                line={"color": "#fffdf9", "width": 0.5},
                hoverinfo="skip",
            )
        )
    traces += [
        go.Scatter(
            x=_along(ray.start[0], ray.end[0], ray.label),
            y=_along(ray.start[1], ray.end[1], ray.label),
            mode="lines+text",
            text=["", ray.words, ""],
            textposition="top left",
            textfont={"size": 11},
            line={"color": INK, "width": 2 if ray.dash == "solid" else 1, "dash": ray.dash},
            showlegend=False,
            hoverinfo="skip",
        )
        for ray in rays
    ]
    layout = _upright(("人均纯收入（元）", "人均刚性支出（元）"))
    layout["xaxis"] |= {"range": [0, window[0]], "constrain": "domain"}
    layout["yaxis"] |= {"range": [0, window[1]], "scaleanchor": "x", "rangemode": "normal", "constrain": "domain"}
    return drawn(id, title, traces, 660, layout | {"showlegend": True, "margin": {"l": 64, "r": 16, "t": 44, "b": 48}})


def _along(start: float, end: float, share: float) -> list[float]:
    return [start, start + share * (end - start), end]


def _upright(units: tuple[str, str]) -> dict[str, Any]:
    axis = {"gridcolor": RULE, "zeroline": False, "fixedrange": True, "tickformat": ",d"}
    return {
        "margin": {"l": 64, "r": 16, "t": 84, "b": 48},
        "showlegend": False,
        "xaxis": axis | {"showgrid": False, "title": {"text": units[0], "font": {"size": 12}}},
        "yaxis": axis | {"rangemode": "tozero", "title": {"text": units[1], "font": {"size": 12}}},
    }


def _marked(marks: Mapping[int, str]) -> dict[str, Any]:
    """Upright lines at these places of x, each with its words on top, the first of them stressed."""
    first = next(iter(marks), None)
    return {
        "shapes": [
            {
                "type": "line",
                "x0": at,
                "x1": at,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": ACCENT, "width": 2 if at == first else 1, "dash": "solid" if at == first else "dot"},
            }
            for at in marks
        ],
        "annotations": [
            {
                "x": at,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "text": words,
                "textangle": -90,
                "showarrow": False,
                "font": {"size": 11, "color": ACCENT},
            }
            for at, words in marks.items()
        ],
    }
