"""fangpin explain: the reckoning in yuan and in one measure, and which delivered rows count for the month's score."""

from __future__ import annotations

import duckdb
import pytest

from checks.raw import FEEDS
from fangpin.month import windows
from pipelines.explain import EARLIER, OTHER_TOPIC, OUTSIDE, _income, _mark_sql

FEATURE = {
    "line_fen": 600_000,
    "rigid_fen": 3_888_246,
    "persons": 4,
    "net_income_fen": 1_881_086,
    "net_income_per_head_fen": 470_271,
    "net_after_rigid_per_head_fen": -501_790,
}


def test_the_reckoning_can_be_done_again_by_hand() -> None:
    """4,702.71 is 21.6 % below 6,000; (18,810.86 - 38,882.46) / 4 = -5,017.90 is 183.6 % below it."""
    assert _income(FEATURE).splitlines() == [
        "收入测算：家庭纯收入 18,810.86 元，刚性支出 38,882.46 元，4 人；监测线每人 6,000.00 元",
        "    扣除前：18,810.86 ÷ 4 ＝ 每人 4,702.71 元，比监测线低 21.6%",
        "    扣除后：（18,810.86 − 38,882.46）÷ 4 ＝ 每人 -5,017.90 元，比监测线低 183.6%",
    ]


def test_it_says_when_only_income_after_rigid_expenditure_is_below_the_line() -> None:
    """30,000 / 4 = 7,500 is 25 % over the line; (30,000 - 10,000) / 4 = 5,000 is 16.7 % below it."""
    changed = {
        "net_income_fen": 3_000_000,
        "rigid_fen": 1_000_000,
        "net_income_per_head_fen": 750_000,
        "net_after_rigid_per_head_fen": 500_000,
    }
    _, before, after = _income(FEATURE | changed).splitlines()
    assert before.endswith("每人 7,500.00 元，比监测线高 25.0%")
    assert after.endswith("每人 5,000.00 元，比监测线低 16.7%")


def test_unknown_income_is_said_to_be_unknown() -> None:
    unknown = dict.fromkeys(("net_income_fen", "net_income_per_head_fen", "net_after_rigid_per_head_fen"))
    assert "家庭纯收入不详" in _income(FEATURE | unknown)


def marks(feed: str, column: str, kind: str, values: list[str], topic: str = "生活困难") -> list[str]:
    """What is said of rows of these dates in December 2021."""
    listed = ", ".join(f"(cast('{value}' as {kind}), '{topic}')" for value in values)
    rows = f"select {_mark_sql(FEEDS[feed], windows('2021-12'))} from (values {listed}) as t ({column}, topic)"
    return [mark for (mark,) in duckdb.sql(rows).fetchall()]


def test_income_counts_by_the_statement_window() -> None:
    """Statement December 2020 to November 2021; the twelve months before it are only compared with."""
    periods = ["2019-11", "2019-12", "2020-11", "2020-12", "2021-11", "2021-12"]
    assert marks("income", "period", "varchar", periods) == [OUTSIDE, EARLIER, EARLIER, "", "", OUTSIDE]


@pytest.mark.parametrize(
    ("feed", "column"), [("medical", "settled_on"), ("disaster", "happened_on"), ("petition", "received_on")]
)
def test_events_count_in_the_twelve_months_ending_this_month(feed: str, column: str) -> None:
    """January to December 2021."""
    days = ["2020-12-31", "2021-01-01", "2021-12-31"]
    assert marks(feed, column, "date", days) == [OUTSIDE, "", ""]


def test_of_petitions_hardship_counts() -> None:
    assert marks("petition", "received_on", "date", ["2021-06-01"], "住房") == [OTHER_TOPIC]


def test_a_snapshot_has_no_window() -> None:
    assert _mark_sql(FEEDS["housing"], windows("2021-12")) == "''"
