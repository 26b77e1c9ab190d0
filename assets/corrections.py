"""The entries of policy/corrections/ in force: read again when a file of it changed.

Does not belong here: what an entry may say (fangpin/corrections.py), and where it is applied (assets/judging.py).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
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
    return tuple(entry for entry in _now().get(contract.name, ()) if entry.holds(first, last))


def version(month: str) -> str:
    """A hash of all entries in force for the deliveries of a month, of every feed; '' when there is none."""
    entries = [asdict(entry) for _, of_feed in sorted(_now().items()) for entry in of_feed if entry.holds(month, month)]
    return hashlib.sha256(json.dumps(entries, default=str).encode()).hexdigest()[:16] if entries else ""


def _now() -> dict[str, tuple[Correction, ...]]:
    stamp = tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(FOLDER.glob("*.yaml")))
    return _loaded(FOLDER, stamp)


@lru_cache(maxsize=1)
def _loaded(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> dict[str, tuple[Correction, ...]]:
    return corrections.load(folder, FEEDS)
