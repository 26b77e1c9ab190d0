"""The shipped research plan with other values, made-up frames, and the tables of a rehearsal in a made-up month.

Does not belong here: what a draw must be (the tests).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from fangpin import policy
from fangpin.places import OWN_PROVINCE
from fangpin.research import plan as plans
from fangpin.research.draw import PRIMARY, draw
from fangpin.research.frame import CITY, COUNTY, VILLAGE, Frame, Unit, from_rankings
from fangpin.research.households import FLAGGED_STRATUM, LISTING, RANDOM_STRATUM, draw_households
from fangpin.research.plan import STRATA, Plan
from fangpin.research.precision import figures
from fangpin.research.routes import Point
from fangpin.research.teams import assign, days

POLICY = Path(__file__).resolve().parents[1] / "policy"
SEED = "seed"


@cache
def shipped() -> Plan:
    return plans.in_force(policy.load(POLICY), "plan", OWN_PROVINCE, dt.date(2021, 12, 31))


def plan(**changes: Any) -> Plan:
    """The shipped plan with these values."""
    known = shipped()
    values = {name: {**value, "value": changes.get(name, value["value"])} for name, value in known.values.items()}
    return plans.read("plan", values)


def unit(level: str, code: str, size: int, eliminated: int = 0, **more: Any) -> Unit:
    """A unit named after its code, ranked by size and by share unless told."""
    given = {
        "name": f"{ {CITY: '市', COUNTY: '县', VILLAGE: '村'}[level] }{code[-4:]}",
        "parent": {CITY: code[:2], COUNTY: code[:4], VILLAGE: code[:6]}[level],
        "count_rank": 1000 - size,
        "ratio_rank": 1000 - round(1000 * eliminated / size) if size else None,
        "shrunken": eliminated / size if size else None,
        "excluded": "",
        "included": "",
        "households_sha256": "",
    } | more
    return Unit(level=level, code=code, size=size, eliminated=eliminated, **given)


def frame(cities: int = 3, counties: int = 3, villages: int = 4, size: Any = None) -> Frame:
    """Cities 4101..., counties 410120..., villages 410120000200...; size(city, county, village): (size, eliminated)."""
    size = size or (lambda c, k, v: (20 + 5 * v + 3 * k + c, 5 + 2 * k + 4 * (villages - v)))
    units = []
    for c in range(cities):
        city = f"41{c + 1:02}"
        total = 0
        for k in range(counties):
            county, inside = f"{city}{20 + k}", []
            for v in range(villages):
                n, gone = size(c, k, v)
                inside.append(unit(VILLAGE, f"{county}{v:03}200", n, min(gone, n)))
            whole = sum(u.size for u in inside)
            units += [unit(COUNTY, county, whole, sum(u.eliminated for u in inside)), *inside]
            total += whole
        units.append(unit(CITY, city, total, count_rank=None, ratio_rank=None, shrunken=None))
    return Frame(tuple(units))


def listing(villages: dict[str, int]) -> pl.DataFrame:
    """So many households in every village, in turn of each stratum of the register, with a lead, and others."""
    rows, number = [], 0
    for village, households in villages.items():
        for position in range(households):
            number += 1
            stratum = (*STRATA, FLAGGED_STRATUM, RANDOM_STRATUM)[position % 8]
            rows.append((village, number, stratum, 30 + position if stratum == FLAGGED_STRATUM else 1))
    return pl.DataFrame(rows, schema=LISTING, orient="row")


def tables(
    counties: pl.DataFrame, villages: pl.DataFrame, division: pl.DataFrame, month: str
) -> dict[str, pl.DataFrame]:
    """The four tables of a rehearsal on made-up rankings: at most two cities, one county and two villages each."""
    own = division.filter("in_province")
    cities = dict(own.select("city_code", "city_name").unique().sort("city_code").iter_rows())
    n = min(len(cities), 2)
    small = plan(cities=n, counties_per_city=1, risk_counties=0, least_households=1, people=[], teams=n)
    sample = draw(from_rankings(counties, villages, cities, small, month), small, small.rehearsal_seed)
    primary = sample.filter(role=PRIMARY)["village_code"].to_list()
    households = draw_households(primary, listing(dict.fromkeys(primary, 40)), small, small.rehearsal_seed)
    points: dict[str, Point] = {}
    teams = assign(sample, small, points)
    return {
        "mart.research_sample": sample,
        "mart.research_household": households,
        "mart.research_team": teams,
        "mart.research_day": days(sample, teams, small, points, None),
    }


def told(sample: pl.DataFrame, households: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """What an edition says of a rehearsal beside its tables."""
    rows = [("plan", n, f.title, f.figure, f.words) for n, f in enumerate(figures(sample, households, shipped()), 1)]
    known = shipped()
    return {
        "research_plans": pl.DataFrame(
            [(known.name, known.title, known.rehearsal_seed, False)],
            ["plan", "title", "seed", "top_only"],
            orient="row",
        ),
        "research_precision": pl.DataFrame(rows, ["plan", "number", "what", "figure", "words"], orient="row"),
    }
