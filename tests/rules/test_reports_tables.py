"""The columns declared once: joined headings and printed values."""

from __future__ import annotations

import pytest

from fangpin.reports import tables
from fangpin.reports.tables import Column, header_cells, shown


def test_header_joins_neighbours_and_reaches_down() -> None:
    columns = (
        Column("a", ("甲",)),
        Column("b", ("乙", "户")),
        Column("c", ("乙", "人")),
        Column("d", ("丙", "户")),
    )
    cells = [[(c.text, c.column, c.height, c.width) for c in row] for row in header_cells(columns)]
    assert cells == [
        [("甲", 0, 2, 1), ("乙", 1, 1, 2), ("丙", 3, 1, 1)],
        [("户", 1, 1, 1), ("人", 2, 1, 1), ("户", 3, 1, 1)],
    ]


def test_header_of_three_levels_does_not_join_equal_words_under_other_headings() -> None:
    columns = (
        Column("a", ("监测对象", "合计", "户")),
        Column("b", ("监测对象", "合计", "人")),
        Column("c", ("未消除", "合计", "户")),
    )
    cells = [[(c.text, c.column, c.height, c.width) for c in row] for row in header_cells(columns)]
    assert cells == [
        [("监测对象", 0, 1, 2), ("未消除", 2, 1, 1)],
        [("合计", 0, 1, 2), ("合计", 2, 1, 1)],
        [("户", 0, 1, 1), ("人", 1, 1, 1), ("户", 2, 1, 1)],
    ]


@pytest.mark.parametrize(
    ("kind", "value", "printed"),
    [
        (tables.COUNT, 1234567, "1,234,567"),
        (tables.COUNT, 0, "0"),
        (tables.COUNT, None, "—"),
        (tables.SHARE, 41 / 45, "91.1%"),
        (tables.SHARE, 117 / 131, "89.3%"),
        (tables.SHARE, 1.0, "100.0%"),
        (tables.SHARE, 0.0, "0.0%"),
        (tables.SHARE, None, "—"),
        (tables.DECIMAL, 17.749, "17.7"),
        (tables.FLAG, True, "是"),
        (tables.FLAG, False, ""),
        (tables.TEXT, None, "—"),
        (tables.CODE, 410102, "410102"),
    ],
)
def test_values_as_printed(kind: str, value: object, printed: str) -> None:
    assert shown(kind, value) == printed
