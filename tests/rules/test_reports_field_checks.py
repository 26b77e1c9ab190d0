"""The page and the workbook of field checks: rules as they were found, counties by what is expected, nobody named."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from fangpin.reports.edition import Edition
from fangpin.reports.field_checks import page, sheets
from fangpin.reports.page import LinkGroup
from fangpin.research.items import CATALOGUE
from fangpin.research.yields import RULES
from tests.made_up_edition import edition


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


def rows(table: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return list(table.select(columns).iter_rows())


def test_rules_that_were_checked_come_first_with_their_interval(made_up: Edition) -> None:
    section = page(made_up, LinkGroup("", ())).sections[0]
    table = section.tables[0].rows
    assert table.height == len(RULES)
    first = next(iter(RULES.values()))
    assert rows(table, "title", "subject_word", "checked", "share", "range", "proposal")[0] == (
        *(first.question, "农户", 60, 0.05, "1.7%～13.7%", "建议停用"),
    )
    assert set(table["range"][1:]) == {None}
    assert "核查过60条线索" in page(made_up, LinkGroup("", ())).lead[0]


def test_without_a_check_it_says_so(made_up: Edition) -> None:
    none = made_up.frame("mart.rule_yield").with_columns(checked=pl.lit(0, pl.Int32))
    bare = replace(made_up, frames={**made_up.frames, "mart.rule_yield": none})
    assert "还没有导入实地核查结果" in page(bare, LinkGroup("", ())).lead[0]


def test_counties_are_counted_with_what_is_expected(made_up: Edition) -> None:
    """Two leads of P 0.5 and two hours each, one by chance."""
    table = page(made_up, LinkGroup("", ())).sections[1].tables[0].rows
    counties = made_up.frame("mart.field_check")["county_code"].n_unique()
    assert rows(table, "risk", "random", "expected", "hours") == [(2, 1, 1.0, 4.0)] * counties


def test_the_workbook_lists_every_household_in_order(made_up: Edition) -> None:
    listed = dict(sheets(made_up))["建议核查名单"].rows
    assert listed.height == made_up.frame("mart.field_check").height
    county = listed["county_code"][0]
    own = listed.filter(county_code=county)
    assert rows(own, "arm_word", "position") == [("线索", 1), ("线索", 2), ("随机", 1)]
    assert own["village_name"].null_count() == 0


def test_every_rule_is_known_by_one_name() -> None:
    titles = [item.question for item in CATALOGUE if item.code.startswith("lead_")]
    assert len(titles) == len(set(titles)) == len(RULES)
