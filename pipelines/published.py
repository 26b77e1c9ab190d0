"""How analysts and notebooks read: the published version in force, opened read-only, never the working file.

Does not belong here: what is published (assets/publish).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.home import home_folder
from pipelines.status import version_folder


def open_published(month: str | None = None, home: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the version in force of a month, or of the newest month.

    The version keeps its file even when a newer one is published meanwhile. HomeError when nothing is published.
    """
    folder = version_folder(home or home_folder(), month)
    return duckdb.connect(str(folder / "fangpin.duckdb"), read_only=True)
