"""The gate: every blocking check seen to refuse, and every way a table can be older than what it rests on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assets.publish import bundle, gate
from checks.catalogue import contracts
from fangpin.errors import GateRefused
from tests import made_up_home
from tests.made_up_home import (
    change,
    fill,
    fill_and_publish,
    frames,
    opened,
    publish,
    with_few_tables,
    with_settled_code,
)

MONTH = "2021-10"
CHECKS = [
    (name, check, blocking)
    for name, contract in contracts().items()
    for check, blocking in (("contract", True), *((a.name, a.blocking) for a in contract.audits))
]


@pytest.fixture(scope="module", autouse=True)
def settled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        with_settled_code(patch)
        yield


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month in the warehouse with its version under construction. Read only."""
    home = tmp_path_factory.mktemp("filled")
    fill(home, MONTH, frames(MONTH))
    with opened(home, MONTH) as build:
        bundle.bundle(build)
    return home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "home"))


def judge(home: Path, *faults: str) -> None:
    """Judge the version under construction after seeding faults in its meta tables."""
    folder = bundle.building(home, MONTH)
    assert folder is not None
    with duckdb.connect(str(folder / bundle.COPY)) as con:
        for fault in faults:
            con.execute(fault)
    with opened(home, MONTH) as build:
        gate.judge(build, folder)


def failing(name: str, check: str, violations: int) -> str:
    where = f"table_name = '{name}' and check_name = '{check}'"
    return f"update meta.check_result set passed = false, violations = {violations} where {where}"


def test_a_sound_month_passes(home: Path) -> None:
    judge(home)


def test_every_blocking_check_refuses_by_name_and_no_other_does(home: Path) -> None:
    """All checks failed at once: exactly the blocking ones are named, each with its table."""
    assert len(CHECKS) > len(contracts())
    with pytest.raises(GateRefused) as refused:
        judge(home, "update meta.check_result set passed = false, violations = 3")
    text = str(refused.value)
    for name, check, blocking in CHECKS:
        assert (f"{name} 未通过检查 {check}（" in text) == blocking, (name, check)


@pytest.mark.parametrize(("name", "check"), [("core.household", "contract"), ("mart.place_month", "totals_agree")])
def test_one_failed_blocking_check_refuses(home: Path, name: str, check: str) -> None:
    fault = failing(name, check, 2)
    with pytest.raises(GateRefused, match=rf"{name} 未通过检查 {check}.*2 处不符"):
        judge(home, fault)


def test_a_failed_hint_is_listed_and_does_not_refuse(home: Path) -> None:
    name, check = next((n, c) for n, c, blocking in CHECKS if not blocking)
    folder = bundle.building(home, MONTH)
    assert folder is not None
    fault = failing(name, check, 4)
    with duckdb.connect(str(folder / bundle.COPY)) as con:
        con.execute(fault)
    with opened(home, MONTH) as build:
        results = gate.judge(build, folder)
    assert [(r.table, r.observed) for r in results if r.outcome == "提示"] == [(name, "4处不符")]


def test_every_missing_check_refuses(home: Path) -> None:
    with pytest.raises(GateRefused) as refused:
        judge(home, "delete from meta.check_result")
    for name, check, _ in CHECKS:
        assert f"{name} 的检查 {check} 没有结果" in str(refused.value)


def test_a_check_of_another_build_refuses(home: Path) -> None:
    fault = "update meta.check_result set build_id = 'another' where table_name = 'mart.alert'"
    with pytest.raises(GateRefused, match=r"mart\.alert 的检查 contract 判断的不是本次生成的表"):
        judge(home, fault)


def test_a_failed_check_of_a_feed_refuses(home: Path) -> None:
    faults = (
        "insert into meta.build values ('raw.medical', 'm1', '{}', 'c', 5)",
        "insert into meta.check_result values ('raw.medical', 'm1', 'rows_reconcile', '行数平衡', true, false, 1)",
    )
    with pytest.raises(GateRefused, match=r"raw\.medical 未通过检查 rows_reconcile"):
        judge(home, *faults)


@pytest.mark.parametrize("name", sorted(contracts()))
def test_a_table_never_built_refuses(filled: Path, tmp_path: Path, name: str) -> None:
    """Judged on a copy of the meta tables alone, so that every table can be tried."""
    with opened(filled, MONTH) as build:
        build.con.execute("attach ':memory:' as edition")
        build.con.execute("create schema edition.meta")
        for table in bundle.META:
            build.con.execute(f"create table edition.meta.{table} as select * from meta.{table}")
        build.con.execute("delete from edition.meta.build where table_name = ?", [name])
        problems = gate._builds(build)
    assert problems[0] == f"  {name} 还没有生成：请先运行它。"


def test_a_month_half_run_is_named_before_anything_is_written(tmp_path: Path) -> None:
    fill(tmp_path, MONTH, frames(MONTH))
    change(tmp_path, MONTH, "delete from meta.build where table_name = 'mart.research_sample'")
    change(tmp_path, MONTH, "drop table mart.research_sample")
    with pytest.raises(GateRefused, match=r"（mart\.research_sample）还没有生成。请先 fangpin run --month 2021-"):
        publish(tmp_path, MONTH)
    assert not (tmp_path / "published").exists()


def test_a_month_of_which_nothing_is_built_is_told_to_be_run(tmp_path: Path) -> None:
    fill(tmp_path, MONTH, frames(MONTH))
    change(tmp_path, MONTH, "delete from meta.build")
    with pytest.raises(GateRefused, match=f"^{MONTH} 还没有运行：请先 fangpin run --month {MONTH}。$"):
        publish(tmp_path, MONTH)


def test_of_many_tables_not_built_three_are_named(tmp_path: Path) -> None:
    fill(tmp_path, MONTH, frames(MONTH))
    change(tmp_path, MONTH, "delete from meta.build where table_name <> 'ref.place'")
    with pytest.raises(GateRefused) as refused:
        publish(tmp_path, MONTH)
    assert str(refused.value).count("（") == 3
    assert f"等 {len(contracts()) - 1} 张表还没有生成" in str(refused.value)


def test_a_table_older_than_its_input_refuses(home: Path) -> None:
    inputs = json.dumps({"core.household": "an older build"})
    with pytest.raises(GateRefused, match=r"mart\.household_risk 早于它的输入 core\.household（其后又重新生成过）"):
        judge(home, f"update meta.build set inputs = '{inputs}' where table_name = 'mart.household_risk'")


def test_a_table_whose_input_is_gone_refuses(home: Path) -> None:
    inputs = json.dumps({"raw.medical": "gone"})
    with pytest.raises(GateRefused, match=r"core\.shock 早于它的输入 raw\.medical"):
        judge(home, f"update meta.build set inputs = '{inputs}' where table_name = 'core.shock'")


def test_a_table_of_another_policy_refuses(home: Path) -> None:
    fault = "update meta.build set build_id = 'of another policy' where table_name = 'ref.category'"
    checks = "update meta.check_result set build_id = 'of another policy' where table_name = 'ref.category'"
    with pytest.raises(GateRefused, match=r"ref\.category 是按另一版政策文件生成的"):
        judge(home, fault, checks)


def test_all_reasons_are_named_at_once(home: Path) -> None:
    with pytest.raises(GateRefused) as refused:
        judge(
            home,
            "update meta.check_result set passed = false where table_name = 'mart.alert'",
            "delete from meta.build where table_name = 'core.shock'",
        )
    assert "mart.alert" in str(refused.value)
    assert "core.shock" in str(refused.value)
    assert str(refused.value).startswith("2021-10 不能发布，已发布的版本未受影响：")


def test_a_refusal_leaves_the_published_version_and_the_next_run_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_few_tables(monkeypatch)
    home = tmp_path
    fill_and_publish(home, MONTH)
    before = made_up_home.seen(home)
    fill(home, MONTH, frames(MONTH, 2))
    change(home, MONTH, "update meta.check_result set passed = false where table_name = 'mart.county_ranking'")
    with pytest.raises(GateRefused):
        publish(home, MONTH)
    assert made_up_home.seen(home) == before
    assert fill_and_publish(home, MONTH, seed=2).version == "v002"
