"""The corrections that are shipped may be said: every file parses and fits its feed."""

from __future__ import annotations

from pathlib import Path

from checks.raw import FEEDS
from fangpin import corrections

FOLDER = Path(__file__).resolve().parents[2] / "policy" / "corrections"


def test_every_file_of_corrections_is_right() -> None:
    assert FOLDER.is_dir()
    assert set(corrections.load(FOLDER, FEEDS)) == {path.stem for path in FOLDER.glob("*.yaml")}
