"""Gaps that occur by themselves, and amounts as systems write them, counted from the written files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from fangpin.sample import block, villages
from fangpin.sample.feeds import feeds
from fangpin.sample.province import prepared
from fangpin.sample.timeline import number
from tests.rules import sample_files as files

MONTH = "2021-10"
INSURANCES = ("是否参加城乡居民基本医疗保险", "是否参加城镇职工基本医疗保险")
SUSPECTED = "疑似辍学"
PRIMARY_AGE = (6, 11)
"""Full years on 31 August 2021 of children of the six years of primary school."""


def uninsured(home: Path, month: str) -> pl.DataFrame:
    people = files.clean(home, "person_list", files.persons(home, month))
    return people.filter(pl.all_horizontal(pl.col(c) == "否" for c in INSURANCES))


def pupils(home: Path, month: str) -> pl.DataFrame:
    return files.clean(home, "education", files.delivered(home, month, "教育局", "在校生学籍信息"))


def absent(home: Path, month: str) -> pl.DataFrame:
    """Children of primary age whom the list calls no pupils and whose absence nobody explains."""
    born = pl.col("证件号码").str.slice(6, 8).cast(pl.Int64, strict=False)
    age = (20210831 - born) // 10_000
    people = files.clean(home, "person_list", files.persons(home, month))
    return people.filter(
        age.is_between(*PRIMARY_AGE) & (pl.col("在校生状况") == "非在校生") & pl.col("失学或辍学原因").is_null()
    )


@pytest.mark.parametrize("month", files.MONTHS)
def test_some_are_in_no_insurance(written_inbox: Path, month: str) -> None:
    """At most one in two hundred; fewer than half of them have no settlement by chance alone: nobody has one."""
    people = files.persons(written_inbox, month)
    gap = uninsured(written_inbox, month)
    assert 0.0005 < gap.height / people.height < 0.005
    settled = files.delivered(written_inbox, MONTH, "医保局", "医保结算明细").select("证件号码").unique()
    assert gap.join(settled, on="证件号码").height == 0


def test_some_children_are_out_of_school(written_inbox: Path) -> None:
    """Net enrolment of 2019 was 99.94 %: about six in ten thousand are not at school, some of them suspected."""
    here = pupils(written_inbox, MONTH)
    compulsory = here.filter(pl.col("学段").is_in(["小学", "初中"]))
    suspected = compulsory.filter(pl.col("学籍状态") == SUSPECTED)
    missing = absent(written_inbox, MONTH)
    assert suspected.height >= 1
    assert missing.height >= 1
    assert 0.0002 < (suspected.height + missing.height) / compulsory.height < 0.002
    assert missing.join(files.delivered(written_inbox, MONTH, "教育局", "在校生学籍信息"), on="证件号码").height == 0


def test_the_suspected_are_no_pupils_in_the_list(written_inbox: Path) -> None:
    suspected = pupils(written_inbox, MONTH).filter(pl.col("学籍状态") == SUSPECTED)
    people = files.clean(written_inbox, "person_list", files.persons(written_inbox, MONTH))
    known = suspected.join(people, on="证件号码")
    assert set(known["在校生状况"]) == {"非在校生"}
    assert known["失学或辍学原因"].null_count() == 0


@pytest.mark.parametrize("month", files.MONTHS)
def test_none_where_nothing_may_happen_and_none_in_those_cleared_or_wrongly_listed(
    written_inbox: Path, month: str
) -> None:
    register = files.clean(written_inbox, "register", files.register(written_inbox, month))
    cleared = register.filter(pl.col("风险是否已消除") == "是").select("户编号")
    wrongly = (
        files.truth(written_inbox, "planted_households")
        .filter(pl.col("kind").is_in(["not_marginal", "stable_unstable"]))
        .select(户编号="household_no")
    )
    gaps = pl.concat([uninsured(written_inbox, month).select("户编号"), absent(written_inbox, month).select("户编号")])
    assert not gaps["户编号"].str.starts_with(files.TOWNSHIP).any()
    assert gaps.join(pl.concat([cleared, wrongly]).unique(), on="户编号").height == 0


def test_the_register_writes_who_is_not_insured() -> None:
    """One member of one listed household out of the insurance: the register says so for that household alone."""
    month = number(MONTH)
    frame = next(iter(villages.blocks(prepared(7, 1 / 400))))
    lived = block.live(7, frame, month, month)
    at = np.flatnonzero(lived.stories.listed & (lived.stories.identified <= month))[3]
    household = lived.stories.household[at]
    members = (lived.persons.household == household) & lived.persons.present(month)
    lived.persons.insured[:] = ~lived.persons.employee
    lived.persons.insured[np.flatnonzero(members)[-1]] = False
    lived.persons.employee[np.flatnonzero(members)[-1]] = False
    rows = feeds(7, lived, month, month)["register"]
    said = rows.filter(pl.col("是否有家庭成员未参加城乡居民（职工）基本医疗保险") == "是")
    assert set(said["户编号"]) == {lived.numbers[int(household)]}
    assert said.height == members.sum()


def test_water_fails_in_a_few_homes_most_of_them_in_the_register(written_inbox: Path) -> None:
    """One in a hundred of those listed and two in ten thousand others, one indicator each."""
    rows = files.clean(written_inbox, "water", files.delivered(written_inbox, MONTH, "水利局", "饮水安全监测信息"))
    answers = [c for c in rows.columns if c.endswith("是否达标")]
    failing = rows.filter(pl.any_horizontal(pl.col(c) == "否" for c in answers))
    assert (
        failing.select(pl.sum_horizontal((pl.col(c) == "否").cast(pl.Int64) for c in answers)).to_series() == 1
    ).all()
    assert 0.0001 < failing.height / rows.height < 0.002
    listed = files.clean(written_inbox, "register", files.register(written_inbox, MONTH)).select("户编号").unique()
    assert 0 < failing.join(listed, on="户编号").height < listed.height / 50
    assert not failing["户编号"].str.starts_with(files.TOWNSHIP).any()


@pytest.mark.parametrize("title", ["医保结算明细", "监测对象信息"])
def test_amounts_have_two_decimals(written_inbox: Path, title: str) -> None:
    """As a system exports them: never the noise of a binary fraction, never one decimal."""
    source, feed, columns = {
        "医保结算明细": (
            "医保局",
            "medical",
            ["总费用", "基本医保支付", "大病保险支付", "医疗救助支付", "合规自付费用"],
        ),
        "监测对象信息": (
            "全国防返贫监测信息系统",
            "register",
            ["工资性收入", "转移性收入", "人均纯收入（元）", "风险消除后家庭人均纯收入", "合规自付支出"],
        ),
    }[title]
    rows = files.clean(written_inbox, feed, files.delivered(written_inbox, MONTH, source, title))
    cells = rows.select(columns).unpivot()["value"].drop_nulls()
    assert cells.len() > 1000
    assert cells.str.contains(r"^\d+\.\d{2}$").all()


def test_no_amount_of_any_feed_has_more_than_two_decimals(written_inbox: Path) -> None:
    """Dirty rows aside, which write 万元 with four."""
    for path in sorted((written_inbox / "inbox" / MONTH).glob("*/*.csv")):
        title = path.name.split("_")[0]
        rows = files.delivered(written_inbox, MONTH, path.parent.name, title)
        dirty = files.truth(written_inbox, "dirty_rows").select("file", "row")
        rows = rows.join(dirty, on=["file", "row"], how="anti").drop("file", "row")
        for name in rows.columns:
            assert not rows[name].str.contains(r"^-?\d+\.\d{3,}$").any(), f"{path.name} {name}"
