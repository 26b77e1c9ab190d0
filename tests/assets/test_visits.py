"""ref.visit: one row a trip and village, followed into later divisions; villages of real divisions, visits made up."""

from __future__ import annotations

import datetime as dt

import polars as pl

from assets.ref.field_answer import SCHEMA
from assets.ref.visit import visits

KEPT, RECODED, ABOLISHED = "410102001002", "411422208207", "410223203223"
"""Villages of 2021. In 2023 the second (睢县尤吉屯乡许冯庄村) is 411422208213, the third (尉氏县大马乡李家村) gone."""


def answers(*rows: tuple[str, str, int | None, str]) -> pl.DataFrame:
    """(trip, village, household, day) as rows of ref.field_answer."""
    told = [
        {"plan": "p", "trip": t, "unit": f"{v}{h}", "item": "persons", "visited_code": v, "household_id": h}
        | {"subject": "household" if h else "village", "day": dt.date.fromisoformat(day)}
        for t, v, h, day in rows
    ]
    return pl.DataFrame(told, schema=SCHEMA)


def test_first_and_last_day_and_households_of_a_trip() -> None:
    told = answers(
        ("t", KEPT, 1, "2021-11-03"),
        ("t", KEPT, 2, "2021-11-05"),
        ("t", KEPT, 2, "2021-11-05"),
        ("t", KEPT, None, "2021-11-04"),
        ("u", KEPT, None, "2021-12-04"),
    )
    first, second = visits(told, "2021-12").to_dicts()
    assert (first["first_day"], first["last_day"]) == (dt.date(2021, 11, 3), dt.date(2021, 11, 5))
    assert (first["households"], first["village_code"]) == (2, KEPT)
    assert (second["trip"], second["households"]) == ("u", 0)


def test_a_village_is_followed_into_later_divisions() -> None:
    told = answers(*(("t", village, 1, "2021-11-03") for village in (KEPT, RECODED, ABOLISHED)))
    now = dict(visits(told, "2023-03").select("visited_code", "village_code").iter_rows())
    assert now == {KEPT: KEPT, RECODED: "411422208213", ABOLISHED: None}
    then = visits(told, "2022-06")  # no divisions of 2022 are shipped: those of 2021 are in force
    assert then["village_code"].to_list() == then["visited_code"].to_list()


def test_nobody_was_anywhere() -> None:
    assert visits(answers(), "2021-12").is_empty()
