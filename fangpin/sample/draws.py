"""Seeded random streams: one for each part of the province and subject, so that one change does not move the rest.

Does not belong here: the research draw (fangpin/research), which is hash-ordered and stands on other rules.
"""

from __future__ import annotations

import hashlib
import zlib

import numpy as np

from fangpin.sample.timeline import Flags, Floats, Ints


def stream(seed: int, place: str, subject: str) -> np.random.Generator:
    """The stream of a place (a code) and subject."""
    return np.random.default_rng(np.random.SeedSequence([seed, int(place), zlib.crc32(subject.encode())]))


def hashed(seed: int, keys: list[str]) -> Floats:
    """A number in [0, 1) for each key that depends on the seed and the key only."""
    return np.array(
        [int(hashlib.sha256(f"{seed}|{key}".encode()).hexdigest()[:13], 16) / 2**52 for key in keys], dtype=np.float64
    )


def pick(rng: np.random.Generator, probabilities: tuple[float, ...], size: int) -> Ints:
    """Indices drawn with the given probabilities (normalised)."""
    edges = np.cumsum(np.asarray(probabilities, dtype=np.float64))
    return np.searchsorted(edges / edges[-1], rng.random(size), side="right").astype(np.int64)


def chance(rng: np.random.Generator, probability: float | Floats, size: int) -> Flags:
    """True with the given probability."""
    return np.asarray(rng.random(size) < probability)


def whole(rng: np.random.Generator, low: int | Ints, high: int | Ints, size: int) -> Ints:
    """Whole numbers from low to high, both included."""
    return rng.integers(low, np.asarray(high) + 1, size, dtype=np.int64)


def around(rng: np.random.Generator, centre: float | Floats, spread: float, size: int) -> Floats:
    """Lognormal numbers with the given median and sigma of the logarithm."""
    return np.asarray(centre * np.exp(rng.normal(0.0, spread, size)))


def first_of_group(group: Ints, order: Floats, eligible: Flags, wanted: Ints) -> Flags:
    """In each group the `wanted[group]` eligible members that come first by `order`."""
    chosen = np.zeros(group.size, dtype=bool)
    rows = np.flatnonzero(eligible)
    rows = rows[np.lexsort((order[rows], group[rows]))]
    sorted_groups = group[rows]
    starts = np.r_[0, np.flatnonzero(np.diff(sorted_groups)) + 1] if rows.size else np.zeros(0, dtype=np.int64)
    counts = np.diff(np.r_[starts, rows.size])
    rank = np.arange(rows.size) - np.repeat(starts, counts)
    chosen[rows[rank < wanted[sorted_groups]]] = True
    return chosen
