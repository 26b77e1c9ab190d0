"""监测标准测算 as a page and a workbook, against households that can be added up by hand (tests/made_up_what_if.py).

Four counties of the province, each with 1 person at -50 yuan, two households of 2 at 5,950, one of 3 at 6,150, one of 4
at 6,350; so below 6,000 there are 4 x (1 + 2 + 2) = 20 persons, below 6,200 another 12, below 6,400 another 16.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook

from fangpin.reports import line, line_tables
from fangpin.reports import site as sites
from fangpin.reports.edition import Edition
from fangpin.reports.tables import Table, shown
from fangpin.reports.workbooks import LINE, workbooks
from tests.made_up_edition import edition
from tests.parsed_page import Parsed, parse


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


@pytest.fixture(scope="module")
def page(made_up: Edition) -> Parsed:
    return parse(sites.render(made_up, line.page(made_up)))


@pytest.fixture(scope="module")
def book(made_up: Edition) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbooks(made_up)[LINE]))


def printed(table: Table) -> list[list[str]]:
    return [[shown(c.kind, row[c.key]) for c in table.columns] for row in table.rows.iter_rows(named=True)]


def changed(made_up: Edition, **frames: pl.DataFrame) -> Edition:
    return replace(made_up, frames={**made_up.frames, **{name.replace("__", "."): f for name, f in frames.items()}})


def test_every_candidate_with_counts_and_what_it_adds(made_up: Edition) -> None:
    """Gap of a county at 6,000: 6,050 + 4 x 50 = 6,250 yuan; at 6,200: 6,250 + 4 x 250 + 3 x 50 = 7,400; 20 of the
    124 persons are below.
    """
    rows = {row[0]: row[1:9] for row in printed(line_tables.candidates(made_up))}
    assert rows == {
        "现行监测线": ["6,000.0", "6,000", "12", "20", "0", "0", "2.5", "0.0"],
        "按农村物价": ["6,198.0", "6,200", "16", "32", "+4", "+12", "3.0", "0.5"],
        "按农村收入增幅": ["6,372.0", "6,400", "20", "48", "+8", "+28", "3.7", "1.2"],
        "两项中最小": ["6,198.0", "6,200", "16", "32", "+4", "+12", "3.0", "0.5"],
        "保持与低保标准的比例": ["—", "—", "—", "—", "—", "—", "—", "—"],
    }
    assert printed(line_tables.candidates(made_up))[0][9] == f"{20 / 124:.3%}"


def test_a_candidate_without_a_line_says_why(made_up: Edition) -> None:
    rows = {row[0]: row for row in printed(line_tables.formulas(made_up))}
    assert rows["保持与低保标准的比例"][3] == "全省缺少所需数据，不能计算，不计入：没有“农村低保标准”（dibao_standard）"
    assert rows["两项中最小"][3] == "取小可能偏低"
    assert "见“算法与依据”" in "".join(line_tables.candidates(made_up).notes)


def test_lines_that_differ_by_county_are_told(made_up: Edition) -> None:
    county = made_up.level("county")["place_code"][0]
    own = (pl.col("county_code") == county) & (pl.col("scenario") == "income")
    frame = made_up.frame("ref.line_candidate").with_columns(
        line_fen=pl.when(own).then(650_000).otherwise("line_fen"),
        exact_yuan=pl.when(own).then(6510.0).otherwise("exact_yuan"),
    )
    other = changed(made_up, ref__line_candidate=frame)
    row = next(r for r in printed(line_tables.formulas(other)) if r[0] == "按农村收入增幅")
    assert row[1] == "—"
    assert row[3] == "各县不同，从6,400元到6,500元"
    assert [group.header for group in line_tables.groups(other)] == ["6,000元", "6,200元", "按农村收入增幅"]


def test_equal_lines_share_a_column(made_up: Edition) -> None:
    assert [(group.header, group.titles) for group in line_tables.groups(made_up)] == [
        ("6,000元", ("现行监测线",)),
        ("6,200元", ("按农村物价", "两项中最小")),
        ("6,400元", ("按农村收入增幅",)),
    ]


def test_places_add_up_to_the_province(made_up: Edition) -> None:
    for level, number in (("city", 2), ("county", 4)):
        rows = printed(line_tables.by_place(made_up, level))
        assert rows[0] == ["全省合计", "12", "20", "16", "32", "20", "48"]
        assert len(rows) == number + 1
        for row in rows[1:]:
            assert [int(n) * number for n in row[1:]] == [12, 20, 16, 32, 20, 48]


def test_who_they_are(made_up: Edition) -> None:
    rows = {(row[0], row[1]): row[2:] for row in printed(line_tables.by_group(made_up))}
    assert rows["合计", "合计"] == ["12", "20", "16", "32", "20", "48"]
    assert rows["登记状态", "监测中"] == ["4", "8"] * 3
    assert rows["登记状态", "已标注消除"] == ["4", "8"] * 3
    assert rows["登记状态", "未列入监测"] == ["4", "4", "8", "16", "12", "32"]
    assert rows["低保", "有低保人员"] == ["4", "4"] * 3
    for split in ("监测对象类别", "登记状态", "户类型", "低保"):
        parts = [[int(n) for n in figures] for (word, _), figures in rows.items() if word == split]
        assert [sum(column) for column in zip(*parts, strict=True)] == [12, 20, 16, 32, 20, 48]


def test_steps_of_the_curve(made_up: Edition) -> None:
    """From 6,100 to 6,200: 4 households of 3 at 6,150 come in, the cost grows by 20 x 100 + 12 x 50 = 2,600 yuan."""
    rows = {row[0]: row[1:] for row in printed(line_tables.steps(made_up))}
    assert len(rows) == 201
    assert rows["6,100"][:6] == ["12", "20", "2.7", "4", "12", "0.3"]
    near = printed(line_tables.steps(made_up, near=True))
    assert (near[0][0], near[-1][0]) == ("4,500", "7,500")


def test_one_more_yuan_in_words_and_numbers(page: Parsed) -> None:
    text = "".join(page.text)
    assert "差额每年增加的元数正好等于低于监测线的人数（dG/dz＝N(z)）" in text
    assert "现行6,000元时，低于监测线20人：再提高1元，差额每年增加20元。提高100元，差额每年增加2,000元" in text
    assert "平均每元20.0元，介于提高前的20人与提高后的20人之间；同时新增0户0人。" in text


def test_elasticity_is_told(page: Parsed) -> None:
    """16 persons between 5,900 and 6,100: 6,000 x 16 / 200 / 20 = 24."""
    assert "24.00%" in "".join(page.text)


def test_bunching_and_its_consequence(made_up: Edition) -> None:
    """8 households of 5,950 against 4 of 6,150; P(Bin(12, 1/2) >= 8) = 794 / 4096 = 0.194."""
    assert printed(line_tables.bunching(made_up)) == [["6,000", "4", "8", "4", "0.194", line_tables.CALM]]
    bands = made_up.frame("mart.income_band").with_columns(
        households=pl.when(pl.col("from_yuan") == 5900).then(3 * pl.col("households")).otherwise("households")
    )
    crowded = changed(made_up, mart__income_band=bands)
    assert line_tables.bunching(crowded).rows["verdict"].to_list() == [line_tables.CROWDED]
    assert line_tables.CROWDED in "".join(parse(sites.render(crowded, line.page(crowded))).text)


def test_a_line_between_bands_is_said_to_be_untested(made_up: Edition) -> None:
    frame = made_up.frame("ref.line_candidate").with_columns(
        line_fen=pl.when(pl.col("scenario") == "in_force").then(605_000).otherwise("line_fen")
    )
    other = changed(made_up, ref__line_candidate=frame)
    assert printed(line_tables.bunching(other))[0][2:] == ["—", "—", "—", line_tables.UNTESTED]
    text = "".join(parse(sites.render(other, line.page(other))).text)
    assert "6,050元不是100元的整数倍" in text


def test_errors_of_income_move_households_both_ways(made_up: Edition) -> None:
    table = line_tables.errors(made_up)
    assert [c.header[0] for c in table.columns[4::4]] == ["误差5%", "误差10%", "误差20%"]
    for row in table.rows.iter_rows(named=True):
        for n in range(3):
            moved = row["households"] - row[f"wrongly_below_{n}"] + row[f"wrongly_above_{n}"]
            assert abs(row[f"households_{n}"] - moved) <= 1
    assert table.rows["households"].to_list() == [12, 16, 20]
    assert "没有抽样误差" in "".join(table.notes)


def test_cautions_use_the_figures_of_the_year(page: Parsed, made_up: Edition) -> None:
    """1.062 / 1.033 - 1 = 2.81 %; (9 x 4,260 + 3 x 4,556) / 12 = 4,334 and 4,556 is 5.12 % more."""
    text = "".join(page.text)
    assert "1.062÷1.033−1＝2.81%" in text
    assert "按2020年各月平均（4,334元）计，4,556元只高5.12%" in text
    later = replace(made_up, month="2023-12")
    assert "2.81%" not in "".join(parse(sites.render(later, line.page(later))).text)


def test_charts_mark_the_line_in_force_first(page: Parsed) -> None:
    figures = [json.loads(script) for script in page.scripts if script]
    assert [figure["data"][0]["type"] for figure in figures] == ["scatter", "bar"]
    for figure in figures:
        assert [mark["x0"] for mark in figure["layout"]["shapes"]] == [6000, 6200, 6400]
        assert [mark["text"] for mark in figure["layout"]["annotations"]] == ["6,000 现行", "6,200", "6,400"]
    bars = figures[1]["data"][0]
    assert dict(zip(bars["x"], bars["y"], strict=True))[6150] == 4


def test_the_workbook_holds_numbers_with_their_signs(book: Workbook) -> None:
    assert book.sheetnames[:-1] == [
        *("备选监测线", "算法与依据", "各市", "各县", "农户构成", "覆盖曲线", "扎堆检验", "收入误差")
    ]
    row = next(r for r in book["备选监测线"].iter_rows(min_row=5) if r[0].value == "按农村物价")
    assert [cell.value for cell in row[1:7]] == [6198, 6200, 16, 32, 4, 12]
    assert row[5].number_format == "+#,##0;-#,##0;0"


def test_a_month_in_which_no_income_is_known(made_up: Edition) -> None:
    counts = ("households", "persons", "households_below", "persons_below", "gap_yuan")
    scenarios = made_up.frame("line_scenarios").with_columns(
        pl.col(counts) * 0, headcount=pl.lit(None), gap_index=pl.lit(None), severity=pl.lit(None)
    )
    cleared = {name: made_up.frame(name).clear() for name in ("mart.income_band", "mart.line_group")}
    unknown = replace(made_up, frames={**made_up.frames, **cleared, "line_scenarios": scenarios})
    assert printed(line_tables.candidates(unknown))[0][3:] == ["0", "0", "0", "0", "0.0", "0.0", "—", "—", "—"]
    assert "不在各档" in "".join(parse(sites.render(unknown, line.page(unknown))).text)
    assert LINE in workbooks(unknown)
