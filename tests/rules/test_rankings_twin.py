"""mart.place_rate's SQL and fangpin/rates.py say the same of random places, and an empty place poisons nothing."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from checks.catalogue import contracts
from fangpin.month import windows
from fangpin.policy import load
from fangpin.rates import effective, kleinman, shrunken, wilson
from pipelines.models import load_models
from tests.rules.oracles import oracle

CHECKOUT = Path(__file__).resolve().parents[2]
MODELS = {m.name: m for m in load_models(CHECKOUT / "sql")}
POLICY = load(CHECKOUT / "policy")
ON = dt.date(2021, 11, 30)
RHO_MAX = POLICY.value("threshold.rho_max", "", ON).value
Z = POLICY.value("threshold.interval_z", "", ON).value

Household = tuple[str, int, bool]
"""Village, persons, eliminated."""


def values(file: str) -> dict[str, Any]:
    found = {name: POLICY.value(f"{file}.{name}", "", ON).value for name in POLICY.group(file)}
    return {name: "、".join(v) if isinstance(v, list) else v for name, v in found.items()}


def fill(con: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    con.register("rows", rows)
    con.execute(f"insert into {table} by name select * from rows")
    con.unregister("rows")


def rates(households: list[Household], *, model: str = "mart.place_rate") -> pl.DataFrame:
    """mart.place_rate of these households."""
    known = contracts()
    with duckdb.connect() as con:
        for schema in ("ref", "core", "mart"):
            con.execute(f"create schema {schema}")
        for name in (*MODELS[model].inputs, model):
            con.execute(known[name].ddl())
        for table, row in (
            ("threshold", values("threshold")),
            ("ranking", values("ranking")),
            ("month", windows("2021-11")),
        ):
            fill(con, f"ref.{table}", pl.DataFrame([row]))
        villages = pl.DataFrame(
            {"village_code": sorted({v for v, _, _ in households})}, schema={"village_code": pl.String}
        )
        division = villages.with_columns(
            *(pl.col("village_code").str.head(n).alias(f"{level}_code") for level, n in PREFIX.items()),
            in_province=True,
            rural=True,
        )
        register = pl.DataFrame(
            [(n, v, "边缘易致贫户", p, gone, "2021-01") for n, (v, p, gone) in enumerate(households)],
            schema=["household_id", "village_code", "category", "persons", "eliminated", "identified_month"],
            orient="row",
        )
        fill(con, "ref.division", division)
        fill(con, "core.monitored_household", register)
        con.execute(f"insert into {model} by name {MODELS[model].sql}")
        return con.sql(f"select * from {model} order by level, place_code, measure").pl()


PREFIX = {"township": 9, "county": 6, "city": 4}


def twin(households: list[Household], measure: str) -> dict[str, tuple[float, float, float]]:
    """Place code -> (effective size, intra-class correlation of its level, shrunken ratio), by fangpin/rates.py."""
    units: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for village, persons, gone in households:
        units[village].append((persons if measure == "persons" else 1, gone))
    n = {v: sum(u for u, _ in us) for v, us in units.items()}
    x = {v: sum(u for u, gone in us if gone) for v, us in units.items()}
    size = {v: n[v] ** 2 / sum(u * u for u, _ in us) for v, us in units.items()}
    _, rho_village = kleinman([(x[v] / n[v], size[v], v[:9]) for v in n], RHO_MAX)
    found: dict[str, tuple[float, float, float]] = {}
    parents: dict[str, float] = {}
    for level in ("city", "county", "township"):
        length = PREFIX[level]
        codes = sorted({v[:length] for v in n})
        upper = {"city": 0, "county": 4, "township": 6}[level]
        inside = {c: [v for v in n if v.startswith(c)] for c in codes}
        ratio = {c: sum(x[v] for v in inside[c]) / sum(n[v] for v in inside[c]) for c in codes}
        sizes = {c: effective([size[v] for v in inside[c]], rho_village) for c in codes}
        means, rho = kleinman([(ratio[c], sizes[c], c[:upper]) for c in codes], RHO_MAX)
        if level == "city":
            parents = means
        own = {c: shrunken(ratio[c], sizes[c], parents[c[:upper]], rho) for c in codes}
        found |= {c: (sizes[c], rho, own[c]) for c in codes}
        parents = own
    found |= {v: (size[v], rho_village, shrunken(x[v] / n[v], size[v], parents[v[:9]], rho_village)) for v in n}
    return found


def random_province(seed: int) -> list[Household]:
    """Four cities of three counties of three townships of four villages, each level with a spread of its own."""
    dice = random.Random(seed)
    made: list[Household] = []
    for city in range(4):
        in_city = dice.uniform(-0.15, 0.15)
        for county in range(3):
            in_county = in_city + dice.uniform(-0.1, 0.1)
            for township in range(3):
                in_township = in_county + dice.uniform(-0.1, 0.1)
                for village in range(4):
                    code = f"41{city:02}{county:02}{township:03}{village:03}"
                    chance = min(0.98, max(0.02, 0.65 + in_township + dice.uniform(-0.2, 0.2)))
                    size = dice.choice([1, 2, 3, 7, 20])
                    made += [(code, dice.randint(1, 6), dice.random() < chance) for _ in range(size)]
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_equals_the_twin(seed: int) -> None:
    households = random_province(seed)
    found = rates(households)
    for measure in ("households", "persons"):
        expected = twin(households, measure)
        rows = found.filter(measure=measure).to_dicts()
        assert {row["place_code"] for row in rows} == {code for code in expected if len(code) > 4}
        assert max(row["rho"] for row in rows) > 0
        for row in rows:
            size, rho, mean = expected[row["place_code"]]
            assert (row["size"], row["rho"], row["eb_mean"]) == pytest.approx((size, rho, mean), abs=1e-9)
            limits = wilson(row["ratio"] * row["units"], row["units"], Z)
            assert (row["wilson_low"], row["wilson_high"]) == pytest.approx(limits, abs=1e-12)


def test_order_of_rows_changes_no_byte() -> None:
    households = random_province(4)
    shuffled = list(households)
    random.Random(5).shuffle(shuffled)
    assert rates(shuffled).equals(rates(households))


def test_shrinkage_keeps_what_a_county_observed() -> None:
    """What the villages of a county are expected to have eliminated is, in sum, close to what they eliminated."""
    found = rates(random_province(6)).filter((pl.col("level") == "village") & (pl.col("measure") == "households"))
    by_county = found.group_by(pl.col("place_code").str.head(6)).agg(
        ratio=(pl.col("eb_mean") * pl.col("monitored")).sum() / pl.col("eliminated").sum()
    )
    assert by_county["ratio"].mean() == pytest.approx(1, abs=0.03)
    assert by_county["ratio"].is_between(0.8, 1.25).all()


def test_an_empty_place_is_in_nobodys_way() -> None:
    """The oracle's empty village is not in the table at all; the others stand as if it were not there."""
    data = oracle("t4_zero_denominator.json")
    households: list[Household] = []
    for number, (_, x, n) in enumerate(data["rows"]):
        households += [(f"410101001{number:03}", 1, gone < x) for gone in range(n)]
    found = rates(households).filter((pl.col("level") == "village") & (pl.col("measure") == "households"))
    assert found["ratio"].to_list() == pytest.approx([r for r in data["expected_ratio"] if r is not None])
    county = rates(households).filter((pl.col("level") == "county") & (pl.col("measure") == "households"))
    assert county["ratio"].item() == pytest.approx(data["expected_pooled"])


def test_no_monitored_household_anywhere() -> None:
    assert rates([]).height == 0
