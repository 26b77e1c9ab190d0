"""The documents of a trip, read back: pages of GB/T 9704, figures equal to the tables, findings, own templates."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import docx
import polars as pl
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from fangpin.errors import FangpinError
from fangpin.reports.research import documents
from fangpin.reports.research.trip import Trip
from tests import made_up_trip

NAMES = (documents.ANNEX, documents.NOTE, documents.PLACE)
DOCS = Path(__file__).resolve().parents[2] / "docs" / "research-templates.md"


@lru_cache
def trip() -> Trip:
    return made_up_trip.trip()


def made(name: str) -> bytes:
    if name == documents.PLACE:
        return documents.place(trip(), "village", trip().villages[0].code)
    return {documents.ANNEX: documents.annex, documents.NOTE: documents.note}[name](trip())


def read(content: bytes) -> tuple[str, list[list[list[str]]]]:
    """The paragraphs' text, and the tables as rows of cells."""
    found = docx.Document(io.BytesIO(content))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in found.tables]
    return "\n".join(p.text for p in found.paragraphs), tables


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_those_of_the_standard(name: str) -> None:
    """GB/T 9704-2012 5.2: A4, 天头 37 mm, 订口 28 mm, 版心 156 x 225 mm; 7.5 page number 一字线."""
    found = docx.Document(io.BytesIO(made(name)))
    (section,) = found.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert abs(width - Mm(156)) < Mm(1)
    assert abs(height - Mm(225)) < Mm(1)
    assert "PAGE" in "".join(section.footer._element.itertext())
    assert "—" in section.footer.paragraphs[0].text


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("公文标题", "方正小标宋简体", 22),
        ("公文正文", "仿宋_GB2312", 16),
        ("一级标题", "黑体", 16),
        ("二级标题", "楷体_GB2312", 16),
        ("附件标识", "黑体", 16),
        ("表格文字", "仿宋_GB2312", 10.5),
    ],
)
def test_fonts_are_named_for_chinese(style: str, font: str, points: float) -> None:
    """2号小标宋, 3号仿宋, 黑体, 楷体; tables 五号."""
    found = docx.Document(io.BytesIO(made(documents.NOTE))).styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert found.font.size is not None
    assert found.font.size.pt == points


def test_a_page_holds_22_lines_of_28_characters() -> None:
    body = docx.Document(io.BytesIO(made(documents.NOTE))).styles
    pitch = body["Normal"].paragraph_format.line_spacing
    assert isinstance(pitch, int)  # a length, not a multiple of a line
    assert int(Mm(225) / pitch) == 22
    spacing = body["公文正文"].element.rPr.find(qn("w:spacing"))
    character = 16 + int(spacing.get(qn("w:val"))) / 20
    assert int(Mm(156).pt / character) == 28


@pytest.mark.parametrize("name", NAMES)
def test_no_tag_is_left_and_the_same_trip_gives_the_same_bytes(name: str) -> None:
    first = made(name)
    text, tables = read(first)
    assert not re.search(r"\{[{%]|[%}]\}", text + str(tables))
    documents_again = made_up_trip.trip()
    again = (
        documents.place(documents_again, "village", documents_again.villages[0].code)
        if name == documents.PLACE
        else {documents.ANNEX: documents.annex, documents.NOTE: documents.note}[name](documents_again)
    )
    assert again == first


def test_the_annex_lists_what_was_drawn() -> None:
    text, (villages, teams, days, reserves) = read(made(documents.ANNEX))
    sample = trip().sample
    primary = sample.filter(role="primary")
    assert [row[4] for row in villages[1:]] == primary.sort("city_code", "county_code", "slot")[
        "village_name"
    ].to_list()
    assert [int(row[6]) for row in villages[1:]] == primary["monitored_households"].to_list()
    assert sum(int(row[8]) for row in villages[1:]) == trip().households.filter(role="primary").height == 40
    assert [row[3] for row in reserves[1:]] == sample.filter(role="reserve")["village_name"].to_list()
    assert len(days) - 1 == trip().days.height
    assert {row[0]: row[2] for row in teams[1:]} == dict.fromkeys(("第1组", "第2组"), "甲（组长）、乙、丙")
    assert "第2组：已回避籍贯地。" in text
    assert "4月10日" in days[1][0]  # 阿拉伯数字的日期
    assert text.startswith("附件1")
    assert "共2个市、4个县、8个村，入户40户" in text


def test_the_note_says_how_sure_and_how_to_replay() -> None:
    text, _ = read(made(documents.NOTE))
    for title, figure, words in trip().honesty:
        assert f"{title}：{figure}。{words}" in text
    for name, told in (*trip().rules, *trip().proof):
        assert f"{name}：{told}" in text
    for reason in trip().sample.filter(role="primary")["reason"]:
        assert reason in text


@pytest.mark.parametrize("name", NAMES)
def test_every_document_says_what_cannot_be_inferred(name: str) -> None:
    assert made_up_trip.CAUTION in read(made(name))[0]


def test_a_county_is_told_why_it_was_drawn() -> None:
    county = trip().villages[0].county_code
    told = documents.place_tags(trip(), "county", county)["reasons"]
    assert told[0].endswith("监测对象340户，列全市可抽的第1位")
    assert told[1:] == ("监测对象340户，列全省第3位",)


def test_the_profile_shows_the_counts_of_the_months() -> None:
    village = trip().villages[0]
    text, (readings,) = read(made(documents.PLACE))
    active = [
        trip().months[m].filter(level="village", place_code=village.code)["active_households"][0]
        for m in made_up_trip.MONTHS
    ]
    assert readings[0][1:4] == ["10月", "11月", "12月"]
    assert [int(cell) for cell in readings[1][1:4]] == active
    assert village.full_name in text
    assert "状态：" in text and "趋势：加重" in text


def test_the_guide_asks_about_the_places_own_findings() -> None:
    village = trip().villages[0]
    own, _ = read(documents.place(trip(), "village", village.code))
    other, _ = read(documents.place(trip(), "village", trip().villages[1].code))
    assert "同日批量消除。近12个月消除7户" in own
    assert "同日批量消除" not in other
    lead = trip().frames["leads"].filter(village_code=village.code)
    assert f"{lead['title'][0]}1户（户内部编号{lead['household_id'][0]}）" in own
    assert village.reason in own
    county, _ = read(documents.place(trip(), "county", village.county_code))
    assert "监测对象340户，列全省第3位" in county
    assert "医保结算明细（医保局）：迟报" in county
    assert f"{village.name}：同日批量消除" in county


def test_the_guide_has_the_eight_topics_at_every_level() -> None:
    village = trip().villages[0]
    for level, code in (
        ("county", village.county_code),
        ("township", village.township_code),
        ("village", village.code),
    ):
        text, _ = read(documents.place(trip(), level, code))
        assert [f"（{number}）" in text for number in "一二三四五六七八"] == [True] * 8
        assert text.count("听取意见：") == 8


def test_without_earlier_months_there_is_no_trend() -> None:
    alone = replace(trip(), months={"2021-12": trip().months["2021-12"]})
    text, (readings,) = read(documents.place(alone, "village", alone.villages[0].code))
    assert "趋势：无上月数据" in text
    assert readings[0][1:4] == ["—", "—", "12月"]


def test_words_of_data_cannot_break_a_document() -> None:
    odd = "甲<乙>&丙"
    named = trip().sample.with_columns(reason=pl.lit(odd))
    text, _ = read(documents.note(replace(trip(), sample=named)))
    assert odd in text


def test_an_own_template_is_used_and_a_wrong_tag_is_named(tmp_path: Path) -> None:
    own = docx.Document(str(documents.TEMPLATES / documents.NOTE))
    own.add_paragraph("本单位另注：{{ title }}")
    own.save(str(tmp_path / documents.NOTE))
    assert f"本单位另注：{trip().title}" in read(documents.note(trip(), tmp_path))[0]
    own.add_paragraph("{{ nobody_knows }}")
    own.save(str(tmp_path / documents.NOTE))
    with pytest.raises(FangpinError, match=r"nobody_knows.*research-templates\.md"):
        documents.note(trip(), tmp_path)


def test_every_tag_is_documented() -> None:
    told = DOCS.read_text(encoding="utf-8")
    tags = {
        documents.ANNEX: documents.annex_tags(trip()),
        documents.NOTE: documents.note_tags(trip()),
        documents.PLACE: documents.place_tags(trip(), "village", trip().villages[0].code),
    }
    missing = [f"{name}: {tag}" for name, known in tags.items() for tag in known if f"`{tag}`" not in told]
    parts = [
        part
        for known in tags.values()
        for rows in known.values()
        if isinstance(rows, list) and rows and isinstance(rows[0], dict)
        for part in rows[0]
        if f"`{part}`" not in told
    ]
    assert missing == []
    assert parts == []


def test_drawn_households_of_no_drawn_village_are_refused() -> None:
    stray = trip().households.with_columns(village_code=pl.lit("410999999999"))
    with pytest.raises(FangpinError, match="410999999999"):
        _ = replace(trip(), households=stray).villages


def test_a_city_without_a_team_is_named() -> None:
    fewer = trip().teams.head(1)
    with pytest.raises(FangpinError, match=r"开封市没有分给任何调研组"):
        _ = replace(trip(), teams=fewer).villages
