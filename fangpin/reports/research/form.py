"""A team's electronic form (XLSForm) for ODK, Kobo or SurveyCTO without a network: the same items as on paper.

One record is a household, a village, an opinion or a finding. Places and households are chosen one after the other
(county, township, village, household); system values are columns of the list of households and fill the questions.
An export's columns are named by item: `<code>__check`, `<code>__actual`. Does not belong here: the items.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook

from fangpin.errors import FangpinError
from fangpin.reports.research import answers
from fangpin.reports.research.trip import ROLES, Identity, Trip, Village
from fangpin.research import item as items
from fangpin.research.item import Item
from fangpin.research.items import CATALOGUE, of

SURVEY = (
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "calculation",
    "choice_filter",
    "appearance",
    "parameters",
)
HAS = "has_"
"""Prefix of a household's column that says whether items of a group (item.APPLIES) are about it."""
_TYPES = {items.INTEGER: "integer", items.YUAN: "decimal", items.DATE: "date"}
_WORD = re.compile(r"[^0-9A-Za-z_]")

Row = dict[str, str]


@dataclass(frozen=True)
class Form:
    """The three sheets of an XLSForm."""

    survey: tuple[Row, ...]
    choices: tuple[Row, ...]
    settings: Row

    def sheets(self) -> Iterator[tuple[str, tuple[str, ...], tuple[Row, ...]]]:
        """(name, columns, rows) of each."""
        extra = dict.fromkeys(column for row in self.choices for column in row)
        yield "survey", SURVEY, self.survey
        yield "choices", tuple(extra), self.choices
        yield "settings", tuple(self.settings), (self.settings,)


def form(trip: Trip, team: int, identities: Mapping[int, Identity] | None = None) -> Form:
    """The form of a team. identities: of its households, for a field pack only."""
    villages = trip.of_team(team)
    settings = {
        "form_title": f"{trip.title}（第{trip.draw}次抽样，第{team}组）",
        "form_id": f"{_WORD.sub('_', trip.plan)}_draw{trip.draw:03d}_team{team}",
        "version": trip.form_version,
        "default_language": "default",
    }
    return Form(tuple(_survey(trip)), tuple(_choices(trip, villages, identities)), settings)


def workbook(trip: Trip, made: Form) -> bytes:
    """The XLSForm as a workbook: the same form gives the same bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(buffer, options)
    book.set_properties({"title": made.settings["form_title"], "created": dt.datetime.combine(trip.as_of, dt.time())})
    bold = book.add_format({"bold": True})
    for name, columns, rows in made.sheets():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(columns):
            sheet.set_column(column, column, 24)
            sheet.write_string(0, column, title, bold)
            for number, row in enumerate(rows, start=1):
                if row.get(title):
                    sheet.write_string(number, column, row[title])
    book.close()
    return buffer.getvalue()


def xform(made: Form) -> str:
    """The form as XForm XML, made by ODK's own converter; FangpinError when it refuses or warns."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    definition: dict[str, list[dict[str, str | None]]] = {}
    for name, columns, rows in made.sheets():
        definition |= {name: [dict(row) for row in rows], f"{name}_header": [dict.fromkeys(columns)]}
    try:
        converted = convert(definition, form_name="data")
    except PyXFormError as error:
        raise FangpinError(f"电子表单不合 XLSForm 规范：{error}") from None
    if converted.warnings:
        raise FangpinError(f"电子表单有疑问：{'；'.join(converted.warnings)}")
    return str(converted.xform)


def _row(kind: str, name: str, label: str = "", **more: str) -> Row:
    return {"type": kind, "name": name, "label": label, **more}


def _survey(trip: Trip) -> Iterator[Row]:
    """All questions: what the record is about, where, which household, then the items."""
    for name, value in (("plan", trip.plan), ("draw", str(trip.draw)), ("form_version", trip.form_version)):
        yield _row("calculate", name, calculation=f"'{value}'")
    yield _row("select_one subject", "subject", "这条记录是", required="yes")
    yield _row("text", "interviewer", "核查人", required="yes")
    yield _row("date", "visited_on", "日期", required="yes")
    yield _row("select_one county", "county_code", "县（市、区）", required="yes")
    level = of(items.OPINION)[0]
    yield _question(level, _is("subject", items.OPINION)) | {"required": "yes"}
    visited = (
        f"({_is('subject', items.HOUSEHOLD)} or {_is('subject', items.VILLAGE)} or {_is('subject', items.FINDING)})"
    )
    for place, title, above, levels in (
        ("township", "乡镇", "county", ("township", "village")),
        ("village", "行政村", "township", ("village",)),
    ):
        heard = " or ".join(_is(level.actual_field, each) for each in levels)
        yield _row(
            f"select_one {place}",
            f"{place}_code",
            title,
            required="yes",
            relevant=f"{visited} or {heard}",
            choice_filter=f"{above}_code = ${{{above}_code}}",
        )
    yield _row(
        "select_one household",
        "household_id",
        "农户",
        required="yes",
        relevant=_is("subject", items.HOUSEHOLD),
        choice_filter="village_code = ${village_code}",
        appearance="minimal",
    )
    yield from _group("household", "入户核查", _is("subject", items.HOUSEHOLD), _household())
    yield from _group("village", "村级核查", _is("subject", items.VILLAGE), _village())
    for subject, left in ((items.OPINION, of(items.OPINION)[1:]), (items.FINDING, of(items.FINDING))):
        asked_of = (_question(each) for each in left)
        yield from _group(subject, items.SUBJECTS[subject], _is("subject", subject), asked_of)
    yield _row("geopoint", "position", "位置（没有信号可以不填）")
    yield _row("image", "photo", "照片（不拍证件）", parameters="max-pixels=1600")


def _group(name: str, label: str, relevant: str, rows: Iterator[Row]) -> Iterator[Row]:
    yield _row("begin_group", f"about_{name}", label, relevant=relevant)
    yield from rows
    yield _row("end_group", f"about_{name}")


def _household() -> Iterator[Row]:
    """Leads first, then topic by topic, papers last; only what is about the chosen household."""
    about = of(items.HOUSEHOLD)
    for group in (items.ALL, items.REGISTERED, items.ELIMINATED, items.HELPED, items.POST):
        yield _row("calculate", f"{HAS}{group}", calculation=_column("household", "household_id", f"{HAS}{group}"))
    by_topic = [
        [i for i in about if i.topic == topic and i.answer in (items.COMPARE, items.ASK)] for topic in items.TOPICS
    ]
    leads = [i for i in about if i.answer == items.LEAD]
    papers = [i for i in about if i.answer == items.PAPER]
    titles = ("系统线索", *items.TOPICS.values(), "资料查阅")
    names = ("leads", *items.TOPICS, "papers")
    for name, title, of_group in zip(names, titles, (leads, *by_topic, papers), strict=True):
        yield _row("begin_group", f"topic_{name}", title)
        for each in of_group:
            yield from _asked(each, "household", "household_id")
        yield _row("end_group", f"topic_{name}")


def _village() -> Iterator[Row]:
    for each in of(items.VILLAGE):
        yield from _asked(each, "village", "village_code")


def _asked(each: Item, listed: str, chosen: str) -> Iterator[Row]:
    """An item with its system value: the value, what is ticked, what was found."""
    about = _is(f"{HAS}{each.applies}", "yes") if listed == "household" and each.applies != items.ALL else ""
    if not each.system:
        yield _question(each, about)
        return
    yield _row("calculate", f"{each.code}__system", calculation=_column(listed, chosen, each.code))
    if each.answer == items.LEAD:
        about = f"${{{each.code}__system}} != ''"
    label = f"{each.question}是否属实？" if each.answer == items.LEAD else each.question
    hint = f"系统记录：${{{each.code}__system}}"
    yield _row(f"select_one check_{each.answer}", each.check_field, label, hint=hint, required="yes", relevant=about)
    differs = " or ".join(
        _is(each.check_field, code) for code, _ in each.checks if code in ("differ", "refuted", "confirmed")
    )
    told = "说明" if each.answer == items.LEAD else "资料上写的" if each.answer == items.PAPER else "实际是"
    yield _row(_type(each), each.actual_field, told, relevant=differs)


def _question(each: Item, relevant: str = "") -> Row:
    return _row(_type(each), each.actual_field, each.question, relevant=relevant)


def _type(each: Item) -> str:
    if each.choices:
        return f"select_one {_list_of(each)}"
    return _TYPES.get(each.kind, "text")


def _list_of(each: Item) -> str:
    """The name of the item's code list: equal lists share one."""
    first = next(other for other in CATALOGUE if other.choices == each.choices)
    return f"list_{first.code}"


def _is(name: str, value: str) -> str:
    return f"${{{name}}} = '{value}'"


def _column(listed: str, chosen: str, column: str) -> str:
    """A column of the chosen row of a list."""
    return f"instance('{listed}')/root/item[name=${{{chosen}}}]/{column}"


def _choices(trip: Trip, villages: Sequence[Village], identities: Mapping[int, Identity] | None) -> Iterator[Row]:
    for code, words in items.SUBJECTS.items():
        yield {"list_name": "subject", "name": code, "label": words}
    for answer, checks in items.CHECKS.items():
        for code, words in checks:
            yield {"list_name": f"check_{answer}", "name": code, "label": words}
    lists = {_list_of(each): each.choices for each in CATALOGUE if each.choices}
    for name, options in lists.items():
        for code, words in options:
            yield {"list_name": name, "name": code, "label": words}
    for code, name in dict.fromkeys((v.county_code, f"{v.city}{v.county}") for v in villages):
        yield {"list_name": "county", "name": code, "label": name}
    for code, name, above in dict.fromkeys((v.township_code, v.township, v.county_code) for v in villages):
        yield {"list_name": "township", "name": code, "label": name, "county_code": above}
    for village in villages:
        values = trip.village_values(village)
        yield {
            "list_name": "village",
            "name": village.code,
            "label": village.name,
            "township_code": village.township_code,
            **{i.code: _told(i, values.get(i.code), field=True) for i in of(items.VILLAGE) if i.system},
        }
    for village in villages:
        for number in village.households:
            yield _household_choice(trip, village, number, identities)


def _household_choice(trip: Trip, village: Village, number: int, identities: Mapping[int, Identity] | None) -> Row:
    values, groups = trip.values(number), trip.applies(number)
    leads = {f"lead_{lead['kind']}": lead["evidence"] for lead in trip.leads(number)}
    label = f"{number}（{ROLES[trip.household(number)['role']]}）"
    if identities is not None:
        known = identities[number]
        label = f"{number} {'、'.join(p.name for p in known.members[:2])} {known.phone}"
    row = {"list_name": "household", "name": str(number), "label": label, "village_code": village.code}
    row |= {f"{HAS}{group}": "yes" if group in groups else "no" for group in items.APPLIES}
    for each in of(items.HOUSEHOLD):
        if each.answer == items.LEAD:
            row[each.code] = leads.get(each.code, "")
        elif each.system:
            row[each.code] = _told(each, values[each.code], field=identities is not None)
    return row


def _told(each: Item, system: object, *, field: bool) -> str:
    if each.answer == items.LEAD:
        return str(system or "")
    return answers.told(each, system, field=field)
