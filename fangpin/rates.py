"""Ratios with small denominators: Wilson interval, empirical-Bayes shrinkage, exposure-standardised counts.

The twins in plain Python of what sql/mart/*_ranking.sql computes for every place, and the Poisson limits that SQL
cannot express. Does not belong here: which ratio is ranked, and levels and minima (policy/threshold.yaml).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Array = npt.NDArray[np.float64]


def wilson(x: int, n: int, z: float) -> tuple[float, float] | None:
    """Wilson's interval of x of n (Wilson 1927); None when n is 0."""
    if n == 0:
        return None
    a = n + z * z
    b = 2 * x + z * z
    root = math.sqrt(max(0.0, b * b - 4 * a * x * x / n))
    return max(0.0, min(x / n, (b - root) / (2 * a))), min(1.0, max(x / n, (b + root) / (2 * a)))


@dataclass(frozen=True)
class Prior:
    """Beta-binomial prior: mean mu and intra-class correlation rho (0: no spread between places)."""

    mu: float
    rho: float

    def mean(self, x: int, n: int) -> float | None:
        """Posterior mean (x + mu M) / (n + M), M = 1/rho - 1; None when n is 0."""
        if n == 0:
            return None
        return (x * self.rho + self.mu * (1 - self.rho)) / (n * self.rho + 1 - self.rho)


def kleinman(counts: Sequence[tuple[int, int]], rho_max: float) -> Prior | None:
    """Prior by Kleinman's moments (1973, JASA 68:46) from (x, n) of every place, reweighted once; None without data.

    Weights n first, then n/(1 + rho (n - 1)). rho <= 0 is complete pooling.
    """
    pairs = [(x, n) for x, n in counts if n > 0]
    if not pairs:
        return None
    first = _moments(pairs, [float(n) for _, n in pairs], rho_max)
    return _moments(pairs, [n / (1 + first.rho * (n - 1)) for _, n in pairs], rho_max)


def _moments(pairs: Sequence[tuple[int, int]], weights: Sequence[float], rho_max: float) -> Prior:
    total = math.fsum(weights)
    mu = math.fsum(w * x / n for (x, n), w in zip(pairs, weights, strict=True)) / total
    s = math.fsum(w * (x / n - mu) ** 2 for (x, n), w in zip(pairs, weights, strict=True))
    a = math.fsum(w / n * (1 - w / total) for (_, n), w in zip(pairs, weights, strict=True))
    b = math.fsum(w * (1 - w / total) for w in weights)
    spread = mu * (1 - mu) * (b - a)
    rho = (s - mu * (1 - mu) * a) / spread if spread > 0 else 0.0
    return Prior(mu, min(rho_max, max(0.0, rho)))


def garwood(observed: Array, expected: Array, level: float = 0.95) -> tuple[Array, Array]:
    """Exact Poisson limits of observed/expected (Garwood 1936), element by element."""
    tail = (1 - level) / 2
    low = np.where(observed > 0, special.gammaincinv(np.maximum(observed, 1), tail), 0.0)
    high = special.gammaincinv(observed + 1, 1 - tail)
    return low / expected, high / expected


def poisson_mid_p(observed: Array, expected: Array) -> Array:
    """One-sided mid-p of at least `observed` events when `expected` are due, element by element."""
    point = np.exp(observed * np.log(expected) - expected - special.gammaln(observed + 1))
    return np.clip(special.gammainc(observed + 1, expected) + point / 2, 0.0, 1.0)


def gamma_mean(observed: Array, expected: Array, shape: float) -> Array:
    """Shrunken observed/expected, gamma prior of mean 1 and the given shape (Clayton and Kaldor 1987)."""
    return (observed + shape) / (expected + shape)
