"""The workbook of a village: its households, papers to look up, one prefilled visit sheet a household, what was heard.

Printed and signed, or filled in and returned: an answer is found by its item code in the first column, the sheet by its
household number in the name, the workbook by the sheet `KEYS`. Made without identities for the general pack and with
them for the team's field pack. Does not belong here: the items (fangpin/research/items.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from fangpin.reports.research import answers
from fangpin.reports.research.sheets import LINE, Book, heading, lines, table, write
from fangpin.reports.research.trip import ARMS, ROLES, Identity, Trip, Village
from fangpin.research import item as items
from fangpin.research.item import Item
from fangpin.research.items import of

LIST, PAPERS, VILLAGE, OPINIONS, FINDINGS, KEYS = (
    "入户名单",
    "资料核对清单",
    "村级核查",
    "座谈意见",
    "问题登记",
    "表单信息",
)
"""Names of the sheets around the visit sheets."""
VISIT, MEMBERS = "户{}", "家庭成员"
"""Names of a household's visit sheet, and of a field pack's list of members."""
DAY = "核查日期："
"""What stands before the day of a visit, where it is signed."""
COLUMNS = ("项目编码", "核查内容", "系统记录", "核查结果", "实际情况", "备注")
"""Header of every table to be filled in; the item's code is in the first column."""
WIDTHS = (13, 34, 22, 13, 22, 14)
_BLANK_ROWS = 12
_GREY: Mapping[str, Any] = {"font_color": "#8A8378", "font_size": 8}


def workbook(trip: Trip, village: Village, identities: Mapping[int, Identity] | None = None) -> bytes:
    """The workbook's bytes. identities: of the village's households, for a field pack only."""
    keys = {
        "template_id": "fangpin/research-visit",
        "plan": trip.plan,
        "draw": str(trip.draw),
        "form_version": trip.form_version,
        "month": trip.month,
        "village_code": village.code,
    }
    book = Book(trip, f"{village.name}入户核查", properties=keys)
    _list(book, village, identities)
    _papers(book, village, identities)
    for number in village.households:
        _visit(book, village, number, None if identities is None else identities[number])
    _village(book, village)
    _register(book, OPINIONS, items.OPINION, "座谈访谈意见登记")
    _register(book, FINDINGS, items.FINDING, "问题登记（问题、证据、原因、建议）")
    _keys(book, keys)
    return book.close()


def household_rows(
    trip: Trip, village: Village, identities: Mapping[int, Identity] | None = None
) -> list[tuple[Any, ...]]:
    """Rows of the household list: number in the visit order, household, why drawn, status, class, persons, leads."""
    rows: list[tuple[Any, ...]] = []
    for position, number in enumerate(village.households, start=1):
        drawn, values = trip.household(number), trip.values(number)
        status = dict(items.STATUS)[values["status"]]
        leads = "、".join(lead["title"] for lead in trip.leads(number))
        how = (ROLES[drawn["role"]], ARMS[drawn["arm"]], drawn["stratum"])
        row = (position, number, *how, status, values["category"] or "", values["persons"], leads)
        rows.append(row if identities is None else (*row, *_personal(identities[number])))
    return rows


def _personal(known: Identity) -> tuple[str, str, str]:
    return known.household_no, "、".join(person.name for person in known.members), known.phone


LIST_HEADER = ("序号", "户内部编号", "正备选", "抽取", "层", "监测状态", "类别", "人数", "系统线索")
LIST_WIDTHS = (6, 11, 8, 8, 24, 16, 14, 7, 34)
PERSONAL_HEADER = ("户编号", "家庭成员", "联系电话")
PERSONAL_WIDTHS = (20, 28, 14)


def _list(book: Book[Trip], village: Village, identities: Mapping[int, Identity] | None) -> None:
    personal = identities is not None
    header = LIST_HEADER + (PERSONAL_HEADER if personal else ())
    widths = LIST_WIDTHS + (PERSONAL_WIDTHS if personal else ())
    sheet = book.sheet(LIST, widths, landscape=True)
    where = f"{village.full_name}（{village.code}）　第{village.team}组　数据截至{book.of.as_of.isoformat()}"
    top = heading(book, sheet, "入户名单", widths, where)
    top = table(book, sheet, top, header, household_rows(book.of, village, identities), widths)
    told = "先访正选户；正选户确实访不到的，按备选的次序替换并在备注写明理由。"
    told += (
        "本表含个人信息，只限本组使用，调研结束后交回销毁。"
        if personal
        else "姓名、电话、户编号只在本组的加密实地资料包里。"
    )
    for sentence in (told, *book.of.cautions):
        sheet.merge_range(top, 0, top, len(header) - 1, sentence, book.note)
        sheet.set_row(top, 4 + LINE * lines(sentence, sum(widths)))
        top += 1
    if personal:
        rows = [
            (number, p.name, p.sex, p.age, p.masked_number, p.phone)
            for number in village.households
            for p in (identities or {})[number].members
        ]
        wide = (11, 14, 8, 8, 24, 16)
        people = book.sheet(MEMBERS, wide)
        top = heading(book, people, MEMBERS, wide, where)
        table(book, people, top, ("户内部编号", "姓名", "性别", "周岁", "证件号码（遮盖）", "电话"), rows, wide)


def _papers(book: Book[Trip], village: Village, identities: Mapping[int, Identity] | None) -> None:
    """What papers should exist, household by household, with what the system says (S0-53)."""
    trip = book.of
    header = ("户内部编号", "项目编码", "应有的资料", "系统记录", "查阅结果", "资料上写的", "备注")
    widths = (11, 23, 32, 23, 14, 20, 14)
    sheet = book.sheet(PAPERS, widths, landscape=True)
    told = f"{village.full_name}　公益性岗位、识别纳入、风险消除的纸质资料，逐项对照系统记录的日期、金额。"
    top = heading(book, sheet, PAPERS, widths, told)
    rows = []
    for number in village.households:
        values = trip.values(number)
        for paper in of(items.HOUSEHOLD, trip.applies(number)):
            if paper.answer == items.PAPER:
                system = answers.shown(paper, values[paper.code], field=identities is not None)
                rows.append((number, paper.code, paper.question, system, "", "", ""))
    bottom = table(book, sheet, top, header, rows, widths)
    if rows:
        options = [words for _, words in items.CHECKS[items.PAPER]]
        sheet.data_validation(top + 1, 4, bottom - 1, 4, {"validate": "list", "source": options})
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 3)


def _visit(book: Book[Trip], village: Village, number: int, identity: Identity | None) -> None:
    """A household's sheet: who, the system's leads to confirm, then the questions topic by topic, then signatures."""
    trip = book.of
    drawn, values = trip.household(number), trip.values(number)
    sheet = book.sheet(VISIT.format(number), WIDTHS)
    how = f"{ROLES[drawn['role']]}　抽取方式：{ARMS[drawn['arm']]}（{drawn['stratum']}）"
    told = f"{village.full_name}　户内部编号 {number}　{how}"
    top = heading(book, sheet, "入户核查表", WIDTHS, told)
    if identity is not None:
        who = "；".join(f"{p.name}（{p.sex}，{'—' if p.age is None else f'{p.age}岁'}）" for p in identity.members)
        said = f"户编号 {identity.household_no}　电话 {identity.phone}　成员：{who}"
        sheet.merge_range(top, 0, top, len(COLUMNS) - 1, said, book.note)
        sheet.set_row(top, 4 + LINE * lines(said, sum(WIDTHS)))
        top += 1
    _header(book, sheet, top)
    sheet.repeat_rows(top)
    top += 1
    leads = {f"lead_{lead['kind']}": lead for lead in trip.leads(number)}
    about = [each for each in of(items.HOUSEHOLD, trip.applies(number)) if each.answer != items.PAPER]
    asked = [each for each in about if each.answer != items.LEAD]
    found = [each for each in about if each.code in leads]
    if found:
        top = _band(book, sheet, top, "系统线索：请逐条核实")
        for each in found:
            lead = leads[each.code]
            why = f"{lead['evidence']}（也可能：{lead['counter_evidence']}）"
            top = _row(book, sheet, top, each, why, f"{each.question}是否属实？")
    for topic, title in items.TOPICS.items():
        of_topic = [each for each in asked if each.topic == topic]
        if not of_topic:
            continue
        top = _band(book, sheet, top, title)
        for each in of_topic:
            system = answers.shown(each, values[each.code], field=identity is not None) if each.system else ""
            top = _row(book, sheet, top, each, system, each.question)
    _signed(book, sheet, top, ("核查人：", "户主或家庭成员：", DAY))


def _village(book: Book[Trip], village: Village) -> None:
    sheet = book.sheet(VILLAGE, WIDTHS)
    top = heading(book, sheet, "村级核查表", WIDTHS, f"{village.full_name}（{village.code}）")
    _header(book, sheet, top)
    top += 1
    values = book.of.village_values(village)
    for each in of(items.VILLAGE):
        if each.answer == items.LEAD and each.code not in values:
            continue
        question = f"{each.question}是否属实？" if each.answer == items.LEAD else each.question
        system = answers.shown(each, values.get(each.code), field=True) if each.system else ""
        top = _row(book, sheet, top, each, system, question)
    _signed(book, sheet, top, ("核查人：", "村干部：", DAY))


def _register(book: Book[Trip], name: str, subject: str, title: str) -> None:
    """Blank rows, one column an item: its code above, its words below."""
    about = of(subject)
    widths = (6, *(14 if each.kind != items.TEXT else 30 for each in about))
    sheet = book.sheet(name, widths, landscape=True)
    top = heading(book, sheet, title, widths)
    small, cell = book.text(center=True, **_GREY), book.text()
    for column, text in enumerate(("", *(each.code for each in about))):
        write(sheet, top, column, text, small)
    for column, text in enumerate(("序号", *(each.question for each in about))):
        sheet.write_string(top + 1, column, text, book.header)
    sheet.set_row(top + 1, 6 + LINE * 2)
    for number in range(1, _BLANK_ROWS + 1):
        sheet.set_row(top + 1 + number, 36)
        write(sheet, top + 1 + number, 0, number, book.number(), book.number("0"))
        for column in range(1, len(widths)):
            sheet.write_blank(top + 1 + number, column, None, cell)
    for column, each in enumerate(about, start=1):
        if each.choices:
            options = {"validate": "list", "source": [words for _, words in each.choices]}
            sheet.data_validation(top + 2, column, top + 1 + _BLANK_ROWS, column, options)


def _keys(book: Book[Trip], keys: Mapping[str, str]) -> None:
    """What the workbook is matched by when it comes back; also in its properties, which some programs lose."""
    sheet = book.sheet(KEYS, (24, 40))
    top = heading(book, sheet, KEYS, (24, 40), "导入时用来核对方案、抽样和表单版本，请不要改动。")
    table(book, sheet, top, ("名称", "值"), list(keys.items()), (24, 40))


def _header(book: Book[Trip], sheet: Worksheet, row: int) -> None:
    for column, title in enumerate(COLUMNS):
        sheet.write_string(row, column, title, book.header)
    sheet.set_row(row, 22)


def _band(book: Book[Trip], sheet: Worksheet, row: int, title: str) -> int:
    sheet.merge_range(row, 0, row, len(COLUMNS) - 1, title, book.section)
    sheet.set_row(row, 20)
    return row + 1


def _row(book: Book[Trip], sheet: Worksheet, row: int, each: Item, system: Any, question: str) -> int:
    text = book.text()
    write(sheet, row, 0, each.code, book.text(**_GREY))
    write(sheet, row, 1, question, text)
    write(sheet, row, 2, system, text if lines(str(system), WIDTHS[2]) > 1 else book.text(center=True), book.number())
    for column in range(3, len(COLUMNS)):
        sheet.write_blank(row, column, None, text)
    checks = [words for _, words in each.checks]
    if checks:
        sheet.data_validation(row, 3, row, 3, {"validate": "list", "source": checks})
    else:
        write(sheet, row, 3, "—", book.text(center=True))
    if each.choices:
        sheet.data_validation(row, 4, row, 4, {"validate": "list", "source": [words for _, words in each.choices]})
    tall = max(lines(str(system), WIDTHS[2]), lines(question, WIDTHS[1]), lines(each.code, WIDTHS[0] * 1.25))
    sheet.set_row(row, 6 + LINE * tall)
    return row + 1


def _signed(book: Book[Trip], sheet: Worksheet, row: int, who: Sequence[str]) -> None:
    for label, (first, last) in zip(who, ((0, 1), (2, 3), (4, 5)), strict=True):
        sheet.merge_range(row + 1, first, row + 1, last, label, book.format())
    sheet.set_row(row + 1, 28)
