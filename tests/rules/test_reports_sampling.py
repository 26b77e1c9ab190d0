"""调研抽样: what the page and the workbook say of a rehearsal, and what they leave to the official draw."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import polars as pl
import pytest

from fangpin.reports import overview, sampling, site
from fangpin.reports.edition import Edition
from fangpin.reports.page import Page
from fangpin.reports.workbooks import SAMPLE, workbook
from tests.made_up_edition import edition
from tests.parsed_page import parse


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition(cities=2, counties=2, townships=1, villages=2)


def page(made: Edition) -> Page:
    return sampling.page(made, overview.downloads())


def texts(made: Page) -> str:
    return "".join([*made.lead, *(text for section in made.sections for text in section.text)])


def test_the_page_says_that_it_is_a_rehearsal_and_how_to_draw_again(made_up: Edition) -> None:
    made = page(made_up)
    assert "预抽" in made.title and "不是正式抽样" in made.lead[0]
    assert [section.id for section in made.sections] == [
        *("primary", "reserve", "households", "teams", "days", "precision", "replay")
    ]
    said = texts(made)
    assert "tjdc-2021" in said and "SHA-256(种子|村代码)" in said and "fangpin research verify" in said
    assert "不可推断总体" not in said


def test_no_household_is_named_on_the_site_only_counted(made_up: Edition) -> None:
    made = page(made_up)
    shown = {column.key for section in made.sections for table in section.tables for column in table.columns}
    assert "household_id" not in shown
    visits = next(section for section in made.sections if section.id == "households").tables[0].rows
    drawn = made_up.frame("mart.research_household").filter(role="primary")
    assert visits["visited"].sum() == drawn.height
    assert visits.select(pl.sum_horizontal("stratum", "flagged", "random")).to_series().equals(visits["visited"])


def test_a_plan_that_takes_the_top_only_says_so(made_up: Edition) -> None:
    plans = made_up.frame("research_plans").with_columns(top_only=pl.lit(True))
    made = page(replace(made_up, frames={**made_up.frames, "research_plans": plans}))
    assert made.lead[1].endswith("只取排名靠前的地区，不可推断总体。")


def test_days_are_counted_or_dated(made_up: Edition) -> None:
    days = made_up.frame("mart.research_day")
    counted = page(made_up).sections[4].tables[0].rows
    assert counted["day_word"][0] == "第1天"
    dated = days.with_columns(day=pl.date(2022, 4, 9) + pl.duration(days="day_number"))
    made = page(replace(made_up, frames={**made_up.frames, "mart.research_day": dated}))
    assert made.sections[4].tables[0].rows["day_word"][0] == "第1天（04月10日）"


def test_several_plans_stand_beside_each_other_by_name(made_up: Edition) -> None:
    first = made_up.frame("research_plans")
    second = first.with_columns(plan=pl.lit("spring"), title=pl.lit("春季调研"), seed=pl.lit("spring"))
    frames = {**made_up.frames, "research_plans": pl.concat([first, second])}
    for name in ("mart.research_sample", "mart.research_household", "mart.research_team", "mart.research_day"):
        frames[name] = pl.concat([frames[name], frames[name].with_columns(plan=pl.lit("spring"))])
    both = replace(made_up, frames=frames)
    html = dict(site.site(both))["sample.html"]
    primary = parse(html)
    assert b"spring" in html
    rows = [row for row in primary.rows if row and row[0] in ("春季调研", first["title"][0])]
    assert {row[0] for row in rows} == {"春季调研", first["title"][0]}
    book = openpyxl.load_workbook(io.BytesIO(workbook(both, SAMPLE)))
    assert book["正选村"]["A4"].value == "方案" or book["正选村"]["A3"].value == "方案"


@pytest.mark.parametrize("sheet", ["入户名单", "调研分组", "调研日程", "抽样能说明什么"])
def test_the_workbook_has_what_a_table_has(made_up: Edition, sheet: str) -> None:
    known = dict(sampling.sheets(made_up))
    written = openpyxl.load_workbook(io.BytesIO(workbook(made_up, SAMPLE)))[sheet]
    cells = {str(cell.value) for row in written.iter_rows() for cell in row if cell.value is not None}
    for row in known[sheet].rows.iter_rows(named=True):
        text = row[known[sheet].columns[-1].key]
        assert text in cells
