"""What is let through with a warning: amounts and ages far from the usual, by hand-worked thresholds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl
import pytest

from fangpin import identity
from fangpin.intake import doubts
from fangpin.intake.doubts import Plausible

LIMITS = Plausible(age_years=120, amount_decades=3.5, slip_decades=3, few_amounts=20)
USUAL = [320_000] * 21
"""3,200 yuan in fen; 3.5 powers of ten away lie 320,000 x 3162.27766 = 1,011,928,851.2 fen and 101.19 fen."""


def far(amounts: Sequence[int | None]) -> list[int]:
    found = doubts.far_outside(pl.Series(amounts, dtype=pl.Int64), LIMITS)
    return [] if found is None else [amounts[row] or 0 for row in found.arg_true()]


@pytest.mark.parametrize(
    ("amount", "doubtful"),
    [
        (3_200_000_000, True),  # 3,200 meant as yuan and read as 万元
        (1_011_928_852, True),
        (1_011_928_851, False),
        (102, False),
        (101, True),
        (32, True),  # 0.32 meant as 万元 and read as yuan
        (0, False),
        (-5, False),
        (None, False),
    ],
)
def test_one_amount_far_from_its_column(amount: int | None, doubtful: bool) -> None:
    assert far([*USUAL, amount]) == ([amount] if doubtful else [])


def test_too_few_amounts_tell_nothing() -> None:
    assert far([320_000] * 19 + [0, None, 32]) == [32]
    assert far([320_000] * 18 + [0, 0, 0, None, 32]) == []


def test_few_rows_stand_for_a_long_column() -> None:
    amounts = pl.Series([320_000] * 50_000).scatter(49_999, 32)
    found = doubts.far_outside(amounts, LIMITS)
    assert found is not None
    assert found.arg_true().to_list() == [49_999]


@pytest.mark.parametrize(("number", "old"), [("440524188001010014", True), ("11010519491231002X", False)])
def test_ages_beyond_those_of_people(number: str, old: bool) -> None:
    """The standard's own example of 1880 is a right number of someone long dead."""
    keys = pl.Series([identity.key(number), None], dtype=pl.Int64)
    found = doubts.too_old(keys, LIMITS, dt.date(2021, 10, 31))
    assert (found is not None and found.to_list() == [True, False]) == old


@pytest.mark.parametrize(("born", "old"), [("19010930", True), ("19011001", False)])
def test_120_years_are_counted_to_the_month(born: str, old: bool) -> None:
    first17 = f"410102{born}001"
    keys = pl.Series([identity.key(first17 + identity.check_character(first17))])
    assert (doubts.too_old(keys, LIMITS, dt.date(2021, 10, 31)) is not None) == old


def test_every_threshold_must_be_given() -> None:
    assert doubts.plausible({"age_years": 1, "amount_decades": 2, "slip_decades": 3, "few_amounts": 4}).few_amounts == 4
    with pytest.raises(KeyError, match="few_amounts"):
        doubts.plausible({"age_years": 1, "amount_decades": 2, "slip_decades": 3})
