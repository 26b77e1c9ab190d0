"""The profile of a place: indicators with their normal range among peers, phase and trend (decision 0067).

Does not belong here: the limits (policy/place_profile.yaml), how the page looks (fangpin/reports/research).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

NORMAL, WATCH, ALERT, ALARM, RECOVERY, UNJUDGED = "正常", "关注", "预警", "严重预警", "恢复", "无法判断"
IMPROVING, STABLE, WORSENING, NO_TREND = "好转", "平稳", "加重", "无上月数据"
ABOVE, WITHIN, BELOW, NO_RANGE = "偏高", "正常", "偏低", "—"


@dataclass(frozen=True)
class Indicator:
    """A count of mart.place_month over a base of the same table. phased: more is worse, and counts for the phase."""

    column: str
    base: str
    title: str
    phased: bool = True


INDICATORS = (
    Indicator("active_households", "households", "风险未消除户"),
    Indicator("band_high", "households", "高风险户"),
    Indicator("new_alerts", "households", "本月新增预警（条）"),
    Indicator("household_anomalies", "households", "农户异常线索（条）"),
    Indicator("unlisted_hard_trigger_households", "households", "未列入监测的必核查户"),
    Indicator("eliminated_households", "monitored_households", "风险已消除户", phased=False),
)

AREAS = (("county", 6), ("city", 4), ("province", 2))
"""Where peers are looked for, from near to far, and how many digits of a place's code name the area."""
FIRST_AREA = {"village": 0, "township": 0, "county": 1}
WORDS = {"county": "同县", "city": "同市", "province": "全省"}
JEFFREYS = 0.5
"""Shape of the prior of a Poisson rate (Jeffreys)."""
UNITS = {"village": "村", "township": "乡镇", "county": "县"}


@dataclass(frozen=True)
class Limits:
    """The parameters of policy/place_profile.yaml."""

    range_probability: float
    fewest_peers: int
    phase_watch: int
    phase_alert: int
    phase_alarm: int
    trend_share: float
    trend_households: int
    history_months: int


@dataclass(frozen=True)
class Reading:
    """An indicator in a place: history from the oldest listed month to this one, range low to high, and the verdict."""

    indicator: Indicator
    history: tuple[int | None, ...]
    base: int
    low: int | None
    high: int | None
    state: str

    @property
    def value(self) -> int | None:
        return self.history[-1]


@dataclass(frozen=True)
class Profile:
    """peers: how many there are and where, in words. months: those of the readings' history."""

    place_code: str
    months: tuple[str, ...]
    readings: tuple[Reading, ...]
    phase: str
    phase_before: str | None
    trend: str
    worse: tuple[str, ...]
    better: tuple[str, ...]
    peers: str

    @property
    def above(self) -> tuple[str, ...]:
        """The indicators above their range."""
        return tuple(r.indicator.title for r in self.readings if r.indicator.phased and r.state == ABOVE)


def profile(months: Mapping[str, pl.DataFrame], level: str, code: str, limits: Limits) -> Profile:
    """The profile of a place from mart.place_month of this and earlier months (by month, any order)."""
    listed = tuple(sorted(months))[-limits.history_months :]
    rows = {month: _row(months[month], level, code) for month in listed}
    peers, where = _peers(months[listed[-1]], level, code, limits)
    readings = tuple(_reading(each, rows, peers, limits) for each in INDICATORS)
    before = None
    if len(listed) > 1 and (last := rows[listed[-2]]) is not None:
        old_peers, _ = _peers(months[listed[-2]], level, code, limits)
        one = {listed[-2]: last}
        before = _phase([_reading(each, one, old_peers, limits) for each in INDICATORS], limits)
    phase = _phase(readings, limits)
    if before in (ALERT, ALARM) and phase in (NORMAL, WATCH):
        phase = RECOVERY
    worse, better = _moved(readings, limits)
    known = len(listed) > 1 and rows[listed[-2]] is not None
    trend = NO_TREND if not known else STABLE
    if known and len(worse) != len(better):
        trend = WORSENING if len(worse) > len(better) else IMPROVING
    told = f"{where}其他{len(peers)}个{UNITS[level]}"
    return Profile(code, listed, readings, phase, before, trend, worse, better, told)


def count_range(counts: Sequence[int], bases: Sequence[int], base: int, probability: float) -> tuple[int, int]:
    """Central range of the count a place of `base` would have if it were one of the peers.

    Peers' rates: pooled mean and variance by moments (Marshall 1991), gamma; the count is negative binomial, Poisson
    where the variance between peers is not above what chance gives. Where no peer has any, their rate is not taken for
    zero but for gamma with Jeffreys' shape.
    """
    from scipy import stats

    total = sum(bases)
    mean = sum(counts) / total
    spread = sum(n * (c / n - mean) ** 2 for c, n in zip(counts, bases, strict=True) if n) / total
    between = spread - mean / (total / sum(n > 0 for n in bases))
    tail = (1 - probability) / 2
    if mean == 0:
        law: Any = stats.nbinom(JEFFREYS, total / (total + base))
    elif between > 0:
        shape, rate = mean**2 / between, mean / between
        law = stats.nbinom(shape, rate / (rate + base))
    else:
        law = stats.poisson(mean * base)
    return int(min(law.ppf(tail), base)), int(min(law.ppf(1 - tail), base))


def _row(frame: pl.DataFrame, level: str, code: str) -> dict[str, Any] | None:
    found = frame.filter(level=level, place_code=code)
    return found.row(0, named=True) if found.height else None


def _peers(frame: pl.DataFrame, level: str, code: str, limits: Limits) -> tuple[pl.DataFrame, str]:
    """The other places of the level in the nearest area that has enough of them; the largest area if none has."""
    others = frame.filter((pl.col("level") == level) & (pl.col("place_code") != code) & (pl.col("households") > 0))
    areas = AREAS[FIRST_AREA[level] :]
    found = [
        (others.filter(pl.col("place_code").str.starts_with(code[:digits])), WORDS[area]) for area, digits in areas
    ]
    return next((one for one in found if one[0].height >= limits.fewest_peers), found[-1])


def _reading(
    indicator: Indicator, rows: Mapping[str, dict[str, Any] | None], peers: pl.DataFrame, limits: Limits
) -> Reading:
    history = tuple(None if row is None else row[indicator.column] for row in rows.values())
    now = list(rows.values())[-1]
    base = 0 if now is None else int(now[indicator.base] or 0)
    known = peers.filter(pl.col(indicator.column).is_not_null() & (pl.col(indicator.base) > 0))
    value = history[-1]
    if value is None or base == 0 or known.height < limits.fewest_peers:
        return Reading(indicator, history, base, None, None, NO_RANGE)
    counts, bases = known[indicator.column].to_list(), known[indicator.base].to_list()
    low, high = count_range(counts, bases, base, limits.range_probability)
    state = ABOVE if value > high else BELOW if value < low else WITHIN
    return Reading(indicator, history, base, low, high, state)


def _phase(readings: Sequence[Reading], limits: Limits) -> str:
    if all(r.state == NO_RANGE for r in readings if r.indicator.phased):
        return UNJUDGED
    above = sum(r.indicator.phased and r.state == ABOVE for r in readings)
    steps = ((limits.phase_alarm, ALARM), (limits.phase_alert, ALERT), (limits.phase_watch, WATCH))
    return next((phase for fewest, phase in steps if above >= fewest), NORMAL)


def _moved(readings: Sequence[Reading], limits: Limits) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Titles of the phased indicators that got worse and better since the month before."""
    worse: list[str] = []
    better: list[str] = []
    for reading in readings:
        if not reading.indicator.phased or len(reading.history) < 2:
            continue
        before, now = reading.history[-2:]
        if before is None or now is None:
            continue
        if abs(now - before) > max(limits.trend_households, limits.trend_share * before):
            (worse if now > before else better).append(reading.indicator.title)
    return tuple(worse), tuple(better)
