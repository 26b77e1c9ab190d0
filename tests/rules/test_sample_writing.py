"""write_sample: same arguments, same bytes; does nothing twice, refuses a strange inbox, resumes what was cut short."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest

from fangpin.errors import FangpinError, HomeError
from fangpin.sample import province, write_sample

TINY = Fraction(1, 20_000)
ONE = ("2021-10",)


def digests(home: Path) -> dict[str, str]:
    files = sorted(p for p in home.rglob("*") if p.is_file())
    return {p.relative_to(home).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("tiny")
    write_sample(home, scale=TINY, seed=11, months=ONE)
    return home


def test_the_same_arguments_give_the_same_bytes(tiny: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, scale=TINY, seed=11, months=ONE)
    assert digests(tmp_path) == digests(tiny)


def test_another_seed_gives_other_people(tiny: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, scale=TINY, seed=12, months=ONE)
    here, there = digests(tiny), digests(tmp_path)
    for title in (
        "农户名册",
        "农户家庭成员名册",
        "农户收支台账",
        "监测对象程序台账",
        "医保结算明细",
        "农村低保对象名单",
    ):
        name = next(n for n in here if title in n)
        assert here[name] != there[name], title


def test_a_standing_sample_is_left_alone(tiny: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in tiny.rglob("*")}
    said: list[str] = []
    summary = write_sample(tiny, scale=TINY, seed=11, months=ONE, progress=said.append)
    assert {p: p.stat().st_mtime_ns for p in tiny.rglob("*")} == before
    assert summary.households > 4_000  # 2,535 of them in 赵家坪乡
    assert said == []


def test_what_an_older_generator_wrote_is_not_taken_for_current(tiny: Path, tmp_path: Path) -> None:
    stamp = tmp_path / "truth" / "sample.json"
    stamp.parent.mkdir()
    known = json.loads((tiny / "truth" / "sample.json").read_text(encoding="utf-8"))
    known["arguments"]["version"] = 1
    stamp.write_text(json.dumps(known), encoding="utf-8")
    (tmp_path / "inbox" / ONE[0]).mkdir(parents=True)
    with pytest.raises(HomeError, match="--force"):
        write_sample(tmp_path, scale=TINY, seed=11, months=ONE)
    write_sample(tmp_path, scale=TINY, seed=11, months=ONE, force=True)
    assert digests(tmp_path) == digests(tiny)


def test_an_inbox_with_other_files_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "inbox" / "2021-10" / "医保局" / "医保结算明细.csv"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("真实数据", encoding="utf-8")
    with pytest.raises(HomeError, match="--force"):
        write_sample(tmp_path, scale=TINY, months=ONE)
    assert foreign.read_text(encoding="utf-8") == "真实数据"


def test_another_sample_is_refused_unless_forced_and_one_cut_short_is_taken_up(tiny: Path, tmp_path: Path) -> None:
    stamp = tmp_path / "truth" / "sample.json"
    stamp.parent.mkdir()
    known = json.loads((tiny / "truth" / "sample.json").read_text(encoding="utf-8"))
    torn = tmp_path / "inbox" / "2021-10" / "残联" / "half.csv"
    torn.parent.mkdir(parents=True)
    torn.write_text("残", encoding="utf-8")
    stamp.write_text(json.dumps(known), encoding="utf-8")
    with pytest.raises(HomeError):
        write_sample(tmp_path, scale=TINY, seed=12, months=ONE)
    stamp.write_text(json.dumps({**known, "summary": None}), encoding="utf-8")
    write_sample(tmp_path, scale=TINY, seed=11, months=ONE)
    assert digests(tmp_path) == digests(tiny)


@pytest.mark.parametrize("months", [(), ("2021-10", "2021-12"), ("2021-12", "2021-11"), ("2021-05",), ("2023-01",)])
def test_months_that_cannot_be_are_refused(months: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(FangpinError, match="逐月相连"):
        write_sample(tmp_path, scale=TINY, months=months)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scale", [Fraction(0), Fraction(-1), 3, Fraction(401, 400), float("nan")])
def test_a_scale_outside_0_to_1_is_refused_before_anything_is_written(scale: Fraction | float, tmp_path: Path) -> None:
    with pytest.raises(FangpinError, match="大于 0、不大于 1"):
        write_sample(tmp_path, scale=scale, months=ONE)
    assert list(tmp_path.iterdir()) == []


def test_the_size_follows_scale_and_months() -> None:
    """55 GB for three months of the whole province, a tenth of it at 1/10; the first month is the largest."""
    assert province.gigabytes(1, 3) == 55.0
    assert province.gigabytes(Fraction(1, 10), 3) == 5.5
    assert province.gigabytes(1, 1) == 26.0


def with_free_space(patch: pytest.MonkeyPatch, gigabytes: int) -> None:
    patch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=gigabytes * 10**9))


def test_a_sample_larger_than_the_disk_is_refused_naming_both_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_free_space(monkeypatch, 20)
    with pytest.raises(HomeError, match=r"约 20,000,000 户，3 个月的部门文件约 55.0 GB.*只剩 20.0 GB"):
        write_sample(tmp_path / "not" / "there", scale=1)
    assert list(tmp_path.iterdir()) == []


def test_a_large_sample_says_its_size_before_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_free_space(monkeypatch, 20)
    foreign = tmp_path / "inbox" / "2021-10" / "甲.csv"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("真实数据", encoding="utf-8")
    said: list[str] = []
    with pytest.raises(HomeError, match="--force"):  # stands in for writing 5.5 GB
        write_sample(tmp_path, scale=Fraction(1, 10), progress=said.append)
    assert said == [
        "将写出约 2,000,000 户，3 个月的部门文件约 5.5 GB（磁盘剩余 20.0 GB）；运行这些月份还要另外的空间。"
    ]


def test_files_bear_the_time_their_office_sent_them(tiny: Path) -> None:
    """By the fourth of the next month, as agreed, except for the office that is always late."""
    sent = {p.parent.name: p.stat().st_mtime for p in (tiny / "inbox").rglob("*.*")}
    first = dt.datetime(2021, 11, 1, tzinfo=dt.UTC).timestamp()
    days = {source: 1 + int((at - first) // 86_400) for source, at in sent.items()}
    assert days.pop("信访局") == 6
    assert set(days.values()) == {3, 4}
