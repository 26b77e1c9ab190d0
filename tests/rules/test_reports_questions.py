"""The what-ifs shown by tables alone, from the figures of tests/made_up_what_if.py: four counties, each with the same.

Each county: 6 unlisted households in range, 4 of them of the groups asked about (2 struck alone, 1 struck and 脱贫户
without policies, 1 such 脱贫户 alone); 5 monitored households, 3 eliminated, 1 of these by the safety net alone.
"""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import polars as pl
import pytest

from fangpin.reports import asset_tables, coverage_tables, elimination_tables, questions
from fangpin.reports import site as sites
from fangpin.reports.edition import Edition
from fangpin.reports.tables import Table, shown
from fangpin.reports.workbooks import workbook
from tests.made_up_edition import edition
from tests.parsed_page import parse


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


def printed(table: Table) -> list[list[str]]:
    return [[shown(c.kind, row[c.key]) for c in table.columns] for row in table.rows.iter_rows(named=True)]


def test_groups_by_label_and_who_is_in_range(made_up: Edition) -> None:
    matrix = dict(coverage_tables.sheets(made_up))["人群与监测情况"]
    assert [c.header[-1] for c in matrix.columns[3:6]] == ["未列入监测", "脱贫不稳定户", "边缘易致贫户"]
    assert printed(matrix) == [
        ["全部农户", "80", "0", "60", "20", "0", "0", "0", "0", "76", "36", "24"],
        ["大病户", "8", "0", "8", "0", "0", "0", "0", "0", "0", "0", "0"],
    ]


def test_every_option_and_what_they_share(made_up: Edition) -> None:
    found = dict(coverage_tables.sheets(made_up))
    assert printed(found["纳入后新增"]) == [
        ["突发严重困难户", "16", "4", "0", "12", "28"],
        ["脱贫不享受政策户", "8", "0", "0", "8", "20"],
        ["脱贫享受政策户", "4", "0", "4", "0", "0"],
    ]
    overlap = printed(found["三类之间的重叠"])
    assert overlap[0] == ["合计", "24", "100.0%"]
    assert overlap[-1] == ["不在三类之内", "8", "33.3%"]
    assert {row[0]: row[1] for row in overlap[1:-1]} == {
        "突发严重困难户": "8",
        "突发严重困难户、脱贫不享受政策户": "4",
        "脱贫不享受政策户": "4",
    }
    cities = printed(found["各市"])
    assert [row[0] for row in cities] == ["全省合计", "郑州市", "开封市"]
    assert cities[0][1:] == ["12", "28", "8", "20", "0", "0", "16", "8"]
    assert cities[1][1:] == ["6", "14", "4", "10", "0", "0", "8", "4"]


def test_what_an_amount_excludes_with_the_other_evidence(made_up: Edition) -> None:
    found = dict(asset_tables.sheets(made_up))
    assert printed(found["授权情况"]) == [
        ["未列入监测", "64", "40", "24", "62.5%"],
        ["监测中", "16", "12", "4", "75.0%"],
    ]
    excluded = found["逐项排除"]
    assert printed(excluded) == [
        ["小型汽车购置价格", "不论多少", "12", "8", "4", "4", "0", "0", "8", "0"],
        ["", "50,000元及以上", "4", "0", "4", "0", "0", "0", "4", "4"],
        ["财政供养人员", "不论多少", "8", "4", "0", "0", "4", "0", "4", "0"],
        ["", "清单：2及以上", "4", "4", "0", "0", "0", "0", "0", "0"],
    ]
    assert excluded.notes[0] == "在监测范围或监测中共36户，其中未授权12户。"
    assert any("没有文件规定" in note for note in excluded.notes)
    counties = printed(found["各县"])
    assert counties[0][:5] == ["全省合计", "36", "12", "12", "8"]  # cars: no amount listed, so any
    assert counties[1][-2:] == ["1", "0"]  # payroll: from the two persons listed


def test_an_amount_that_the_list_gives_is_what_counts_in_counties(made_up: Edition) -> None:
    step = made_up.frame("ref.asset_step")
    given = step.with_columns(listed=pl.col("listed") | ((pl.col("item") == "car") & (pl.col("step") == 1)))
    found = dict(asset_tables.sheets(replace(made_up, frames={**made_up.frames, "ref.asset_step": given})))
    assert printed(found["各县"])[0][3:5] == ["4", "4"]
    assert not any("没有文件规定" in note for note in found["逐项排除"].notes)


def test_both_readings_of_the_ratio(made_up: Edition) -> None:
    found = dict(elimination_tables.sheets(made_up))
    assert printed(found["消除依据"]) == [
        ["只有综合保障", "4", "33.3%"],
        ["有其他帮扶措施", "4", "33.3%"],
        ["自然消除", "4", "33.3%"],
    ]
    rows = printed(found["各县"])
    assert rows[0] == ["全省合计", "4", "20", "60.0%", "40.0%", "20.0", "48", "75.0%", "25.0%", "50.0"]
    assert len(rows) == 5 and rows[1][1:6] == ["1", "5", "60.0%", "40.0%", "20.0"]


def test_pages_and_workbooks_show_the_same_tables(made_up: Edition) -> None:
    for of in questions.QUESTIONS:
        page = parse(sites.render(made_up, questions.page(made_up, of)))
        text = "".join(page.text)
        assert of.asked in text and of.workbook in text
        book = openpyxl.load_workbook(io.BytesIO(workbook(made_up, of.workbook)))
        named = of.tables(made_up)
        assert book.sheetnames == [*(name for name, _ in named), "编制说明"]
        for _, table in named:
            assert table.title in text


def test_a_month_without_figures_shows_nothing_as_a_number(made_up: Edition) -> None:
    names = ("topic_figures", "mart.asset_exclusion", "ref.asset_step")
    empty = replace(made_up, frames={**made_up.frames, **{name: made_up.frame(name).clear() for name in names}})
    for of in questions.QUESTIONS:
        parse(sites.render(empty, questions.page(empty, of)))
        assert workbook(empty, of.workbook)
    assert printed(dict(elimination_tables.sheets(empty))["各市"])[0][3] == "—"
