"""The publication suite: a sound month meets it, and every expectation is seen to fail on a seeded fault."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.publish import bundle, expectations
from assets.publish.expectations import Expectation, judge, load_suite
from fangpin.errors import GateRefused, PolicyError
from tests import made_up_home

DOCUMENT = made_up_home.POLICY.document("publication_suite")
SUITE = {e.name: e for e in load_suite(DOCUMENT)}


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The frames of a month that has a month before it."""
    home = tmp_path_factory.mktemp("suite")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assets.publish.expectations.judge", lambda *_, **__: ())
        patch.setattr("fangpin.reports.site.site", lambda made: [("index.html", b"")])
        made_up_home.fill_and_publish(home, "2021-10")
    made_up_home.fill(home, "2021-11", made_up_home.frames("2021-11"))
    with made_up_home.opened(home, "2021-11") as build:
        folder = bundle.bundle(build)
        build.con.execute(f"attach '{folder / bundle.COPY}' as edition (read_only)")
        return expectations.frames(build.con)


def everywhere(**values: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda frame: frame.with_columns(**{name: pl.lit(value) for name, value in values.items()})


def first_row(**values: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The same frame with other values in its first row."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        first = pl.int_range(pl.len()) == 0
        return frame.with_columns(
            pl.when(first).then(pl.lit(value, dtype=frame.schema[name])).otherwise(name).alias(name)
            for name, value in values.items()
        )

    return change


def one_more(column: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """One too many in the first row."""
    return lambda frame: frame.with_columns(pl.col(column) + (pl.int_range(pl.len()) == 0).cast(pl.Int64))


def twice(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([frame, frame.head(1)])


FAULTS: Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "households_add_up": one_more("households"),
    "persons_add_up": one_more("persons"),
    "monitored_households_add_up": one_more("monitored_households"),
    "monitored_persons_add_up": one_more("monitored_persons"),
    "eliminated_households_add_up": one_more("eliminated_households"),
    "all_levels_present": lambda frame: frame.head(3),
    "counties_ranked": one_more("ranked"),
    "register_identity": one_more("active_households"),
    "opening_is_last_closing": one_more("opening_active_households"),
    "monitored_share": everywhere(monitored_share=0.11),
    "elimination_ratio_province": everywhere(elimination_ratio_households=0.99),
    "elimination_ratio_counties": everywhere(elimination_ratio_households=0.1),
    "household_size": everywhere(household_size=7.0),
    "high_risk_share": everywhere(high_risk_share=0.2),
    "households_change": everywhere(households_change=-0.06),
    "monitored_change_counties": everywhere(monitored_change=0.6),
    "monitored_change_province": everywhere(monitored_change=-0.21),
    "counties_unchanged": one_more("counties"),
    "county_once": twice,
    "village_once": twice,
    "ranking_begins": everywhere(rank=2),
    "interval_holds_ratio": first_row(ratio=0.0, wilson_low=0.5),
    "head_has_ratio": first_row(has_rank=True, has_ratio=False),
    "village_head_has_ratio": first_row(has_rank=True, has_ratio=False),
    "drawn_once": twice,
    "drawn_in_province": first_row(ranked_code=None),
    "something_drawn": lambda frame: frame.clear(),
    "rows_reconcile": one_more("rows_in_file"),
    "matched_reconcile": one_more("accepted"),
    "quarantined_share": first_row(quarantined_share=0.21),
    "match_rate": everywhere(match_rate=0.79),
    "snapshot_change": first_row(accepted_change=-0.31),
}


def test_a_sound_month_meets_the_whole_suite(given: dict[str, pl.DataFrame]) -> None:
    verdicts = judge(tuple(SUITE.values()), given, first_month=False)
    assert [v.expectation.name for v in verdicts] == list(SUITE)
    assert all(v.applies for v in verdicts)


def test_every_expectation_has_a_fault() -> None:
    assert set(FAULTS) == set(SUITE)


@pytest.mark.parametrize("name", list(SUITE))
def test_the_expectation_refuses_its_fault(given: dict[str, pl.DataFrame], name: str) -> None:
    expectation = SUITE[name]
    faulty = {**given, expectation.frame: FAULTS[name](given[expectation.frame])}
    assert not faulty[expectation.frame].equals(given[expectation.frame])
    with pytest.raises(GateRefused) as refused:
        judge([expectation], faulty, first_month=False)
    assert f"不符合发布预期：\n  {expectation.description}：" in str(refused.value)
    assert "无法执行" not in str(refused.value)


def test_expectations_about_last_month_do_not_apply_to_the_first(given: dict[str, pl.DataFrame]) -> None:
    verdicts = judge(tuple(SUITE.values()), given, first_month=True)
    assert {v.expectation.name for v in verdicts if not v.applies} == {e.name for e in SUITE.values() if e.previous}


def test_an_expectation_that_cannot_be_evaluated_is_told_apart(given: dict[str, pl.DataFrame]) -> None:
    wrong = replace(SUITE["monitored_share"], arguments={"column": "no_such_column", "min_value": 0})
    unmet = SUITE["county_once"]
    faulty = {**given, "county_ranking": twice(given["county_ranking"])}
    with pytest.raises(GateRefused) as refused:
        judge([wrong, unmet], faulty, first_month=False)
    unmet_part, broken_part = str(refused.value).split("发布预期无法执行")
    assert "county_once" in unmet_part and "monitored_share" not in unmet_part
    assert "monitored_share" in broken_part and "county_once" not in broken_part


def test_all_unmet_expectations_are_named_at_once(given: dict[str, pl.DataFrame]) -> None:
    names = ("households_add_up", "persons_add_up")
    totals = given["totals"]
    for name in names:
        totals = FAULTS[name](totals)
    with pytest.raises(GateRefused) as refused:
        judge([SUITE[name] for name in names], {**given, "totals": totals}, first_month=False)
    assert all(name in str(refused.value) for name in names)


def test_shares_of_a_feed_count_from_a_hundred_rows_on(given: dict[str, pl.DataFrame]) -> None:
    """One bad row of four is no news; twenty-one of a hundred are."""
    small = first_row(judged=99, quarantined_share=0.25)(given["feed_quality"])
    judge([SUITE["quarantined_share"]], {"feed_quality": small}, first_month=False)
    large = first_row(judged=100, quarantined_share=0.21)(given["feed_quality"])
    with pytest.raises(GateRefused, match="1行不符"):
        judge([SUITE["quarantined_share"]], {"feed_quality": large}, first_month=False)


def test_refusal_tells_counts_and_no_values(given: dict[str, pl.DataFrame]) -> None:
    faulty = {**given, "research_sample": twice(given["research_sample"])}
    code = given["research_sample"]["village_code"][0]
    with pytest.raises(GateRefused) as refused:
        judge([SUITE["drawn_once"]], faulty, first_month=False)
    assert code not in str(refused.value)
    assert "2行不符" in str(refused.value)


def test_a_wrong_suite_names_every_wrong_line() -> None:
    entry = {"name": "a", "frame": "nowhere", "description": "甲", "expect": "E", "with": {}}
    with pytest.raises(PolicyError, match=r"(?s)第1项: 没有名为 nowhere 的数据.*第2项: 缺少 with；多出 colour"):
        load_suite(
            {"expectations": [entry, {"name": "b", "frame": "totals", "description": "乙", "expect": "E", "colour": 1}]}
        )


def test_the_suite_is_a_decision(checkout: Path) -> None:
    assert (checkout / DOCUMENT["source"]["decision"]).is_file()
    assert len(SUITE) == len(DOCUMENT["expectations"])
    assert all(isinstance(e, Expectation) and e.description for e in SUITE.values())


def test_great_expectations_is_imported_only_to_judge() -> None:
    code = "import sys, assets.publish.steps, assets.publish.gate; print('great_expectations' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_snapshot_that_was_not_delivered_is_no_fall_to_nothing() -> None:
    """Whether it may be missing is asked of the delivery; here only what came is compared."""
    with duckdb.connect() as con:
        for name, rows in (
            ("edition", "('housing', 0, 0), ('dibao', 1, 120)"),
            ("prev", "('housing', 1, 500), ('dibao', 1, 100)"),
        ):
            con.execute(f"attach ':memory:' as {name}")
            con.execute(f"create schema {name}.mart")
            con.execute(
                f"""create table {name}.mart.feed_quality as
                    select *, 'snapshot' as delivery from (values {rows}) as t(feed, files, accepted)"""
            )
        found = con.sql(expectations.FRAMES["snapshots"]).fetchall()
    assert found == [("dibao", 100, pytest.approx(0.2))]
