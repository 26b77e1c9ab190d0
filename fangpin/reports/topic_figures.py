"""The figures of one research topic in the province's own places, as mart.topic_figure has them.

Does not belong here: the tables (topic_tables.py), words of indicators (fangpin/topics).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fangpin.reports.edition import Edition
from fangpin.topics import condition, coverage, elimination, employment, measure, procedure, public_post
from fangpin.topics.topic import COUNT, MEAN, SHARE, Indicator, Topic

NUMBERS = "一二三四五六七八"
TOPICS = tuple(
    sorted(
        (
            employment.TOPIC,
            public_post.TOPIC,
            condition.TOPIC,
            coverage.TOPIC,
            procedure.TOPIC,
            elimination.TOPIC,
            measure.TOPIC,
        ),
        key=lambda topic: NUMBERS.index(topic.number),
    )
)
"""All topics that have a table mart.topic_<name>; 五 is the page of the monitoring line."""
SPELLS = frozenset({*elimination.ENDED, elimination.LASTING})
"""Indicators whose segments are months: shown as curves (spells.py)."""
FEN = 100
JOINED = "·"
"""Between the parts of a segment by two things at once."""


@dataclass(frozen=True)
class Figures:
    """The figures of one topic in the province's own places."""

    edition: Edition
    topic: Topic

    @cached_property
    def cells(self) -> dict[tuple[str, str, str], tuple[int, int | None]]:
        """(place, indicator, segment) -> value and base."""
        own = self.edition.frame("ref.place").filter("in_province").select("level", "place_code")
        rows = self.edition.frame("topic_figures").filter(topic=self.topic.name)
        known = rows.join(own, on=["level", "place_code"], how="semi")
        keys = known.select("place_code", "indicator", "segment", "value", "base")
        return {(place, name, segment): (value, base) for place, name, segment, value, base in keys.iter_rows()}

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Those shown as they are; spells of months are shown as curves (spells.py)."""
        return tuple(i for i in self.topic.indicators if i.name not in SPELLS)

    @cached_property
    def province(self) -> str:
        return str(self.edition.level("province")["place_code"].item())

    @cached_property
    def _segments(self) -> dict[str, list[str]]:
        """By indicator, those of the province, part by part: bands by their numbers, words by how many they are of the
        first indicator that has them, so that they stand in one order all through the topic.
        """
        found: dict[str, dict[str, int]] = {}
        for (place, name, segment), (value, _) in self.cells.items():
            if place == self.province:
                found.setdefault(name, {})[segment] = value
        size: dict[str, int] = {}
        for indicator in self.topic.indicators:
            of: dict[str, int] = {}
            for segment, value in found.get(indicator.name, {}).items():
                for part in segment.split(JOINED):
                    of[part] = of.get(part, 0) + value
            size = of | size
        return {
            name: sorted(of, key=lambda segment: [_in_order(part, size.get(part, 0)) for part in segment.split(JOINED)])
            for name, of in found.items()
        }

    def segments(self, indicator: Indicator) -> list[str]:
        """The segments there are in the province, in order; one empty one for an indicator without any."""
        return self._segments.get(indicator.name, [""])

    def listed(self, name: str) -> list[str]:
        """The segments of an indicator by name."""
        return self._segments.get(name, [])

    def count(self, place: str, name: str, segment: str = "") -> int | None:
        """The value of an indicator by name: what has no row is none of them, in a month that has figures at all."""
        return self.cells.get((place, name, segment), (0 if self.cells else None, None))[0]

    def base(self, place: str, name: str, segment: str = "") -> int | None:
        """As `count`: what the value is a part of."""
        return self.cells.get((place, name, segment), (None, 0 if self.cells else None))[1]

    def number(self, place: str, indicator: Indicator, segment: str) -> float | None:
        """What is shown: the value, the share or the mean; None where it is not known or nothing to divide by."""
        value, base = self.cells.get((place, indicator.name, segment), (None, None))
        if indicator.shown == COUNT:
            absent = 0 if (self.province, indicator.name, segment) in self.cells else None
            return absent if value is None else value / (FEN if indicator.unit == "fen" else 1)
        if value is None or not base:
            return None
        return value / base / (FEN if indicator.shown == MEAN and indicator.unit == "fen" else 1)

    def parts(self, place: str, indicator: Indicator, segment: str) -> tuple[float | None, float | None]:
        """What a share or mean is made of, value and base; money in yuan."""
        value, base = self.cells.get((place, indicator.name, segment), (None, None))
        unit = FEN if indicator.unit == "fen" else 1
        of_base = unit if indicator.shown == SHARE else 1
        return (None if value is None else value / unit, None if base is None else base / of_base)


def _in_order(part: str, size: int) -> tuple[float, int, str]:
    """Bands by their numbers, 不足 first; words after them, the largest first."""
    found = re.search(r"\d+", part.replace(",", ""))
    if not found:
        return (float("inf"), -size, part)
    return (-1 if part.startswith("不足") else float(found.group()), 0, part)


def available(edition: Edition) -> Iterator[Figures]:
    for topic in TOPICS:
        yield Figures(edition, topic)
