"""The look at extremes against pandera itself: whatever the values, both find the same cells."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandera.errors
import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.intake import agreed


class Form(pa.DataFrameModel):
    """One check of every kind that contracts use."""

    needed: pl.String = pa.Field(nullable=False)
    code: pl.String = pa.Field(nullable=True, isin=["甲", "乙"])
    amount: pl.Int64 = pa.Field(nullable=False, ge=0, le=100)
    area: pl.Float64 = pa.Field(nullable=True, gt=0.5, lt=9.5)
    named: pl.String = pa.Field(nullable=True, str_matches="^[a-c]+$")


CONTRACT: Any = SimpleNamespace(name="form", model=Form)
SCHEMA = {"needed": pl.String, "code": pl.String, "amount": pl.Int64, "area": pl.Float64, "named": pl.String}
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["有", None]),
        st.sampled_from(["甲", "乙", "丙", None]),
        st.sampled_from([-1, 0, 50, 100, 101, None]),
        st.sampled_from([0.5, 0.6, 9.4, 9.5, float("nan"), None]),
        st.sampled_from(["abc", "d", None]),
    ),
    max_size=5,
)
NOTHING = pl.DataFrame(schema=agreed.BROKEN_SCHEMA)
RULE = {
    "not_nullable": "missing_value",
    "isin": "unknown_code",
    "greater_than_or_equal_to": "too_small",
    "greater_than": "too_small",
    "less_than_or_equal_to": "too_large",
    "less_than": "too_large",
    "str_matches": "wrong_form",
}


def judged_by_pandera(typed: pl.DataFrame) -> set[tuple[int, str, str]]:
    try:
        Form.validate(typed, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases.select("index", "column", "check")
        return {(row, column, RULE[check.split("(")[0]]) for row, column, check in cases.iter_rows()}
    return set()


@settings(deadline=None)
@given(ROWS)
def test_the_same_cells_as_pandera(rows: list[tuple[Any, ...]]) -> None:
    typed = pl.DataFrame(rows, SCHEMA, orient="row")
    assert set(agreed.broken(typed, CONTRACT, NOTHING).iter_rows()) == judged_by_pandera(typed)


def test_each_rule() -> None:
    typed = pl.DataFrame([(None, "丙", 101, 0.5, "d"), ("有", "甲", -1, 9.5, None)], SCHEMA, orient="row")
    assert set(agreed.broken(typed, CONTRACT, NOTHING).iter_rows()) == {
        (0, "needed", "missing_value"),
        (0, "code", "unknown_code"),
        (0, "amount", "too_large"),
        (1, "amount", "too_small"),
        (0, "area", "too_small"),
        (1, "area", "too_large"),
        (0, "named", "wrong_form"),
    }


def test_a_frame_of_another_type_is_a_defect_not_a_row() -> None:
    typed = pl.DataFrame([("有", "甲", "1", 1.0, "a")], {**SCHEMA, "amount": pl.String}, orient="row")
    with pytest.raises(TypeError, match="form"):
        agreed.broken(typed, CONTRACT, NOTHING)


def test_a_cell_that_is_refused_already_is_not_missing_as_well() -> None:
    typed = pl.DataFrame([("有", "甲", None, 1.0, "a"), ("有", "甲", None, 1.0, "a")], SCHEMA, orient="row")
    unread = pl.DataFrame([(0, "amount", "not_money")], agreed.BROKEN_SCHEMA, orient="row")
    assert agreed.broken(typed, CONTRACT, unread).rows() == [(1, "amount", "missing_value")]
    both = pl.DataFrame([(0, "amount", "not_money"), (1, "amount", "not_money")], agreed.BROKEN_SCHEMA, orient="row")
    assert agreed.broken(typed, CONTRACT, both).is_empty()
    differs = pl.DataFrame([(0, "needed", "repeated_column_differs")], agreed.BROKEN_SCHEMA, orient="row")
    assert set(agreed.broken(typed, CONTRACT, differs).rows()) == {
        (0, "amount", "missing_value"),
        (1, "amount", "missing_value"),
    }
