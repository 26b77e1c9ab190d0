"""At real village sizes the ranking by O/E puts the planted villages first, on seeds nobody tuned on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.detection import SEEDS
from tests.acceptance.ranking import computed, measure, table

SHARE = 0.75
"""Of the planted villages that can be among the first twenty, as of the detectors (test_detection.py). By P(top-20)
over all seeds together: each has five to eight such villages."""


@pytest.mark.long
def test_planted_villages_are_among_the_first_twenty(tmp_path: Path) -> None:
    measured = {seed: measure(computed(tmp_path / str(seed), seed)) for seed in SEEDS}
    assert all(found.large > 0 for found in measured.values()), table(measured)
    possible = sum(found.possible for found in measured.values())
    assert sum(found.by_chance for found in measured.values()) >= SHARE * possible, table(measured)
    for found in measured.values():
        assert found.by_oe_of_large >= SHARE * found.possible, table(measured)
