"""The tables made of policy: one row of limits, one row per cause and fitting help; blanks give no row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from fangpin.errors import PolicyError
from fangpin.policy import Policy, load
from pipelines import law

CHECKOUT = Path(__file__).resolve().parents[2]
POLICY = load(CHECKOUT / "policy")
IN_2021 = dt.date(2021, 11, 30)

ROWS = """
first:
  title: 甲
  unit: text
  values:
    - {place: "", from: 2020-01-01, value: [一], source: {document: 文件, clause: 一}}
    - {place: "41", from: 2021-01-01, value: null, source: {document: 文件, clause: 二}}
second:
  title: 乙
  unit: text
  values:
    - {place: "52", from: 2020-01-01, value: [二], source: {document: 文件, clause: 三}}
"""
UNUSED = """
nobody_asks:
  title: 甲
  unit: yuan
  values:
    - {{from: 2020-01-01, value: 1, source: {{document: 文件, clause: 一}}}}
  {mark}
"""


def written(tmp_path: Path, text: str) -> Policy:
    (tmp_path / "example.yaml").write_text(text, encoding="utf-8")
    return load(tmp_path)


@pytest.mark.parametrize(
    ("place", "on", "found"),
    [
        ("41", dt.date(2020, 12, 31), [("甲", ["一"])]),
        ("41", dt.date(2021, 1, 1), [("甲", None)]),  # left blank: told, and no older value in its place
        ("5201", dt.date(2021, 1, 1), [("甲", ["一"]), ("乙", ["二"])]),
        ("41", dt.date(2019, 12, 31), []),
    ],
)
def test_rows_of_a_file(tmp_path: Path, place: str, on: dt.date, found: list[tuple[str, list[str] | None]]) -> None:
    rows = written(tmp_path, ROWS).rows("example", place, on)
    assert [(parameter.title, value.value) for parameter, value in rows] == found


@pytest.mark.parametrize(
    ("mark", "problem"),
    [
        ("", "没有程序使用它"),
        ("for_reference: 供调研组查阅", None),
        ("for_reference: true", "应写明供谁查阅"),
    ],
)
def test_what_nobody_reckons_with_says_what_it_is_for(tmp_path: Path, mark: str, problem: str | None) -> None:
    policy = written(tmp_path, UNUSED.format(mark=mark))
    found = [text for text in law.problems(policy, CHECKOUT) if "nobody_asks" in text]
    assert [problem in text for text in found if problem] == [True] * (problem is not None)
    assert len(found) == (problem is not None)


@pytest.mark.parametrize(
    ("cause", "kinds"),
    [
        ("因病", ["健康帮扶", "社会帮扶"]),  # 5_18_001
        ("因学", ["义务教育保障", "教育帮扶", "社会帮扶"]),  # 5_18_002
        ("因残", ["综合保障", "社会帮扶"]),  # 5_18_003
        ("因安全住房", ["住房安全保障"]),  # 5_18_004
        ("失学辍学", ["义务教育保障"]),  # 5_18_005
        ("因安全饮水", ["饮水安全保障"]),  # 5_18_006
        ("其他", None),
    ],
)
def test_what_fits_a_cause(cause: str, kinds: list[str] | None) -> None:
    found = {parameter.extra["cause"]: value.value for parameter, value in POLICY.rows("measure_cause", "41", IN_2021)}
    assert found[cause] == kinds


@pytest.mark.parametrize(
    ("limit", "place", "value"),
    [
        ("identification_days", "41", 15),  # 秦安县: 不超过15天, 其中公示不少于5天
        ("publicity_days", "41", 5),
        ("first_measure_months", "52", 1),  # 贵州 1_11_010
        ("first_measure_in_quarter", "530521", True),  # seeds/001 三（二）
        ("development_measure_months", "52", 6),  # 贵州 5_12_007
    ],
)
def test_limits(limit: str, place: str, value: int) -> None:
    assert POLICY.value(f"time_limit.{limit}", place, dt.date(2023, 12, 31)).value == value


@pytest.mark.parametrize(
    ("name", "on"),
    [("category", dt.date(2026, 2, 3)), ("asset_list.car_price_yuan", IN_2021), ("entitlement.sudden_ill", IN_2021)],
)
def test_using_a_blank_is_an_error_that_names_it(name: str, on: dt.date) -> None:
    title = POLICY.parameter(name).title
    with pytest.raises(PolicyError, match=f"{title}”（{name}）.*未知（留空）.*policy/"):
        POLICY.value(name, "41", on)


def test_the_scheme_before_the_open_one_holds_to_its_last_day() -> None:
    assert POLICY.value("category", "", dt.date(2026, 2, 2)).extra["scheme"] == "三类"
