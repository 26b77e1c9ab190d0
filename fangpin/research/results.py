"""What a trip found, put together: how far it came, agreement, yields, the drawn cities, problems, opinions.

Does not belong here: each figure (agreement.py, yields.py, estimate.py), the workbook (fangpin/reports/research).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from fangpin.research.agreement import DIFFER, MATCH, MISSING, Agreement, rates
from fangpin.research.draw import PRIMARY
from fangpin.research.estimate import Drawn, Estimate, Place, design_weights, share
from fangpin.research.field import Answer, Imported, Record, finding_id
from fangpin.research.item import (
    ASK,
    CHOICE,
    COMPARE,
    FINDING,
    HOUSEHOLD,
    LEAD,
    OPINION,
    PAPER,
    VILLAGE,
    YESNO,
    Item,
)
from fangpin.research.items import BY_CODE, CATALOGUE
from fangpin.research.yields import RULES, Standard, Yield, measured

CONFIRMED, REFUTED, UNKNOWN = "confirmed", "refuted", "unknown"


@dataclass(frozen=True)
class Progress:
    """How far a county came. households: primary ones that were drawn; reserves: reserves that were visited."""

    city: str
    county: str
    villages: int
    villages_visited: int
    households: int
    households_visited: int
    reserves: int


@dataclass(frozen=True)
class Share:
    """An estimate for all households of the drawn cities, with the words for what it is a share of."""

    item: Item
    what: str
    estimate: Estimate


@dataclass(frozen=True)
class Problem:
    """A row of the findings register. settled: (day, who, what), None while it is open."""

    number: str
    place_code: str
    day: dt.date
    told: Mapping[str, str]
    settled: tuple[str, str, str] | None


@dataclass(frozen=True)
class Opinion:
    """A row of the opinion ledger: place, level and topic are codes."""

    place_code: str
    day: dt.date
    told: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """A household's item where the field found something else than the system, a missing paper or a false lead."""

    place_code: str
    household_id: int
    day: dt.date
    answer: Answer


@dataclass(frozen=True)
class Results:
    """Of one draw. agreement: ALL_COUNTIES first. shares: none where the plan takes the top only."""

    progress: tuple[Progress, ...]
    agreement: tuple[Agreement, ...]
    yields: tuple[Yield, ...]
    shares: tuple[Share, ...]
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]
    opinions: tuple[Opinion, ...]
    files: tuple[Imported, ...]


def results(
    trip: str,
    records: Sequence[Record],
    sample: pl.DataFrame,
    households: pl.DataFrame,
    settled: Mapping[str, tuple[str, str, str]],
    standard: Standard,
    z: float,
    *,
    generalisable: bool,
    files: Sequence[Imported] = (),
) -> Results:
    """trip: the draw's seed. sample, households: of the draw. records: of its households, villages and places."""
    told = {r.household_id: r for r in records if r.subject == HOUSEHOLD and r.household_id is not None}
    county = {row["village_code"]: row["county_code"] for row in sample.iter_rows(named=True)}
    compared = [
        (county[r.place_code], a.item, a.checked)
        for r in told.values()
        for a in r.answers
        if BY_CODE[a.item].answer in (COMPARE, PAPER) and a.checked
    ]
    drawn = drawn_households(sample, households)
    return Results(
        tuple(_progress(sample, households, records, set(told))),
        tuple(rates(compared, z)),
        yields([a for r in records for a in r.answers], standard, z),
        tuple(_shares(drawn, told)) if generalisable else (),
        tuple(_differences(told.values())),
        tuple(_problems(trip, records, settled)),
        tuple(Opinion(r.place_code, r.day, _told(r)) for r in records if r.subject == OPINION),
        tuple(files),
    )


def yields(answers: Sequence[Answer], standard: Standard, z: float) -> tuple[Yield, ...]:
    """Of every rule, in the catalogue's order; a rule nobody checked has its beliefs only."""
    found = []
    for rule, item in RULES.items():
        checked = [a.checked for a in answers if a.item == item.code]
        counts = (checked.count(CONFIRMED), checked.count(REFUTED), checked.count(UNKNOWN))
        found.append(measured(rule, *counts, standard, z))
    return tuple(found)


def drawn_households(sample: pl.DataFrame, households: pl.DataFrame) -> list[Drawn]:
    """The drawn households with the chances of where they lie; of the villages that are visited."""
    places = {
        row["village_code"]: Place(
            row["city_code"], row["county_code"], row["village_code"], row["county_probability"],
            row["inclusion_probability"],
        )
        for row in sample.filter(pl.col("role") == PRIMARY).iter_rows(named=True)
    }  # fmt: skip
    return [
        Drawn(row["household_id"], places[row["village_code"]], row["stratum"], row["inclusion_probability"])
        for row in households.iter_rows(named=True)
        if row["village_code"] in places
    ]


def _progress(
    sample: pl.DataFrame, households: pl.DataFrame, records: Sequence[Record], told: set[int]
) -> Iterator[Progress]:
    visited = {r.place_code for r in records if r.subject in (HOUSEHOLD, VILLAGE)}
    primary = sample.filter(pl.col("role") == PRIMARY)
    for (city, county), rows in primary.group_by(["city_name", "county_name"], maintain_order=True):
        codes = rows["village_code"].to_list()
        inside = households.filter(pl.col("village_code").is_in(codes))
        first = set(inside.filter(pl.col("role") == PRIMARY)["household_id"])
        others = set(inside["household_id"]) - first
        yield Progress(
            str(city), str(county), len(codes), len(visited & set(codes)), len(first), len(first & told),
            len(others & told),
        )  # fmt: skip


def _shares(drawn: Sequence[Drawn], told: Mapping[int, Record]) -> Iterator[Share]:
    weights = design_weights(drawn, set(told))
    for item in CATALOGUE:
        if item.subject != HOUSEHOLD:
            continue
        values = {n: v for n, r in told.items() if (v := _counts(item, r)) is not None}
        found = share(drawn, values, weights)
        if found is not None:
            yield Share(item, _what(item), found)


def _counts(item: Item, record: Record) -> float | None:
    """1 or 0, None where the record cannot tell."""
    for answer in record.answers:
        if answer.item != item.code:
            continue
        if item.answer in (COMPARE, PAPER):
            return {MATCH: 1.0, DIFFER: 0.0, MISSING: 0.0}.get(answer.checked)
        if item.answer == LEAD:
            return {CONFIRMED: 1.0, REFUTED: 0.0}.get(answer.checked)
        if item.answer == ASK and item.kind in (YESNO, CHOICE):
            return {"yes": 1.0, "no": 0.0}.get(answer.actual)
    return None


def _what(item: Item) -> str:
    return {COMPARE: "系统记录一致", PAPER: "资料有且一致", LEAD: "线索属实"}.get(item.answer, "回答“是”")


def _differences(told: Iterable[Record]) -> Iterator[Difference]:
    for record in told:
        for answer in record.answers:
            if answer.checked in (DIFFER, MISSING, REFUTED) and record.household_id is not None:
                yield Difference(record.place_code, record.household_id, record.day, answer)


def _problems(trip: str, records: Sequence[Record], settled: Mapping[str, tuple[str, str, str]]) -> Iterator[Problem]:
    for record in records:
        if record.subject == FINDING:
            told = _told(record)
            number = finding_id(trip, record.place_code, told["finding_problem"])
            yield Problem(number, record.place_code, record.day, told, settled.get(number))


def _told(record: Record) -> dict[str, str]:
    return {answer.item: answer.actual for answer in record.answers}
