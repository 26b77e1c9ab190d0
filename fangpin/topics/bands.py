"""Bands of the research topics: the edges of policy as intervals with Chinese names.

Does not belong here: the edges (policy/topic_band.yaml), who falls into a band (sql/mart/topic_*.sql).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

WORDS = {"years": "周岁", "months": "个月", "days": "天", "yuan": "元", "percent": "%"}
"""Units that bands may have, as their names write them."""
WHOLE = frozenset({"years", "months", "days"})
"""Units that only take whole numbers: a band is named by its last value."""
FEN = 100


class Band(NamedTuple):
    """low <= value < high; None where the band is open. Money in fen."""

    low: int | None
    high: int | None
    segment: str


def bands(edges: Sequence[int], unit: str) -> list[Band]:
    """What lies below the first edge, between the edges, and from the last edge on."""
    factor = FEN if unit == "yuan" else 1
    return [
        Band(
            None if low is None else low * factor,
            None if high is None else high * factor,
            _name(low, high, unit),
        )
        for low, high in pairwise([None, *edges, None])
    ]


def _name(low: int | None, high: int | None, unit: str) -> str:
    word = WORDS[unit]
    if low is None:
        return f"不足{high}{word}"
    if high is None:
        return f"{low}{word}及以上"
    if unit not in WHOLE:
        return f"{low}至不足{high}{word}"
    return f"{low}{word}" if high == low + 1 else f"{low}至{high - 1}{word}"
