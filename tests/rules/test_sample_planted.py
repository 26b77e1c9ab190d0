"""Every planted kind is there, and shows in the written files as the life or the office's doing that it is."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.rules import sample_files as files

LAST = "2021-12"
HOUSEHOLD_KINDS = {
    "not_marginal",
    "stable_unstable",
    "unlisted_risk",
    "fast_elimination",
    "elimination_without_measure",
    "elimination_below_line",
    "ineligible_post",
}
VILLAGE_KINDS = {
    "same_day_batch",
    "inflated_elimination",
    "copied_income",
    "bunching_identification",
    "bunching_elimination",
}


@pytest.fixture(scope="module")
def planted(written_inbox: Path) -> pl.DataFrame:
    return files.truth(written_inbox, "planted_households")


@pytest.fixture(scope="module")
def cases(written_inbox: Path) -> pl.DataFrame:
    rows = files.clean(written_inbox, "register", files.register(written_inbox, LAST))
    return rows.group_by("户编号").agg(
        category=pl.col("监测对象类别").first(),
        gone=(pl.col("风险是否已消除") == "是").first(),
        mode=pl.col("风险消除方式").first(),
        identified=pl.col("识别监测时间").first(),
        eliminated=pl.col("消除监测时间").first(),
        entry=pl.col("人均纯收入（元）").cast(pl.Float64).first(),
        exit=pl.col("风险消除后家庭人均纯收入").cast(pl.Float64).first(),
    )


def of(planted: pl.DataFrame, kind: str, origin: str | None = None) -> pl.DataFrame:
    rows = planted.filter(pl.col("kind") == kind)
    return rows if origin is None else rows.filter(pl.col("origin") == origin)


def months(written: pl.Expr) -> pl.Expr:
    return written.str.slice(0, 4).cast(pl.Int64) * 12 + written.str.slice(4).cast(pl.Int64)


def measures(home: Path) -> pl.DataFrame:
    rows = pl.concat([files.delivered(home, month, "乡村振兴局", "帮扶措施台账") for month in files.MONTHS])
    return rows.filter(pl.col("实施情况") == "已实施")


def test_every_kind_is_planted(written_inbox: Path, planted: pl.DataFrame) -> None:
    assert set(planted["kind"]) == HOUSEHOLD_KINDS | VILLAGE_KINDS
    villages = files.truth(written_inbox, "planted_villages")
    assert set(villages["kind"]) == VILLAGE_KINDS
    assert villages["kind"].value_counts()["count"].min() >= 2
    assert villages["village_code"].n_unique() == villages.height
    assert (planted["household_no"].str.slice(0, 12) == planted["village_code"]).all()
    assert planted.select("household_no", "kind").is_duplicated().sum() == 0


def test_the_wrongly_listed_are_active_and_of_their_class(planted: pl.DataFrame, cases: pl.DataFrame) -> None:
    for kind, category in (("not_marginal", "边缘易致贫户"), ("stable_unstable", "脱贫不稳定户")):
        found = of(planted, kind).join(cases, left_on="household_no", right_on="户编号")
        assert found.height >= 8
        assert set(found["category"]) == {category}
        assert not found["gone"].any()


def test_the_not_marginal_earn_far_more_than_the_listed(written_inbox: Path, planted: pl.DataFrame) -> None:
    rows = files.incomes(written_inbox).filter(pl.col("涵盖月数") == "1")
    rows = files.clean(written_inbox, "income", rows)
    items = [c for c in rows.columns if c[0] in "ABCDE" and c[1].isdigit()]
    net = pl.sum_horizontal([pl.col(c).cast(pl.Float64) * (-1 if c[0] == "E" else 1) for c in items])
    members = files.persons(written_inbox, LAST).group_by("户编号").agg(persons=pl.len())
    yearly = rows.group_by("户编号").agg(monthly=net.mean()).join(members, on="户编号")
    yearly = yearly.with_columns(head=12 * pl.col("monthly") / pl.col("persons"))
    listed = files.register(written_inbox, LAST).select("户编号").unique().join(yearly, on="户编号")
    well = of(planted, "not_marginal").join(yearly, left_on="household_no", right_on="户编号")
    assert well["head"].min() > listed["head"].quantile(0.75)


def test_the_unlisted_are_not_in_the_register(written_inbox: Path, planted: pl.DataFrame) -> None:
    unlisted = of(planted, "unlisted_risk")
    assert unlisted.height >= 12
    for month in files.MONTHS:
        rows = files.register(written_inbox, month)
        assert unlisted.join(rows, left_on="household_no", right_on="户编号").height == 0


def test_the_hastily_cleared(planted: pl.DataFrame, cases: pl.DataFrame) -> None:
    found = of(planted, "fast_elimination").join(cases, left_on="household_no", right_on="户编号")
    waited = found.select(months(pl.col("eliminated")) - months(pl.col("identified"))).to_series()
    assert found.height >= 8
    assert (waited.min(), waited.max()) >= (0, 1)
    assert waited.max() <= 4


def test_those_cleared_without_help_have_no_measure(
    written_inbox: Path, planted: pl.DataFrame, cases: pl.DataFrame
) -> None:
    found = of(planted, "elimination_without_measure").join(cases, left_on="household_no", right_on="户编号")
    assert found.height >= 8
    assert set(found["mode"]) == {"帮扶消除"}
    assert found.join(measures(written_inbox), left_on="household_no", right_on="户编号").height == 0


def test_everybody_else_cleared_by_help_had_help(
    written_inbox: Path, planted: pl.DataFrame, cases: pl.DataFrame
) -> None:
    helped = cases.filter(pl.col("gone") & (pl.col("mode") == "帮扶消除"))
    without = helped.join(measures(written_inbox), on="户编号", how="anti")
    known = of(planted, "elimination_without_measure")
    assert without.join(known, left_on="户编号", right_on="household_no", how="anti").height <= 1  # a dirty measure row


def test_same_day_villages_have_one_day(written_inbox: Path, planted: pl.DataFrame) -> None:
    steps = files.clean(written_inbox, "register_step", files.steps(written_inbox, LAST))
    days = steps.filter(pl.col("环节") == "风险消除").join(
        of(planted, "same_day_batch"), left_on="户编号", right_on="household_no"
    )
    by_village = days.group_by("village_code").agg(pl.col("完成日期").n_unique().alias("days"), pl.len())
    assert by_village["days"].to_list() == [1] * by_village.height
    assert by_village["len"].min() >= 2


def test_inflated_villages_clear_everybody(written_inbox: Path, planted: pl.DataFrame, cases: pl.DataFrame) -> None:
    villages = files.truth(written_inbox, "planted_villages").filter(pl.col("kind") == "inflated_elimination")
    inside = cases.join(villages, left_on=pl.col("户编号").str.slice(0, 12), right_on="village_code")
    assert inside["gone"].mean() > 0.9
    assert cases["gone"].mean() < 0.75


def test_copied_blocks_are_copies(written_inbox: Path, planted: pl.DataFrame) -> None:
    rows = files.clean(written_inbox, "income", files.incomes(written_inbox))
    items = [c for c in rows.columns if c[0] in "ABCDE" and c[1].isdigit()]
    block = of(planted, "copied_income").join(rows, left_on="household_no", right_on="户编号")
    kinds = block.group_by("village_code", "所属期").agg(pl.struct(items).n_unique().alias("vectors"), pl.len())
    assert set(kinds["vectors"]) == {1}
    assert kinds["len"].max() >= 5


def test_bunched_villages_write_beside_the_line(planted: pl.DataFrame, cases: pl.DataFrame) -> None:
    """The line of the time is 6,000 yuan (seeds/000)."""
    entry = of(planted, "bunching_identification").join(cases, left_on="household_no", right_on="户编号")["entry"]
    assert 5_800 < entry.min() <= entry.max() < 6_000
    gone = of(planted, "bunching_elimination").join(cases, left_on="household_no", right_on="户编号")["exit"]
    assert 6_000 < gone.min() <= gone.max() < 6_200
    near = cases.filter(pl.col("entry").is_between(5_800, 6_000)).height
    assert near / cases.height < 0.4


def test_posts_that_should_not_be_held(written_inbox: Path) -> None:
    reasons = files.truth(written_inbox, "ineligible_posts")
    posts = files.delivered(written_inbox, LAST, "人社局", "公益性岗位台账")
    people = files.persons(written_inbox, LAST).select("户编号", "证件号码", "劳动技能")
    held = posts.join(people, on="证件号码").join(reasons, left_on="户编号", right_on="household_no")
    age = 2021 - pl.col("证件号码").str.slice(6, 4).cast(pl.Int64)
    held = held.with_columns(age=age)
    assert held.height >= 8
    assert held.filter(pl.col("reason") == "under_age")["age"].max() in (None, *range(10, 17))
    assert held.filter(pl.col("reason") == "too_old")["age"].min() in (None, *range(72, 90))
    assert set(held.filter(pl.col("reason") == "no_labour")["劳动技能"]) <= {"丧失劳动力"}
    paid = files.delivered(written_inbox, LAST, "财政局", "财政供养人员名单")
    salaried = held.filter(pl.col("reason") == "payroll")
    assert salaried.join(paid, on="证件号码").height == salaried.height


def test_honest_likenesses_are_not_planted(written_inbox: Path, planted: pl.DataFrame) -> None:
    likeness = files.truth(written_inbox, "confusable_households")
    both = likeness.join(planted, on=["household_no", "kind"])
    assert both.height == 0
    assert {"stable_unstable", "unlisted_risk"} <= set(likeness["kind"])
