"""Visit workbooks and electronic forms: every drawn household once, the same items in both, values and masks."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections import Counter
from functools import lru_cache

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangpin.errors import FangpinError
from fangpin.reports.research import answers, form, roster, visit
from fangpin.reports.research.form import Form
from fangpin.reports.research.trip import Trip
from fangpin.research import item as kinds
from fangpin.research.items import BY_CODE, of
from tests import made_up_trip

XFORMS = {"x": "http://www.w3.org/2002/xforms", "h": "http://www.w3.org/1999/xhtml"}


@lru_cache
def trip() -> Trip:
    return made_up_trip.trip()


@lru_cache
def team_form(team: int = 1) -> Form:
    return form.form(trip(), team)


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def asked(rows: list[list[object]]) -> dict[str, list[object]]:
    """Item code -> its row on a sheet to be filled in."""
    return {str(row[0]): row for row in rows if row[0] in BY_CODE}


@pytest.mark.parametrize("number", range(8))
def test_a_village_workbook_has_a_sheet_a_household_with_the_systems_values(number: int) -> None:
    village = trip().villages[number]
    found = sheets(visit.workbook(trip(), village))
    assert [name for name in found if name.startswith("户")] == [f"户{each}" for each in village.households]
    for household in village.households:
        values, rows = trip().values(household), asked(found[f"户{household}"])
        leads = {f"lead_{lead['kind']}" for lead in trip().leads(household)}
        about = [i for i in of(kinds.HOUSEHOLD, trip().applies(household)) if i.answer != kinds.PAPER]
        expected = {i.code for i in about if i.answer != kinds.LEAD or i.code in leads}
        assert set(rows) == expected
        for each in about:
            if each.answer == kinds.COMPARE and each.seen_by == kinds.TEAM:
                shown = rows[each.code][2]
                if each.kind == kinds.YUAN and values[each.code] is not None:
                    assert shown == pytest.approx(values[each.code] / 100)
                elif each.kind == kinds.INTEGER:
                    assert shown == values[each.code]


def test_a_workbook_is_matched_by_plan_draw_and_form() -> None:
    village = trip().villages[0]
    content = visit.workbook(trip(), village)
    keys = {str(row[0]): row[1] for row in sheets(content)[visit.KEYS]}
    wanted = {"plan": "plan", "draw": "1", "form_version": trip().form_version, "village_code": village.code}
    assert {name: keys[name] for name in wanted} == wanted
    properties = openpyxl.load_workbook(io.BytesIO(content)).custom_doc_props
    assert {p.name: p.value for p in properties.props if p.name in wanted} == wanted


def test_the_checklist_has_the_papers_that_should_exist() -> None:
    village = next(v for v in trip().villages)
    rows = [row for row in sheets(visit.workbook(trip(), village))[visit.PAPERS] if row[1] in BY_CODE]
    papers = {(row[0], row[1]): row[3] for row in rows}
    active, gone, unlisted = village.households[0], village.households[1], village.households[2]
    assert papers[active, "paper_approved"] == "2021-03-05"
    assert (active, "paper_exit_approved") not in papers  # not eliminated: no such paper
    assert papers[gone, "paper_exit_publicised"] == "2021-09-10"
    assert papers[gone, "paper_exit_reviewed"] == answers.NO_PAPER
    assert unlisted not in {number for number, _ in papers}
    assert papers[active, "paper_post_pay"] == 600


def test_answers_are_chosen_from_the_catalogues_words() -> None:
    book = openpyxl.load_workbook(io.BytesIO(visit.workbook(trip(), trip().villages[0])))
    sheet = book[f"户{trip().villages[0].households[0]}"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "status")
    offered = {str(rule.formula1) for rule in sheet.data_validations.dataValidation if f"D{row}" in rule.sqref}
    assert offered == {'"一致,不一致,无法核实"'}


def test_the_same_trip_gives_the_same_workbooks_and_forms() -> None:
    again = made_up_trip.trip()
    village = trip().villages[0]
    assert visit.workbook(again, again.villages[0]) == visit.workbook(trip(), village)
    assert roster.workbook(again) == roster.workbook(trip())
    made = form.form(again, 1)
    assert form.workbook(again, made) == form.workbook(trip(), team_form())
    assert form.xform(made) == form.xform(team_form())


def test_the_roster_has_every_drawn_village_and_household_once() -> None:
    found = sheets(roster.workbook(trip()))
    codes = [row[5] for name in ("调研村", "备选村") for row in found[name] if str(row[5]).isdigit()]
    assert sorted(map(str, codes)) == sorted(trip().sample["village_code"])
    numbers = [row[4] for row in found["入户名单"] if isinstance(row[4], int)]
    assert sorted(numbers) == sorted(trip().households["household_id"])


@settings(max_examples=6, deadline=None)
@given(
    cities=st.integers(1, 2),
    counties=st.integers(1, 2),
    villages=st.integers(1, 3),
    households=st.integers(1, 9),
    teams=st.integers(1, 3),
)
def test_every_drawn_household_appears_exactly_once(
    cities: int, counties: int, villages: int, households: int, teams: int
) -> None:
    drawn = made_up_trip.trip(cities, counties, villages, households, teams)
    wanted = Counter(drawn.households["household_id"].to_list())
    assert Counter(number for village in drawn.villages for number in village.households) == wanted
    listed = Counter(
        int(row["name"])
        for team in drawn.team_numbers
        for row in form.form(drawn, team).choices
        if row["list_name"] == "household"
    )
    assert listed == wanted
    assert set(wanted.values()) == {1}


def test_a_form_becomes_an_xform_with_the_cascade() -> None:
    root = ET.fromstring(form.xform(team_form()))
    instances = {each.get("id"): each for each in root.iter(f"{{{XFORMS['x']}}}instance") if each.get("id")}
    households = instances["household"].findall("x:root/x:item", XFORMS)
    villages = {
        each.findtext("x:name", namespaces=XFORMS): each.findtext("x:township_code", namespaces=XFORMS)
        for each in instances["village"].findall("x:root/x:item", XFORMS)
    }
    mine = trip().of_team(1)
    assert villages == {v.code: v.township_code for v in mine}
    numbers = {each.findtext("x:name", namespaces=XFORMS) for each in households}
    assert numbers == {str(number) for v in mine for number in v.households}
    text = form.xform(team_form())
    assert "instance('household')/root/item[village_code" in text
    assert "instance('village')/root/item[township_code" in text


def test_a_form_asks_every_item_and_carries_what_it_is_matched_by() -> None:
    names = {row["name"] for row in team_form().survey}
    wanted = {name for i in BY_CODE.values() for name in ([i.check_field] if i.system else []) + [i.actual_field]}
    assert wanted <= names
    calculated = {row["name"]: row.get("calculation") for row in team_form().survey if row["type"] == "calculate"}
    assert (calculated["plan"], calculated["draw"]) == ("'plan'", "'1'")
    assert calculated["form_version"] == f"'{trip().form_version}'"
    assert team_form().settings["version"] == trip().form_version
    assert team_form().settings["form_id"] == "plan_draw001_team1"


def test_a_forms_values_are_those_of_the_sheet() -> None:
    number = trip().of_team(1)[0].households[0]
    row = next(r for r in team_form().choices if r["list_name"] == "household" and r["name"] == str(number))
    values = trip().values(number)
    assert row["income_per_head"] == f"{values['income_per_head'] / 100:.0f}"
    assert row["status"] == "监测中"
    assert row["medical"] == answers.IN_FIELD_PACK
    assert (row["has_registered"], row["has_eliminated"]) == ("yes", "no")


def test_a_form_that_breaks_the_rules_is_refused() -> None:
    broken = Form(
        ({"type": "select_one nowhere", "name": "x", "label": "甲"},), team_form().choices, team_form().settings
    )
    with pytest.raises(FangpinError, match="XLSForm"):
        form.xform(broken)


def test_health_is_shown_in_the_field_pack_only() -> None:
    village, known = trip().villages[0], made_up_trip.identities(trip())
    number = village.households[0]
    general = asked(sheets(visit.workbook(trip(), village))[f"户{number}"])
    field = asked(sheets(visit.workbook(trip(), village, known))[f"户{number}"])
    for code in ("medical", "rigid", "severe_disabled", "risks"):
        assert general[code][2] == answers.IN_FIELD_PACK
        assert field[code][2] not in (answers.IN_FIELD_PACK, None)
    assert general["persons"][2] == field["persons"][2] == 3


def test_names_are_in_the_field_workbook_and_numbers_stay_masked() -> None:
    village, known = trip().villages[0], made_up_trip.identities(trip())
    found = sheets(visit.workbook(trip(), village, known))
    first = known[village.households[0]]
    cells = [str(cell) for row in found["家庭成员"] for cell in row]
    assert first.members[0].name in cells
    assert first.members[0].masked_number in cells
    assert any(first.household_no in str(row) for row in found[visit.LIST])
