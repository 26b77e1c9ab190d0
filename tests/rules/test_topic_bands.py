"""Bands of the research topics: open ends, whole numbers, amounts; every value falls into exactly one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangpin.topics.bands import bands


@pytest.mark.parametrize(
    ("edges", "unit", "expected"),
    [
        ([16, 60], "years", [(None, 16, "不足16周岁"), (16, 60, "16至59周岁"), (60, None, "60周岁及以上")]),
        ([0, 1], "months", [(None, 0, "不足0个月"), (0, 1, "0个月"), (1, None, "1个月及以上")]),
        (
            [300, 500],
            "yuan",
            [(None, 30000, "不足300元"), (30000, 50000, "300至不足500元"), (50000, None, "500元及以上")],
        ),
        ([20], "percent", [(None, 20, "不足20%"), (20, None, "20%及以上")]),
    ],
)
def test_bands(edges: list[int], unit: str, expected: list[tuple[int | None, int | None, str]]) -> None:
    assert bands(edges, unit) == expected


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=6, unique=True).map(sorted), st.integers(-60, 60))
def test_every_value_falls_into_one_band(edges: list[int], value: int) -> None:
    hits = [
        b for b in bands(edges, "percent") if (b.low is None or value >= b.low) and (b.high is None or value < b.high)
    ]
    assert len(hits) == 1
