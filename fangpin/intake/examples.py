"""Rows that only show how to fill in a table: marked 示例, or between a title 示例 and the header once more.

Does not belong here: rows that are no records for what they lack (no_records.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from fangpin.intake.spelling import fold

EXAMPLE = "示例"
"""What such a row is called where rows that are left out are told."""

_MARK = re.compile(
    r"\(?(?:填写|填报|填表|录入)?(?:示例|样例|范例)(?:行|数据)?\)?[:：]?\d{0,2}|\(?[例]\)?[:：]|例如[:：]?"
)
_MARKED = re.compile(r".{1,10}\((?:示例|样例|范例)\)")
_MOST = 5
"""So many rows at most stand between a title 示例 and the header of the real list."""


def is_marked(row: Sequence[str]) -> bool:
    """Whether a cell of a row says that the row is an example."""
    return any(_MARK.fullmatch(folded) or _MARKED.fullmatch(folded) for folded in map(fold, row))


def find(
    above: Sequence[Sequence[str]],
    lines: Sequence[Sequence[str]],
    below: Sequence[Sequence[str]],
    free: Set[int],
) -> list[int]:
    """The rows below a header that are examples, by position from 0.

    above: the rows above it; lines: its own; below: the first rows after it. free: positions of columns that may hold
    any text, 示例 too.
    """
    header = {fold(cell) for line in lines for cell in line} - {""}
    again = next((n for n, row in enumerate(below) if header and {fold(c) for c in row} - {""} >= header), None)
    said = [n for n, row in enumerate(below) if any(cell.strip() for cell in row)]
    before = [row for row in above if any(cell.strip() for cell in row)][-1:] + [below[n] for n in said[:1]]
    titled = any(is_marked(row) and len({*map(fold, row)} - {""}) == 1 for row in before)
    if again is not None and titled and len(between := [n for n in said if n < again]) <= _MOST:
        return between
    telling = {n: [cell for position, cell in enumerate(below[n]) if position not in free] for n in said}
    return [n for n, row in telling.items() if is_marked(row) and len({*map(fold, below[n])} - {""}) > 1]
