"""A home with one published month of made-up rankings and households: what an official draw reads.

Does not belong here: what a draw must be (the tests).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from checks.catalogue import contracts
from fangpin.research.frame import CITY, COUNTY, VILLAGE
from tests.made_up_research import frame

MONTH = "2021-12"
TABLES = (
    "mart.county_ranking",
    "mart.village_ranking",
    "ref.place",
    "core.household",
    "core.monitored_household",
    "mart.household_risk",
    "mart.household_anomaly",
)
_CLASSES = ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")


def publish(home: Path, cities: int = 6, version: str = "v001") -> Path:
    """`published/2021-12/<version>`: 3 counties a city, 4 villages a county, 12 to 40 households a village."""
    folder = home / "published" / MONTH / version
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "fangpin.duckdb")) as con:
        for schema in ("ref", "core", "mart"):
            con.execute(f"create schema {schema}")
        for name, rows in _tables(cities).items():
            con.execute(contracts()[name].ddl())
            con.register("rows", rows)
            con.execute(f"insert into {name} by name select * from rows")
            con.unregister("rows")
    for pointer, text in ((folder.parent / "CURRENT", version), (folder.parents[1] / "CURRENT", f"{MONTH}/{version}")):
        pointer.write_text(text, encoding="utf-8")
    return folder


def _tables(cities: int) -> dict[str, pl.DataFrame]:
    units = frame(cities=cities).units
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for u in units:
        if u.level == CITY:
            rows["ref.place"].append({"level": CITY, "place_code": u.code, "place_name": u.name, "in_province": True})
        else:
            name = {COUNTY: "mart.county_ranking", VILLAGE: "mart.village_ranking"}[u.level]
            for criterion, rank in (("count_households", u.count_rank), ("ratio_households", u.ratio_rank)):
                given = {"place_code": u.code, "place_name": u.name, "city_code": u.code[:4], "county_code": u.code[:6]}
                given |= {"monitored_households": u.size, "eliminated_households": u.eliminated}
                rows[name].append(given | {"criterion": criterion, "rank": rank, "eb_mean": u.shrunken})
    number = 0
    for village in (u for u in units if u.level == VILLAGE):
        for position in range(2 * village.size):
            number += 1
            household = {"household_id": number, "village_code": village.code}
            rows["core.household"].append({**household, "in_province": True})
            rows["mart.household_risk"].append(
                {**household, "score": position % 50, "band": "低", "hard_trigger": position % 11 == 0}
            )
            if position < village.size:
                state = {"category": _CLASSES[position % 3], "eliminated": position < village.eliminated}
                rows["core.monitored_household"].append(household | state)
            elif position % 9 == 0:
                rows["mart.household_anomaly"].append(household | {"kind": "unlisted_risk"})
    return {name: pl.DataFrame(given) for name, given in rows.items()}
