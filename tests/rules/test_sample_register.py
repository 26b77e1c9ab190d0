"""The register and its step ledger: one register in three months, lawful procedure, batches by township."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from tests.rules import sample_files as files

FIRST, SECOND, THIRD = files.MONTHS


def states(home: Path, month: str) -> pl.DataFrame:
    """Per household of the register: village, active, class, months."""
    rows = files.clean(home, "register", files.register(home, month))
    return rows.group_by("户编号").agg(
        village=pl.col("户编号").str.slice(0, 12).first(),
        active=(pl.col("风险是否已消除") == "否").first(),
        category=pl.col("监测对象类别").first(),
        identified=pl.col("识别监测时间").first(),
        eliminated=pl.col("消除监测时间").first(),
    )


@pytest.fixture(scope="module")
def ledger(written_inbox: Path) -> pl.DataFrame:
    """The last month's steps, one row per household and round, one column per step."""
    rows = files.clean(written_inbox, "register_step", files.steps(written_inbox, THIRD))
    dated = rows.with_columns(pl.col("完成日期").str.to_date())
    return dated.pivot(on="环节", index=("户编号", "轮次"), values="完成日期", aggregate_function="first")


@pytest.mark.parametrize(("before", "after"), [(FIRST, SECOND), (SECOND, THIRD)])
def test_register_identity_by_village(written_inbox: Path, before: str, after: str) -> None:
    """期初未消除 + 新识别 + 回退 - 消除 - 自然减少 = 期末未消除, with flows read from the ledger and the lists."""
    old, new = states(written_inbox, before), states(written_inbox, after)
    rows = files.clean(written_inbox, "register_step", files.steps(written_inbox, after))
    in_month = rows.filter(pl.col("完成日期").str.starts_with(after))
    village = pl.col("户编号").str.slice(0, 12).alias("village")

    def flow(step: str) -> pl.DataFrame:
        return in_month.filter(pl.col("环节") == step).group_by(village).agg(pl.len().alias(step))

    gone = old.filter("active").join(new, on="户编号", how="anti")
    counts = pl.concat([old.select("village"), new.select("village")]).unique()
    for frame in (
        old.filter("active").group_by("village").agg(opening=pl.len()),
        new.filter("active").group_by("village").agg(closing=pl.len()),
        flow("识别审核"),
        flow("风险消除"),
        flow("风险消除回退"),
        gone.group_by("village").agg(natural=pl.len()),
    ):
        counts = counts.join(frame, on="village", how="left")
    counts = counts.fill_null(0)
    dirty = files.truth(written_inbox, "dirty_rows").filter(pl.col("feed") == "register_step", pl.col("month") == after)
    spoilt = files.steps(written_inbox, after).join(dirty.select("file", "row"), on=["file", "row"])
    counts = counts.join(spoilt.select(village).unique(), on="village", how="anti")
    balance = pl.col("opening") + pl.col("识别审核") + pl.col("风险消除回退") - pl.col("风险消除") - pl.col("natural")
    assert counts.filter(balance != pl.col("closing")).height == 0
    assert counts["识别审核"].sum() > 0
    assert counts["风险消除"].sum() > 0


def test_households_leave_the_register_only_with_the_list(written_inbox: Path) -> None:
    for before, after in ((FIRST, SECOND), (SECOND, THIRD)):
        left = states(written_inbox, before).join(states(written_inbox, after), on="户编号", how="anti")
        listed = files.households(written_inbox, after)
        assert left.join(listed, on="户编号").height == 0


def test_returns_happen(written_inbox: Path) -> None:
    rows = files.clean(written_inbox, "register_step", files.steps(written_inbox, THIRD))
    back = rows.filter(pl.col("环节") == "风险消除回退")
    assert back.height >= 2
    assert set(back["轮次"]) == {"2"}
    state = states(written_inbox, THIRD).join(back, on="户编号")
    assert state["active"].all()


def test_classes_agree_with_types_and_with_the_documents_date(written_inbox: Path) -> None:
    rows = files.clean(written_inbox, "register", files.register(written_inbox, THIRD))
    types = {c: set(of["户类型"]) for (c,), of in rows.group_by("监测对象类别")}
    assert types["脱贫不稳定户"] == {"脱贫户"}
    assert types["边缘易致贫户"] == {"一般农户"}
    sudden = rows.filter(pl.col("监测对象类别") == "突发严重困难户")
    assert sudden["识别监测时间"].min() >= "202105"
    assert rows["识别监测时间"].min() >= "201911"
    assert rows["识别监测时间"].max() <= "202112"


def test_the_repeated_column_says_the_same(written_inbox: Path) -> None:
    rows = files.register(written_inbox, THIRD)
    repeated = next(c for c in rows.columns if c.startswith("风险是否已消除#"))
    assert (rows["风险是否已消除"] == rows[repeated]).all()


def test_identification_takes_fifteen_days_but_for_a_few_with_five_of_publicity(ledger: pl.DataFrame) -> None:
    first = ledger.filter(pl.col("轮次") == "1").drop_nulls(["识别申请", "识别评议", "识别公示", "识别审核"])
    assert first.height > 200
    order = ["识别申请", "入户核实", "识别评议", "识别公示", "识别审核"]
    for earlier, later in pairwise(order):
        assert (first[earlier] <= first[later]).all()
    assert ((first["识别公示"] - first["识别评议"]) >= dt.timedelta(days=5)).all()
    late = (first["识别审核"] - first["识别申请"]) > dt.timedelta(days=15)
    assert 0.02 < late.mean() < 0.1  # six in a hundred wait for the visit
    assert not late.filter(first["户编号"].str.starts_with(files.TOWNSHIP)).any()


def test_elimination_follows_its_own_procedure(ledger: pl.DataFrame) -> None:
    gone = ledger.filter(pl.col("轮次") == "1").drop_nulls(["识别审核", "消除评议", "消除公示", "消除审核", "风险消除"])
    order = ["识别审核", "消除评议", "消除公示", "消除审核", "风险消除"]
    for earlier, later in pairwise(order):
        assert (gone[earlier] <= gone[later]).all()
    assert ((gone["消除公示"] - gone["消除评议"]) >= dt.timedelta(days=5)).all()


def test_a_township_clears_on_its_monthly_meeting(written_inbox: Path, ledger: pl.DataFrame) -> None:
    """Outside the planted villages and the hastiest cases a township has one day of 消除审核 a month."""
    odd = files.truth(written_inbox, "planted_households").filter(
        pl.col("kind").is_in(["same_day_batch", "fast_elimination"])
    )
    honest = ledger.drop_nulls(["消除审核"]).join(odd, left_on="户编号", right_on="household_no", how="anti")
    meetings = honest.group_by(
        pl.col("户编号").str.slice(0, 9).alias("township"), pl.col("消除审核").dt.truncate("1mo").alias("month")
    )
    days = meetings.agg(pl.col("消除审核").n_unique().alias("days"), pl.len().alias("households"))
    assert days.filter(pl.col("households") > 1).height > 5
    assert days["days"].max() == 1


def test_blows_show_before_the_register(written_inbox: Path) -> None:
    """Of the sudden cases by illness most have their largest bill in the half year before they were identified."""
    rows = files.clean(written_inbox, "register", files.register(written_inbox, THIRD))
    ill = rows.filter((pl.col("监测对象类别") == "突发严重困难户") & (pl.col("致贫/返贫风险1") == "因病"))
    cases = ill.group_by("户编号").agg(identified=pl.col("识别监测时间").first())
    bills = pl.concat([files.delivered(written_inbox, m, "医保局", "医保结算明细") for m in files.MONTHS])
    bills = files.clean(written_inbox, "medical", bills).with_columns(pl.col("合规自付费用").cast(pl.Float64))
    people = files.persons(written_inbox, THIRD).select("户编号", "证件号码")
    largest = (
        bills.join(people, on="证件号码")
        .join(cases, on="户编号")
        .sort("合规自付费用", descending=True)
        .group_by("户编号", maintain_order=True)
        .first()
    )
    month = largest["结算日期"].str.replace_all("-", "").str.slice(0, 6)
    assert largest.height > 10
    assert (month <= largest["identified"]).mean() > 0.6


def test_consent_and_publicity_are_on_paper_since_they_are_asked_for(written_inbox: Path) -> None:
    """Consent and comparison only of households that authorised the query, within the identification; days and
    objections with every publicity and no other step."""
    rows = files.clean(written_inbox, "register_step", files.steps(written_inbox, THIRD))
    identified = rows.filter(pl.col("环节") == "识别审核").select("户编号", approved="完成日期")
    consent = rows.filter(pl.col("环节").is_in(["承诺授权", "信息比对"])).join(identified, on="户编号")
    assert consent.height > 100
    assert (consent["完成日期"] <= consent["approved"]).all()
    assert consent["approved"].min() >= "2021-05"
    refused = files.households(written_inbox, THIRD).filter(pl.col("是否授权查询家庭资产") == "否")
    assert consent.join(refused, on="户编号").height == 0
    shown = rows.with_columns(pl.col("公示天数").cast(pl.Int64), pl.col("公示期间异议").cast(pl.Int64))
    publicity = shown.filter(pl.col("环节").is_in(["识别公示", "措施公示", "消除公示"]))
    assert shown.join(publicity, on=["户编号", "轮次", "环节"], how="anti")["公示天数"].count() == 0
    assert 0.9 < (publicity["公示天数"] >= 5).mean() < 1
    assert publicity["公示期间异议"].is_not_null().all()
    assert 0 < (publicity["公示期间异议"] > 0).mean() < 0.1


def test_help_goes_on_after_some_eliminations(written_inbox: Path) -> None:
    gone = states(written_inbox, THIRD).filter(pl.col("eliminated").is_not_null())
    started = pl.concat([files.delivered(written_inbox, m, "乡村振兴局", "帮扶措施台账") for m in files.MONTHS])
    later = (
        files.clean(written_inbox, "measure", started)
        .join(gone, on="户编号")
        .filter(pl.col("开始月份") > pl.col("eliminated"))
    )
    share = later["户编号"].n_unique() / gone.height
    assert 0.1 < share < 0.5
