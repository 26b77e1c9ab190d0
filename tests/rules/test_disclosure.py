"""What may leave the office: every boundary by hand, and that nothing shown gives a hidden count away."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangpin import disclosure, policy

VALUES = policy.load(Path(__file__).resolve().parents[2] / "policy").group("disclosure")
RULE = disclosure.rules({name: parameter.values[-1].value for name, parameter in VALUES.items()})
NOT_EXACT = pl.lit(value=False)


def shown(count: int) -> int | None:
    frame = disclosure.counts(pl.DataFrame({"n": [count]}), ["n"], RULE, NOT_EXACT)
    return frame["n"].item()


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, 0),
        (1, None),
        (7, None),
        (8, 10),
        (10, 10),
        (11, 10),
        (12, 10),
        (13, 15),
        (17, 15),
        (18, 20),
        (1_000_003, 1_000_005),
    ],
)
def test_counts_below_eight_are_hidden_and_others_rounded_to_five(count: int, expected: int | None) -> None:
    assert shown(count) == expected


def test_the_province_is_exact() -> None:
    frame = pl.DataFrame({"level": ["province", "county"], "n": [3, 3]})
    assert disclosure.counts(frame, ["n"], RULE, pl.col("level") == "province")["n"].to_list() == [3, None]


def test_percentages_come_from_what_is_shown() -> None:
    frame = pl.DataFrame({"part": [8, 5, 0, 30], "whole": [12, 20, 0, 5]})
    frame = disclosure.counts(frame, ["part", "whole"], RULE, NOT_EXACT)
    assert frame.select(disclosure.ratio("part", "whole")).to_series().to_list() == [1.0, None, None, None]


def test_money_only_where_its_households_are_shown() -> None:
    frame = pl.DataFrame({"yuan": [14_999, 15_000, 80_000], "households": [8, 9, 7]})
    frame = disclosure.counts(frame, ["households"], RULE, NOT_EXACT)
    found = frame.with_columns(disclosure.money("yuan", "households", RULE, NOT_EXACT))
    assert found["yuan"].to_list() == [10_000, 20_000, None]


def test_a_line_too_near_the_one_below_is_hidden_and_the_next_compared_with_the_last_shown() -> None:
    frame = pl.DataFrame(
        {
            "place": ["a"] * 5 + ["b"],
            "line": [6400.0, 6000.0, 6200.0, 6300.0, 6800.0, 6200.0],
            "exact": [110, 100, 100, 109, 119, 101],
            "n": [110, 100, 100, 109, 119, 101],
        }
    )
    found = disclosure.nested(frame, ["place"], "line", "exact", ["n"], RULE)
    assert found.select("place", "line", "n").rows() == [
        ("a", 6000.0, 100),
        ("a", 6200.0, 100),
        ("a", 6300.0, None),  # 9 more than 100
        ("a", 6400.0, 110),  # 10 more
        ("a", 6800.0, None),  # 9 more than 110
        ("b", 6200.0, 101),
    ]


@given(st.integers(0, 10_000))
def test_a_shown_number_fits_five_counts_at_least_but_zero(count: int) -> None:
    """Whoever sees 10 cannot tell which of 8 to 12 it was; nobody is hidden who could be told from it."""
    if (found := shown(count)) is None:
        assert 1 <= count <= 7
    elif found:
        fitting = [n for n in range(max(0, found - 10), found + 10) if shown(n) == found]
        assert count in fitting
        assert len(fitting) == 5
