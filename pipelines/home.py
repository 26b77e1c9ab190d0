"""Where the product keeps everything: the home folder. Light, because every command needs it first."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


def home_folder() -> Path:
    """FANGPIN_HOME, or `home/` in the checkout."""
    return Path(os.environ.get("FANGPIN_HOME") or CHECKOUT / "home").resolve()
