"""Release, versions, rollback: what readers see, and when it changes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets import corrections
from assets.publish import bundle, edition, history, release
from checks.catalogue import contracts
from fangpin.errors import GateRefused, HomeError
from fangpin.month import shift
from pipelines.published import open_published
from pipelines.status import manifest, published_months
from tests import made_up_home
from tests.made_up_home import fill, fill_and_publish, frames, opened, publish, with_few_tables, with_settled_code

real_code_version = edition.code_version
FIRST, SECOND, THIRD = "2021-10", "2021-11", "2021-12"


@pytest.fixture(scope="module", autouse=True)
def settled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        with_settled_code(patch)
        yield


@pytest.fixture(scope="module")
def whole(settled: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One month published with everything. Read only."""
    home = tmp_path_factory.mktemp("whole")
    fill_and_publish(home, FIRST)
    return home


@pytest.fixture(scope="module")
def plain(settled: None, whole: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        with_few_tables(patch)
        yield


@pytest.fixture(scope="module")
def three_months(plain: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months, one version each. Read only: `home` is a copy of it."""
    home = tmp_path_factory.mktemp("three")
    for month in (FIRST, SECOND, THIRD):
        fill_and_publish(home, month)
    return home


@pytest.fixture(scope="module")
def corrected_months(three_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the last two months published again with other content. Read only: `corrected` is a copy of it."""
    home = Path(shutil.copytree(three_months, tmp_path_factory.mktemp("again") / "home"))
    for month in (SECOND, THIRD):
        fill_and_publish(home, month, seed=2)
    return home


@pytest.fixture
def home(three_months: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(three_months, tmp_path / "home"))


@pytest.fixture
def corrected(corrected_months: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(corrected_months, tmp_path / "home"))


def pointers(home: Path) -> dict[str, str]:
    published = home / "published"
    return {p.parent.relative_to(published).as_posix(): p.read_text().strip() for p in published.rglob("CURRENT")}


def test_a_version_holds_everything_named(whole: Path) -> None:
    folder = whole / "published" / FIRST / "v001"
    assert {p.name for p in folder.iterdir()} == {"fangpin.duckdb", "tables", "workbooks", "site", "manifest.json"}
    marts = {name.removeprefix("mart.") for name in contracts() if name.startswith("mart.")}
    assert {p.stem for p in (folder / "tables" / "mart").glob("*.parquet")} == marts
    assert (folder / "site" / "index.html").is_file()
    assert (folder / "site" / "gate.html").is_file()
    assert (folder / "site" / "assets" / "plotly.min.js").stat().st_size > 1_000_000
    books = {
        "监测对象汇总表.xlsx",
        "县村排名.xlsx",
        "调研抽样名单.xlsx",
        "部门数据质量评分.xlsx",
        "专题调研数据包.xlsx",
        "监测标准测算.xlsx",
        "刚性支出口径比较.xlsx",
        "监测对象范围测算.xlsx",
        "家庭资产清单测算.xlsx",
        "风险消除口径比较.xlsx",
        "实地核查建议名单.xlsx",
    }
    assert {p.name for p in (folder / "workbooks").iterdir()} == books


def test_files_are_read_only(whole: Path) -> None:
    files = [p for p in (whole / "published" / FIRST / "v001").rglob("*") if p.is_file()]
    assert files
    assert {oct(p.stat().st_mode & 0o777) for p in files} == {"0o444"}


def test_copy_and_parquet_hold_the_warehouse_in_key_order(whole: Path) -> None:
    made = frames(FIRST)
    with open_published(FIRST, whole) as con:
        for name, contract in contracts().items():
            expected = made[name].sort(contract.key)
            assert con.sql(f"select * from {name}").pl().equals(expected), name
            if name.startswith("mart."):
                path = whole / "published" / FIRST / "v001" / "tables" / f"{name.replace('.', '/')}.parquet"
                assert pl.read_parquet(path).equals(expected), name
        described = con.sql("select comment from duckdb_columns() where table_name = 'place_month'").fetchall()
        assert ("风险消除率（户）",) in described


def test_published_copy_cannot_be_written(whole: Path) -> None:
    with open_published(None, whole) as con, pytest.raises(duckdb.InvalidInputException):
        con.execute("delete from mart.alert")


def test_two_homes_publish_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    fill_and_publish(tmp_path, FIRST)
    mine, theirs = (h / "published" / FIRST / "v001" for h in (whole, tmp_path))
    files = [p for p in sorted(mine.rglob("*")) if p.suffix in {".html", ".xlsx", ".css", ".js", ".json"}]
    assert len(files) > 15
    assert [p.name for p in files if p.read_bytes() != (theirs / p.relative_to(mine)).read_bytes()] == []


def test_pointers_name_the_versions_in_force(home: Path) -> None:
    assert pointers(home) == {".": "2021-12/v001", FIRST: "v001", SECOND: "v001", THIRD: "v001"}


def test_manifest(home: Path) -> None:
    content = json.loads((home / "published" / THIRD / "v001" / "manifest.json").read_text())
    assert (content["month"], content["version"], content["previous"]) == (THIRD, "v001", "2021-11/v001")
    assert content["policy_version"] == made_up_home.POLICY.version
    assert content["seed"] == "tjdc-2021"
    assert set(content["tables"]) == set(made_up_home.FEW)
    assert content["tables"]["mart.place_month"]["rows"] == frames(THIRD)["mart.place_month"].height
    assert all(len(table["hash"]) == 64 for table in content["tables"].values())
    quality = frames(THIRD)["mart.feed_quality"]
    feed = content["feeds"]["medical"]
    row = quality.filter(pl.col("feed") == "medical").row(0, named=True)
    assert (feed["rows"], feed["accepted"]) == (row["rows_in_file"], row["accepted"])
    assert (feed["quarantined"], feed["match_rate"]) == (row["quarantined"], row["match_rate"])
    assert any("最近一次确认有效的日期" in warning for warning in content["warnings"])
    assert not {"time", "date", "created", "at"} & set(content)


def test_equal_content_is_not_published_again(home: Path) -> None:
    before = made_up_home.seen(home)
    done = publish(home, THIRD)
    assert (done.version, done.created) == ("v001", False)
    assert made_up_home.seen(home) == before
    assert not list((home / "published" / THIRD).glob(".*"))


def test_other_row_order_is_equal_content(home: Path) -> None:
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=9) for name, frame in frames(THIRD).items()}
    fill(home, THIRD, shuffled)
    assert not publish(home, THIRD).created


def test_other_content_is_a_new_version(home: Path) -> None:
    done = fill_and_publish(home, THIRD, seed=2)
    assert (done.version, done.created) == ("v002", True)
    assert pointers(home)["."] == "2021-12/v002"
    assert (home / "published" / THIRD / "v001" / "manifest.json").is_file()


def test_an_older_month_moves_its_own_pointer_and_makes_later_ones_stale_until_run_again(home: Path) -> None:
    fill_and_publish(home, SECOND, seed=2)
    assert pointers(home) == {".": "2021-12/v001", FIRST: "v001", SECOND: "v002", THIRD: "v001"}
    assert list(history.stale(home)) == [THIRD]
    before = made_up_home.seen(home)
    with pytest.raises(GateRefused, match=r"mart\.alert 早于它的输入 prev\.mart\.alert"):
        publish(home, THIRD)
    assert made_up_home.seen(home) == before
    fill_and_publish(home, THIRD, seed=2)
    assert pointers(home)[THIRD] == "v002"
    assert list(history.stale(home)) == []


def test_a_correction_made_since_makes_its_month_stale(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("corrections")
    monkeypatch.setattr(corrections, "FOLDER", folder)
    entry = (
        "- {id: M1, month: %s, where: {settlement_no: J1}, drop: true, reason: 重复, who: 省监测处, date: 2021-12-20,"
    )
    (folder / "medical.yaml").write_text(f"{entry % SECOND} expect: {{visit_type: 住院}}}}\n", encoding="utf-8")
    assert list(history.stale(home)) == [SECOND, THIRD]
    assert "更正" in history.stale(home)[SECOND]
    (folder / "medical.yaml").write_text(f"{entry % '2022-01'} expect: {{visit_type: 住院}}}}\n", encoding="utf-8")
    assert list(history.stale(home)) == []


def test_a_month_after_a_stale_month_is_refused_naming_it(home: Path) -> None:
    fill_and_publish(home, FIRST, seed=2)
    assert list(history.stale(home)) == [SECOND, THIRD]
    fill(home, THIRD, frames(THIRD, 2))
    with pytest.raises(GateRefused, match="2021-11 待重算"):
        publish(home, THIRD)


def test_rollback_moves_the_pointer_back(corrected: Path) -> None:
    text = release.rollback(corrected, THIRD, "口径有误")
    assert "v002 已退回，现行版本为 v001" in text
    assert pointers(corrected) == {".": "2021-12/v001", FIRST: "v001", SECOND: "v002", THIRD: "v001"}
    with history.ledger(corrected) as con:
        rows = con.execute("select month, version, event, reason from publication order by id").fetchall()
    assert rows[-1] == (THIRD, "v002", "rolled_back", "口径有误")


def test_rollback_makes_later_months_stale(corrected: Path) -> None:
    text = release.rollback(corrected, SECOND, "数据有误")
    assert "请按顺序运行：fangpin run --month 2021-12" in text
    assert list(history.stale(corrected)) == [THIRD]
    before = made_up_home.seen(corrected)
    with pytest.raises(GateRefused):
        publish(corrected, THIRD)
    assert made_up_home.seen(corrected) == before


def test_status_names_the_months_to_be_computed_again(corrected: Path) -> None:
    assert manifest(corrected, None)["stale_months"] == []
    assert published_months(corrected) == ["已发布：2021-10（v001）、2021-11（v002）、2021-12（v002）"]
    release.rollback(corrected, SECOND, "数据有误")
    assert manifest(corrected, None)["stale_months"] == [THIRD]
    assert manifest(corrected, None)["months_to_run"] == [THIRD]
    assert published_months(corrected) == [
        "已发布：2021-10（v001）、2021-11（v001）、2021-12（v002，待重算）",
        "注意：2021-12 须重算：所依据的上一月已重算或退回。",
        "请按顺序运行：fangpin run --month 2021-12",
    ]


def test_rollback_of_the_only_version_names_every_month_to_run_in_order(home: Path) -> None:
    """2021-12 rests on 2021-11, which has no version any more: 2021-11 comes first."""
    text = release.rollback(home, SECOND, " 数据有误 ")
    assert text.splitlines() == [
        "2021-11：v001 已退回，现行版本为 无（该月不再有发布的版本）。",
        "原因（已记入台账）：数据有误",
        "不再有效：",
        f"  2021-11/v001 的只读副本、工作簿、网站（文件仍在 {home / 'published' / SECOND / 'v001'}，编号不再使用）",
        "  2021-12/v001：所依据的上一月已退回，须重算",
        "请按顺序运行：fangpin run --month 2021-11 --month 2021-12",
    ]
    with history.ledger(home) as con:
        con.execute("update publication set recorded_at = '2021-12-05 16:30:59' where event = 'rolled_back'")
    assert published_months(home) == [
        "已发布：2021-10（v001）、2021-12（v001，待重算）",
        "注意：2021-11（v001）已于 2021-12-06 00:30 撤回，原因：数据有误，没有现行版本。",
        "注意：2021-12 须重算：所依据的上一月已重算或退回。",
        "请按顺序运行：fangpin run --month 2021-11 --month 2021-12",
    ]
    with pytest.raises(HomeError, match=r"2021-12-06 00:30 撤回，原因：数据有误.*--month 2021-11 --month 2021-12"):
        manifest(home, SECOND)


def test_rolling_back_what_stands_alone_says_so_until_the_month_is_run_again(home: Path) -> None:
    release.rollback(home, THIRD, "收入数据有误")
    assert history.to_run(home) == [THIRD]
    assert "2021-12（v001）已于" in published_months(home)[1]
    fill_and_publish(home, THIRD)
    assert history.to_run(home) == []
    assert published_months(home) == ["已发布：2021-10（v001）、2021-11（v001）、2021-12（v002）"]


@pytest.mark.parametrize("reason", ["", " ", "\u3000"])
def test_a_rollback_needs_a_reason(home: Path, reason: str) -> None:
    before = made_up_home.seen(home)
    with pytest.raises(HomeError, match="--reason 不能为空"):
        release.rollback(home, THIRD, reason)
    assert made_up_home.seen(home) == before


def test_a_home_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=f"{tmp_path / 'none'}（FANGPIN_HOME）不存在"):
        manifest(tmp_path / "none", None)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(HomeError, match=f"{tmp_path}（FANGPIN_HOME）里还没有发布任何月份"):
        manifest(tmp_path, None)
    assert list(tmp_path.iterdir()) == []


def test_a_rolled_back_version_is_never_in_force_again(corrected: Path) -> None:
    release.rollback(corrected, THIRD, "一")
    assert publish(corrected, THIRD).version == "v003"
    release.rollback(corrected, THIRD, "二")
    assert pointers(corrected)[THIRD] == "v001"


def test_rolling_back_the_only_version_leaves_the_month_unpublished(home: Path) -> None:
    release.rollback(home, THIRD, "三")
    assert THIRD not in pointers(home)
    assert pointers(home)["."] == "2021-11/v001"
    with pytest.raises(HomeError, match="没有已发布的版本"):
        release.rollback(home, THIRD, "四")
    assert fill_and_publish(home, THIRD).version == "v002"


def test_numbers_are_never_used_again(corrected: Path) -> None:
    release.rollback(corrected, THIRD, "五")
    shutil.rmtree(corrected / "published" / THIRD / "v002")
    assert publish(corrected, THIRD).version == "v003"


def test_a_single_step_again_makes_what_it_needs(home: Path) -> None:
    """After a release nothing is under construction; each step alone still works and leaves the readers alone."""
    before = made_up_home.seen(home)
    for step in (edition.workbooks, lambda build: edition.site(build, dict), bundle.bundle):
        with opened(home, THIRD) as build:
            assert step(build).is_dir()
        assert made_up_home.seen(home) == before
    assert not publish(home, THIRD).created


def test_a_bundle_of_older_builds_is_made_again(home: Path) -> None:
    with opened(home, THIRD) as build:
        edition.workbooks(build)
    fill(home, THIRD, frames(THIRD, 2))
    done = publish(home, THIRD)
    assert done.created
    with open_published(THIRD, home) as con:
        assert con.sql("select * from mart.place_month").pl().equals(frames(THIRD, 2)["mart.place_month"])


def test_an_open_reader_keeps_its_version(home: Path) -> None:
    with open_published(THIRD, home) as reader:
        count = reader.sql("select count(*) from mart.alert").fetchall()
        fill_and_publish(home, THIRD, seed=2)
        assert reader.sql("select count(*) from mart.alert").fetchall() == count


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="fangpin run"):
        open_published(None, tmp_path)


def test_pointer_is_text_relative_to_published(home: Path) -> None:
    text = (home / "published" / "CURRENT").read_text(encoding="utf-8")
    assert (home / "published" / text.strip() / "manifest.json").is_file()
    assert not (home / "published" / "CURRENT").is_symlink()
    assert shift(text[:7], -1) == SECOND


def test_other_code_is_another_version(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.publish.edition.code_version", lambda _: "0ther")
    assert publish(home, THIRD).version == "v002"


def test_code_version_follows_the_code_of_the_tables() -> None:
    same = [("core.household", "a"), ("mart.alert", "b")]
    versions = {real_code_version(tables) for tables in (same, same, [("core.household", "a"), ("mart.alert", "c")])}
    assert len(versions) == 2


def test_code_version_does_not_follow_the_data() -> None:
    """A raw table's version is a hash of the files delivered: other files, the same program."""
    months = [[("core.household", "a"), ("raw.delivery", files), ("raw.medical", files)] for files in ("f1", "f2")]
    assert real_code_version(months[0]) == real_code_version(months[1]) == real_code_version([("core.household", "a")])
    answers = [[("ref.field_answer", f"code-{content}")] for content in ("", "0123", "4567")]
    assert len({real_code_version(each) for each in answers}) == 1
