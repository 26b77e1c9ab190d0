"""Uniform numbers of a place: the same for the same seed and code, whatever the order of rows or the library's version.

SplitMix64 (Steele, Lea and Flood 2014, OOPSLA) counted from the first 64 bits of SHA-256 of 'seed|code'.
Does not belong here: the permanent random numbers of the research draw (one number a unit, fangpin/research).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def keys(seed: str, codes: Sequence[str]) -> npt.NDArray[np.uint64]:
    """The state every place's stream counts from."""
    digests = (hashlib.sha256(f"{seed}|{code}".encode()).digest()[:8] for code in codes)
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)


def uniforms(keys: npt.NDArray[np.uint64], draws: int) -> npt.NDArray[np.float64]:
    """Numbers in (0, 1), a row a place and a column a draw; (53 bits + 1/2) / 2^53."""
    state = keys[:, None] + _GOLDEN * np.arange(1, draws + 1, dtype=np.uint64)
    state ^= state >> np.uint64(30)
    state *= _FIRST
    state ^= state >> np.uint64(27)
    state *= _SECOND
    state ^= state >> np.uint64(31)
    state >>= np.uint64(11)
    numbers = state.astype(np.float64)
    numbers += 0.5
    numbers *= 2.0**-53
    return numbers
