"""A column in another unit than last month: hand-worked medians and their distance in powers of ten."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.intake import unit_slips
from fangpin.intake.doubts import Plausible

LIMITS = Plausible(age_years=120, amount_decades=3.5, slip_decades=3, few_amounts=20)


def rows(place: str, *fen: int | None, column: str = "wage") -> pl.DataFrame:
    return pl.DataFrame({"place": [place] * len(fen), column: pl.Series(fen, dtype=pl.Int64)})


def levels(place: str, median: float, amounts: int = 20, column: str = "wage") -> pl.DataFrame:
    return pl.DataFrame([(place, column, amounts, median)], unit_slips.LEVELS, orient="row")


def test_the_middle_of_the_positive_amounts_of_each_place() -> None:
    frame = pl.concat([rows("410102", 100, 300, None, 0, -5, 200), rows("410103", 10, 20)])
    assert unit_slips.levels(frame, ["wage"]).rows() == [("410102", "wage", 3, 200.0), ("410103", "wage", 2, 15.0)]
    nowhere = pl.DataFrame({"place": [None], "wage": [5]}, {"place": pl.String, "wage": pl.Int64})
    assert unit_slips.levels(nowhere, ["wage"]).rows() == []


@pytest.mark.parametrize(
    ("now", "before", "slipped"),
    [
        (32.0, 320_000.0, True),  # 3,200 yuan written as 0.32
        (3_200_000_000.0, 320_000.0, True),  # the other way round
        (320.0, 320_000.0, True),  # exactly three powers of ten
        (321.0, 320_000.0, False),
        (320_000.0, 320_000.0, False),
        (3_840_000.0, 320_000.0, False),  # a year's amount instead of a month's
    ],
)
def test_a_slip_is_a_matter_of_powers_of_ten(now: float, before: float, slipped: bool) -> None:
    found = unit_slips.slips(levels("410102", now), levels("410102", before), LIMITS)
    assert found.rows() == ([("410102", "wage", 20, now, before)] if slipped else [])


@pytest.mark.parametrize(("now", "before"), [(19, 20), (20, 19)])
def test_few_amounts_tell_nothing(now: int, before: int) -> None:
    assert unit_slips.slips(levels("410102", 32.0, now), levels("410102", 320_000.0, before), LIMITS).is_empty()


def test_a_place_or_column_without_a_last_month_is_not_judged() -> None:
    now = pl.concat([levels("410102", 32.0), levels("410102", 32.0, column="cost")])
    assert unit_slips.slips(now, levels("410103", 320_000.0), LIMITS).is_empty()
    assert unit_slips.slips(now, levels("410102", 320_000.0, column="other"), LIMITS).is_empty()
    assert unit_slips.slips(now, pl.DataFrame(schema=unit_slips.LEVELS), LIMITS).is_empty()


@settings(deadline=None)
@given(st.lists(st.integers(1, 10**9), min_size=20, max_size=60), st.randoms())
def test_a_whole_column_in_10000_yuan_is_found_whatever_the_order(fen: list[int], order: object) -> None:
    shuffled = fen[:]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    before = unit_slips.levels(rows("410102", *fen), ["wage"])
    now = unit_slips.levels(rows("410102", *(each * 10_000 for each in shuffled)), ["wage"])
    assert unit_slips.slips(now, before, LIMITS).height == 1
    assert unit_slips.slips(before, now, LIMITS).height == 1
    assert unit_slips.slips(before, before, LIMITS).is_empty()


def test_what_the_department_reads() -> None:
    assert unit_slips.sentence("金水区", "务工月收入", 1_234, 32.0, 320_050.0) == (
        "金水区的「务工月收入」：本期1,234个金额的中位数为0.32元，上期为3,200.50元，疑似元、万元混用；请核实单位，无误可不改"
    )
