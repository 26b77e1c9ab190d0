"""The rankings of 45,000 made-up villages: `python -m tests.scale.rankings`, a phase of `make bench SCALES=rankings`.

Builds what the rankings read, then times every step of them, P(top-K) included. Prints one JSON line.
Does not belong here: what the rest of a month costs (phase.py).
"""

from __future__ import annotations

import datetime as dt
import json
import time

import duckdb
import numpy as np
import polars as pl

import pipelines.definitions  # noqa: F401  # declares every step
from assets.build import POLICY_FOLDER, STEPS, Build, fill_table
from checks.catalogue import contracts
from fangpin import policy
from fangpin.month import windows
from pipelines.home import home_folder

MONTH = "2021-10"
VILLAGES, PER_TOWNSHIP, PER_COUNTY, PER_CITY = 45_000, 20, 14, 9
PERSONS = 2.9
STEPS_TIMED = (
    "mart.expected_elimination",
    "mart.place_rate",
    "mart.rank_posterior",
    "mart.place_context",
    "mart.place_ranking",
    "mart.county_ranking",
    "mart.township_ranking",
    "mart.village_ranking",
)


def made_up() -> dict[str, pl.DataFrame]:
    """A province of 45,000 villages with six monitored households each on average, some none, some forty."""
    dice = np.random.default_rng(1)
    number = np.arange(VILLAGES)
    township, county = number // PER_TOWNSHIP, number // PER_TOWNSHIP // PER_COUNTY
    city = county // PER_CITY
    division = pl.DataFrame(
        {
            "village_code": [f"41{number:010}" for number in number],
            "township_code": [f"T{n:06}" for n in township],
            "county_code": [f"C{n:04}" for n in county],
            "city_code": [f"S{n:02}" for n in city],
            "rural": True,
            "in_province": True,
        }
    )
    monitored = dice.negative_binomial(1.2, 1.2 / (1.2 + 6), VILLAGES)
    village = np.repeat(number, monitored)
    speed = np.repeat(dice.gamma(6, 1 / 6, VILLAGES), monitored)
    count = len(village)
    months = dice.integers(1, 40, count)
    ends = dice.exponential(18 / speed).astype(int)
    register = pl.DataFrame(
        {
            "household_id": np.arange(count, dtype=np.int32),
            "village_code": division["village_code"].gather(village),
            "category": np.array(["脱贫不稳定户", "边缘易致贫户", "突发严重困难户"])[dice.integers(0, 3, count)],
            "risk1": np.array(["因病", "因残", "因学", "因缺劳动力", "因务工就业不稳"])[dice.integers(0, 5, count)],
            "persons": 1 + dice.poisson(PERSONS - 1, count).astype(np.int32),
            "identified_month": "2020-06",
            "eliminated": ends < months,
            "months_monitored": np.minimum(ends, months).astype(np.int32),
        }
    )
    codes = {"county": "county_code", "township": "township_code", "village": "village_code"}
    sizes = division.with_columns(households=pl.Series(dice.integers(150, 700, VILLAGES)))
    places = pl.concat(
        sizes.group_by(place_code=code)
        .agg(pl.col("households").sum())
        .with_columns(level=pl.lit(level), place_name=pl.col("place_code"), in_province=True, new_alerts=3)
        .with_columns(persons=(PERSONS * pl.col("households")).cast(pl.Int64))
        for level, code in codes.items()
    )
    values = policy.load(POLICY_FOLDER)
    on = dt.date(2021, 10, 31)
    return {
        "ref.division": division,
        "ref.place": places.select("level", "place_code", "in_province", full_name="place_name"),
        "ref.month": pl.DataFrame([windows(MONTH)]),
        "ref.threshold": pl.DataFrame(
            [{name: values.value(f"threshold.{name}", "", on).value for name in values.group("threshold")}]
        ),
        "mart.place_month": places,
        "core.monitored_household": register,
        "mart.household_anomaly": register.filter(pl.col("household_id") % 3 == 0).select(
            "household_id", "village_code", kind=pl.lit("returned"), title=pl.lit("返复")
        ),
    }


def main() -> None:
    values = policy.load(POLICY_FOLDER)
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as prev")
        for schema in ("ref", "core", "mart", "prev.mart"):
            con.execute(f"create schema {schema}")
        given = made_up()
        needed = {name for step in STEPS_TIMED for name in STEPS[step].inputs} - {"prev.mart.place_ranking"}
        for name in needed - set(STEPS_TIMED):
            con.execute(contracts()[name].ddl())
            if name in given:
                con.register("rows", given[name])
                con.execute(f"insert into {name} by name select * from rows")
        con.execute(contracts()["mart.place_ranking"].ddl().replace("mart.", "prev.mart.", 1))
        build = Build(month=MONTH, con=con, policy=values, home=home_folder(), report=lambda _: None)
        fill_table(con, STEPS["ref.ranking"].contract, STEPS["ref.ranking"].produce(build))
        spent = {}
        for name in STEPS_TIMED:
            wall, cpu = time.monotonic(), time.process_time()
            fill_table(con, STEPS[name].contract, STEPS[name].produce(build))
            spent[name] = [round(time.monotonic() - wall, 1), round(time.process_time() - cpu, 1)]
        rows = con.sql("select count(*) from mart.village_ranking").fetchall()[0][0]
    walls, cpus = (round(sum(each[n] for each in spent.values()), 1) for n in (0, 1))
    print(json.dumps({"rows": rows, "wall_s": walls, "cpu_s": cpus, "wall_and_cpu_by_step": spent}))


if __name__ == "__main__":
    main()
