"""From the households visited to all of the drawn cities: shares with design weights, and how sure they are.

Hájek's ratio sum w y / sum w, w = 1 / (P of the village x P of the household in it). Variance by linearisation over
ultimate clusters, strata with one cluster collapsed in pairs (Wolter 2007, 2.5). Does not belong here: the draw
(draw.py), what precision to expect before a trip (precision.py).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy import special

LEVEL = 0.95


@dataclass(frozen=True)
class Place:
    """Where a household was drawn. village_chance: of the county times within it; a chance of 1 is certain."""

    city_code: str
    county_code: str
    village_code: str
    county_chance: float
    village_chance: float


@dataclass(frozen=True)
class Drawn:
    """A drawn household. chance: within the village; None for a reserve."""

    household_id: int
    place: Place
    stratum: str
    chance: float | None


@dataclass(frozen=True)
class Estimate:
    """A share. answered: households. freedom: clusters less strata. error, low, high: None where the sample cannot tell
    them: too few clusters, or everybody answered alike."""

    share: float
    answered: int
    error: float | None
    freedom: int
    low: float | None
    high: float | None


def design_weights(drawn: Iterable[Drawn], answered: set[int]) -> dict[int, float]:
    """Weights of the households that answered. Within village and stratum those who did stand for those who did not;
    a reserve weighs like the household it stands in for."""
    strata: dict[tuple[str, str], list[Drawn]] = defaultdict(list)
    for each in drawn:
        strata[each.place.village_code, each.stratum].append(each)
    found: dict[int, float] = {}
    for group in strata.values():
        base = {d.household_id: 1 / (d.place.village_chance * d.chance) for d in group if d.chance is not None}
        here = [d for d in group if d.household_id in answered]
        if not base or not here:
            continue
        usual = math.fsum(base.values()) / len(base)
        given = {d.household_id: base.get(d.household_id, usual) for d in here}
        factor = math.fsum(base.values()) / math.fsum(given.values())
        found |= {number: weight * factor for number, weight in given.items()}
    return found


def share(drawn: Sequence[Drawn], values: Mapping[int, float], weights: Mapping[int, float]) -> Estimate | None:
    """The weighted share of the households with a value (1 has it, 0 has not); None without any."""
    asked = [d for d in drawn if d.household_id in values and d.household_id in weights]
    if not asked:
        return None
    total = math.fsum(weights[d.household_id] for d in asked)
    ratio = math.fsum(weights[d.household_id] * values[d.household_id] for d in asked) / total
    scores = {d.household_id: weights[d.household_id] * (values[d.household_id] - ratio) / total for d in asked}
    variance, freedom = _variance([d for d in drawn if d.household_id in weights], scores)
    if variance is None or ratio in (0, 1):
        return Estimate(ratio, len(asked), None, freedom, None, None)
    error = math.sqrt(variance)
    half = float(special.stdtrit(freedom, (1 + LEVEL) / 2)) * error
    return Estimate(ratio, len(asked), error, freedom, max(0.0, ratio - half), min(1.0, ratio + half))


def _variance(drawn: Sequence[Drawn], scores: Mapping[int, float]) -> tuple[float | None, int]:
    """Variance of the sum of scores, and its degrees of freedom."""
    clusters: dict[str, dict[str, dict[str, list[float]]]] = {}
    for d in drawn:
        kind, stratum, cluster = _cluster(d)
        of_stratum = clusters.setdefault(kind, {}).setdefault(stratum, {})
        of_stratum.setdefault(cluster, []).append(scores.get(d.household_id, 0.0))
    variance, freedom = 0.0, 0
    for kind in sorted(clusters):
        totals = [
            [math.fsum(scored) for _, scored in sorted(of_stratum.items())]
            for _, of_stratum in sorted(clusters[kind].items())
        ]
        singles = [total[0] for total in totals if len(total) == 1]
        groups = [total for total in totals if len(total) > 1] + _collapsed(singles)
        if len(singles) == 1:
            return None, freedom
        variance += math.fsum(_spread(group) for group in groups)
        freedom += sum(len(group) - 1 for group in groups)
    return (variance, freedom) if freedom else (None, 0)


def _cluster(d: Drawn) -> tuple[str, str, str]:
    """What was drawn first by chance on the way to a household: its county, its village, or the household itself."""
    if d.place.county_chance < 1:
        return "county", d.place.city_code, d.place.county_code
    if d.place.village_chance < 1:
        return "village", d.place.county_code, d.place.village_code
    return "household", d.place.village_code, str(d.household_id)


def _collapsed(singles: Sequence[float]) -> list[list[float]]:
    """Strata with one cluster each, in their order, in pairs; the last three together where their number is odd."""
    pairs = [list(singles[n : n + 2]) for n in range(0, len(singles) - 1, 2)]
    if len(singles) % 2 and pairs:
        pairs[-1].append(singles[-1])
    return pairs


def _spread(totals: Sequence[float]) -> float:
    """n / (n - 1) x sum of squares around the mean: as drawn with replacement, so rather too large."""
    n = len(totals)
    mean = math.fsum(totals) / n
    return n / (n - 1) * math.fsum((total - mean) ** 2 for total in totals)
