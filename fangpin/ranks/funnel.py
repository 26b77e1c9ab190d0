"""Funnels: how far a place lies from the common level, with the spread between places allowed for.

Spiegelhalter 2005 (Statistics in Medicine 24:1185) and 2012 (JRSS A 175:1): angles asin sqrt p of ratios, roots of
observed/expected; overdispersion from winsorised z, tau^2 by DerSimonian and Laird.
Does not belong here: which places are drawn (fangpin/reports).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fangpin.rates import Array


@dataclass(frozen=True)
class Funnel:
    """level: the common level on the transformed scale. tau2: variance between places beyond chance."""

    level: float
    z: Array
    phi: float
    tau2: float
    adjusted: Array  # z with the spread between places allowed for

    def limits(self, sizes: Array, z: float, *, overdispersed: bool) -> tuple[Array, Array]:
        """Lower and upper limit of a ratio at each size, within 0 and 1."""
        error = np.sqrt(1 / (4 * sizes) + (self.tau2 if overdispersed else 0.0))
        low, high = (np.clip(self.level + side * z * error, 0, np.pi / 2) for side in (-1, 1))
        return np.sin(low) ** 2, np.sin(high) ** 2

    def standardised_limits(self, sizes: Array, z: float, *, overdispersed: bool) -> tuple[Array, Array]:
        """Lower and upper limit of observed/expected at each expected number."""
        error = np.sqrt(1 / (4 * sizes) + (self.tau2 if overdispersed else 0.0))
        low, high = (np.maximum(self.level + side * z * error, 0.0) for side in (-1, 1))
        return low**2, high**2


def of_ratios(ratio: Array, size: Array, target: float, share: float) -> Funnel:
    """Funnel of ratios around the common ratio. share: winsorised on either side."""
    return _funnel(np.arcsin(np.sqrt(ratio)), size, float(np.arcsin(np.sqrt(target))), share)


def of_standardised(observed: Array, expected: Array, share: float) -> Funnel:
    """Funnel of observed/expected around 1."""
    return _funnel(np.sqrt(observed / expected), expected, 1.0, share)


def _funnel(y: Array, size: Array, level: float, share: float) -> Funnel:
    """sqrt of a Poisson ratio and asin sqrt of a binomial ratio both have the variance 1 / (4 size)."""
    weight = 4 * size
    z = (y - level) * np.sqrt(weight)
    if len(z) == 0:
        return Funnel(level, z, 0.0, 0.0, z)
    low, high = np.quantile(z, [share, 1 - share])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, float((len(z) * phi - (len(z) - 1)) / spread)) if spread > 0 else 0.0
    return Funnel(level, z, phi, tau2, (y - level) / np.sqrt(1 / weight + tau2))
