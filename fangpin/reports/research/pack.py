"""The files of a trip by their paths: the general pack for everybody, and what each team's field pack holds.

Does not belong here: writing and encrypting them (pipelines/research_packs.py), what a file says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from fangpin.reports.research import documents, form, roster, visit
from fangpin.reports.research.trip import Identity, Trip, Village

FORM, XFORM, VISIT = "电子表单_第{}组.xlsx", "电子表单_第{}组.xml", "入户核查_{}.xlsx"


def general(trip: Trip, own: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of every file of the general pack; nothing in it names a person. own: the office's templates."""
    yield documents.ANNEX, documents.annex(trip, own)
    yield documents.NOTE, documents.note(trip, own)
    yield roster.NAME, roster.workbook(trip)
    for team in trip.team_numbers:
        yield from _form(trip, team, None, f"{team_folder(team)}/")
    counties: set[str] = set()
    townships: set[str] = set()
    for village in trip.villages:
        above = county_folder(village)
        if village.county_code not in counties:
            counties.add(village.county_code)
            yield (
                f"{above}/{village.county}_{documents.PLACE}",
                documents.place(trip, "county", village.county_code, own),
            )
        if village.township_code not in townships:
            townships.add(village.township_code)
            guide = documents.place(trip, "township", village.township_code, own)
            yield f"{above}/{village.township}_{documents.PLACE}", guide
        name = f"{village.name}_{village.code}"
        yield f"{above}/{name}/{village.name}_{documents.PLACE}", documents.place(trip, "village", village.code, own)
        yield f"{above}/{name}/{VISIT.format(name)}", visit.workbook(trip, village)


def field(trip: Trip, team: int, identities: Mapping[int, Identity]) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of a team's field pack, before it is encrypted."""
    yield from _form(trip, team, identities, "")
    for village in trip.of_team(team):
        name = f"{village.name}_{village.code}"
        yield f"{village.city}_{village.county}/{VISIT.format(name)}", visit.workbook(trip, village, identities)


def team_folder(team: int) -> str:
    return f"第{team}组"


def county_folder(village: Village) -> str:
    return f"{team_folder(village.team)}/{village.city}_{village.county}"


def _form(trip: Trip, team: int, identities: Mapping[int, Identity] | None, folder: str) -> Iterator[tuple[str, bytes]]:
    made = form.form(trip, team, identities)
    yield f"{folder}{FORM.format(team)}", form.workbook(trip, made)
    yield f"{folder}{XFORM.format(team)}", form.xform(made).encode()
