"""core.income_statement: equal amounts and equally many items give equal fingerprints, anything else another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from checks.raw import FEEDS
from fangpin.month import windows
from pipelines.models import load_models
from tests.sql.test_sql_models import create_table

MODEL = next(m for m in load_models(Path(__file__).resolve().parents[2] / "sql") if m.name == "core.income_statement")
ITEMS = [column for column, sql_type, _ in FEEDS["income"].lake_columns if sql_type == "BIGINT"]
RECORD = dict.fromkeys(ITEMS, 0) | {
    "months": 12,
    "a1_work": 1000,
    "a2_sector_post": 2000,
    "b1_crops": 3000,
    "c1_asset_dividend": 4000,
    "d1_family_planning": 5000,
    "e1_crops": 6000,
    "claims": 7000,
}
DIFFERENCES: dict[str, dict[str, Any]] = {
    "months": {"months": 11},
    "wage": {"a1_work": 1001},
    "post income of equal wage": {"a1_work": 999, "a2_sector_post": 2001},
    "business": {"b1_crops": 3001},
    "property": {"c1_asset_dividend": 4001},
    "transfer": {"d1_family_planning": 5001},
    "business cost": {"e1_crops": 6001},
    "claims": {"claims": 7001},
    "one item more, equal amounts": {"b1_crops": 2999, "b2_livestock": 1},
}


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_one_difference_makes_another_fingerprint(difference: str) -> None:
    rows = [
        {"household_id": 1, "period": "2021-09", **RECORD},
        {"household_id": 2, "period": "2021-07", **RECORD, "a1_work": 1},  # not the newest: does not count
        {"household_id": 2, "period": "2021-08", **RECORD},
        {"household_id": 3, "period": "2021-09", **RECORD, **DIFFERENCES[difference]},
    ]
    with duckdb.connect() as con:
        create_table(con, "raw.income", rows)
        create_table(con, "ref.month", [windows("2021-11")])
        create_table(con, "ref.threshold", [{"income_min_months": 10, "copied_min_items": 4}])
        found = con.sql(f"select newest_fingerprint from ({MODEL.sql}) order by household_id").fetchall()
    first, same, other = (row[0] for row in found)
    assert None not in (first, same, other)
    assert first == same
    assert first != other
