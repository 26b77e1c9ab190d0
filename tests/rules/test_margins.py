"""The margins of 不边缘 and 较稳定, on the oracle's four households."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from checks.catalogue import contracts
from fangpin.policy import load
from pipelines.models import load_models
from tests.rules.oracles import oracle

CHECKOUT = Path(__file__).resolve().parents[2]
MODEL = next(m for m in load_models(CHECKOUT / "sql") if m.name == "mart.anomaly_stable_unstable")
POLICY = load(CHECKOUT / "policy")
BINDING = {"labor": "livelihood"}  # the oracle's word for the criterion


def test_the_oracles_households() -> None:
    data = oracle("t5_marginality_margin.json")
    with duckdb.connect() as con:
        for schema in ("core", "ref"):
            con.execute(f"create schema {schema}")
        for name in MODEL.inputs:
            con.execute(contracts()[name].ddl())
        params = data["params"]
        con.execute(
            "insert into ref.threshold (margin_income_multiple, margin_rigid_share, margin_earners, margin_months) "
            "values (?, ?, ?, ?)",
            [params[k] for k in ("income_multiple", "rigid_share_max", "stable_labor_min", "months_min")],
        )
        for number, h in enumerate(data["households"]):
            con.execute(
                "insert into core.monitored_household (household_id, category, eliminated, identified_month) "
                "values (?, '脱贫不稳定户', false, '2020-03')",
                [number],
            )
            con.execute(
                """insert into core.household_month (household_id, line_fen, net_income_per_head_fen, rigid_share,
                stable_earners, assets, education_gap, medical_gap, housing_gap, water_gap, disasters, newly_severe,
                deaths, jobs_lost_recent, dibao_persons, severe_disabled, months_above_line)
                values (?, ?, ?, ?, ?, 0, ?, false, false, false, ?, 0, 0, 0, 0, 0, ?)""",
                [
                    number,
                    data["L"] * 100,
                    h["pc_net"] * 100,
                    h["rigid_share"],
                    h["stable_labor"],
                    h["two_three_gap"] > 0,
                    h["shock"],
                    h["months_ok"],
                ],
            )
        found = con.sql(MODEL.sql).pl().to_dicts()
    wanted = [(n, h) for n, h in enumerate(data["households"]) if h["not_marginal"]]
    assert [row["household_id"] for row in found] == [n for n, _ in wanted]
    for row, (_, household) in zip(found, wanted, strict=True):
        assert row["margin"] == pytest.approx(household["margin"], abs=1e-9)
        assert row["binding"] == BINDING.get(household["binding"], household["binding"])


def test_the_parameters_are_the_oracles() -> None:
    on = dt.date(2021, 11, 30)
    params = oracle("t5_marginality_margin.json")["params"]
    ours = [
        POLICY.value(f"threshold.{name}", "", on).value for name in ("margin_income_multiple", "margin_rigid_share")
    ]
    assert ours == [params["income_multiple"], params["rigid_share_max"]]
