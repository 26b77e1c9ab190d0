"""Cumulative incidence of competing ends (Aalen-Johansen) from counts of spells by their length in whole months.

Counts of villages add up to those of any place, so a curve of any level comes from sums. Kaplan-Meier for one kind of
end would treat the other ends as if they could still become it, and say too much. All spells are followed from their
begin: none enters late. Does not belong here: which households ended how (sql/mart/topic_elimination.sql).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Incidence:
    """months since the begin. at_risk: spells that lasted so long. remaining: share not yet ended after this month;
    ended: by kind, the share ended so by the end of this month. remaining and ended add up to 1.
    """

    months: int
    at_risk: int
    remaining: float
    ended: Mapping[str, float]


def cumulative_incidence(ended: Mapping[str, Mapping[int, int]], lasting: Mapping[int, int]) -> list[Incidence]:
    """The curves, a point for every month in which a spell ended.

    ended: kind -> months -> spells that ended so; lasting: months -> spells that last still. A spell that lasts for t
    months is at risk in month t.
    """
    for counts in (*ended.values(), lasting):
        if any(months < 0 or count < 0 for months, count in counts.items()):
            raise ValueError("months and numbers of spells are not negative")
    months = sorted({m for counts in ended.values() for m, count in counts.items() if count})
    remaining, shares = 1.0, dict.fromkeys(ended, 0.0)
    points = []
    for month in months:
        at_risk = sum(count for counts in (*ended.values(), lasting) for m, count in counts.items() if m >= month)
        for kind, counts in ended.items():
            shares[kind] += remaining * counts.get(month, 0) / at_risk
        remaining *= 1 - sum(counts.get(month, 0) for counts in ended.values()) / at_risk
        points.append(Incidence(month, at_risk, remaining, dict(shares)))
    return points
