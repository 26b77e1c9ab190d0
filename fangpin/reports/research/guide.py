"""The interview guide of a county, township or village, made of that place's own findings (S0-54).

Under each of the eight topics: what the plan asks, what the system shows here beside the place above it, what to ask
about each finding, and the opinion to hear. Does not belong here: the words of questions (guide_words.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from fangpin.reports.research.guide_words import (
    ALERT_TOPICS,
    HOUSEHOLD_LEADS,
    LINE_QUESTIONS,
    OPINIONS,
    VILLAGE_LEADS,
)
from fangpin.reports.research.trip import Trip
from fangpin.reports.tables import ALERT_TITLES
from fangpin.reports.topic_figures import TOPICS as TOPIC_TABLES
from fangpin.research.item import TOPICS
from fangpin.topics.topic import COUNT, MEAN, UNITS, Indicator

FIGURES = 3
"""So many figures of a topic are shown, those furthest from the place above."""
HOUSEHOLDS = 8
"""So many households are named by their number under a lead of a village."""
LEVELS = {"county": "县", "township": "乡镇", "village": "村"}
_TOPICS = {topic.name: topic for topic in TOPIC_TABLES}


@dataclass(frozen=True)
class Section:
    """A topic of the guide: its title, what the plan asks, what the system shows, what to follow up, the opinion."""

    title: str
    asked: tuple[str, ...]
    shown: tuple[str, ...]
    follow: tuple[str, ...]
    opinion: str


def sections(trip: Trip, level: str, code: str) -> tuple[Section, ...]:
    """The eight topics for a place."""
    follow: dict[str, list[str]] = {topic: [] for topic in TOPICS}
    for topic, question in _findings(trip, level, code):
        follow[topic].append(question)
    return tuple(
        Section(
            f"（{title[0]}）{title[2:]}",
            _TOPICS[topic].questions if topic in _TOPICS else LINE_QUESTIONS,
            tuple(_figures(trip, level, code, topic)),
            tuple(follow[topic]),
            OPINIONS[topic],
        )
        for topic, title in TOPICS.items()
    )


def reasons(trip: Trip, level: str, code: str) -> tuple[str, ...]:
    """Why the place was chosen, and what its ranks say."""
    drawn = [row for row in trip.sample.iter_rows(named=True) if row["village_code"].startswith(code)]
    told = [row["reason" if level == "village" else "county_reason"] for row in drawn if level != "township"]
    if level == "township":
        names = "、".join(dict.fromkeys(row["village_name"] for row in drawn if row["role"] == "primary"))
        told = [f"抽中本乡镇的{names}"] if names else ["没有正选村，备选村在本乡镇"]
    ranks = trip.frames["rankings"].filter(place_code=code).sort("criterion")
    return tuple(dict.fromkeys([*told, *(reason for reason in ranks["reason"] if reason)]))


def gaps(trip: Trip, code: str) -> tuple[str, ...]:
    """What was not delivered, or strangely little, for the county: figures built on it are to be read with care."""
    found = trip.frames["gaps"].filter(place_code=code[:6]).sort("title")
    return tuple(
        f"{row['title']}（{row['source']}）：{row['state']}"
        + ("，按农户数推算本应有记录，疑似盲区" if row["blind_spot"] else "")
        for row in found.iter_rows(named=True)
    )


def _findings(trip: Trip, level: str, code: str) -> Iterator[tuple[str, str]]:
    """(topic, question) of every finding in the place: village leads, household leads by kind, new alerts by kind."""
    inside = pl.col("village_code").str.starts_with(code)
    for lead in trip.frames["village_leads"].filter(inside).sort("kind", "village_code").iter_rows(named=True):
        topic, title, question = VILLAGE_LEADS[lead["kind"]]
        where = "" if level == "village" else f"{trip.place_name(lead['village_code'])}："
        yield topic, f"{where}{title}。{lead['evidence']}。{question}（也可能：{lead['counter_evidence']}）"
    leads = trip.frames["leads"].filter(inside)
    for kind, (topic, title, question) in HOUSEHOLD_LEADS.items():
        of_kind = leads.filter(kind=kind).sort("severity", "household_id", descending=[True, False])
        if of_kind.height:
            yield topic, f"{title}{of_kind.height}户{_where(trip, level, of_kind)}。{question}"
    alerts = trip.frames["alerts"].filter(inside).group_by("kind").agg(pl.sum("alerts"), pl.sum("new_alerts"))
    for kind, number, new in alerts.filter(pl.col("new_alerts") > 0).sort("kind").iter_rows():
        yield ALERT_TOPICS[kind], f"“{ALERT_TITLES[kind]}”预警{number}条，本月新增{new}条。核实了多少，结果怎样？"


def _where(trip: Trip, level: str, leads: pl.DataFrame) -> str:
    """Household numbers in a village; the places with most of them elsewhere."""
    if level == "village":
        numbers = [str(number) for number in leads["household_id"]]
        return f"（户内部编号{'、'.join(numbers[:HOUSEHOLDS])}{'等' if len(numbers) > HOUSEHOLDS else ''}）"
    digits = {"county": 9, "township": 12}[level]
    by = leads.group_by(pl.col("village_code").str.slice(0, digits).alias("code")).len()
    most = by.sort("len", "code", descending=[True, False]).head(FIGURES)
    return f"（{'、'.join(f'{trip.place_name(place)}{number}户' for place, number in most.iter_rows())}）"


def _figures(trip: Trip, level: str, code: str, topic: str) -> Iterator[str]:
    """The shares and means of the topic that differ most from the place above, in words."""
    if topic not in _TOPICS:
        return
    above, words = {"county": (code[:4], "全市"), "township": (code[:6], "全县"), "village": (code[:6], "全县")}[level]
    own, other = _ratios(trip, code, topic), _ratios(trip, above, topic)
    differences = []
    for number, indicator in enumerate(_TOPICS[topic].indicators):
        if indicator.segmented or indicator.shown == COUNT or indicator.name not in own.keys() & other.keys():
            continue
        (here, parts), (there, _) = own[indicator.name], other[indicator.name]
        if here == there:
            continue
        size = abs(here - there) / there if there else 1.0
        told = f"{indicator.title}{_shown(indicator, here)}{parts if indicator.shown != MEAN else ''}"
        differences.append((-size, number, f"{told}，{words}{_shown(indicator, there)}"))
    for _, _, sentence in sorted(differences)[:FIGURES]:
        yield sentence


def _ratios(trip: Trip, code: str, topic: str) -> dict[str, tuple[float, str]]:
    """Indicator -> ratio and its two numbers, where both are known and the base is not zero."""
    rows = trip.frames["figures"].filter(pl.col("base") > 0, place_code=code, topic=topic).drop_nulls("value")
    return {
        name: (value / base, f"（{value}/{base}）")
        for name, value, base in rows.select("indicator", "value", "base").iter_rows()
    }


def _shown(indicator: Indicator, number: float) -> str:
    if indicator.shown == MEAN:
        unit = UNITS[indicator.unit]
        return f"{number / 100:,.0f}{unit}" if indicator.unit == "fen" else f"{number:,.1f}{unit}"
    return f"{number:.1%}"
