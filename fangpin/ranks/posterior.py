"""Posteriors of many places: quantiles, the chance of being among the first K, expected ranks.

Draws are the posterior's inverse distribution function at the place's own uniform numbers (stream.py). Only draws above
a level that more than K places exceed in every draw can be among the first K, so only those are inverted: the result
is that of inverting all. Does not belong here: how a posterior comes to be (fangpin/rates.py, sql/mart/place_rate.sql).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import special

from fangpin.ranks.stream import uniforms
from fangpin.rates import Array

RHO_FLOOR = 1e-6
"""Places without any spread between them are drawn with next to none, all alike, so that chance ranks equals."""
LEVELS = np.array([1e-4, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1 - 1e-4])
"""Quantiles of every place that nodes are taken from."""
FARTHEST = 745.0
"""Log odds beyond which no number is left to tell one value from another."""
NODES = 32
BLOCK = 512
"""Places whose uniform numbers are held at a time."""


class Posterior(Protocol):
    """Independent posteriors, one a place."""

    @property
    def size(self) -> int: ...

    @property
    def law(self) -> Array:
        """The parameters, a row a place: places with the same have the same chances."""

    @property
    def ends(self) -> tuple[float, float]:
        """Spots below and above which no place has any probability that counts."""

    def quantile(self, probability: float) -> Array: ...

    def spot(self, probability: float) -> Array:
        """The quantile on the scale of `above`, which grows with it."""

    def above(self, values: Array, places: npt.NDArray[np.intp] | slice = ...) -> Array:
        """P(spot > value): a row a place, a column a value."""


@dataclass(frozen=True)
class Betas:
    a: Array
    b: Array

    @staticmethod
    def shrunken(ratio: Array, size: Array, prior_mean: Array, rho: Array) -> Betas:
        """Posterior of a ratio under a beta prior of the given mean and intra-class correlation."""
        spread = np.maximum(rho, RHO_FLOOR)
        prior = 1 / spread - 1
        mean = np.clip(prior_mean, RHO_FLOOR, 1 - RHO_FLOOR)
        own = np.where(rho > 0, size, 0.0)  # without spread a place's own result says nothing about it
        return Betas(ratio * own + mean * prior, (1 - ratio) * own + (1 - mean) * prior)

    @property
    def size(self) -> int:
        return len(self.a)

    @property
    def law(self) -> Array:
        return np.column_stack([self.a, self.b])

    @property
    def ends(self) -> tuple[float, float]:
        return -FARTHEST, FARTHEST

    def quantile(self, probability: float) -> Array:
        return np.asarray(special.betaincinv(self.a, self.b, probability))

    def spot(self, probability: float) -> Array:
        """Log odds: a posterior may lie as near to 1, or to 0, that its values could not be told apart themselves."""
        upper = probability > 0.5
        first, second = (self.b, self.a) if upper else (self.a, self.b)
        part = special.betaincinv(first, second, 1 - probability if upper else probability)
        odds = np.log(np.maximum(part, np.finfo(float).tiny)) - np.log1p(-np.minimum(part, 1 - 1e-16))
        return np.asarray(-odds if upper else odds)

    def above(self, values: Array, places: npt.NDArray[np.intp] | slice = slice(None)) -> Array:
        # I_{1-x}(b, a) is 1 - I_x(a, b), ten times as fast here as asking for the complement
        a, b = self.a[places, None], self.b[places, None]
        high = values > 0
        chance = np.empty((len(a), len(values)))
        chance[:, high] = special.betainc(b, a, special.expit(-values[None, high]))
        chance[:, ~high] = 1 - special.betainc(a, b, special.expit(values[None, ~high]))
        return chance


@dataclass(frozen=True)
class Gammas:
    """Posterior of observed/expected: shape observed + prior, rate expected + prior (Clayton and Kaldor 1987)."""

    shape: Array
    rate: Array

    @property
    def size(self) -> int:
        return len(self.shape)

    @property
    def law(self) -> Array:
        return np.column_stack([self.shape, self.rate])

    @property
    def ends(self) -> tuple[float, float]:
        return 0.0, float(np.max(special.gammainccinv(self.shape, 1e-12) / self.rate))

    def quantile(self, probability: float) -> Array:
        return np.asarray(special.gammaincinv(self.shape, probability) / self.rate)

    def spot(self, probability: float) -> Array:
        return self.quantile(probability)

    def above(self, values: Array, places: npt.NDArray[np.intp] | slice = slice(None)) -> Array:
        return np.asarray(special.gammaincc(self.shape[places, None], self.rate[places, None] * values[None, :]))


def pooled_quantiles(posterior: Posterior) -> Array:
    """Spots of all places together, sorted: where the mass of the places lies."""
    return np.sort(np.concatenate([posterior.spot(level) for level in LEVELS]))


def expected_ranks(posterior: Posterior, pooled: Array) -> Array:
    """1 + the sum over others of P(theta of the other > theta), by the trapezium rule over nodes of the mixture."""
    nodes = _nodes(posterior, pooled)
    below = 1 - np.concatenate([posterior.above(nodes, part) for part in _parts(posterior.size)])
    below[:, 0], below[:, -1] = 0.0, 1.0
    others = (1 - below).sum(axis=0)
    middle = (others[1:] + others[:-1]) / 2
    return np.asarray(0.5 + np.diff(below, axis=1) @ middle)  # half of its own mass lies above itself


def top_chances(
    posteriors: Sequence[Posterior], pooled: Sequence[Array], keys: npt.NDArray[np.uint64], top: int, draws: int
) -> list[Array]:
    """For each posterior the share of draws in which each place is among the first `top`.

    Places with the same posterior have the same chance, the mean of their shares. The posteriors are of the same
    places, and their draws of the same uniform numbers.
    """
    counted = [min(top, p.size) for p in posteriors]
    found: list[Array | None] = [None] * len(posteriors)
    wanted = [k + 6 * math.sqrt(k) + 3 for k in counted]  # so many places exceed the level in an average draw
    while any(each is None for each in found):
        waiting = [n for n, each in enumerate(found) if each is None]
        levels = {n: _level(posteriors[n], pooled[n], wanted[n]) for n in waiting}
        hits = _hits({n: posteriors[n].above(np.array([levels[n]]))[:, 0] for n in waiting}, keys, draws)
        for n in waiting:
            place, draw, uniform = hits[n]
            if np.bincount(draw, minlength=draws).min() >= counted[n]:
                value = _values(posteriors[n], pooled[n], levels[n], place, uniform)
                shares = _shares(place, draw, value, counted[n], posteriors[n].size, draws)
                found[n] = _mean_of_alike(shares, posteriors[n].law)
            wanted[n] *= 2
    return [each for each in found if each is not None]


def _parts(size: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, size, BLOCK))


def _nodes(posterior: Posterior, pooled: Array) -> Array:
    """Values that cut the places' mass into like parts, between the ends."""
    low, high = posterior.ends
    inner = pooled[np.linspace(0, len(pooled) - 1, NODES).round().astype(int)]
    return np.unique(np.concatenate([[low], inner[(inner > low) & (inner < high)], [high]]))


def _level(posterior: Posterior, pooled: Array, wanted: float) -> float:
    """A value that at least `wanted` places exceed in an average draw; the low end when there are not so many."""
    if posterior.size <= wanted:
        return posterior.ends[0]
    low, high = 0, len(pooled) - 1
    while low < high:  # the highest candidate that enough places exceed
        middle = (low + high + 1) // 2
        if posterior.above(pooled[middle : middle + 1]).sum() >= wanted:
            low = middle
        else:
            high = middle - 1
    enough = posterior.above(pooled[low : low + 1]).sum() >= wanted
    return float(pooled[low]) if enough else posterior.ends[0]


Hits = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Array]


def _hits(chances: dict[int, Array], keys: npt.NDArray[np.uint64], draws: int) -> dict[int, Hits]:
    """(place, draw, uniform) of every draw above the level: where the uniform number is below the chance of that."""
    parts: dict[int, list[Hits]] = {n: [] for n in chances}
    for part in _parts(len(keys)):
        numbers = uniforms(keys[part], draws)
        for n, chance in chances.items():
            place, draw = np.nonzero(numbers <= chance[part, None])
            parts[n].append((place + part.start, draw, numbers[place, draw]))
    return {
        n: (
            np.concatenate([p for p, _, _ in found]),
            np.concatenate([d for _, d, _ in found]),
            np.concatenate([u for _, _, u in found]),
        )
        for n, found in parts.items()
    }


def _values(posterior: Posterior, pooled: Array, level: float, place: npt.NDArray[np.intp], uniform: Array) -> Array:
    """The drawn values: the inverse of P(theta > value) at the uniform number, linear between nodes above the level."""
    beyond = pooled[pooled > level]
    inner = beyond[np.linspace(0, len(beyond) - 1, NODES).round().astype(int)] if len(beyond) else beyond
    nodes = np.unique(np.concatenate([[level], inner, [posterior.ends[1]]]))
    value = np.empty(len(uniform))
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    for begin in range(0, len(starts), BLOCK):
        chosen = starts[begin : begin + BLOCK]
        chance = posterior.above(nodes, place[chosen])
        chance[:, -1] = 0.0
        for row, first in enumerate(chosen):
            number = begin + row + 1
            end = starts[number] if number < len(starts) else len(place)
            value[first:end] = np.interp(uniform[first:end], chance[row, ::-1], nodes[::-1])
    return value


def _mean_of_alike(shares: Array, law: Array) -> Array:
    """Each share replaced by the mean over the places with the same posterior."""
    _, alike = np.unique(law, axis=0, return_inverse=True)
    alike = alike.reshape(-1)
    return np.asarray((np.bincount(alike, shares) / np.bincount(alike))[alike])


def _shares(
    place: npt.NDArray[np.intp], draw: npt.NDArray[np.intp], value: Array, top: int, size: int, draws: int
) -> Array:
    """The share of draws in which each place is among the first `top`."""
    low = float(value.min())
    scale = 2 * (float(value.max()) - low) or 1.0
    order = np.argsort(draw - (value - low) / scale, kind="stable")  # equals stay in the order of places
    sorted_draw = draw[order]
    first = np.searchsorted(sorted_draw, np.arange(draws))
    position = np.arange(len(order)) - first[sorted_draw]
    return np.bincount(place[order[position < top]], minlength=size) / draws
