"""Scenarios: overrides on top of what is in force, and every way in which one can be wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fangpin import scenario
from fangpin.errors import PolicyError
from fangpin.policy import load
from pipelines.cli import app

CHECKOUT = Path(__file__).resolve().parents[2]
POLICY = load(CHECKOUT / "policy")
HIGHER = """
title: 监测线提高到6900元
overrides:
  monitoring_line:
    - {place: "41", from: 2022-01-01, value: 6900}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "higher.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("place", "on", "line"),
    [
        ("410102", dt.date(2021, 12, 31), 6000),
        ("410102", dt.date(2022, 1, 1), 6900),
        ("410102", dt.date(2030, 1, 1), 6900),
        ("511703", dt.date(2022, 1, 1), 5000),
    ],
)
def test_an_override_holds_in_its_place_from_its_day_on(tmp_path: Path, place: str, on: dt.date, line: int) -> None:
    found = scenario.applied(POLICY, scenario.load(written(tmp_path, HIGHER), POLICY))
    assert found.value("monitoring_line", place, on).value == line
    assert found.version == f"{POLICY.version}+higher"


def test_an_override_names_itself_as_its_source_and_changes_nothing_else(tmp_path: Path) -> None:
    found = scenario.applied(POLICY, scenario.load(written(tmp_path, HIGHER), POLICY))
    assert found.value("monitoring_line", "41", dt.date(2022, 1, 1)).source == "决定 情景“监测线提高到6900元”"
    others = set(POLICY.parameters) - {"monitoring_line"}
    assert all(found.parameters[name] == POLICY.parameters[name] for name in others)


def test_longer_places_keep_their_own_and_later_values_of_the_place_give_way(tmp_path: Path) -> None:
    text = HIGHER.replace('"41", from: 2022-01-01', '"", from: 2020-06-01')
    found = scenario.applied(POLICY, scenario.load(written(tmp_path, text), POLICY))
    assert found.value("monitoring_line", "65", dt.date(2021, 1, 1)).value == 6900
    assert found.value("monitoring_line", "41", dt.date(2021, 1, 1)).value == 6000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("overrides: {}", "应写 title"),
        ("title: 甲", "overrides 应列出至少一个参数"),
        ("title: [", "不是有效的 UTF-8 YAML"),
        (
            HIGHER.replace("monitoring_line", "monitoring_lime"),
            "没有名为 monitoring_lime 的政策参数，是不是 monitoring_line",
        ),
        (HIGHER.replace("6900", "5999"), "低于国家底线 6000（中农组发〔2021〕7号"),
        (HIGHER.replace("2022-01-01", "2019-12-31"), "早于这个参数的第一个数值（2020-01-01）"),
        (HIGHER.replace("2022-01-01", "明年"), "from 应为日期"),
        (HIGHER + '    - {place: "41", from: 2022-01-01, value: 7000}\n', "有两个值"),
        (HIGHER.replace(", value: 6900", ""), "缺少 value"),
        (HIGHER.replace("6900", "null"), "没有写数值"),
        (HIGHER.replace("6900", "六千九"), "monitoring_line 第1个值: value 应为数字（元/人·年），现为 '六千九'"),
        (HIGHER.replace("6900", ".nan"), "value 应为数字（元/人·年），现为 nan"),
        (HIGHER.replace("6900", "true"), "value 应为数字（元/人·年），现为 True"),
        (HIGHER.replace("6900", "[6900, 七千]"), "value 应为数字（元/人·年），现为 '七千'"),
        (HIGHER.replace("6900", "[6900, 7000]"), "应为单个值"),
        (HIGHER.replace("monitoring_line", "topic_band.wage"), "应为列表"),
        (HIGHER.replace('place: "41", ', ""), "monitoring_line 第1个值: 缺少 place"),
        (HIGHER + "more: 1\n", "不认识的键 more"),
    ],
)
def test_a_wrong_scenario_is_refused_with_its_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(PolicyError) as error:
        scenario.load(written(tmp_path, text), POLICY)
    assert "higher.yaml" in str(error.value)
    assert sentence in str(error.value)


def test_the_line_may_be_at_the_floor(tmp_path: Path) -> None:
    text = HIGHER.replace("6900", "6000")
    assert scenario.load(written(tmp_path, text), POLICY).overrides["monitoring_line"][0].value == 6000


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="没有这个情景文件"):
        scenario.load(tmp_path / "no.yaml", POLICY)


def test_scenarios_are_no_policy(tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(
        "title: 甲\nunit: yuan\nvalues: [{from: 2020-01-01, value: 1, source: {document: 乙}}]", encoding="utf-8"
    )
    before = load(tmp_path)
    (tmp_path / "scenarios").mkdir()
    written(tmp_path / "scenarios", HIGHER)
    assert load(tmp_path) == before


def test_diff_against_a_scenario_tells_what_would_change(tmp_path: Path) -> None:
    asked = ["policy", "diff", "--scenario", str(written(tmp_path, HIGHER)), "--to", "2022-06-30", "--place", "410102"]
    told = CliRunner().invoke(app, asked).output
    assert told.splitlines()[0] == "监测收入线（monitoring_line）41：6000 → 6900"


BY_FORMULA = """
title: 按农村物价调整
line: {place: "41", year: 2020, base: monitoring_line, mean: geometric, weights: {economy.rural_cpi: "1"}}
"""


def test_a_line_by_a_formula_holds_from_the_year_after_its_figures(tmp_path: Path) -> None:
    """6000 x 103.3 / 100 = 6198, to the nearest 100."""
    found = scenario.applied(POLICY, scenario.load(written(tmp_path, BY_FORMULA), POLICY))
    assert found.value("monitoring_line", "410102", dt.date(2020, 12, 31)).value == 6000
    assert found.value("monitoring_line", "410102", dt.date(2021, 1, 1)).value == 6200
    assert found.value("monitoring_line", "511703", dt.date(2021, 1, 1)).value == 5000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BY_FORMULA.replace('"1"', '"1/2"'), "权重之和应为 1，现为 1/2"),
        (BY_FORMULA.replace('"1"', "一半"), "权重应写作数字或分数"),
        (BY_FORMULA.replace("rural_cpi", "rural_cpu"), "没有名为 economy.rural_cpu 的政策参数"),
        (BY_FORMULA.replace("year: 2020", "year: 2021"), "没有 2021 年的“农村居民消费价格指数”"),
        (BY_FORMULA.replace("year: 2020, ", ""), "line: 应写 place"),
        (BY_FORMULA.replace('"41"', '"65"'), "没有适用于地区 65"),
        (BY_FORMULA.replace("mean: geometric", "mean: middle"), "mean 应为"),
        (BY_FORMULA + HIGHER.replace("title: 监测线提高到6900元", ""), "只能写一个"),
    ],
)
def test_a_wrong_formula_is_refused_with_its_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(PolicyError) as error:
        scenario.load(written(tmp_path, text), POLICY)
    assert "higher.yaml" in str(error.value)
    assert sentence in str(error.value)
