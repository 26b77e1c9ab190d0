"""core.income_vector: equal amounts and equally many items give equal fingerprints, anything else another."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.models import load_models
from tests.sql.test_sql_models import create_table

MODEL = next(m for m in load_models(Path(__file__).resolve().parents[2] / "sql") if m.name == "core.income_vector")
AMOUNTS = {
    "months": 12,
    "wage_fen": 1,
    "post_income_fen": 2,
    "business_fen": 3,
    "property_fen": 4,
    "transfer_fen": 5,
    "business_cost_fen": 6,
    "claims_fen": 7,
    "items": 8,
}


@pytest.mark.parametrize("column", AMOUNTS)
def test_one_difference_makes_another_fingerprint(column: str) -> None:
    rows = [
        {"household_id": 1, "period": "2021-09", "in_statement": True, **AMOUNTS},
        {"household_id": 2, "period": "2021-08", "in_statement": True, **AMOUNTS},
        {"household_id": 3, "period": "2021-09", "in_statement": True, **AMOUNTS, column: AMOUNTS[column] + 1},
    ]
    with duckdb.connect() as con:
        create_table(con, "core.income_record", rows)
        first, same, other = (row[0] for row in con.sql(f"select fingerprint from ({MODEL.sql})").fetchall())
    assert first == same
    assert first != other
