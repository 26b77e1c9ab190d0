"""The limited process in which this program reads delivered files, and how a file of the inbox is opened for it.

Does not belong here: parsing (fangpin/intake/reading), its limits (policy/intake.yaml), what is read (delivery, batch).
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from assets.build import POLICY_FOLDER
from assets.sandbox import Sandbox
from fangpin import policy as policies
from fangpin.intake.limits import Limits, limits
from fangpin.intake.opening import opened


@lru_cache(maxsize=1)
def reading_limits() -> Limits:
    """policy/intake.yaml; the newest value of each limit counts."""
    known = policies.load(POLICY_FOLDER).group("intake")
    return limits({name: parameter.values[-1].value for name, parameter in known.items()})


def sandbox() -> Sandbox:
    """The one of this process under the newest limits."""
    return sandbox_under(reading_limits())


@lru_cache(maxsize=2)
def sandbox_under(limits: Limits) -> Sandbox:
    """The one of this process under these limits; its worker ends with the process."""
    made = Sandbox(limits)
    atexit.register(made.close)
    return made


@contextmanager
def delivered(root: Path, relative: str) -> Iterator[int]:
    """A descriptor of a delivered file below `root`; FileRejected when it must not be opened."""
    with opened(root, Path(relative), reading_limits()) as descriptor:
        yield descriptor
