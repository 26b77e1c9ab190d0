"""Tables for a terminal: columns aligned, Chinese characters counted as two.

Does not belong here: what any table says.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width


def shown_width(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def aligned(rows: Sequence[Sequence[str]], *, texts: int) -> list[str]:
    """The rows as lines of columns two spaces apart: the first `texts` columns to the left, numbers to the right."""
    widths = [max(map(shown_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - shown_width(cell))
            cells.append(cell + gap if index < texts else gap + cell)
        lines.append("  ".join(cells).rstrip())
    return lines
