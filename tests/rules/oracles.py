"""Reads tests/oracles: expected figures from outside the code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "oracles"


def oracle(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
