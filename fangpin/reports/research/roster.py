"""调研名单.xlsx: the villages with their reasons, the days, and the households without anything personal.

Does not belong here: the workbook of a village (visit.py).
"""

from __future__ import annotations

from fangpin.reports.research.documents import annex_tags, note_tags
from fangpin.reports.research.sheets import LINE, Book, heading, lines, table
from fangpin.reports.research.trip import Trip
from fangpin.reports.research.visit import LIST_HEADER, LIST_WIDTHS, household_rows

NAME = "调研名单.xlsx"
_PLACES = (
    ("序号", "number", 6),
    ("市", "city", 12),
    ("县（市、区）", "county", 16),
    ("乡镇", "township", 16),
    ("行政村", "village", 22),
    ("行政村代码", "code", 15),
    ("选取", "arm", 8),
    ("入选概率", "probability", 10),
    ("次序", "order", 7),
    ("监测对象（户）", "monitored", 9),
    ("其中已消除（户）", "eliminated", 9),
    ("入户（户）", "households", 8),
    ("入选理由", "reason", 60),
)
_TEAMS = (
    ("组别", "team", 8),
    ("负责的市", "cities", 24),
    ("人员", "members", 28),
    ("县数", "counties", 7),
    ("村数", "villages", 7),
    ("户数", "households", 7),
    ("里程（公里，估算）", "kilometres", 12),
    ("说明", "reason", 50),
)
_DAYS = (
    ("日期", "date", 12),
    ("组别", "team", 10),
    ("县（市、区）", "county", 18),
    ("行政村", "village", 24),
    ("任务", "task", 40),
)


def workbook(trip: Trip) -> bytes:
    """The workbook's bytes."""
    book = Book(trip, "调研名单", properties={"template_id": "fangpin/research-roster", "plan": trip.plan})
    tags = annex_tags(trip)
    widths = tuple(width for _, _, width in _PLACES)
    for name, title, rows in (("调研村", "调研村名单", tags["villages"]), ("备选村", "备选村名单", tags["reserves"])):
        sheet = book.sheet(name, widths, landscape=True)
        top = heading(book, sheet, title, widths, f"{trip.title}　{trip.draw_title}　数据截至{tags['as_of']}")
        sheet.freeze_panes(top + 1, 5)
        sheet.repeat_rows(top)
        values = [[row[key] for _, key, _ in _PLACES] for row in rows]
        table(book, sheet, top, [title for title, _, _ in _PLACES], values, widths)
    for name, title, columns, rows in (
        ("调研组", "调研分组", _TEAMS, tags["teams"]),
        ("分组日程", "调研日程安排", _DAYS, tags["days"]),
    ):
        wide = tuple(width for _, _, width in columns)
        sheet = book.sheet(name, wide, landscape=True)
        top = heading(book, sheet, title, wide)
        sheet.repeat_rows(top)
        table(book, sheet, top, [t for t, _, _ in columns], [[row[k] for _, k, _ in columns] for row in rows], wide)
    _households(book)
    _notes(book)
    return book.close()


def _households(book: Book[Trip]) -> None:
    """Every drawn household once, by its number; names and phones are in the field packs only."""
    trip = book.of
    header = ("组别", "县（市、区）", "行政村", *LIST_HEADER)
    widths = (8, 14, 20, *LIST_WIDTHS)
    sheet = book.sheet("入户名单", widths, landscape=True)
    told = "只列户内部编号；姓名、电话、户编号在各组的加密实地资料包里。"
    top = heading(book, sheet, "入户名单", widths, told)
    sheet.freeze_panes(top + 1, 4)
    sheet.repeat_rows(top)
    rows = [
        (f"第{village.team}组", village.county, village.name, *row)
        for village in trip.villages
        for row in household_rows(trip, village)
    ]
    table(book, sheet, top, header, rows, widths)


def _notes(book: Book[Trip]) -> None:
    trip = book.of
    tags = note_tags(trip)
    rows = [
        ("方案", f"{trip.title}（{trip.plan}），{trip.draw_title}"),
        ("数据", f"{trip.month_title}，版本 {trip.version}，政策版本 {trip.policy_version}"),
        ("表单版本", trip.form_version),
        *((each["name"], each["text"]) for each in (*tags["rules"], *tags["proof"])),
        *((each["title"], f"{each['figure']}。{each['words']}") for each in tags["honesty"]),
        *(("注意", caution) for caution in trip.cautions),
    ]
    sheet = book.sheet("编制说明", (22, 90))
    top = heading(book, sheet, "编制说明", (22, 90))
    for row, (label, text) in enumerate(rows, start=top):
        sheet.write_string(row, 0, label, book.header)
        sheet.write_string(row, 1, text, book.text())
        sheet.set_row(row, 6 + LINE * max(lines(label, 22), lines(text, 90)))
