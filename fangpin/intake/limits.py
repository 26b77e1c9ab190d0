"""How much a delivered file may take: the limits of policy/intake.yaml as one value.

Does not belong here: the numbers themselves (policy/), and what is done at a limit (archive.py, sandbox.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Limits:
    """file_bytes: of any file; workbook_bytes: of xlsx and xls. zip_*: of a zip or the zip an xlsx is.

    sheet_cells: rows x columns of the rectangle a sheet occupies. scanned_bytes: sheets up to this size are searched
    for their farthest cell. worker_bytes, worker_seconds: memory and time per block of the process that parses.
    """

    file_bytes: int
    workbook_bytes: int
    zip_entries: int
    zip_bytes: int
    zip_ratio: int
    sheet_cells: int
    scanned_bytes: int
    worker_bytes: int
    worker_seconds: int


def limits(values: Mapping[str, Any]) -> Limits:
    """The limits from a mapping of all their names; KeyError for one that is missing."""
    return Limits(**{field.name: int(values[field.name]) for field in fields(Limits)})
