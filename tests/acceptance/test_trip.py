"""A whole trip on the sample: freeze, draw, packs, answers from what was planted with noise, import, next month."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest

from fangpin.rates import wilson
from fangpin.research.item import COMPARE, LEAD
from fangpin.research.items import BY_CODE
from tests import made_up_answers
from tests.acceptance.detection import household_numbers
from tests.conftest import fangpin, versions
from tests.made_up_answers import Written

FROZEN, NEXT = "2021-11", "2021-12"
DATES = {
    "2021-12-01": dt.date(2021, 12, 1),
    "2021-12-02": dt.date(2021, 12, 2),
    "2021年12月3日": dt.date(2021, 12, 3),
}
DAYS = list(DATES)
"""Days of the visits as teams write them."""


@dataclass(frozen=True)
class Trip:
    """A home after the trip: what was written, what the commands said, the month after the trip run again."""

    home: Path
    written: Written
    told: dict[str, Any]
    stale: list[str]

    @property
    def draw(self) -> Path:
        return self.home / "research/plan/draw-001"

    def results(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.draw / "results/results.json").read_text(encoding="utf-8"))
        return found

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        version = versions(self.home)[NEXT]
        with duckdb.connect(self.home / "published" / NEXT / version / "fangpin.duckdb", read_only=True) as con:
            return con.sql(sql).fetchall()


@pytest.fixture(scope="module")
def trip(written_inbox: Path, province: Path, tmp_path_factory: pytest.TempPathFactory) -> Trip:
    home = tmp_path_factory.mktemp("trip") / "home"
    shutil.copytree(province, home, copy_function=_linked)
    secret = home / "nonce.txt"
    secret.write_text("a secret that is always the same\n", encoding="ascii")
    digest = hashlib.sha256(b"a secret that is always the same").hexdigest()
    plan = ("--plan", "plan")
    window = ("--first-day", "2021-12-01", "--last-day", "2021-12-14")
    announced = (
        "--nonce-sha256",
        digest,
        "--public-value",
        "2021年11月30日上证指数收盘",
        "--public-value-form",
        "3000.00",
    )
    fangpin(home, "research", "freeze", *plan, "--month", FROZEN, *announced, *window)
    fangpin(home, "research", "draw", *plan, "--public-value", "3563.89", "--nonce-file", str(secret))
    assert fangpin(home, "research", "verify", *plan).returncode == 0
    fangpin(home, "research", "packs", *plan)
    filled = tmp_path_factory.mktemp("filled")
    packs = home / "research/plan/draw-001/packs"
    files, written = made_up_answers.fill(packs, filled, *_planted(written_inbox / "truth", home), DAYS)
    told = json.loads(fangpin(home, "research", "import", *plan, *map(str, files), "--json").stdout)
    stale = json.loads(fangpin(home, "status", "--json").stdout)["stale_months"]
    fangpin(home, "run", "--month", NEXT)
    return Trip(home, written, told, stale)


def _linked(source: str, target: str) -> None:
    """Published files are never written again: they are linked; what is written on is copied."""
    if "/published/" in source or "/inbox/" in source:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def _planted(truth: Path, home: Path) -> tuple[dict[int, set[str]], dict[str, set[str]]]:
    known = pl.read_parquet(truth / "planted_households.parquet").filter(pl.col("from_month") <= FROZEN)
    households: dict[int, set[str]] = {}
    for key, kind in known.join(household_numbers(home, FROZEN), on="household_no").select("key", "kind").iter_rows():
        households.setdefault(key, set()).add(kind)
    villages: dict[str, set[str]] = {}
    planted = pl.read_parquet(truth / "planted_villages.parquet").select("village_code", "kind")
    for code, kind in planted.iter_rows():
        villages.setdefault(code, set()).add(kind)
    return households, villages


def test_every_village_of_the_draw_came_back(trip: Trip) -> None:
    counts = Counter(number for number, _ in trip.written.ticks)
    assert trip.told["records"]["household"] == len(counts)
    sample = pl.read_csv(trip.draw / "sample.csv", infer_schema=False).filter(role="primary")
    assert set(sample["village_code"]) <= set(trip.written.villages)
    progress = trip.results()["progress"]
    assert sum(each["villages_visited"] for each in progress) == sample.height == 24
    assert all(each["households"] == each["households_visited"] for each in progress)


def test_agreement_is_what_was_ticked(trip: Trip) -> None:
    ticked = Counter((code, word) for (_, code), word in trip.written.ticks.items() if BY_CODE[code].answer == COMPARE)
    found = {each["item"]: each for each in trip.results()["agreement"] if each["county_code"] == ""}
    assert set(found) == {code for code, _ in ticked}
    for code, each in found.items():
        assert (each["match"], each["differ"]) == (ticked[code, "一致"], ticked[code, "不一致"])
        compared = each["match"] + each["differ"]
        assert (each["low"], each["high"]) == pytest.approx(wilson(each["match"], compared, 1.96), abs=1e-3)


def test_the_next_month_knows_how_often_each_rule_was_right(trip: Trip) -> None:
    """Beta(2, 2) before: a = 2 + confirmed, b = 2 + refuted."""
    every = {**trip.written.ticks, **trip.written.village_ticks}
    ticked = Counter((code, word) for (_, code), word in every.items() if BY_CODE[code].answer == LEAD)
    assert sum(ticked.values()) > 20
    for rule, confirmed, refuted, a, b, mean in trip.rows(
        "select rule, confirmed, refuted, a, b, mean from mart.rule_yield"
    ):
        right, wrong = ticked[f"lead_{rule}", "属实"], ticked[f"lead_{rule}", "不属实"]
        assert (confirmed, refuted, a, b) == (right, wrong, 2 + right, 2 + wrong)
        assert mean == pytest.approx((2 + right) / (4 + right + wrong))


def test_visited_villages_are_not_drawn_again(trip: Trip) -> None:
    assert trip.stale == [NEXT]
    seen = trip.rows("select place_code, last_visit from mart.village_ranking where criterion = 'count_persons'")
    told = {village: day for village, day in seen if day is not None}
    assert told == {village: DATES[day] for village, day in trip.written.villages.items()}
    drawn = {code for (code,) in trip.rows("select village_code from mart.research_sample")}
    assert drawn and drawn.isdisjoint(trip.written.villages)
    digest = "0" * 64
    done = fangpin(
        trip.home, "research", "freeze", "--plan", "plan", "--month", NEXT, "--nonce-sha256", digest,
        "--public-value", "x", "--public-value-form", "1", "--first-day", "2022-01-04", "--last-day", "2022-01-17",
        "--reason", "下一次", "--json",
    )  # fmt: skip
    assert json.loads(done.stdout)["excluded"] == len(trip.written.villages)
    frame = (trip.home / "research/plan/frame/frame.csv").read_text(encoding="utf-8")
    assert frame.count("2021年12月01日调研过") == sum(day == DAYS[0] for day in trip.written.villages.values())


def test_visited_households_are_not_proposed_again_and_chance_has_its_part(trip: Trip) -> None:
    visited = {number for number, _ in trip.written.ticks}
    proposed = trip.rows("select household_id, county_code, arm, position from mart.field_check")
    assert visited.isdisjoint(number for number, *_ in proposed)
    by_arm = Counter((county, arm) for _, county, arm, _ in proposed)
    assert {n for (_, arm), n in by_arm.items() if arm == "random"} == {3}  # 15 % of 20
    assert max(n for (_, arm), n in by_arm.items() if arm == "risk") <= 17


def test_a_lead_that_was_checked_says_what_was_found(trip: Trip) -> None:
    """On the table and in `explain`; leads nobody checked say nothing."""
    rows = trip.rows("select household_id, kind, field_result, field_checked_on from mart.household_anomaly")
    assert {(n, kind): result for n, kind, result, _ in rows if result is not None} == {
        (n, kind): trip.written.ticks[n, f"lead_{kind}"]
        for n, kind, *_ in rows
        if (n, f"lead_{kind}") in trip.written.ticks
    }
    number, result, day = next((n, result, day) for n, _, result, day in rows if result)
    told = fangpin(trip.home, "explain", "--household", str(number), "--month", NEXT).stdout
    assert f"实地核查：{result}（{day}）" in told


def test_whom_the_team_missed_on_the_list_is_an_alert(trip: Trip) -> None:
    told = {number for (number,) in trip.rows("select household_id from mart.alert where kind = 'field_unlisted'")}
    unlisted = {n for (n,) in trip.rows("select household_id from core.household_month where status = 'none'")}
    assert trip.written.belong
    assert told == trip.written.belong & unlisted


def test_the_workbook_of_results_names_nobody(trip: Trip) -> None:
    book = openpyxl.load_workbook(trip.draw / "results/调研成果汇总.xlsx")
    said = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None}
    with sqlite3.connect(trip.home / "ledger/ledger.sqlite") as con:
        said |= {str(v) for row in con.execute("select * from field_answer") for v in row}
    known = pl.read_csv(next((trip.home / "inbox" / FROZEN).glob("*/*家庭成员*.csv")), infer_schema=False)
    personal = set(known["姓名"]) | set(known["证件号码"])
    assert said.isdisjoint(personal)
