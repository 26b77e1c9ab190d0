"""Which feed a file is, which worksheets hold it, and where a row numbered through them stands; on hand-made tops."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.raw import FEEDS
from fangpin.errors import FileRejected
from fangpin.intake import reading
from fangpin.intake.blocks import Sheet
from fangpin.intake.locating import Located, locate, recognise


def feed(title: str, *headers: str) -> Any:
    columns = [
        SimpleNamespace(name=h, header=h, kind="text", mandatory=True, required=True, synonyms=(), codes=())
        for h in headers
    ]
    return SimpleNamespace(name=title, title=title, columns=columns, mandatory=False)


LIST = feed("名单", "姓名", "户编号", "类别")
PAY = feed("发放", "姓名", "户编号", "金额", "月份")
HEAD, PAY_HEAD = ("姓名", "户编号", "类别"), ("姓名", "户编号", "金额", "月份")


def sheet(name: str | None, *top: tuple[str, ...], rows: int = 10, hidden: bool = False) -> Sheet:
    return Sheet(name, None, top, rows=rows, hidden=hidden)


def refused(sheets: list[Sheet], *feeds: Any) -> tuple[str, str]:
    with pytest.raises(FileRejected) as told:
        recognise(sheets, feeds)
    return told.value.rule, str(told.value)


def test_the_feed_whose_columns_are_all_there() -> None:
    contract, at = recognise([sheet("甲", PAY_HEAD)], [LIST, PAY])
    assert contract is PAY
    assert [s.name for s, _ in at.tables] == ["甲"]


def test_of_two_complete_feeds_the_one_that_names_more_columns() -> None:
    both = (*HEAD, "金额", "月份")
    assert recognise([sheet("甲", both)], [LIST, PAY])[0] is PAY
    rule, text = refused([sheet("甲", (*HEAD, "金额"))], LIST, feed("另一", "姓名", "户编号", "金额"))
    assert (rule, "《名单》、《另一》" in text) == ("ambiguous_feed", True)


def test_two_feeds_in_one_workbook() -> None:
    rule, text = refused([sheet("甲", HEAD), sheet("乙", PAY_HEAD)], LIST, PAY)
    assert rule == "two_feeds"
    assert "「乙」是《发放》" in text and "「甲」是《名单》" in text


def test_no_feed_at_all_and_the_nearest_one() -> None:
    assert refused([sheet("甲", ("日期", "雨量"))], LIST, PAY)[0] == "no_header"
    rule, text = refused([sheet("甲", ("姓名", "户编号", "金额"))], LIST, PAY)
    assert (rule, "《发放》" in text, "「月份」" in text) == ("missing_column", True, True)


def test_rows_are_numbered_through_the_sheets_of_one_feed() -> None:
    _, at = recognise([sheet("甲", HEAD, rows=3), sheet("说明"), sheet("乙", ("名单",), HEAD, rows=5)], [LIST])
    assert [s.name for s, _ in at.tables] == ["甲", "乙"]
    assert [sheet.name for sheet in at.others] == ["说明"]
    assert at.header_rows == 1 + 2
    assert [at.where(row) for row in (1, 3, 4, 8)] == [("甲", 1), ("甲", 3), ("乙", 1), ("乙", 5)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6), st.booleans()), min_size=1, max_size=5))
def test_every_row_is_found_again_where_it_stands(
    tmp_path_factory: pytest.TempPathFactory, sheets: list[tuple[int, int, bool]]
) -> None:
    """Each cell says where it is: worksheets with titles, rows and blank rows, some of them not of the feed."""
    path = tmp_path_factory.mktemp("sheets") / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for number, (titles, rows, of_feed) in enumerate([*sheets, (0, 1, True)]):
        name = f"表{number}"
        made = book.add_worksheet(name)
        made.write_row(titles, 0, HEAD if of_feed else ["说明"])
        for row in range(titles + 1, titles + 1 + rows):
            made.write_row(row, 0, [name, str(row + 1)])
    book.close()
    facts = reading.survey(path)
    at = locate(reading.sheets(path, facts), LIST)
    expected = [
        (f"表{n}", t + 2 + r) for n, (t, rows, own) in enumerate([*sheets, (0, 1, True)]) if own for r in range(rows)
    ]
    found = []
    for block in reading.blocks(path, facts, at.tables, {}):
        for name, row, source_row in zip(
            *(block.cells[c].to_pylist() for c in ("姓名", "户编号", "source_row")), strict=True
        ):
            assert at.where(source_row) == (name, int(row))
            found.append((name, int(row)))
    assert found == expected
    assert block.end == sum(s.rows or 0 for s, _ in at.tables)


def test_a_csv_is_read_with_the_delimiter_that_fits_best() -> None:
    tops = [Sheet(None, ",", (("姓名;户编号;类别",),)), Sheet(None, ";", (HEAD,))]
    at = locate(tops, LIST)
    assert [s.delimiter for s, _ in at.tables] == [";"]
    assert at.where(7) == (None, 7)


def test_unknown_headers_of_all_sheets_are_named_once() -> None:
    at = locate([sheet("甲", (*HEAD, "民族")), sheet("乙", (*HEAD, "民族", "备查"))], LIST)
    assert at.unknown == ("民族", "备查")


@pytest.mark.parametrize(("head", "read"), [(("姓名", "户编号"), 0), (("姓名", "类别"), 0), (("姓名", "备查"), 1)])
def test_a_sheet_that_names_most_columns_is_not_passed_over(head: tuple[str, ...], read: int) -> None:
    sheets = [sheet("甲", HEAD), sheet("乙", head)]
    if read:
        assert [sheet.name for sheet in locate(sheets, LIST).others] == ["乙"]
    else:
        with pytest.raises(FileRejected, match="工作表「乙」"):
            locate(sheets, LIST)


def test_a_hidden_sheet_of_the_feed_is_asked_about_others_are_not() -> None:
    with pytest.raises(FileRejected, match="隐藏的工作表「乙」"):
        locate([sheet("甲", HEAD), sheet("乙", HEAD, hidden=True)], LIST)
    hidden = sheet("选项", ("低保",), hidden=True)
    assert locate([sheet("甲", HEAD), hidden], LIST).others == (hidden,)


@pytest.mark.parametrize("name", FEEDS)
def test_every_feed_is_recognised_among_all_of_its_department(name: str) -> None:
    contract = FEEDS[name]
    own = [c for c in FEEDS.values() if c.source == contract.source]
    found, at = recognise([sheet("表", tuple(c.header for c in contract.columns))], own)
    assert (found.name, at.others, at.unknown) == (name, (), ())
    assert isinstance(at, Located)


def test_a_worksheet_is_told_without_a_number() -> None:
    """Whatever is said of it: that there are two feeds, that it is hidden, that a column is missing."""
    number = "410102196503010018"
    masked = "工作表「410102********0018」"
    for sheets in (
        [sheet("甲", HEAD), sheet(number, PAY_HEAD)],
        [sheet("甲", PAY_HEAD), sheet(number, PAY_HEAD, hidden=True)],
        [sheet(number, PAY_HEAD[:3])],
        [sheet(number, PAY_HEAD[:2], (number, "1"), PAY_HEAD)],
    ):
        _, text = refused(sheets, LIST, PAY)
        assert masked in text
        assert number not in text
