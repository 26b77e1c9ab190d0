"""A month published by an older program: what reads it says so, and which month to run again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from fangpin.errors import HomeError
from pipelines.status import manifest, summary
from pipelines.warehouse import Warehouse
from tests.made_up_home import fill_and_publish, with_settled_code

MONTH = "2021-10"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """2021-10 published with everything. Read only: `home` is a copy of it."""
    with pytest.MonkeyPatch.context() as patch:
        with_settled_code(patch)
        folder = tmp_path_factory.mktemp("published")
        fill_and_publish(folder, MONTH)
        yield folder


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    """The same as a program without alerts' first month and counties' names would have published it."""
    copied = Path(shutil.copytree(published, tmp_path / "home"))
    file = copied / "published" / MONTH / "v001" / "fangpin.duckdb"
    file.chmod(0o644)
    with duckdb.connect(str(file)) as con:
        con.execute("alter table mart.alert drop column first_month")
        con.execute("alter table mart.county_ranking drop column full_name")
    return copied


def test_the_next_month_names_the_columns_it_needs_and_only_those(home: Path) -> None:
    warehouse = Warehouse(home=str(home))
    with pytest.raises(dg.Failure) as refused, warehouse.open("2021-11", inputs=("prev.mart.alert",)):
        pass
    said = str(refused.value.description)
    assert "2021-10 的已发布版本由旧版程序生成，缺少 mart.alert 的 first_month" in said
    assert "fangpin run --month 2021-10" in said
    with warehouse.open("2021-11", inputs=("prev.mart.place_month",)) as build:
        assert build.con.sql("select count(*) > 0 from prev.mart.place_month").fetchall() == [(True,)]


def test_status_says_so_too(home: Path, published: Path) -> None:
    assert "月份 2021-10，版本 v001" in summary(published, manifest(published, MONTH))
    with pytest.raises(HomeError, match=r"2021-10（v001）由旧版程序发布"):
        summary(home, manifest(home, MONTH))
