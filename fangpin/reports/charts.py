"""The charts of the site as plotly figures. Every chart stands beside a table with the same figures.

No map tiles, no geo subplots: they would call the internet. Does not belong here: any figure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go
import polars as pl
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from fangpin.reports.page import Chart
from fangpin.reports.tables import COLOURS, UNKNOWN, Column

ACCENT, CALM, SAND, INK, RULE = "#9c2a20", "#4a6a80", "#cbb994", "#22272b", "#dcd8cf"
FONT = "'Source Han Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei','SimSun',sans-serif"


def plotly_script() -> str:
    """The plotly.js shipped with plotly, for assets/plotly.min.js."""
    return str(get_plotlyjs())


def status_by_place(id: str, title: str, frame: pl.DataFrame) -> Chart:
    """Active and eliminated households side by side, one bar per place."""
    names = frame["place_name"].to_list()
    traces = [
        go.Bar(name=label, x=frame[key].to_list(), y=names, orientation="h", marker_color=color)
        for label, key, color in (
            ("风险已消除", "eliminated_households", CALM),
            ("风险未消除", "active_households", ACCENT),
        )
    ]
    return rows_chart(id, title, traces, "户", rows=len(names), barmode="stack")


def ratios_by_place(id: str, title: str, frame: pl.DataFrame) -> Chart:
    """The elimination ratio by households and by persons, one line per place."""
    names = frame["place_name"].to_list()
    traces = [
        go.Scatter(
            name=label,
            x=[None if v is None else 100 * v for v in frame[key].to_list()],
            y=names,
            mode="markers",
            marker={"color": color, "size": 10, "symbol": symbol},
        )
        for label, key, color, symbol in (
            ("按户", "elimination_ratio_households", CALM, "circle"),
            ("按人", "elimination_ratio_persons", ACCENT, "diamond-open"),
        )
    ]
    return rows_chart(id, title, traces, "风险消除率（%）", rows=len(names))


def columns(id: str, title: str, frame: pl.DataFrame, label: str, value: str, unit: str) -> Chart:
    """One upright bar per row, in the order of the rows."""
    bar = go.Bar(x=frame[label].to_list(), y=frame[value].to_list(), marker_color=CALM)
    layout = {
        "bargap": 0.15,
        "margin": {"l": 60, "r": 16, "t": 12, "b": 48},
        "xaxis": {"type": "category", "showgrid": False, "fixedrange": True},
        "yaxis": {"gridcolor": RULE, "title": {"text": unit, "font": {"size": 12}}, "fixedrange": True},
    }
    return drawn(id, title, [bar], 320, layout)


def bars(id: str, title: str, frame: pl.DataFrame, label: str, value: str, unit: str) -> Chart:
    """One lying bar per row, the first on top."""
    trace = go.Bar(x=frame[value].to_list(), y=frame[label].to_list(), orientation="h", marker_color=CALM)
    return rows_chart(id, title, [trace], unit, rows=frame.height, showlegend=False)


def shares_over(id: str, title: str, frame: pl.DataFrame, x: str, lines: Mapping[str, str], unit: str) -> Chart:
    """Shares stacked over x, a band for each column named in `lines`."""
    traces = [
        go.Scatter(
            name=words,
            x=frame[x].to_list(),
            y=(100 * frame[key]).to_list(),
            mode="lines",
            line={"shape": "hv", "width": 0.5, "color": color},
            fillcolor=color,
            stackgroup="all",
        )
        for (key, words), color in zip(lines.items(), (CALM, SAND, ACCENT, RULE), strict=True)
    ]
    axis = {"gridcolor": RULE, "zeroline": False, "fixedrange": True}
    layout = {
        "margin": {"l": 56, "r": 16, "t": 36, "b": 48},
        "xaxis": axis | {"showgrid": False, "title": {"text": unit, "font": {"size": 12}}},
        "yaxis": axis | {"rangemode": "tozero", "title": {"text": "%", "font": {"size": 12}}},
    }
    return drawn(id, title, traces, 340, layout)


def grid(id: str, title: str, frame: pl.DataFrame, label: str, cells: Sequence[Column]) -> Chart:
    """A heat map of the same cells as a table of kind STATE: coloured by state, each with its text."""
    names = frame[label].to_list()
    said = [frame[column.key].to_list() for column in cells]
    states = [state for state in COLOURS if any(cell["state"] == state for column in said for cell in column)]
    steps = [(edge / len(states), COLOURS[state]) for n, state in enumerate(states) for edge in (n, n + 1)]
    by_row = list(zip(*said, strict=True))
    headers = ["".join(column.header[-1:]) for column in cells]
    heat = go.Heatmap(
        z=[[states.index(cell["state"]) for cell in row] for row in by_row],
        x=headers,
        y=names,
        text=[[cell["text"] for cell in row] for row in by_row],
        customdata=[[cell["state"] for cell in row] for row in by_row],
        texttemplate="%{text}",
        textfont={"size": 11},
        hovertemplate="%{y}<br>%{x}：%{customdata} %{text}<extra></extra>",
        colorscale=steps,
        zmin=-0.5,
        zmax=len(states) - 0.5,
        showscale=False,
        showlegend=False,
        xgap=1,
        ygap=1,
    )
    legend = [
        go.Scatter(
            name=state,
            x=[None],
            y=[None],
            mode="markers",
            marker={"symbol": "square", "size": 12, "color": COLOURS[state], "line": {"color": INK, "width": 0.5}},
        )
        for state in states
        if state != UNKNOWN
    ]
    layout = {
        "margin": {"l": 8, "r": 16, "t": 76, "b": 12},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "top", "yref": "container"},
        "xaxis": {"type": "category", "side": "top", "showgrid": False, "fixedrange": True, "tickfont": {"size": 11}},
        "yaxis": {
            "type": "category",
            "autorange": "reversed",
            "automargin": True,
            "showgrid": False,
            "fixedrange": True,
        },
    }
    return drawn(id, title, [heat, *legend], 100 + 22 * max(len(names), 3), layout)


def rows_chart(id: str, title: str, traces: list[Any], unit: str, *, rows: int, **layout: Any) -> Chart:
    """A chart with one line per place: height grows with the rows, the first row is on top."""
    axes = {
        "bargap": 0.35,
        "xaxis": {
            "gridcolor": RULE,
            "zeroline": False,
            "separatethousands": True,
            "exponentformat": "none",
            "title": {"text": unit, "font": {"size": 12}},
            "fixedrange": True,
        },
        "yaxis": {
            "type": "category",
            "autorange": "reversed",
            "showgrid": False,
            "automargin": True,
            "fixedrange": True,
        },
    }
    return drawn(id, title, traces, 96 + 24 * max(rows, 3), axes | layout)


def drawn(id: str, title: str, traces: list[Any], height: int, layout: dict[str, Any]) -> Chart:
    """The figure as plain data. Traces and layout are checked by plotly each by itself: a whole figure would check and
    copy them once more.
    """
    common = {
        "template": "none",
        "height": height,
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 16, "t": 36, "b": 44},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        "hoverlabel": {"font": {"family": FONT}},
        "separators": ".,",
    }
    parts = {
        "data": [trace.to_plotly_json() for trace in traces],
        "layout": _layout(json.dumps(common | layout)),
    }
    plain: dict[str, Any] = json.loads(to_json_plotly(parts))
    return Chart(id, title, plain, height)


@lru_cache(maxsize=256)
def _layout(text: str) -> dict[str, Any]:
    """A layout, given as JSON, checked by plotly; most charts of a site share one."""
    checked: dict[str, Any] = go.Layout(json.loads(text)).to_plotly_json()
    return checked
