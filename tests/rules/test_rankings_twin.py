"""The rankings' SQL and fangpin/rates.py say the same of random places, and of the oracle's empty one."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from checks.catalogue import contracts
from fangpin.policy import load
from fangpin.rates import kleinman, wilson
from pipelines.models import load_models
from tests.rules.oracles import oracle

CHECKOUT = Path(__file__).resolve().parents[2]
MODELS = {m.name: m for m in load_models(CHECKOUT / "sql")}
POLICY = load(CHECKOUT / "policy")
ON = dt.date(2021, 11, 30)


def ranking(level: str, counts: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """mart.<level>_ranking of places with (eliminated, monitored) households, best rank first."""
    model, known = MODELS["mart.place_ranking"], contracts()
    with duckdb.connect() as con:
        for schema in ("ref", "mart"):
            con.execute(f"create schema {schema}")
        for name in model.inputs:
            con.execute(known[name].ddl())
        names = POLICY.group("threshold")
        con.execute(
            f"insert into ref.threshold ({', '.join(names)}) values ({', '.join('?' * len(names))})",
            [POLICY.value(f"threshold.{n}", "", ON).value for n in names],
        )
        column = "village_code" if level == "village" else "county_code"
        for code, (x, n) in counts.items():
            codes = {"village_code": code, "county_code": code, "city_code": "4101"} | {column: code}
            con.execute(
                f"insert into ref.division ({', '.join(codes)}, rural) values (?, ?, ?, true)", [*codes.values()]
            )
            con.execute(
                "insert into ref.place (level, place_code, full_name, in_province) values (?, ?, '全称', true)",
                [level, code],
            )
            con.execute(
                """insert into mart.place_month (level, place_code, place_name, in_province, households,
                monitored_households, monitored_persons, eliminated_households, elimination_ratio_households)
                values (?, ?, '名', true, 100, ?, ?, ?, ? / nullif(?, 0))""",
                [level, code, n, 2 * n, x, x, n],
            )
        con.execute(known[model.name].ddl())
        con.execute(f"insert into {model.name} by name {model.sql}")
        ranked = MODELS[f"mart.{level}_ranking"].sql
        return con.sql(f"select * from ({ranked}) order by rank_ratio nulls last, rank_count").pl().to_dicts()


@pytest.mark.parametrize(("level", "seed"), [("county", 1), ("county", 2), ("village", 3), ("village", 4)])
def test_sql_equals_the_twin(level: str, seed: int) -> None:
    dice = random.Random(seed)
    counts = {}
    for number in range(150):
        n = dice.choice([0, 1, 2, 3, 7, 20, 60])
        truth = dice.betavariate(7, 3)
        counts[f"4101{number:08}"] = (sum(dice.random() < truth for _ in range(n)), n)
    z, rho_max = (POLICY.value(f"threshold.{name}", "", ON).value for name in ("interval_z", "rho_max"))
    prior = kleinman(list(counts.values()), rho_max)
    assert prior is not None
    assert prior.rho > 0
    for row in ranking(level, counts):
        x, n = counts[row["place_code"]]
        interval = wilson(x, n, z)
        mean = prior.mean(x, n)
        limits = (row["wilson_low"], row["wilson_high"])
        assert limits == ((None, None) if interval is None else pytest.approx(interval, abs=1e-12))
        assert row["eb_ratio"] == (None if mean is None else pytest.approx(mean, abs=1e-12))


@pytest.mark.parametrize("level", ["county", "village"])
def test_an_empty_place_is_last_and_poisons_nothing(level: str) -> None:
    data = oracle("t4_zero_denominator.json")
    counts = {code: (x, n) for code, x, n in data["rows"]}
    found = ranking(level, counts)
    ratios = {row["place_code"]: row["ratio_households"] for row in found}
    assert [ratios[code] for code, _, _ in data["rows"]] == pytest.approx(data["expected_ratio"])
    by_ratio = sorted(found, key=lambda r: (r["ratio_households"] is None, -(r["ratio_households"] or 0)))
    assert [row["place_code"] for row in by_ratio] == data["expected_order_desc_nulls_last"]
    assert found[-1]["place_code"] == "V0"
    assert found[-1]["rank_ratio"] is None
    assert [row["rank_ratio"] for row in found[:2]] == [1, 2]


@pytest.mark.parametrize("level", ["county", "village"])
def test_no_monitored_household_anywhere(level: str) -> None:
    assert [(row["eb_ratio"], row["rank_ratio"]) for row in ranking(level, {"a": (0, 0), "b": (0, 0)})] == [
        (None, None),
        (None, None),
    ]
