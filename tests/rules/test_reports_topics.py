"""The research topics as pages and as a workbook, made from the figures of tests/made_up_what_if.py.

Four counties of the province in two cities, each with 3 posts (2 cleaners of 300 yuan, a ranger of 500.50), 4 holders,
1 of them disabled, 5 monitored households of which 3 eliminated: two after 6 months, one naturally after 12.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook

from fangpin.reports import site as sites
from fangpin.reports import spells, topic_tables, topics
from fangpin.reports.edition import Edition
from fangpin.reports.tables import Table, shown
from fangpin.reports.topic_figures import TOPICS, Figures
from fangpin.reports.workbooks import TOPIC_DATA, workbooks
from fangpin.topics import condition, elimination, public_post
from tests.made_up_edition import edition
from tests.parsed_page import Parsed, parse

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


@pytest.fixture(scope="module")
def posts(made_up: Edition) -> Figures:
    return Figures(made_up, public_post.TOPIC)


@pytest.fixture(scope="module")
def ended(made_up: Edition) -> Figures:
    return Figures(made_up, elimination.TOPIC)


@pytest.fixture(scope="module")
def book(made_up: Edition) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbooks(made_up)[TOPIC_DATA]))


@pytest.fixture(scope="module")
def pages(made_up: Edition) -> dict[str, Parsed]:
    return {page.path: parse(sites.render(made_up, page)) for page in topics.pages(made_up)}


def printed(table: Table) -> list[list[str]]:
    return [[shown(c.kind, row[c.key]) for c in table.columns] for row in table.rows.iter_rows(named=True)]


def test_every_topic_with_a_table_is_rolled_up_and_shown() -> None:
    made = {path.stem for path in (CHECKOUT / "sql/mart").glob("topic_*.sql")} - {"topic_figure"}
    sql = (CHECKOUT / "sql/mart/topic_figure.sql").read_text(encoding="utf-8")
    assert {f"topic_{topic.name}" for topic in TOPICS} == made
    for name in made:
        assert f"'{name.removeprefix('topic_')}' as topic,\n    village.*\n  from mart.{name} as village\n" in sql


def test_figures_of_the_province_by_question(posts: Figures) -> None:
    by_question = dict(topic_tables.by_source(posts))
    rows = printed(by_question[public_post.SET_UP])
    assert rows[0] == ["在岗岗位数", "", "12", "个岗位", "—", "—", ""]
    assert rows[1][:4] == ["在岗岗位数，按岗位类型", "保洁员", "8", "个岗位"]
    assert rows[2][:4] == ["", "护林员", "4", "个岗位"]
    pay = [row for row in rows if row[3] == "元"]
    assert [row[1:6] for row in pay] == [
        ["保洁员", "300.0", "元", "2,400", "8"],
        ["护林员", "500.5", "元", "2,002", "4"],
    ]
    held = next(row for row in printed(by_question[public_post.PLACED]) if row[0] == "持证残疾人")
    assert held == ["持证残疾人", "", "25.0%", "", "4", "16", "在岗人数"]


def test_bands_stand_in_the_order_of_their_numbers(posts: Figures) -> None:
    band = next(i for i in public_post.TOPIC.indicators if i.name == "pay_band")
    assert posts.segments(band) == ["不足300元", "300至不足500元", "1000元及以上"]


def test_words_stand_by_their_size_in_one_order_all_through(made_up: Edition) -> None:
    kinds = [i for i in public_post.TOPIC.indicators if i.name in ("post_type", "pay")]
    frame = made_up.frame("topic_figures")
    more = pl.when((pl.col("indicator") == "post_type") & (pl.col("segment") == "护林员")).then(7 * pl.col("value"))
    other = replace(
        made_up,
        frames={**made_up.frames, "topic_figures": frame.with_columns(value=more.otherwise("value"))},
    )
    assert [Figures(made_up, public_post.TOPIC).segments(i) for i in kinds] == [["保洁员", "护林员"]] * 2
    assert [Figures(other, public_post.TOPIC).segments(i) for i in kinds] == [["护林员", "保洁员"]] * 2


def test_segments_of_two_parts_stand_group_by_group_and_money_is_in_yuan(made_up: Edition) -> None:
    """A share of money is divided by money: 120.00 of 480.00 yuan, kept in fen."""
    rows = [
        ("income_share", "甲·工资性收入", 12_000, 48_000),
        ("income_share", "甲·转移性收入", 36_000, 48_000),
        ("income_share", "乙·工资性收入", 1_000, 2_000),
        ("income_share", "乙·转移性收入", 1_000, 2_000),
        ("income_margin", "甲·不足0%", 5, None),
        ("income_margin", "乙·20至不足50%", 7, None),
        ("income_margin", "甲·0至不足20%", 6, None),
        ("income_margin", "乙·不足0%", 9, None),
    ]
    frame = pl.DataFrame(
        [("province", "41", "condition", *row) for row in rows],
        schema=["level", "place_code", "topic", "indicator", "segment", "value", "base"],
        orient="row",
    )
    of = Figures(replace(made_up, frames={**made_up.frames, "topic_figures": frame}), condition.TOPIC)
    printed_rows = [row for _, table in topic_tables.by_source(of) for row in printed(table)]
    shares = [row[1:6] for row in printed_rows if "收入" in row[1]]
    assert shares == [
        ["甲·转移性收入", "75.0%", "", "360", "480"],
        ["甲·工资性收入", "25.0%", "", "120", "480"],
        ["乙·转移性收入", "50.0%", "", "10", "20"],
        ["乙·工资性收入", "50.0%", "", "10", "20"],
    ]
    bands = [row[1] for row in printed_rows if "%" in row[1]]
    assert bands == ["甲·不足0%", "甲·0至不足20%", "乙·不足0%", "乙·20至不足50%"]


def test_a_question_answered_by_counts_alone_has_no_columns_of_bases(ended: Figures, posts: Figures) -> None:
    widths = [len(table.columns) for _, table in topic_tables.by_source(posts)]
    assert widths == [7, 7, 7, 7, 7]
    only = replace(posts.topic, indicators=posts.topic.indicators[:2])
    (table,) = (table for _, table in topic_tables.by_source(Figures(posts.edition, only)))
    assert [c.header[0] for c in table.columns] == ["指标", "分组", "结果", "单位"]


def test_what_has_no_row_is_unknown_and_what_has_no_base_has_no_share(ended: Figures) -> None:
    rows = {row[0]: row for _, table in topic_tables.by_source(ended) for row in printed(table) if row[0]}
    assert rows["监测时长不详的户数"][2] == "—"
    assert rows["评议、公示、审核都有日期的消除"][2:6] == ["—", "", "0", "0"]


def test_cities_side_by_side_with_what_they_are_divided_by(ended: Figures) -> None:
    table = topic_tables.by_city(ended)
    assert [c.header[0] for c in table.columns] == ["指标", "分组", "全省", "全省分母", "郑州", "开封"]
    rows = printed(table)
    assert rows[0] == ["风险消除率（户）", "", "60.0%", "20", "60.0%", "60.0%"]
    assert rows[1] == ["（监测对象户数）", "分母", "20", "—", "10", "10"]
    start = next(n for n, row in enumerate(rows) if row[0] == "已消除户按消除依据")
    assert rows[start : start + 4] == [
        ["已消除户按消除依据", "只有综合保障", "33.3%", "12", "33.3%", "33.3%"],
        ["", "有其他帮扶措施", "33.3%", "12", "33.3%", "33.3%"],
        ["", "自然消除", "33.3%", "12", "33.3%", "33.3%"],
        ["（已消除户数）", "分母", "12", "—", "6", "6"],
    ]


def test_bases_that_differ_by_segment_stand_one_by_one(posts: Figures) -> None:
    rows = printed(topic_tables.by_city(posts))
    start = next(n for n, row in enumerate(rows) if row[0] == "平均月补贴（元）")
    assert [row[:3] for row in rows[start : start + 4]] == [
        ["平均月补贴（元）", "保洁员", "300.0"],
        ["", "护林员", "500.5"],
        ["（在岗岗位数）", "保洁员", "8"],
        ["", "护林员", "4"],
    ]


def test_a_city_without_a_case_has_none(made_up: Edition) -> None:
    city = made_up.level("city")["place_code"][0]
    own = (pl.col("place_code") == city) & (pl.col("segment") == "护林员")
    fewer = replace(made_up, frames={**made_up.frames, "topic_figures": made_up.frame("topic_figures").filter(~own)})
    rows = printed(topic_tables.by_city(Figures(fewer, public_post.TOPIC)))
    kinds = [row for row in rows if row[1] == "护林员"]
    assert [kinds[0][2], kinds[0][4]] == ["4", "0"]  # posts of the kind: none
    assert [kinds[1][2], kinds[1][4]] == ["500.5", "—"]  # their mean pay: nothing to divide by


def test_counties_with_figures_that_have_no_segments(posts: Figures, ended: Figures) -> None:
    (table,) = topic_tables.by_county(posts)
    rows = printed(table)
    assert rows[0][:2] == ["全省合计", "12"] and len(rows) == 5
    assert {tuple(row[1:2]) for row in rows[1:]} == {("3",)}
    assert ("持证残疾人", "占比") in [c.header for c in table.columns]
    first, second = topic_tables.by_county(ended)
    for part in (first, second):
        assert part.columns[0].header == ("县（市、区）",)
        assert sum(c.width for c in part.columns) <= topic_tables.SHEET_WIDTH
    assert not {c.key for c in first.columns[1:]} & {c.key for c in second.columns[1:]}


def test_curves_of_competing_ends(ended: Figures) -> None:
    """Per county 5 spells: 2 of 5 end after 6 months; those of 8 months leave; the last of the 3/5 ends after 12."""
    rows = printed(spells.table(ended))
    assert rows == [
        ["6", "20", "40.0%", "0.0%", "0.0%", "0.0%", "60.0%"],
        ["12", "4", "40.0%", "0.0%", "0.0%", "60.0%", "0.0%"],
    ]


def test_the_index_leads_to_every_topic(pages: dict[str, Parsed]) -> None:
    links = pages["topics.html"].links
    for topic in TOPICS:
        assert f"topic/{topic.name}.html" in links
        assert all(question in "".join(pages["topics.html"].text) for question in topic.questions)
    assert {"line.html", "criterion.html"} <= set(links)
    numbers = [row[0] for row in pages["topics.html"].rows[1:]]
    assert numbers == sorted(numbers, key="一二三四五六七八".index)


def test_pages_quote_the_plan_and_draw_what_has_segments(pages: dict[str, Parsed]) -> None:
    page = pages["topic/public_post.html"]
    text = "".join(page.text)
    assert "依据：《专题调研工作方案》四（二）“公益性岗位设置情况”。" in text
    figure = json.loads(next(script for script in page.scripts if script))
    assert dict(zip(figure["data"][0]["y"], figure["data"][0]["x"], strict=True)) == {"保洁员": 8, "护林员": 4}
    assert "监测多久、怎样消除" in "".join(pages["topic/elimination.html"].text)


def test_a_sheet_for_every_topic_with_its_questions_on_top(book: Workbook) -> None:
    assert book.sheetnames[-1] == "编制说明"
    for topic in TOPICS:
        assert any(name.startswith(f"{topic.number}、各县") for name in book.sheetnames)
        sheet = book[f"{topic.number}、{topic.title.removesuffix('方面')}"]
        asked = [sheet.cell(row, 1).value for row in range(3, 3 + len(topic.questions))]
        assert asked == [f"问题{number}：{question}" for number, question in enumerate(topic.questions, start=1)]
        assert sheet.print_title_rows is not None


def test_cells_of_one_column_keep_their_own_formats(book: Workbook) -> None:
    cells = {row[0].value: row[2] for row in reversed(list(book["七、风险消除"].iter_rows(min_row=9)))}
    assert (cells["风险消除率（户）"].value, cells["风险消除率（户）"].number_format) == (0.6, "0.0%")
    assert (cells["（监测对象户数）"].value, cells["（监测对象户数）"].number_format) == (20, "#,##0")
    assert cells["评议、公示、审核都有日期的消除"].value == "—"


def test_long_headings_have_room(book: Workbook) -> None:
    sheet = book["七、各县1"]
    assert sheet.row_dimensions[3].height > 20


def test_a_month_without_figures_still_renders(made_up: Edition) -> None:
    empty = replace(made_up, frames={**made_up.frames, "topic_figures": made_up.frame("topic_figures").clear()})
    for page in topics.pages(empty):
        parse(sites.render(empty, page))
    assert TOPIC_DATA in workbooks(empty)


def test_a_sheet_folds_what_cities_are_divided_by_and_is_printed_on_few_pages(book: Workbook) -> None:
    sheet = book["七、风险消除"]
    bases = [row[0].row for row in sheet.iter_rows() if str(row[0].value) == "（监测对象户数）"]
    assert bases and all(sheet.row_dimensions[row].hidden and sheet.row_dimensions[row].outlineLevel for row in bases)
    assert all(sheet.row_dimensions[row - 1].collapsed for row in bases)  # the sign stands at the figure above
    assert [cell.value for cell in sheet[bases[0] - 1]][2:4] == [0.6, 20]
    assert book["四、各县"].page_setup.orientation == "portrait"
    assert book["七、各县1"].page_setup.orientation == "landscape"  # as wide as can be read
