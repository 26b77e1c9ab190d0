"""The entries of policy/corrections/ in force: read again when a file of it changed.

Does not belong here: what an entry may say (fangpin/corrections.py), and where it is applied (assets/judging.py).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from assets.build import POLICY_FOLDER
from checks.feed import FeedContract
from checks.raw import FEEDS
from fangpin import corrections
from fangpin.corrections import Correction

FOLDER = POLICY_FOLDER / "corrections"


def in_force(contract: FeedContract, first: str, last: str) -> tuple[Correction, ...]:
    """The feed's entries for the delivery of any month from first to last; PolicyError when any file is wrong."""
    stamp = tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(FOLDER.glob("*.yaml")))
    return tuple(entry for entry in _loaded(FOLDER, stamp).get(contract.name, ()) if entry.holds(first, last))


@lru_cache(maxsize=1)
def _loaded(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> dict[str, tuple[Correction, ...]]:
    return corrections.load(folder, FEEDS)
