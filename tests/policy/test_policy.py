"""Policy files parse, every value has a source that exists, every parameter is used; how values are found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from fangpin.errors import NoMonitoringLine, PolicyError
from fangpin.policy import Policy, load

CHECKOUT = Path(__file__).resolve().parents[2]
POLICY = load(CHECKOUT / "policy")

LINE = """
title: 监测收入线
unit: yuan_per_person_year
measure: net_income_per_head
values:
  - {place: "51", from: 2020-01-01, value: 4000, source: {document: 甲, clause: 一}}
  - {place: "511703", from: 2020-03-20, value: 5000, still_valid_on: 2020-12-31, source: {document: 乙, clause: 二}}
  - {place: "511703", from: 2021-03-20, value: 6000, source: {document: 丙}}
"""


def policy_of(tmp_path: Path, **files: str) -> Policy:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load(tmp_path)


@pytest.mark.parametrize(
    ("place", "on", "expected"),
    [
        ("511703", dt.date(2020, 3, 19), 4000),  # the county's own line starts a day later
        ("511703", dt.date(2020, 3, 20), 5000),
        ("511703109201", dt.date(2021, 3, 19), 5000),  # a village falls under its county
        ("511703", dt.date(2021, 3, 20), 6000),
        ("511702", dt.date(2025, 1, 1), 4000),  # a value holds until the next
    ],
)
def test_longest_prefix_then_newest_date(tmp_path: Path, place: str, on: dt.date, expected: int) -> None:
    assert policy_of(tmp_path, monitoring_line=LINE).value("monitoring_line", place, on).value == expected


@pytest.mark.parametrize(("place", "on"), [("410102", dt.date(2021, 1, 1)), ("511703", dt.date(2019, 12, 31))])
def test_no_line_names_place_date_and_file(tmp_path: Path, place: str, on: dt.date) -> None:
    with pytest.raises(NoMonitoringLine) as error:
        policy_of(tmp_path, monitoring_line=LINE).value("monitoring_line", place, on)
    assert place in str(error.value)
    assert str(on) in str(error.value)
    assert "monitoring_line.yaml" in str(error.value)
    assert "5000" in str(error.value)  # what is known


def test_a_value_past_its_confirmation_warns(tmp_path: Path) -> None:
    value = policy_of(tmp_path, monitoring_line=LINE).value("monitoring_line", "511703", dt.date(2020, 12, 31))
    assert value.warning(dt.date(2020, 12, 31)) is None
    assert "2020年12月31日" in str(value.warning(dt.date(2021, 1, 1)))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title: a\nunit: b\nvalues: [{from: 2020-01-01, value: 1}]", "source"),
        ("title: a\nunit: b\nvalues: [{from: 2020-01-01, value: 1, source: {clause: 一}}]", "document"),
        (
            "title: a\nunit: b\nvalues: [{from: 2020-01-01, value: 1, source: {document: 甲, clause: 5_18_001}}]",
            "clause 读成了 518001：应为文字，请加引号",
        ),
        ("title: a\nunit: b\nvalues: [{value: 1, source: {document: 甲}}]", "from"),
        ("title: a\nunit: b\nvalues: [{from: 去年, value: 1, source: {document: 甲}}]", "日期"),
        ("unit: b\nvalues: []", "title"),
        ("title: a\nvalues: []", "unit"),
        (
            "title: a\nunit: b\nvalues: [{from: 2020-01-01, value: 1, source: {document: 甲}}, "
            "{from: 2020-01-01, value: 2, source: {document: 乙}}]",
            "两个值",
        ),
        ("a: [1, 2", "YAML"),
    ],
)
def test_a_wrong_file_is_named_with_its_problem(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(PolicyError) as error:
        policy_of(tmp_path, wrong=text)
    assert "policy/wrong.yaml" in str(error.value)
    assert problem in str(error.value)


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as error:
        policy_of(tmp_path, one="unit: b\nvalues: []", two="title: a\nvalues: []")
    assert "one.yaml" in str(error.value)
    assert "two.yaml" in str(error.value)


def test_version_changes_with_any_file(tmp_path: Path) -> None:
    before = policy_of(tmp_path, monitoring_line=LINE).version
    assert policy_of(tmp_path, monitoring_line=LINE).version == before
    assert policy_of(tmp_path, monitoring_line=LINE.replace("6000", "6001")).version != before


@pytest.mark.parametrize(
    ("place", "on", "line"),
    [
        ("410102", dt.date(2020, 12, 31), 6000),  # seeds/000 四（五）: 去年我省按6000元执行
        ("410102", dt.date(2021, 12, 31), 6000),  # holds until the next, with a warning
        ("511703", dt.date(2020, 4, 1), 5000),  # seeds/003 二（一）
        ("141123208", dt.date(2021, 12, 31), 6000),  # seeds/004 三·第一: 1.5 x 4000
        ("52", dt.date(2023, 12, 31), 7300),  # domain handbook 2.4
    ],
)
def test_sourced_lines(place: str, on: dt.date, line: int) -> None:
    assert POLICY.value("monitoring_line", place, on).value == line


def test_henan_line_of_2021_says_when_it_was_last_confirmed() -> None:
    warning = POLICY.value("monitoring_line", "410102", dt.date(2021, 10, 31)).warning(dt.date(2021, 10, 31))
    assert "2020年12月31日" in str(warning)


def test_the_national_floor_is_never_a_fallback() -> None:
    with pytest.raises(NoMonitoringLine):
        POLICY.value("monitoring_line", "65", dt.date(2021, 10, 31))


def test_category_schemes_are_dated() -> None:
    def names(on: dt.date) -> list[str]:
        return [c["name"] for c in POLICY.value("category", "", on).value]

    assert names(dt.date(2021, 5, 15)) == ["脱贫不稳定户", "边缘易致贫户"]
    assert names(dt.date(2021, 5, 16)) == ["脱贫不稳定户", "边缘易致贫户", "突发严重困难户"]
