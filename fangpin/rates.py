"""Ratios with small denominators: Wilson interval, empirical-Bayes shrinkage, exposure-standardised counts, outliers.

The twins in plain Python of what sql/mart/place_rate.sql computes for every place, and the limits and tests that SQL
cannot express. Does not belong here: which ratio is ranked, and levels and minima (policy/threshold.yaml,
policy/ranking.yaml); how sure a rank is (fangpin/ranks).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

Array = npt.NDArray[np.float64]


def wilson(x: float, n: float, z: float) -> tuple[float, float] | None:
    """Wilson's interval of x of n (Wilson 1927); None when n is 0."""
    if n == 0:
        return None
    a = n + z * z
    b = 2 * x + z * z
    root = math.sqrt(max(0.0, b * b - 4 * a * x * x / n))
    return max(0.0, min(x / n, (b - root) / (2 * a))), min(1.0, max(x / n, (b + root) / (2 * a)))


def shrunken(ratio: float, size: float, mean: float, rho: float) -> float:
    """Posterior mean (x + m M) / (n + M), M = 1/rho - 1: rho is the intra-class correlation, 0 pools completely."""
    return (ratio * size * rho + mean * (1 - rho)) / (size * rho + 1 - rho)


def effective(sizes: Sequence[float], rho: float) -> float:
    """Effective size of a place whose villages have these (Kish): n / (1 + rho (sum n n / sum n - 1))."""
    whole = math.fsum(sizes)
    return whole / (1 + rho * (math.fsum(n * n for n in sizes) / whole - 1))


def kleinman(places: Sequence[tuple[float, float, str]], rho_max: float) -> tuple[dict[str, float], float]:
    """Means of the parents and intra-class correlation within them, by Kleinman's moments (1973, JASA 68:46).

    places: (ratio, effective size, parent) of every place with a denominator. Weights n first, then
    n/(1 + rho (n - 1)). The binomial variance is that of the mean of all: a parent's own mean of two or three
    households has almost none, and every spread would seem real. rho <= 0 is complete pooling.
    """
    _, rho = _moments(places, [n for _, n, _ in places], rho_max)
    return _moments(places, [n / (1 + rho * (n - 1)) for _, n, _ in places], rho_max)


def _moments(
    places: Sequence[tuple[float, float, str]], weights: Sequence[float], rho_max: float
) -> tuple[dict[str, float], float]:
    by_parent: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for (p, n, parent), w in zip(places, weights, strict=True):
        by_parent[parent].append((p, n, w))
    if not places:
        return {}, 0.0
    pooled = math.fsum(w * p for (p, _, _), w in zip(places, weights, strict=True)) / math.fsum(weights)
    variance = pooled * (1 - pooled)
    means, above, below = {}, [], []
    for parent, children in by_parent.items():
        total = math.fsum(w for _, _, w in children)
        mu = means[parent] = math.fsum(w * p for p, _, w in children) / total
        for p, n, w in children:
            above.append(w * (p - mu) ** 2 - variance * w / n * (1 - w / total))
            below.append(variance * w * (1 - 1 / n) * (1 - w / total))
    spread = math.fsum(below)
    return means, min(rho_max, max(0.0, math.fsum(above) / spread)) if spread > 0 else 0.0


def garwood(observed: Array, expected: Array, level: float = 0.95) -> tuple[Array, Array]:
    """Exact Poisson limits of observed/expected (Garwood 1936), element by element."""
    tail = (1 - level) / 2
    low = np.where(observed > 0, special.gammaincinv(np.where(observed > 0, observed, 1.0), tail), 0.0)
    high = special.gammaincinv(observed + 1, 1 - tail)
    return low / expected, high / expected


def poisson_mid_p(observed: Array, expected: Array) -> Array:
    """One-sided mid-p of at least `observed` events when `expected` are due, element by element."""
    point = np.exp(observed * np.log(expected) - expected - special.gammaln(observed + 1))
    return np.clip(special.gammainc(observed + 1, expected) + point / 2, 0.0, 1.0)


def gamma_mean(observed: Array, expected: Array, shape: float) -> Array:
    """Shrunken observed/expected, gamma prior of mean 1 and the given shape (Clayton and Kaldor 1987)."""
    return (observed + shape) / (expected + shape)


def binomial_tail(k: Array, n: Array, p: Array) -> Array:
    """P(Bin(n, p) >= k), element by element; 1 where k is 0. Continuous in k and n, for effective numbers."""
    safe = np.where(k > 0, k, 1.0)
    return np.where(k <= 0, 1.0, np.where(k > n, 0.0, special.betainc(safe, np.maximum(n - safe + 1, 1e-9), p)))


def binomial_mid_p(k: Array, n: Array, p: Array) -> Array:
    """One-sided mid-p of at least k of n, element by element."""
    return (binomial_tail(k, n, p) + binomial_tail(k + 1, n, p)) / 2


def benjamini_hochberg(p: Array) -> Array:
    """Adjusted p-values of Benjamini and Hochberg (1995), in the order given."""
    if len(p) == 0:
        return p
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return adjusted
