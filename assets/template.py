"""The workbook a department fills in: made straight from the feed's contract, the same contract always the same bytes.

填报表 to fill in, 填报说明 to read, and two hidden sheets: 选项 (the lists behind the cells) and 填报信息, which names
the contract it was made from. Text is written as text. Does not belong here: what is said of a column (filling.py).
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from assets import filling
from assets.filling import Filled
from assets.template_id import ABOUT, GUIDE, LISTS, TEMPLATE_ID, template_id
from checks.feed import DELIVERY_KINDS, FeedContract
from fangpin.errors import FangpinError
from fangpin.intake.written import FIRST_DAY, LAST_DAY
from fangpin.month import end, parse
from fangpin.policy import Policy

FORM = "填报表"

_TITLE_FONT, _HEADER_FONT, _BODY_FONT = "方正小标宋简体", "黑体", "仿宋"
_HEADER_ROW, _FIRST_ROW, _LAST_ROW = 2, 3, 1_048_575
_WIDTHS = {
    **{"id_number": 23.0, "household_no": 20.0, "village_code": 16.0, "phone": 15.0, "text": 18.0},
    **{"name": 11.0, "money": 13.0, "date": 13.0, "month": 10.0, "yesno": 8.0, "integer": 8.0, "number": 11.0},
}
_PAGE = 150.0
"""Widths of columns that a landscape A4 page takes without becoming too small to read."""
_LARGEST = 1e12
_GUIDE = (
    *(("序号", 5.0), ("列名", 26.0), ("填报要求", 11.0), ("类型", 10.0), ("单位", 8.0)),
    *(("怎么填", 44.0), ("可选项", 32.0), ("示例", 22.0), ("说明", 26.0)),
)


def template(contract: FeedContract, policy: Policy, month: str | None = None) -> bytes:
    """The workbook, for any month or for one: then its title, deadline and examples name the month."""
    shown = month or str(policy.parameter("calendar.first_month").values[-1].value)
    columns = filling.columns(contract, shown)
    buffer = io.BytesIO()
    book = Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    title = f"{_title_of_month(month)}{contract.title}"
    book.set_properties(
        {"title": title, "subject": "填报模板", "created": dt.datetime.combine(end(shown), dt.time())},
    )
    book.set_custom_property("template_id", template_id(contract))
    styles = _Styles(book)
    form, guide, lists, about = (book.add_worksheet(name) for name in (FORM, GUIDE, LISTS, ABOUT))
    _write_form(form, title, columns, _write_lists(lists, columns), styles)
    _write_guide(guide, title, contract, policy, month, shown, columns, styles)
    _write_about(about, contract, month)
    book.close()
    return buffer.getvalue()


def write_template(contract: FeedContract, policy: Policy, month: str | None, path: Path | None) -> Path:
    """Write the template, by default into the current folder under a name that says what it is; where it lies.

    A file that is there already is left alone: it may have been filled in.
    """
    made = template(contract, policy, month)
    named = "_".join(part for part in ("填报模板", contract.source, contract.title, month) if part)
    path = path if path is not None else Path(f"{named}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise FangpinError(f"模板是 .xlsx 工作簿，不能写成 {path}：请用 --output 给出以 .xlsx 结尾的文件名。")
    try:
        if path.is_file() and path.read_bytes() == made:
            return path
        with path.open("xb") as file:
            file.write(made)
    except FileExistsError:
        raise FangpinError(
            f"{path} 已经有了，内容不同，可能已经填过：没有覆盖。请移走它，或用 --output 另写。"
        ) from None
    except OSError as error:
        raise FangpinError(f"写不了 {path}：文件夹不存在或没有写入权限。请用 --output 写到别处。") from error
    return path


def _title_of_month(month: str | None) -> str:
    if month is None:
        return ""
    year, number = parse(month)
    return f"{year}年{number}月"


class _Styles:
    """The formats of one template."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.title = self._made(_TITLE_FONT, 18, valign="vcenter")
        self.note = self._made(_BODY_FONT, 10.5, valign="vcenter", text_wrap=True)
        self.head = self._made(_HEADER_FONT, 12, valign="vcenter", bottom=1, font_color="#7A1F1A")
        self.text = self._made(_BODY_FONT, 10.5, valign="vcenter", text_wrap=True, border=1, num_format="@")
        self.required = self._header("#9C1C1C")
        self.optional = self._header("#333333")

    def _made(self, font: str, size: float, **properties: Any) -> Format:
        return self._book.add_format({"font_name": font, "font_size": size, **properties})

    def _header(self, colour: str) -> Format:
        return self._made(
            *(_HEADER_FONT, 10.5),
            **{"align": "center", "valign": "vcenter", "text_wrap": True, "border": 1},
            **{"bg_color": "#F2EFE9", "font_color": colour, "num_format": "@"},
        )

    def cell(self, kind: str) -> Format:
        """Format of the cells to fill in of a kind."""
        number = {"date": "yyyy-mm-dd", "money": "#,##0.00", "integer": "0", "number": "0.00"}.get(kind, "@")
        align = "right" if kind in ("money", "integer", "number") else "left"
        return self._made(_BODY_FONT, 10.5, valign="vcenter", border=1, num_format=number, align=align)


def _page(sheet: Worksheet, title: str, pages: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.8)
    sheet.fit_to_pages(pages, 0)
    small = f'&"{_BODY_FONT}"&9 '  # the space keeps a leading digit of the text out of the font size
    sheet.set_footer(
        f"&L{small}{title}　填报单位（盖章）：&C{small}第 &P 页 共 &N 页&R{small}填报人：　　　　审核人：　　　　日期："
    )


def _width(filled: Filled) -> float:
    """Room for what is written, and for the header in three lines."""
    widest = max((len(option) for option in filled.options), default=0)
    return max(
        _WIDTHS.get(filled.column.kind, 10.0), 2.0 * widest + 4, 2.0 * math.ceil(len(filled.column.header) / 3) + 3
    )


def _write_form(
    sheet: Worksheet, title: str, columns: Sequence[Filled], lists: dict[tuple[str, ...], str], styles: _Styles
) -> None:
    widths = [_width(filled) for filled in columns]
    _page(sheet, title, math.ceil(sum(widths) / _PAGE))
    wide = next((n for n in range(1, len(widths)) if sum(widths[: n + 1]) > _PAGE / 2), len(widths) - 1)
    sheet.set_row(0, 34, styles.note)
    _across(sheet, 0, wide, title, styles.title)
    note = "红字的列必填。从第4行起填写，一行一条；列名不要改动。每一列的写法见“填报说明”，点住格子也有提示。"
    sheet.set_row(1, 4 + 14 * _lines(note, sum(widths[: wide + 1])), styles.note)
    _across(sheet, 1, wide, note, styles.note)
    sheet.set_row(_HEADER_ROW, 6 + 14 * max(_lines(f.column.header, w) for f, w in zip(columns, widths, strict=True)))
    for index, (filled, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(index, index, width, styles.cell(filled.column.kind))
        style = styles.required if filled.column.required else styles.optional
        sheet.write_string(_HEADER_ROW, index, filled.column.header, style)
        sheet.data_validation(_FIRST_ROW, index, _LAST_ROW, index, _validation(filled, index, lists))
    sheet.freeze_panes(_FIRST_ROW, 0)
    sheet.repeat_rows(_HEADER_ROW)


def _across(sheet: Worksheet, row: int, last: int, text: str, style: Format) -> None:
    if last == 0:
        sheet.write_string(row, 0, text, style)
    else:
        sheet.merge_range(row, 0, row, last, text, style)


def _lines(text: str, width: float) -> int:
    """Lines a text takes in a column: a Chinese character is as wide as two others."""
    taken = sum(1 if ord(character) < 0x2000 else 2 for character in text)
    return max(1, math.ceil(taken / (width - 2)))


def _validation(filled: Filled, index: int, lists: dict[tuple[str, ...], str]) -> dict[str, Any]:
    """What Excel and WPS show when a cell is chosen, and refuse or question when it is filled in."""
    column = filled.column
    said = {
        "input_title": column.header[:32],
        "input_message": f"{filled.demand}。{filled.how}"[:255],
        "error_title": "填写有误",
        "error_message": f"{column.header}：{filled.how}"[:255],
        "ignore_blank": True,
    }
    low, high = filled.bounds
    if filled.options:
        return said | {"validate": "list", "source": lists[filled.options]}
    if column.kind == "date":
        return said | {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
    if column.kind in ("money", "integer", "number"):
        return said | {
            "validate": "integer" if column.kind == "integer" else "decimal",
            "criteria": "between",
            "minimum": -_LARGEST if low is None else low,
            "maximum": _LARGEST if high is None else high,
        }
    cell = f"{xl_col_to_name(index)}{_FIRST_ROW + 1}"
    shape = {
        "id_number": f"OR(LEN({cell})=15,LEN({cell})=18,LEN({cell})=20,LEN({cell})=22)",
        "village_code": f"AND(LEN({cell})=12,ISNUMBER(VALUE({cell})))",
        "month": f"AND(LEN({cell})=6,ISNUMBER(VALUE({cell})))",
    }.get(column.kind)
    if shape is None:
        return said | {"validate": "any"}
    return said | {"validate": "custom", "value": f"={shape}", "error_type": "warning"}


def _write_lists(sheet: Worksheet, columns: Sequence[Filled]) -> dict[tuple[str, ...], str]:
    """Options -> where they stand, a column for each list that occurs."""
    found: dict[tuple[str, ...], str] = {}
    for filled in columns:
        if filled.options and filled.options not in found:
            letter = xl_col_to_name(len(found))
            for row, option in enumerate(filled.options):
                sheet.write_string(row, len(found), option)
            found[filled.options] = f"={LISTS}!${letter}$1:${letter}${len(filled.options)}"
    sheet.hide()
    return found


def _write_guide(
    sheet: Worksheet,
    title: str,
    contract: FeedContract,
    policy: Policy,
    month: str | None,
    shown: str,
    columns: Sequence[Filled],
    styles: _Styles,
) -> None:
    _page(sheet, title, 1)
    last = len(_GUIDE) - 1
    for index, (_, width) in enumerate(_GUIDE):
        sheet.set_column(index, index, width)
    sheet.set_row(0, 34)
    _across(sheet, 0, last, f"{title}填报说明", styles.title)
    row = 1
    asked = (
        ("报送部门", contract.source),
        ("报送方式", DELIVERY_KINDS[contract.delivery]),
        ("报送期限", filling.deadline(policy, month, shown)),
        ("放在哪里", f"收件目录/{month or '<月份>'}/{contract.source}/，文件名不限，只填一份"),
        ("报送前自查", f"fangpin check 文件 --feed {contract.name} --month {month or '<月份>'}"),
    )
    row = _write_section(sheet, row, "一、报送", asked, styles)
    row = _write_section(
        sheet, row, "二、规则", [(f"规则{n}", text) for n, text in enumerate(filling.rules(contract), start=1)], styles
    )
    made_up = "示例均为虚构，不指任何人：证件号码由行政区划代码、110年前的1月1日和顺序码001算出，只为说明写法。"
    row = _write_section(sheet, row, "三、各列", [("示例", made_up)], styles)
    for index, (name, _) in enumerate(_GUIDE):
        sheet.write_string(row, index, name, styles.optional)
    sheet.repeat_rows(row)
    for number, filled in enumerate(columns, start=1):
        row += 1
        column = filled.column
        also = f"列名也可写作：{'、'.join(column.synonyms)}。" if column.synonyms else ""
        note = "" if column.description == column.header else f"{column.description.rstrip('。')}。"
        cells = (
            *(str(number), column.header, filled.demand, filled.title, column.unit, filled.how),
            *("、".join(filled.options), filled.example, note + also),
        )
        sheet.set_row(row, 4 + 14 * max(_lines(text, width) for text, (_, width) in zip(cells, _GUIDE, strict=True)))
        for index, text in enumerate(cells):
            sheet.write_string(row, index, text, styles.text)


def _write_section(sheet: Worksheet, row: int, heading: str, lines: Sequence[tuple[str, str]], styles: _Styles) -> int:
    last = len(_GUIDE) - 1
    sheet.set_row(row, 24)
    _across(sheet, row, last, heading, styles.head)
    for label, text in lines:
        row += 1
        sheet.merge_range(row, 0, row, 1, label, styles.text)
        sheet.merge_range(row, 2, row, last, text, styles.text)
        sheet.set_row(row, 18)
    return row + 1


def _write_about(sheet: Worksheet, contract: FeedContract, month: str | None) -> None:
    """What tells an old template from one of today's contract."""
    for row, pair in enumerate(
        (
            (TEMPLATE_ID, template_id(contract)),
            ("数据", contract.title),
            ("部门", contract.source),
            ("月份", month or ""),
        )
    ):
        for index, text in enumerate(pair):
            sheet.write_string(row, index, text)
    sheet.hide()
