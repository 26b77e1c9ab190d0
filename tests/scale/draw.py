"""The draw over 45,000 made-up villages: `python -m tests.scale.draw`, a phase of `make bench SCALES=draw`.

Times the rehearsal of a month (frame, villages, households, teams, days) and what the official draw does besides (the
frozen frame, the hashes of every village's households, the audit file, its verification). Prints one JSON line.
Does not belong here: the rankings (rankings.py).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import polars as pl

from assets import research
from checks.catalogue import contracts
from fangpin.places import DATA
from fangpin.research import audit, frame
from fangpin.research.draw import PRIMARY, draw
from fangpin.research.households import draw_households
from fangpin.research.routes import read_coordinates
from fangpin.research.teams import assign, days
from pipelines import research_draw
from tests.made_up_research import plan

MONTH, NONCE = "2021-12", "5e" * 32
VILLAGES, PER_COUNTY, PER_CITY, HOUSEHOLDS = 45_000, 280, 9, 50
CITIES = ("4101", *(f"41{n:02}" for n in range(2, 18)))


def made_up(con: duckdb.DuckDBPyConnection) -> None:
    """Rankings of the villages and their counties, and 50 households a village, 6 of them monitored on average."""
    dice = np.random.default_rng(1)
    number = np.arange(VILLAGES)
    county = [f"{CITIES[n // PER_COUNTY // PER_CITY % 17]}{n // PER_COUNTY % 90 + 10}" for n in number]
    monitored = np.minimum(dice.negative_binomial(1.2, 1.2 / (1.2 + 6), VILLAGES), HOUSEHOLDS - 4)
    villages = pl.DataFrame(
        {
            "place_code": [f"{c}{n % PER_COUNTY:06}" for n, c in zip(number, county, strict=True)],
            "county_code": county,
            "monitored_households": monitored,
            "eliminated_households": dice.binomial(monitored, 0.6),
        }
    ).with_columns(city_code=pl.col("county_code").str.head(4), place_name="place_code")
    counties = villages.group_by("county_code", "city_code").agg(
        pl.col("monitored_households", "eliminated_households").sum()
    ).with_columns(place_code="county_code", place_name="county_code")  # fmt: skip
    ratio = pl.col("eliminated_households") / pl.col("monitored_households")
    for level, places in (("county", counties), ("village", villages)):
        ranked = pl.concat(
            places.with_columns(criterion=pl.lit(name), eb_mean=value, rank=value.rank("ordinal", descending=True))
            for name, value in (
                ("count_households", pl.col("monitored_households").cast(pl.Float64)),
                ("ratio_households", ratio.fill_nan(None)),
            )
        )
        _fill(con, f"mart.{level}_ranking", ranked)
    cities = pl.DataFrame({"place_code": CITIES, "place_name": CITIES, "level": "city", "in_province": True})
    _fill(con, "ref.place", cities)
    code = villages["place_code"].gather(np.repeat(number, HOUSEHOLDS))
    households = pl.DataFrame({"household_id": np.arange(len(code)) + 1, "village_code": code, "in_province": True})
    position = np.tile(np.arange(HOUSEHOLDS), VILLAGES)
    listed = position < np.repeat(monitored, HOUSEHOLDS)
    _fill(con, "core.household", households)
    register = households.filter(listed).with_columns(
        category=pl.lit("脱贫不稳定户"), eliminated=pl.col("household_id") % 3 > 0
    )
    _fill(con, "core.monitored_household", register)
    risk = households.with_columns(score=pl.lit(12), band=pl.lit("低"), hard_trigger=pl.col("household_id") % 97 == 0)
    _fill(con, "mart.household_risk", risk)
    _fill(con, "mart.household_anomaly", households.clear())


def _fill(con: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> None:
    known = [column.name for column in contracts()[name].columns]
    con.execute(contracts()[name].ddl())
    con.register("rows", rows.select(column for column in rows.columns if column in known))
    con.execute(f"insert into {name} by name select * from rows")
    con.unregister("rows")


def main() -> None:
    spent: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        started = time.monotonic()
        done = work()
        spent[name] = round(time.monotonic() - started, 2)
        return done

    blanks = {
        "nonce_sha256": hashlib.sha256(NONCE.encode()).hexdigest(),
        "public_value": "甲",
        "public_value_form": "1",
    }
    wanted = plan(**blanks, first_day="2022-04-10", last_day="2022-04-20")
    points = read_coordinates((DATA / research.COORDINATES).read_text(encoding="utf-8"), research.COORDINATES)
    with duckdb.connect() as con:
        for schema in ("ref", "core", "mart"):
            con.execute(f"create schema {schema}")
        made_up(con)
        found = timed("frame", lambda: research.frame(con, wanted, MONTH))
        sample = timed("villages", lambda: draw(found, wanted, "seed"))
        codes = sample.filter(role=PRIMARY)["village_code"].to_list()
        listing = timed("listing", lambda: research.listing(con, codes))
        timed("households", lambda: draw_households(codes, listing, wanted, "seed"))
        teams = timed("teams", lambda: assign(sample, wanted, points))
        timed("days", lambda: days(sample, teams, wanted, points, wanted.window))
        rehearsal = round(sum(spent.values()), 2)
        hashes = timed("household hashes", lambda: research.digests(con))
        frozen = frame.with_households(found, hashes)
        text = timed("frozen frame", lambda: audit.frozen(frozen, wanted, MONTH, "v001"))
        basis, reveal = audit.Basis(text, wanted, MONTH, "v001", "p"), audit.Reveal("1", NONCE, points)
        drawn = draw(frame.from_csv(text), wanted, audit.seed(frame.sha256(text), "1", NONCE)).filter(role=PRIMARY)
        listing = research.listing(con, drawn["village_code"].to_list())
    content = timed("audit file", lambda: json.dumps(audit.audited(basis, 1, reveal, listing)[0], ensure_ascii=False))
    told, _ = timed("verification", lambda: research_draw.verify(content))
    figures = {"holds": told["holds"], "households": VILLAGES * HOUSEHOLDS, "audit_mb": round(len(content) / 1e6, 1)}
    print(json.dumps({"villages": VILLAGES, **figures, "rehearsal_s": rehearsal, "wall_s_by_step": spent}))


if __name__ == "__main__":
    main()
