"""Rank confidence sets: the ranks a place may truly have, from pairwise differences.

Mogstad, Romano, Shaikh and Wilhelm 2024, Review of Economic Studies 91:476, with Holm's step-down (1979) within each
place. Does not belong here: P(top-K), which speaks of the posterior (posterior.py).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from fangpin.rates import Array

ROWS = 256
"""Places compared with all others at a time."""


def rank_sets(values: Array, errors: Array, alpha: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Lowest and highest rank (1 is the largest value) of every place at confidence 1 - alpha."""
    count = len(values)
    low, high = np.ones(count, dtype=np.int64), np.full(count, count, dtype=np.int64)
    if count < 2:
        return low, high
    limits = alpha / np.arange(count - 1, 0, -1)
    for start in range(0, count, ROWS):
        rows = slice(start, min(start + ROWS, count))
        difference = values[None, :] - values[rows, None]
        error = np.sqrt(errors[None, :] ** 2 + errors[rows, None] ** 2)
        p = 2 * special.ndtr(-np.abs(difference) / error)
        own = np.arange(rows.start, rows.stop)
        p[own - rows.start, own] = np.inf
        ordered = np.sort(p, axis=1)[:, :-1]
        rejected = np.where((ordered > limits).any(axis=1), (ordered > limits).argmax(axis=1), count - 1)
        last = np.take_along_axis(ordered, np.maximum(rejected - 1, 0)[:, None], axis=1)
        different = (p <= last) & (rejected > 0)[:, None]
        low[rows] = 1 + (different & (difference > 0)).sum(axis=1)
        high[rows] = count - (different & (difference < 0)).sum(axis=1)
    return low, high
