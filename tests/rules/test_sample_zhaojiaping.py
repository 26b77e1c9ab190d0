"""赵家坪乡 counted from the written files: the figures of its own report of 2022 (seeds/004), in every month."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.rules import sample_files as files
from tests.rules.oracles import oracle


@pytest.mark.parametrize("month", files.MONTHS)
def test_the_reports_figures(written_inbox: Path, month: str) -> None:
    households = files.households(written_inbox, month).filter(pl.col("行政村代码").str.starts_with(files.TOWNSHIP))
    persons = files.persons(written_inbox, month).filter(pl.col("户编号").str.starts_with(files.TOWNSHIP))
    members = persons.join(households.select("户编号", "户类型"), on="户编号")
    assert households["行政村代码"].n_unique() == 10
    assert households.select("行政村代码", "自然村").n_unique() == 34
    assert (households.height, persons.height, members.height) == (2535, 7160, 7160)
    assert households["家庭人口"].cast(pl.Int64).sum() == 7160
    out_of_poverty = households.filter(pl.col("户类型") == "脱贫户")
    assert (out_of_poverty.height, members.filter(pl.col("户类型") == "脱贫户").height) == (891, 2493)


@pytest.mark.parametrize("month", files.MONTHS)
def test_the_register(written_inbox: Path, month: str) -> None:
    known = oracle("t4_seed004_township.json")
    rows = files.register(written_inbox, month).filter(pl.col("户编号").str.starts_with(files.TOWNSHIP))
    counts = {
        (category, gone): (of["户编号"].n_unique(), of.height)
        for (category, gone), of in rows.group_by("监测对象类别", "风险是否已消除")
    }
    known_active = {"脱贫不稳定户": (3, 11), "边缘易致贫户": (1, 3)}
    active = {category: count for (category, state), count in counts.items() if state == "否"}
    assert known_active == active
    gone = [count for (_, state), count in counts.items() if state == "是"]
    assert tuple(map(sum, zip(*gone, strict=True))) == (41, 117)
    assert sum(h for h, _ in counts.values()) == known["households"]["eliminated"] + known["households"]["active"]
    assert pytest.approx(known["persons"]["ratio"]) == 117 / (117 + 14)


def test_nothing_happens_and_nothing_is_dirty(written_inbox: Path) -> None:
    with_age = ("是否参加城乡居民基本养老保险", "家庭成员联系电话")

    def of_township(frame: pl.DataFrame) -> pl.DataFrame:
        inside = frame.filter(pl.col("户编号").str.starts_with(files.TOWNSHIP))
        inside = inside.drop("file", "row", *with_age, strict=False)
        return inside.sort(inside.columns)

    first, *later = files.MONTHS
    for month in later:
        for read in (files.households, files.persons, files.register, files.steps):
            same = of_township(read(written_inbox, month)).equals(of_township(read(written_inbox, first)))
            assert same, f"{read.__name__} of {month} differs from {first}"
    for name in ("planted_households", "confusable_households", "planted_villages"):
        truth = files.truth(written_inbox, name)
        assert not truth["village_code"].str.starts_with(files.TOWNSHIP).any()
