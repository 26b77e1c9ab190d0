"""Caterpillars and funnels of the rankings.

Does not belong here: the tables beside them (rankings.py), limits and spread (fangpin/ranks/funnel.py).
"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import polars as pl

from fangpin.ranks import funnel
from fangpin.reports.charts import ACCENT, CALM, RULE, SAND, drawn, rows_chart, status_by_place
from fangpin.reports.edition import Edition
from fangpin.reports.page import Chart

POINTS = 2000
"""Places drawn in a funnel; those with the most results are kept, the others are the same few points many times."""


def caterpillar(title: str, frame: pl.DataFrame, criterion: str) -> Chart:
    """The first places in order: counts as bars, ratios and O/E as the shrunken value with its interval."""
    if criterion.startswith("count"):
        return status_by_place("chart-rank", f"{title}的监测对象户数", frame.with_columns(place_name="short_name"))
    known = frame.filter(pl.col("eb_mean").is_not_null())
    oe = criterion == "oe_persons"  # the raw O/E of small places would push all the rest together: it is in the table
    scale, unit = (1, "为应有的倍数（收缩估计）") if oe else (100, "风险消除率（%）")
    names = known["short_name"].to_list()
    shrunken = (scale * known["eb_mean"]).to_list()
    traces = [
        go.Scatter(
            name="收缩估计与区间",
            x=shrunken,
            y=names,
            mode="markers",
            marker={"color": ACCENT, "size": 9, "symbol": "diamond"},
            error_x={
                "type": "data",
                "array": (scale * (known["eb_high"] - known["eb_mean"])).to_list(),
                "arrayminus": (scale * (known["eb_mean"] - known["eb_low"])).to_list(),
                "color": ACCENT,
                "thickness": 1.4,
                "width": 3,
            },
        ),
    ]
    if not oe:
        raw = go.Scatter(
            name="实际值",
            x=(scale * known["ratio"]).to_list(),
            y=names,
            mode="markers",
            marker={"color": CALM, "size": 7, "symbol": "circle-open"},
        )
        traces.append(raw)
    words = "收缩估计与区间" if oe else "收缩估计、区间与实际值"
    return rows_chart("chart-rank", f"{title}的{words}", traces, unit, rows=len(names))


def funnel_plot(edition: Edition, frame: pl.DataFrame, level: str, criterion: str) -> Chart:
    """Every place by its number of independent results, between the limits of chance and of the usual spread."""
    known = frame.filter(pl.col("units").is_not_null() & pl.col("funnel_z").is_not_null())
    share, inner, outer = (
        float(edition.policy(name)) for name in ("ranking.winsorised_share", "threshold.interval_z", "ranking.outer_z")
    )
    oe = criterion == "oe_persons"
    if oe:
        size = known["expected"].to_numpy() * known["units"].to_numpy() / known["monitored_persons"].to_numpy()
        value = known["oe_ratio"].to_numpy()
        found = funnel.of_standardised(value * size, size, share)
    else:
        unit = criterion.partition("_")[2]
        size, value = known["units"].to_numpy(), known["ratio"].to_numpy()
        whole = max(1, int(known[f"monitored_{unit}"].sum()))
        found = funnel.of_ratios(value, size, int(known[f"eliminated_{unit}"].sum()) / whole, share)
    scale = 1 if oe else 100
    traces = _limits(found, size, inner, outer, scale=scale, oe=oe) if len(size) else []
    kept = known.with_columns(size=size, value=scale * value).sort("size", "place_code").tail(POINTS)
    for name, rows, color in (
        ("其他地区", kept.filter(~pl.col("outlier")), CALM),
        ("明显偏高", kept.filter("outlier"), ACCENT),
    ):
        traces.append(
            go.Scatter(
                name=name,
                x=rows["size"].round(1).to_list(),
                y=rows["value"].round(2).to_list(),
                text=rows["short_name"].to_list(),
                mode="markers",
                marker={"color": color, "size": 7, "opacity": 0.65},
                hovertemplate="%{text}<br>%{x}，%{y}<extra></extra>",
            )
        )
    axis = {"gridcolor": RULE, "zeroline": False, "fixedrange": True}
    size_title = "应有的独立消除结果数" if oe else "独立的消除结果数"
    layout = {
        "margin": {"l": 56, "r": 16, "t": 56, "b": 48},
        "xaxis": axis | {"title": {"text": size_title, "font": {"size": 12}}, "rangemode": "tozero"},
        "yaxis": axis
        | {"title": {"text": "倍" if oe else "风险消除率（%）", "font": {"size": 12}}, "rangemode": "tozero"},
    }
    title = "各地区消除数为应有的倍数" if oe else "各地区的风险消除率"
    return drawn("chart-funnel", title, traces, 460, layout)


def _limits(
    found: funnel.Funnel, size: np.ndarray, inner: float, outer: float, *, scale: int, oe: bool
) -> list[go.Scatter]:
    grid = np.geomspace(max(0.5, float(size.min())), max(1.0, float(size.max())), 60)
    limits = found.standardised_limits if oe else found.limits
    lines = []
    for words, z, overdispersed, style in (
        ("95%界限", inner, False, {"color": SAND, "width": 1}),
        ("99.8%界限", outer, False, {"color": SAND, "width": 1, "dash": "dot"}),
        ("99.8%界限（计入地区差异）", outer, True, {"color": "#7d5300", "width": 2}),
    ):
        for side, values in enumerate(limits(grid, z, overdispersed=overdispersed)):
            lines.append(
                go.Scatter(
                    name=words,
                    x=grid.round(2).tolist(),
                    y=(scale * values).round(3).tolist(),
                    mode="lines",
                    line=style,
                    legendgroup=words,
                    showlegend=side == 0,
                    hoverinfo="skip",
                )
            )
    return lines
