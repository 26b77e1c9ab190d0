"""Every dirty row of the sample province, as planted, against what intake made of it; and every clean row accepted."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from assets import ledger
from assets.batch import take_in
from assets.delivery import scan_delivery
from assets.raw import known_before
from checks.raw import FEEDS
from tests.conftest import home_of

MONTH = "2021-10"
RULES = {
    "bad_check_digit": {"id_number_check"},
    "number_lost_digits": {"id_number_scientific", "stored_as_number"},
    "duplicate_row": {"duplicate_key"},
    "unknown_village": {"place_code_unknown", "place_unknown"},
    "text_in_amount": {"not_money"},
    "wrong_month": {"wrong_month"},
    "unknown_code": {"unknown_code", "not_yes_or_no"},
    "missing_value": {"missing_value"},
}
"""Planted kind -> the rules that may refuse it; kinds not named here are accepted."""


@pytest.fixture(scope="module")
def taken(written_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """file, row, rules of every refused row of the first month."""
    home = home_of(written_inbox, tmp_path_factory.mktemp("dirt"), (MONTH,))
    scan_delivery(home, MONTH)
    for feed in sorted(FEEDS, key=lambda name: (len(known_before(FEEDS[name])), name)):
        take_in(home, MONTH, FEEDS[feed])
    with ledger.open_ledger(home) as con:
        rows = con.execute(
            "select path, row, rule from row_reason join file using (file_id) where level = '错误'"
        ).fetchall()
    schema = {"file": pl.String, "row": pl.Int64, "rule": pl.String}
    return pl.DataFrame(rows, schema, orient="row").group_by("file", "row").agg("rule")


def test_dirty_rows_meet_their_fate_and_no_other_row_does(taken: pl.DataFrame, written_inbox: Path) -> None:
    planted = (
        pl.read_parquet(written_inbox / "truth" / "dirty_rows.parquet")
        .filter(pl.col("month") == MONTH)
        .select("file", pl.col("row").cast(pl.Int64), "kind")
    )
    assert len(planted) > 200
    both = planted.join(taken, on=["file", "row"], how="full", coalesce=True)
    wrong = [
        (kind, sorted(rules or []))
        for kind, rules in both.select("kind", "rule").iter_rows()
        if not (set(rules or []) <= RULES.get(kind, set()) and bool(rules) == (kind in RULES))
    ]
    assert wrong == []
