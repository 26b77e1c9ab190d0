"""The workbooks of a month: 监测对象汇总表, 县村排名, 调研抽样名单, 部门数据质量评分, each with its 编制说明 sheet.

Same edition, same bytes: document properties are fixed and no clock is read. Text is always written as text, so that
no cell can become a formula or a link. Does not belong here: any figure.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fangpin.month import end
from fangpin.quality import LATE
from fangpin.reports import tables
from fangpin.reports.asset_tables import sheets as asset_sheets
from fangpin.reports.coverage_tables import sheets as coverage_sheets
from fangpin.reports.criterion_tables import sheets as criterion_sheets
from fangpin.reports.edition import ORGANISATION, Edition, definitions
from fangpin.reports.elimination_tables import sheets as elimination_sheets
from fangpin.reports.field_checks import sheets as field_sheets
from fangpin.reports.line_tables import sheets as line_sheets
from fangpin.reports.place_tables import summary_sheets
from fangpin.reports.quality_tables import sheets as quality_sheets
from fangpin.reports.ranking_tables import sheets as ranking_sheets
from fangpin.reports.sampling import sheets as sample_sheets
from fangpin.reports.tables import Column, HeaderCell, Table, header_cells
from fangpin.reports.topic_tables import sheets as topic_sheets

SUMMARY, RANKINGS, SAMPLE = "监测对象汇总表.xlsx", "县村排名.xlsx", "调研抽样名单.xlsx"
QUALITY = "部门数据质量评分.xlsx"
LINE, CRITERION = "监测标准测算.xlsx", "刚性支出口径比较.xlsx"
COVERAGE, ASSETS, ELIMINATION = "监测对象范围测算.xlsx", "家庭资产清单测算.xlsx", "风险消除口径比较.xlsx"
TOPIC_DATA = "专题调研数据包.xlsx"
FIELD = "实地核查建议名单.xlsx"

_TITLE_FONT, _HEADER_FONT, _BODY_FONT = "方正小标宋简体", "黑体", "仿宋"
_NUMBER_FORMATS = {
    tables.COUNT: "#,##0",
    tables.CHANGE: "+#,##0;-#,##0;0",
    tables.SHARE: "0.0%",
    tables.FINE_SHARE: "0.000%",
    tables.DECIMAL: "#,##0.0",
    tables.FINE: "#,##0.000",
    tables.PROBABILITY: '[<0.001]"<0.001";0.000',
    tables.RANK: "0",
}
_ONE_PAGE = 30  # a list of so few rows is printed on one page
_ROW, _LOW_ROW = 18, 15  # points
_UPRIGHT = 130  # a table of so few characters across is printed upright
_LONG_TABLE = 3  # pages of a dense upright table
_WRAPPED = (tables.LONG, tables.TEXT)
_LEFT = (tables.TEXT, tables.LONG, tables.CODE)


def workbooks(edition: Edition) -> dict[str, bytes]:
    """File name -> bytes of every workbook."""
    return {name: workbook(edition, name) for name in _sheets_of()}


def workbook(edition: Edition, name: str) -> bytes:
    """The bytes of one workbook."""
    return _workbook(edition, name.removesuffix(".xlsx"), _sheets_of()[name](edition))


def _sheets_of() -> dict[str, Callable[[Edition], list[tuple[str, Table]]]]:
    return {
        SUMMARY: summary_sheets,
        RANKINGS: ranking_sheets,
        SAMPLE: sample_sheets,
        QUALITY: quality_sheets,
        LINE: line_sheets,
        CRITERION: criterion_sheets,
        COVERAGE: _organised(coverage_sheets),
        ASSETS: _organised(asset_sheets),
        ELIMINATION: _organised(elimination_sheets),
        TOPIC_DATA: topic_sheets,
        FIELD: field_sheets,
    }


def _organised(sheets: Callable[[Edition], list[tuple[str, Table]]]) -> Callable[[Edition], list[tuple[str, Table]]]:
    """The sheets of a page's own tables, with the organisation in their titles."""
    return lambda edition: [(name, replace(table, title=ORGANISATION + table.title)) for name, table in sheets(edition)]


def _workbook(edition: Edition, subject: str, sheets: Sequence[tuple[str, Table]]) -> bytes:
    buffer = io.BytesIO()
    book = Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties(
        {
            "title": f"{edition.month_title}{subject}",
            "subject": subject,
            "category": edition.month,
            "comments": f"政策版本 {edition.policy_version}，{edition.number}",
            "created": dt.datetime.combine(end(edition.month), dt.time()),
        }
    )
    book.set_custom_property("template_id", f"fangpin/{subject}")
    styles = _Styles(book)
    for name, table in sheets:
        _write_sheet(book.add_worksheet(name), table, edition, styles)
    _write_notes(book.add_worksheet("编制说明"), edition, subject, styles)
    book.close()
    return buffer.getvalue()


class _Styles:
    """The formats of one workbook, made once each."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._cells: dict[tuple[str, bool], Format] = {}
        self._states: dict[str, Format] = {}
        self.title = book.add_format(
            {"font_name": _TITLE_FONT, "font_size": 18, "align": "center", "valign": "vcenter"}
        )
        self.plain = book.add_format({"font_name": _BODY_FONT, "font_size": 10.5, "valign": "vcenter"})
        self.right = book.add_format(
            {"font_name": _BODY_FONT, "font_size": 10.5, "align": "right", "valign": "vcenter"}
        )
        self.note = book.add_format(
            {"font_name": _BODY_FONT, "font_size": 10.5, "text_wrap": True, "valign": "top", "align": "left"}
        )
        self.header = book.add_format(
            {
                "font_name": _HEADER_FONT,
                "font_size": 10.5,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "border": 1,
                "bg_color": "#F2EFE9",
            }
        )
        self.head = book.add_format(
            {"font_name": _HEADER_FONT, "font_size": 12, "valign": "vcenter", "bottom": 1, "font_color": "#7A1F1A"}
        )

    def cell(self, kind: str, strong: bool) -> Format:
        """Format of a body cell of a kind; strong: a total."""
        if (kind, strong) not in self._cells:
            properties: dict[str, object] = {
                "font_name": _HEADER_FONT if strong else _BODY_FONT,
                "font_size": 10.5,
                "border": 1,
                "valign": "vcenter",
                "align": "left" if kind in _LEFT else "center" if kind in (tables.FLAG, tables.RANK) else "right",
            }
            if kind in _NUMBER_FORMATS:
                properties["num_format"] = _NUMBER_FORMATS[kind]
            if kind == tables.CODE:
                properties["num_format"] = "@"
            if kind in _LEFT:
                properties["indent"] = 0 if kind == tables.CODE else 1
            if kind in _WRAPPED:
                properties["text_wrap"] = True
            if strong:
                properties["bg_color"] = "#FAF8F4"
            self._cells[kind, strong] = self._book.add_format(properties)
        return self._cells[kind, strong]

    def state(self, state: str) -> Format:
        """Format of a cell coloured by what it says."""
        if state not in self._states:
            self._states[state] = self._book.add_format(
                {
                    "font_name": _BODY_FONT,
                    "font_size": 10.5,
                    "border": 1,
                    "valign": "vcenter",
                    "align": "center",
                    "bg_color": tables.COLOURS[state],
                    "num_format": '"迟"#,##0' if state == LATE else "#,##0",
                }
            )
        return self._states[state]


def _page(sheet: Worksheet, edition: Edition) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    small = f'&"{_BODY_FONT}"&9 '  # the space keeps a leading digit of the text out of the font size
    left, right = f"{edition.month_title} {edition.number}", "内部资料"
    sheet.set_footer(f"&L{small}{left}&C{small}第 &P 页 共 &N 页&R{small}{right}")


def _write_sheet(sheet: Worksheet, table: Table, edition: Edition, styles: _Styles) -> None:
    _page(sheet, edition)
    sheet.set_default_row(_LOW_ROW if table.dense else _ROW)
    columns, last = table.columns, len(table.columns) - 1
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    sheet.set_row(0, 34)
    sheet.merge_range(0, 0, 0, last, table.title, styles.title)
    sheet.set_row(1, 18)
    sheet.write_string(1, 0, f"截止日期：{edition.as_of}", styles.plain)
    sheet.write_string(1, last, f"单位：{table.unit}", styles.right)
    header = header_cells(columns)
    wide = sum(column.width for column in columns)
    top = 2
    for line in table.lead:
        sheet.merge_range(top, 0, top, last, line, styles.note)
        sheet.set_row(top, 4 + 14 * _lines(line, wide))
        top += 1
    for cells in header:
        for cell in cells:
            first, final = top + cell.row, top + cell.row + cell.height - 1
            if cell.height == cell.width == 1:
                sheet.write_string(first, cell.column, cell.text, styles.header)
            else:
                right = cell.column + cell.width - 1
                sheet.merge_range(first, cell.column, final, right, cell.text, styles.header)
        tall = max((_lines(cell.text, _across(columns, cell) + 2) for cell in cells if cell.height == 1), default=1)
        sheet.set_row(top + cells[0].row if cells else top, 6 + 14 * tall)
    body = top + len(header)
    frozen = sum(c.kind in (tables.RANK, tables.TEXT) for c in columns[:3])
    sheet.freeze_panes(body, frozen)
    sheet.repeat_rows(top, body - 1)
    folded = table.rows[table.folded].to_list() if table.folded else [False] * table.rows.height
    sheet.outline_settings(True, False)  # the sign stands above what is folded
    for number, values in enumerate(table.rows.select([c.key for c in columns]).iter_rows()):
        wrapped = [_lines(str(v), c.width) for c, v in zip(columns, values, strict=True) if c.kind in _WRAPPED]
        lines = max(wrapped, default=1)
        options = {"level": 1, "hidden": True} if folded[number] else {}
        if any(folded[number + 1 : number + 2]) and not folded[number]:
            options["collapsed"] = True
        if lines > 1 or options:
            sheet.set_row(body + number, 4 + 14 * lines if lines > 1 else None, None, options)
        for index, (column, value) in enumerate(zip(columns, values, strict=True)):
            if column.kind == tables.STATE:
                _write_state(sheet, body + number, index, value, styles)
                continue
            kind = column.kind
            if kind == tables.FIGURE:
                kind, value = value["kind"], value["number"]
            style = styles.cell(kind, number < table.emphasis)
            if isinstance(value, bool) or value is None or kind not in _NUMBER_FORMATS:
                blank = kind == tables.RANK and value is None
                sheet.write_string(body + number, index, "" if blank else tables.shown(kind, value), style)
            else:
                sheet.write_number(body + number, index, value, style)
    foot = body + table.rows.height
    for line in (*table.notes, *edition.warned()):
        sheet.merge_range(foot, 0, foot, last, f"注：{line}", styles.note)
        sheet.set_row(foot, 4 + 14 * _lines(f"注：{line}", wide))
        foot += 1
    _write_signatures(sheet, foot, last, styles)
    sheet.print_area(0, 0, foot, last)
    if table.dense and wide <= _UPRIGHT:
        sheet.set_portrait()
        sheet.fit_to_pages(1, _LONG_TABLE)
    if table.rows.height <= _ONE_PAGE:
        sheet.fit_to_pages(1, 1)


def _across(columns: Sequence[Column], cell: HeaderCell) -> float:
    """Characters a header cell has room for."""
    return sum(column.width for column in columns[cell.column : cell.column + cell.width])


def _write_state(sheet: Worksheet, row: int, column: int, value: Mapping[str, Any], styles: _Styles) -> None:
    style = styles.state(value["state"])
    if value["number"] is None:
        sheet.write_string(row, column, value["text"], style)
    else:
        sheet.write_number(row, column, value["number"], style)


def _lines(text: str, width: float) -> int:
    """Lines a text takes in a column: a Chinese character is as wide as two others."""
    taken = sum(1 if ord(character) < 0x2000 else 2 for character in text)
    return max(1, math.ceil(taken / (width - 2)))


def _write_signatures(sheet: Worksheet, row: int, last: int, styles: _Styles) -> None:
    sheet.set_row(row, 26)
    for index, label in enumerate(("填报人：", "审核人：", "日期：        年    月    日")):
        sheet.write_string(row, index * (last + 1) // 3, label, styles.plain)


def _write_notes(sheet: Worksheet, edition: Edition, subject: str, styles: _Styles) -> None:
    """编制说明: what the figures mean, which policy and data they rest on, and what to beware of."""
    _page(sheet, edition)
    for index, width in enumerate((20, 24, 9, 11, 10, 9, 66)):
        sheet.set_column(index, index, width)
    sheet.set_row(0, 34)
    sheet.merge_range(0, 0, 0, 6, f"{subject}编制说明", styles.title)
    row = 1
    row = _section(sheet, row, "一、版本", tables.versions(edition), styles)
    row = _section(sheet, row, "二、口径", definitions(edition), styles)
    warnings = tuple((f"提示{i}", text) for i, text in enumerate(edition.warned(), start=1)) or (("提示", "无"),)
    row = _section(sheet, row, "三、提示", warnings, styles)
    _write_batches(sheet, row, edition, styles)


def _section(sheet: Worksheet, row: int, title: str, lines: Sequence[tuple[str, str]], styles: _Styles) -> int:
    sheet.set_row(row, 24)
    sheet.merge_range(row, 0, row, 6, title, styles.head)
    for label, text in lines:
        row += 1
        sheet.write_string(row, 0, label, styles.cell(tables.TEXT, strong=True))
        sheet.merge_range(row, 1, row, 6, text, styles.cell(tables.LONG, strong=False))
        sheet.set_row(row, 4 + 14 * _lines(text, 129))  # the six columns the text stands in
    return row + 1


def _write_batches(sheet: Worksheet, row: int, edition: Edition, styles: _Styles) -> None:
    """四、数据批次: every feed with its counts, and the content hash of every delivered file."""
    sheet.set_row(row, 24)
    sheet.merge_range(row, 0, row, 6, "四、数据批次（文件以内容的 SHA-256 值识别）", styles.head)
    row += 1
    for index, text in enumerate(("数据名称", "报送部门", "文件数", "接收行数", "退回行数", "匹配率", "文件 SHA-256")):
        sheet.write_string(row, index, text, styles.header)
    kinds = (tables.TEXT, tables.TEXT, tables.COUNT, tables.COUNT, tables.COUNT, tables.SHARE)
    hashes = {feed: [f.sha256 for f in edition.files if f.feed == feed] for feed in {f.feed for f in edition.files}}
    keys = ["feed", "delivery_state", "title", "source", "files", "accepted", "quarantined", "match_rate"]
    for feed, state, *values in edition.frame("mart.feed_quality").select(keys).sort("feed").iter_rows():
        row += 1
        for index, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            style = styles.cell(kind, strong=False)
            if kind in _NUMBER_FORMATS and value is not None:
                sheet.write_number(row, index, value, style)
            else:
                sheet.write_string(row, index, tables.shown(kind, value), style)
        listed = hashes.get(feed, [])
        sheet.write_string(row, 6, "\n".join(listed) or state, styles.cell(tables.LONG, strong=False))
        sheet.set_row(row, 15 * max(1, len(listed)) + 3)
