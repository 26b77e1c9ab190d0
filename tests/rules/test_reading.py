"""Bytes to cells: encodings, line ends, ragged rows and worksheets, every row numbered as the file has it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.errors import FileRejected
from fangpin.intake import header, reading
from fangpin.intake.blocks import Block, Ragged
from fangpin.intake.reading import text as delimited
from fangpin.intake.reading import workbook as worksheets
from tests.intake_corpus.writers import Tab, by_hand, by_openpyxl, by_xlsxwriter, inline

COLUMNS: list[Any] = [
    SimpleNamespace(name=n, header=h, kind=k, mandatory=True, required=True, synonyms=(), codes=())
    for n, h, k in [("name", "姓名", "text"), ("number", "证件号码", "id_number"), ("month", "月份", "month")]
]
KINDS = {column.name: column.kind for column in COLUMNS}


def cells(block: Block, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(block.cells[name].to_pylist() for name in names), strict=True))


def read(path: Path) -> tuple[list[tuple[Any, ...]], list[Ragged], int]:
    """(source_row and cells, ragged rows, last row) of a file with the header 姓名, 证件号码, 月份."""
    facts = reading.survey(path)
    found = [(s, h) for s in reading.sheets(path, facts) if (h := header.find(s.top, COLUMNS))]
    rows, ragged, last = [], [], found[0][1].row
    for block in reading.blocks(path, facts, found[:1], KINDS):
        rows += cells(block, "source_row", "name", "number", "month")
        ragged += block.ragged
        last = block.end
    return rows, ragged, last


def csv_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


TEXT = "姓名,证件号码,月份\n张三,1,202110\n𠮷田,2,202110\n"


@pytest.mark.parametrize(
    ("encoding", "seen"),
    [("utf-8", "utf8"), ("utf-8-sig", "utf8"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_the_ladder_of_encodings(tmp_path: Path, encoding: str, seen: str) -> None:
    path = csv_file(tmp_path, TEXT, encoding)
    assert reading.survey(path).encoding == seen
    rows, ragged, last = read(path)
    assert rows == [(2, "张三", "1", "202110"), (3, "𠮷田", "2", "202110")]
    assert (ragged, last) == ([], 3)


def test_bytes_of_no_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,证件号码,月份\n".encode("gb18030") + b"\xff\xff,1,2\n")
    with pytest.raises(FileRejected, match="GB18030"):
        read(path)


@pytest.mark.parametrize("name", ["a.xls", "a.et", "a.xlsm", "a.pdf", "a"])
def test_other_kinds_of_file_are_refused_with_what_to_save_as(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"anything")
    with pytest.raises(FileRejected, match="另存为"):
        reading.survey(tmp_path / name)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(FileRejected, match="xlsx"):
        reading.sheets(path, reading.survey(path))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
def test_line_ends(tmp_path: Path, end: str, last: str) -> None:
    text = "题目\n姓名,证件号码,月份\n张三,1,202110\n\n李四,2,202110".replace("\n", end) + (end if last else "")
    path = csv_file(tmp_path, text)
    assert reading.survey(path).lines == 5
    rows, _, last_row = read(path)
    assert rows == [(3, "张三", "1", "202110"), (4, None, None, None), (5, "李四", "2", "202110")]
    assert last_row == 5


def test_ragged_rows_keep_their_number_and_text(tmp_path: Path) -> None:
    text = "姓名,证件号码,月份\n张三,1,202110\n李四,2\n王五,3,202110\n赵六,4,202110,多\n钱七,5,202110\n合计\n"
    rows, ragged, last = read(csv_file(tmp_path, text))
    assert [r[0] for r in rows] == [2, 4, 6]
    assert ragged == [
        Ragged(3, ("李四", "2")),
        Ragged(5, ("赵六", "4", "202110", "多")),
        Ragged(7, ("合计",)),
    ]
    assert last == 7


def test_quoted_cells_may_hold_commas_and_line_breaks(tmp_path: Path) -> None:
    text = '"姓\n名",证件号码,月份\n"张,三",1,202110\n"李\n四",2,202110\n王五,3\n'
    rows, ragged, last = read(csv_file(tmp_path, text))
    assert rows == [(2, "张,三", "1", "202110"), (3, "李\n四", "2", "202110")]
    assert (ragged, last) == ([Ragged(4, ("王五", "3"))], 4)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_two_stray_quotes_hold_the_rows_between_them(tmp_path: Path, line_end: str) -> None:
    text = '姓名,证件号码,月份\n"张三,1,202110\n李四,2,202110\n"王五,3,202110\n'
    with pytest.raises(FileRejected, match="第2行有一个引号没有成对"):
        read(csv_file(tmp_path, text.replace("\n", line_end)))


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    rows, _, _ = read(csv_file(tmp_path, TEXT.replace(",", delimiter)))
    assert rows[0] == (2, "张三", "1", "202110")


def test_only_a_header(tmp_path: Path) -> None:
    for text in ("姓名,证件号码,月份\n", "姓名,证件号码,月份"):
        assert read(csv_file(tmp_path, text)) == ([], [], 1)


def test_rows_are_numbered_across_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BATCH_BYTES", 1 << 10)
    monkeypatch.setattr(delimited, "BLOCK_ROWS", 100)
    lines = [f"张三,{n},202110" if n % 97 else f"李四,{n}" for n in range(2, 3000)]
    rows, ragged, last = read(csv_file(tmp_path, "姓名,证件号码,月份\n" + "\n".join(lines) + "\n"))
    assert {(row, number) for row, _, number, _ in rows} == {(n, str(n)) for n in range(2, 3000) if n % 97}
    assert [(r.row, r.cells[1]) for r in ragged] == [(n, str(n)) for n in range(2, 3000) if n % 97 == 0]
    assert last == 2999


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(
        st.sampled_from(["张三,1,202110", "", "李四,2", "王五,3,4,5", "\u3000,,", ",,", "𠮷,6,202110"]), max_size=40
    ),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    closed=st.booleans(),
)
def test_every_line_is_a_row_or_ragged(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str, encoding: str, closed: bool
) -> None:
    text = end.join(["姓名,证件号码,月份", *lines]) + (end if closed or (lines and not lines[-1]) else "")
    rows, ragged, last = read(csv_file(tmp_path_factory.mktemp("csv"), text, encoding))
    assert sorted([r[0] for r in rows] + [r.row for r in ragged]) == list(range(2, len(lines) + 2))
    assert last == len(lines) + 1
    assert [r.row for r in ragged] == [n for n, line in enumerate(lines, start=2) if line and line.count(",") != 2]


def workbook(path: Path, rows: list[list[Any]], sheets: tuple[str, ...] = ("Sheet1",)) -> Path:
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name in sheets:
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(r, c, value, day)
                elif value is not None:
                    sheet.write(r, c, value)
    book.close()
    return path


def test_a_worksheet_keeps_rows_and_the_kind_of_its_cells(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            [None, "名单"],
            [None],
            [None, "姓名", "证件号码", "月份"],
            [None, "张三", "11010519491231002X", 202110],
            [None],
            [None, "李四", 110105194912310021, dt.date(2021, 10, 5)],
            [None, True, 12.5, "2021年10月"],
        ],
    )
    facts = reading.survey(path)
    sheet = reading.sheets(path, facts)[0]
    heading = header.find(sheet.top, COLUMNS)
    assert heading is not None and heading.row == 3
    (block,) = reading.blocks(path, facts, [(sheet, heading)], KINDS)
    assert cells(block, "source_row", "name", "month") == [
        (4, "张三", "202110"),
        (5, None, None),
        (6, "李四", "2021-10-05"),
        (7, "是", "2021年10月"),
    ]
    assert block.cells["number"][0].as_py() == "11010519491231002X"
    assert block.typed_number["number"].to_pylist() == [False, False, True, True]
    assert block.typed_number["month"].to_pylist() == [True, False, False, False]
    assert block.end == 7


def test_a_workbook_is_parsed_once_for_its_sheets_and_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", [["姓名", "证件号码", "月份"], ["张三", "1", "202110"]], ("甲", "乙"))
    opened: list[int] = []
    parse = worksheets.CalamineWorkbook.from_filelike
    counted = SimpleNamespace(from_filelike=lambda data: (opened.append(1), parse(data))[1])
    monkeypatch.setattr(worksheets, "CalamineWorkbook", counted)
    read(path)
    assert len(opened) == 1
    read(path)
    assert len(opened) == 2


@given(
    st.lists(
        st.one_of(
            st.floats(allow_nan=False, allow_infinity=False),
            st.integers(-(10**9), 10**9).map(float),
            st.integers(-(10**6), 10**6).map(lambda n: n / 100),
            st.just(""),
        )
    )
)
def test_numbers_become_text_at_once_as_one_by_one(values: list[Any]) -> None:
    texts = worksheets._texts(values).to_pylist()
    assert texts == [worksheets._text(value) for value in values]
    assert [None if text is None else float(text) for text in texts] == [None if v == "" else v for v in values]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (202110.0, "202110"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "0.0000001"),
        (1e20, "100000000000000000000"),
        (True, "是"),
        (False, "否"),
        (dt.date(2021, 10, 5), "2021-10-05"),
        (dt.datetime.fromisoformat("2021-10-05"), "2021-10-05"),
        (dt.datetime.fromisoformat("2021-10-05 06:30"), "2021-10-05 06:30:00"),
        (dt.time(6, 30), "06:30:00"),
        ("00123", "00123"),
        ("", None),
    ],
)
def test_the_text_of_a_worksheet_s_cell(value: Any, text: str | None) -> None:
    assert worksheets._texts([value]).to_pylist() == [text]
    assert worksheets._texts([value, "x", True]).to_pylist()[0] == text


def test_the_top_shows_rows_below_the_lowest_header(tmp_path: Path) -> None:
    rows = [["名单"]] * 19 + [["姓名", "证件号码", "月份"]] + [["张三", str(n), "202110"] for n in range(30)]
    for path in (
        csv_file(tmp_path, "\n".join(",".join(row + [""] * (3 - len(row))) for row in rows)),
        workbook(tmp_path / "a.xlsx", rows),
    ):
        (sheet,) = reading.sheets(path, reading.survey(path))
        heading = header.find(sheet.top, COLUMNS, sheet.merged)
        assert heading is not None
        assert [row[1] for row in sheet.top[heading.row :]] == [str(n) for n in range(20)]


def hidden(path: Path, write: Any) -> list[tuple[int, ...]]:
    write(path)
    return [sheet.hidden_columns for sheet in reading.sheets(path, reading.survey(path))]


def test_hidden_columns_are_known(tmp_path: Path) -> None:
    two = [Tab([["甲", "乙"]], name="a&b", hidden_columns="B:C"), Tab([["甲"]], name="丙")]
    assert hidden(tmp_path / "a.xlsx", by_xlsxwriter(two)) == [(1, 2), ()]
    assert hidden(tmp_path / "b.xlsx", by_openpyxl(two)) == [(1, 2), ()]
    cols = '<cols><col min="1" max="1" hidden="0"/><col min="3" max="4" hidden="true"/><col hidden="1"/></cols>'
    assert hidden(tmp_path / "c.xlsx", by_hand(inline([["甲"]]), before=cols)) == [(2, 3)]
    assert hidden(tmp_path / "d.xlsx", by_hand(inline([['<col min="1" hidden="1"/>']]))) == [()]
