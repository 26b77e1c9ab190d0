"""数据质量 as a page and as a workbook: the same scores, cells and states as the tables they are made from."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook

from checks.raw import FEEDS
from fangpin import quality
from fangpin.reports import quality_tables, tables
from fangpin.reports import site as sites
from fangpin.reports.edition import Edition
from fangpin.reports.quality import page
from fangpin.reports.tables import Table
from fangpin.reports.workbooks import QUALITY, workbooks
from tests.made_up_edition import edition
from tests.made_up_quality import LATE, MISSING, ZERO
from tests.parsed_page import Parsed, parse


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


@pytest.fixture(scope="module")
def book(made_up: Edition) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbooks(made_up)[QUALITY]))


@pytest.fixture(scope="module")
def shown(made_up: Edition) -> Parsed:
    return parse(sites.render(made_up, page(made_up)))


def text(table: Table, feed: str) -> list[str]:
    """The cells of a feed's line as they are printed."""
    (row,) = table.rows.filter(title=FEEDS[feed].title).iter_rows(named=True)
    return [tables.shown(tables.STATE, row[c.key]) for c in table.columns if c.kind == tables.STATE]


def test_every_department_once_the_worst_first(made_up: Edition) -> None:
    scores = quality_tables.scores(made_up).rows
    assert scores["source"].sort().to_list() == sorted({feed.source for feed in FEEDS.values()})
    assert scores["score"].is_sorted()
    assert scores["source"][0] == FEEDS[MISSING].source


def test_an_indicator_is_coloured_by_its_grade_and_unknown_is_a_dash(made_up: Edition) -> None:
    rows = quality_tables.scores(made_up).rows
    known = made_up.frame("mart.feed_dimension").filter(month=made_up.month)
    for source, indicator, share, grade in known.select("source", "indicator", "share", "grade").iter_rows():
        cell = rows.filter(source=source)[indicator][0]
        if share is None:
            assert (cell["state"], cell["text"]) == ("—", "—")
        else:
            assert (cell["state"], cell["text"]) == (grade, f"{100 * share:.2f}%")


def test_the_grid_says_rows_late_zero_and_missing(made_up: Edition) -> None:
    cities = quality_tables.by_city(made_up)
    assert [c.header[-1] for c in cities.columns][2:] == ["吕梁", "郑州", "开封", "未能定位"]
    assert set(text(cities, MISSING)[:-1]) == {"未报"}
    assert all(cell.startswith("迟") for cell in text(cities, LATE)[:-1])
    assert text(cities, ZERO)[0] == "零报"
    coverage = made_up.frame("mart.feed_coverage").filter(month=made_up.month, feed="medical", level="city")
    expected = [f"{n:,}" for n in coverage.sort("place_code")["accepted"]]
    assert text(cities, "medical") == [*expected, "2"]


def test_counties_make_the_rows_of_their_feeds(made_up: Edition) -> None:
    counties = quality_tables.by_county(made_up).rows
    accepted = dict(made_up.frame("mart.feed_quality").select("feed", "accepted").iter_rows())
    for feed in set(FEEDS) - {MISSING}:
        assert sum(cell["number"] or 0 for cell in counties[feed]) + 2 == accepted[feed]


def test_months_side_by_side(made_up: Edition) -> None:
    months = quality_tables.by_month(made_up)
    assert [c.header for c in months.columns][2:] == [("2021年", "11月"), ("2021年", "12月")]
    assert text(months, "medical") == ["3/3", "3/3"]
    assert text(months, LATE) == ["3/3 迟", "3/3 迟"]
    assert text(months, MISSING) == ["0/3", "0/3"]
    trend = quality_tables.trend(made_up)
    assert [c.header[-1] for c in trend.columns] == ["报送部门", "10月", "11月", "12月"]


def test_a_county_without_a_row_is_listed_as_a_blind_spot(made_up: Edition) -> None:
    spots = quality_tables.blind_spots(made_up).rows
    assert spots["title"].to_list() == [FEEDS[ZERO].title]
    assert spots["short_name"].to_list() == ["山西省吕梁市兴县"]


def test_the_page_tells_without_javascript_what_its_charts_draw(shown: Parsed, made_up: Edition) -> None:
    figures = [json.loads(script) for script in shown.scripts if script]
    grids = {figure["data"][0]["type"]: figure for figure in figures}
    assert set(grids) == {"heatmap"} and len(figures) == 2
    heat = figures[1]["data"][0]
    cities = quality_tables.by_city(made_up)
    row = heat["y"].index(FEEDS[LATE].title)
    assert heat["text"][row] == text(cities, LATE)
    assert heat["customdata"][row][0] == quality.LATE
    legend = [trace["name"] for trace in figures[1]["data"][1:]]
    assert legend == ["已报送", "迟报", "零报送", "未报送"]
    for section in ("scores", "coverage"):
        assert "table" in shown.sections[section]


def test_a_month_in_which_nothing_came_late_or_not_at_all(made_up: Edition) -> None:
    coverage = made_up.frame("mart.feed_coverage").filter(~pl.col("feed").is_in([LATE, MISSING, ZERO]))
    calm = replace(made_up, frames={**made_up.frames, "mart.feed_coverage": coverage})
    assert quality_tables.blind_spots(calm).rows.is_empty()
    assert b"heatmap" in sites.render(calm, page(calm))
    assert QUALITY in workbooks(calm)


def test_numbers_of_the_workbook_are_numbers_and_colours_those_of_the_page(book: Workbook, made_up: Edition) -> None:
    sheet = book["各市报送"]
    lines = {row[1].value: row for row in sheet.iter_rows(min_row=4)}
    late, missing = lines[FEEDS[LATE].title], lines[FEEDS[MISSING].title]
    assert isinstance(late[2].value, int) and late[2].number_format == '"迟"#,##0'
    assert missing[2].value == "未报"
    for cell, state in ((late[2], quality.LATE), (missing[2], quality.MISSING)):
        assert cell.fill.start_color.rgb[-6:].lower() == tables.COLOURS[state].removeprefix("#")


def test_details_of_the_workbook_hold_numerator_and_denominator(book: Workbook, made_up: Edition) -> None:
    known = made_up.frame("mart.feed_dimension").filter(month=made_up.month)
    found = [
        (row[0], row[2], row[4], row[6])
        for row in book["指标明细"].iter_rows(min_row=5, values_only=True)
        if row[0] and isinstance(row[4], int)
    ]
    assert sorted(found) == sorted(known.select("source", "title", "numerator", "denominator").rows())


def test_every_state_and_grade_has_a_colour() -> None:
    assert {*quality.STATES, *quality.GRADES, tables.UNKNOWN} == set(tables.COLOURS)
