"""The risk score card: parsed from policy, and the score of one household with its reasons.

score = sum of named contributions; each family is capped; what is unknown lifts only the upper bound; hard triggers
stand beside the points. The same card compiled to SQL for every household is fangpin/scorecard_sql.py.
Does not belong here: points and bands (policy/scorecard.yaml), features (sql/core/household_month.sql).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fangpin.errors import PolicyError

Features = Mapping[str, Any]
"""A row of core.household_month: column -> value, None where unknown."""

UNITS = ("percent", "share", "yuan", "count", "yesno")
"""How a column's value is read and shown: yuan columns hold fen, shares are shown as whole percents."""


@dataclass(frozen=True)
class Band:
    """Points for a value in [lower, upper); None is no bound. `hard` is the trigger's reason."""

    lower: float | None
    upper: float | None
    points: int
    reason: str
    hard: str | None

    def holds(self, value: float) -> bool:
        return (self.lower is None or value >= self.lower) and (self.upper is None or value < self.upper)


@dataclass(frozen=True)
class Indicator:
    """One indicator: the column of core.household_month it reads and its bands, lowest value first.

    changeable: whether somebody can change the fact; only then a hint says what would lower its points.
    """

    name: str
    title: str
    family: str
    column: str
    unit: str
    bands: tuple[Band, ...]
    unknown: str
    feeds: tuple[str, ...]
    clause: str
    changeable: bool = True

    @property
    def most(self) -> int:
        """The points an unknown value could bring."""
        return max(band.points for band in self.bands)

    def value(self, features: Features) -> float | None:
        """The value in the card's unit; None is unknown. KeyError when the column is missing."""
        raw = features[self.column]
        if raw is None:
            return None
        return float(raw) / 100 if self.unit == "yuan" else float(raw)

    def band(self, value: float) -> Band | None:
        return next((band for band in self.bands if band.holds(value)), None)

    def reason(self, band: Band, value: float) -> str:
        """The band's reason with the value written into it."""
        return band.reason.replace("{value}", self.shown(value)).replace("{below}", self.shown(-value))

    def shown(self, value: float) -> str:
        """The value as written in a reason: whole yuan, whole percents."""
        scaled = value * 100 if self.unit == "share" else value
        return str(math.floor(scaled + 0.5))


@dataclass(frozen=True)
class Card:
    """families: cap by family. levels: (name, lowest score), highest first. protective: (column, text)."""

    families: Mapping[str, int]
    family_titles: Mapping[str, str]
    levels: tuple[tuple[str, int], ...]
    indicators: tuple[Indicator, ...]
    protective: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of core.household_month the card reads, each once."""
        return tuple(dict.fromkeys([i.column for i in self.indicators] + [c for c, _ in self.protective]))

    def of_family(self, family: str) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators if i.family == family)


@dataclass(frozen=True)
class Contribution:
    """A row of mart.risk_contribution: points known, and points when every unknown is at its worst."""

    indicator: str
    family: str
    value: float | None
    points: int
    points_high: int
    reason: str
    clause: str


@dataclass(frozen=True)
class Assessment:
    """The score of one household."""

    score: int
    high: int
    family_points: Mapping[str, int]
    hard_reasons: tuple[str, ...]
    level: str
    unknowns: int
    mitigation: tuple[str, ...]
    contributions: tuple[Contribution, ...]


def parse(content: Mapping[str, Any]) -> Card:
    """The card from the value of policy/scorecard.yaml; PolicyError listing every problem at once."""
    problems: list[str] = []
    caps = {name: int(entry["cap"]) for name, entry in content["families"].items()}
    indicators = []
    for entry in content["indicators"]:
        bands = tuple(
            Band(b.get("lower"), b.get("upper"), int(b["points"]), str(b["reason"]), b.get("hard"))
            for b in entry["bands"]
        )
        problems += [f"{entry['name']}：{p}" for p in _band_problems(bands)]
        if entry["family"] not in caps:
            problems.append(f"{entry['name']}：没有名为 {entry['family']} 的族")
        if entry["unit"] not in UNITS:
            problems.append(f"{entry['name']}：单位 {entry['unit']} 不在 {'、'.join(UNITS)} 之中")
        if not isinstance(entry.get("changeable", True), bool):
            problems.append(f"{entry['name']}：changeable 应为 true 或 false")
        indicators.append(
            Indicator(
                name=entry["name"],
                title=entry["title"],
                family=entry["family"],
                column=entry["column"],
                unit=entry["unit"],
                bands=bands,
                unknown=entry["unknown"],
                feeds=tuple(entry["feeds"]),
                clause=entry["clause"],
                changeable=entry.get("changeable", True),
            )
        )
    levels = tuple((entry["name"], int(entry["from"])) for entry in content["levels"])
    if [low for _, low in levels] != sorted({low for _, low in levels}, reverse=True) or levels[-1][1] != 0:
        problems.append("风险等级应由高到低排列，最低一级从0分起")
    if len({i.name for i in indicators}) != len(indicators):
        problems.append("指标名称重复")
    if problems:
        raise PolicyError("评分卡有误（policy/scorecard.yaml）：" + "；".join(problems))
    return Card(
        families=caps,
        family_titles={name: str(entry["title"]) for name, entry in content["families"].items()},
        levels=levels,
        indicators=tuple(indicators),
        protective=tuple((p["column"], p["text"]) for p in content["protective"]),
    )


def _band_problems(bands: tuple[Band, ...]) -> list[str]:
    """Bands must not overlap, and points must only rise or only fall with the value."""
    problems = []
    for band, following in itertools.pairwise(bands):
        if band.upper is None or following.lower is None or following.lower < band.upper:
            problems.append("档次重叠或未按由小到大排列")
    points = [b.points for b in bands]
    if bands[0].lower is not None:
        points.insert(0, 0)
    if bands[-1].upper is not None:
        points.append(0)
    if points not in (sorted(points), sorted(points, reverse=True)):
        problems.append("分值应随指标单调变化")
    if any(p < 0 for p in points):
        problems.append("分值不能为负")
    return problems


def rows(card: Card) -> list[dict[str, Any]]:
    """The card as rows of ref.scorecard."""
    return [
        {
            "indicator": indicator.name,
            "band_no": number,
            "family": indicator.family,
            "lower": band.lower,
            "upper": band.upper,
            "points": band.points,
            "reason": band.reason,
            "clause": indicator.clause,
            "feeds": ",".join(indicator.feeds),
        }
        for indicator in card.indicators
        for number, band in enumerate(indicator.bands, start=1)
    ]


def assess(card: Card, features: Features) -> Assessment:
    """Score one household from its row of core.household_month."""
    contributions = []
    hard = []
    for indicator in card.indicators:
        value = indicator.value(features)
        if value is None:
            reason = f"{indicator.unknown}，上限按{indicator.most}分计"
            contributions.append(
                Contribution(indicator.name, indicator.family, None, 0, indicator.most, reason, indicator.clause)
            )
        elif (band := indicator.band(value)) is not None:
            reason = indicator.reason(band, value)
            contributions.append(
                Contribution(
                    indicator.name, indicator.family, value, band.points, band.points, reason, indicator.clause
                )
            )
            if band.hard is not None:
                hard.append(band.hard)
    unknowns = sum(c.value is None for c in contributions)
    for family, cap in card.families.items():
        known = sum(c.points for c in contributions if c.family == family)
        high = sum(c.points_high for c in contributions if c.family == family)
        if high > cap:
            reason = f"{card.family_titles[family]}合计{known}分，上限{high}分，按{cap}分封顶"
            contributions.append(
                Contribution(f"cap_{family}", family, None, min(0, cap - known), cap - high, reason, CAP_CLAUSE)
            )
    family_points = {f: sum(c.points for c in contributions if c.family == f) for f in card.families}
    score = sum(family_points.values())
    return Assessment(
        score=score,
        high=sum(c.points_high for c in contributions),
        family_points=family_points,
        hard_reasons=tuple(hard),
        level=level(card, score),
        unknowns=unknowns,
        mitigation=tuple(text for column, text in card.protective if (features[column] or 0) > 0),
        contributions=tuple(contributions),
    )


CAP_CLAUSE = "决定 docs/decisions/0016-scorecard.md"


def level(card: Card, score: int) -> str:
    """The band of a score: the highest level it reaches."""
    return next(name for name, lowest in card.levels if score >= lowest)


def counterfactuals(card: Card, features: Features) -> tuple[str, ...]:
    """What would lower the score: one sentence for each changeable indicator with points, by its next lower band."""
    before = assess(card, features).score
    sentences = []
    for indicator in card.indicators:
        value = indicator.value(features)
        band = indicator.band(value) if value is not None else None
        if band is None or band.points == 0 or not indicator.changeable:
            continue
        falling = indicator.bands[0].lower is None  # risk lies at low values
        bound = band.upper if falling else band.lower
        if bound is None:
            continue
        better = bound if falling else bound - 1 if indicator.unit in ("count", "yesno") else math.nextafter(bound, -1)
        fen = 100 if indicator.unit == "yuan" else 1
        after = assess(card, {**features, indicator.column: better * fen}).score
        if after < before:
            if indicator.unit == "yesno":
                condition = f"若{indicator.title}得到解决"
            else:
                condition = f"若{indicator.title}{'达到' if falling else '低于'}{_bound_text(indicator, bound)}"
            sentences.append(f"{condition}，风险分减{before - after}分")
    return tuple(sentences)


def _bound_text(indicator: Indicator, bound: float) -> str:
    suffix = {"percent": "%", "share": "%", "yuan": "元", "count": ""}[indicator.unit]
    if indicator.unit == "percent" and bound == 0:
        return "0%（即达到监测线）"
    return f"{indicator.shown(bound)}{suffix}"
