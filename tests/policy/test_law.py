"""`fangpin policy`: what is in force, what is wrong, what differs; and the refusals of values that would mislead."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fangpin.errors import PolicyError
from fangpin.policy import load
from pipelines import law
from pipelines.cli import app

CHECKOUT = Path(__file__).resolve().parents[2]
POLICY = load(CHECKOUT / "policy")
RUN = CliRunner()
PARAMETER = """title: 甲
unit: {unit}
values:
  - {{from: 2020-01-01, value: {value}, source: {{document: 文件, clause: 一}}}}
"""


def loaded(tmp_path: Path, text: str) -> None:
    (tmp_path / "index.yaml").write_text(text, encoding="utf-8")
    load(tmp_path)


def test_the_policy_of_the_project_has_no_problem() -> None:
    assert law.problems(POLICY, CHECKOUT) == []


def test_a_line_is_told_with_its_document() -> None:
    """seeds/003 二（一）（二）."""
    asked = ["policy", "show", "monitoring_line", "--place", "511703", "--date", "2020-06-01", "--json"]
    done = RUN.invoke(app, asked)
    found = json.loads(done.output)
    assert done.exit_code == 0
    assert {name: found[name] for name in ("value", "unit", "measure", "place", "from", "document", "clause")} == {
        "value": 5000,
        "unit": "yuan_per_person_year",
        "measure": "net_income_per_head",
        "place": "511703",
        "from": "2020-03-20",
        "document": "赵委发〔2020〕34号",
        "clause": "二（一）（二）",
    }


@pytest.mark.parametrize(
    "asked",
    [
        ["monitoring_line", "--place", "65", "--date", "2020-06-01", "--json"],
        ["monitoring_line", "--place", "511703", "--date", "2020-03-19", "--json"],
        ["monitoring_lime", "--place", "41", "--date", "2020-06-01"],
    ],
)
def test_without_a_value_the_status_is_2_and_nothing_is_printed(asked: list[str]) -> None:
    done = RUN.invoke(app, ["policy", "show", *asked])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "monitoring_line" in done.stderr


def test_a_parameter_without_place_and_day_is_told_whole() -> None:
    told = RUN.invoke(app, ["policy", "show", "monitoring_line"]).output
    assert "511703 自2020-03-20 为 5000；依据：赵委发〔2020〕34号 二（一）（二）" in told
    assert "53 自2025-01-01 为 8700" in told


@pytest.mark.parametrize("name", ["calendar", None])
def test_a_file_of_parameters_and_all_names_are_listed(name: str | None) -> None:
    told = RUN.invoke(app, ["policy", "show", *([name] if name else [])]).output
    assert "发布期限" in told


def test_check_says_how_much_it_looked_at() -> None:
    done = RUN.invoke(app, ["policy", "check"])
    assert done.exit_code == 0
    assert f"{len(POLICY.parameters)} 个参数" in done.output


def test_the_third_class_is_what_differs_in_the_middle_of_may_2021() -> None:
    """中农组发〔2021〕7号 is of 2021-05-16: the third class, and what it says of eliminations."""
    may = [dt.date(2021, 5, 15), dt.date(2021, 5, 16)]
    names = [found.parameter.name for found in law.differences(POLICY, may[0], POLICY, may[1], "")]
    assert names == ["category", "elimination.not_yet", "elimination.quota"]
    assert law.differences(POLICY, may[0], POLICY, may[0], "") == []


def test_diff_tells_both_values_and_documents() -> None:
    told = RUN.invoke(app, ["policy", "diff", "--from", "2020-03-19", "--to", "2020-03-20", "--place", "511703"]).output
    assert "监测收入线（monitoring_line）511703：无 → 5000" in told
    assert "赵委发〔2020〕34号" in told


@pytest.mark.parametrize(
    ("unit", "value", "sentence"),
    [
        ("growth", "103.3", "103.3 是以上年为100的指数，不是增长率：增长率写小数，如 0.033"),
        ("growth", "3.3", "增长率写小数，3.3% 写 0.033"),
        ("index_previous_year_100", "3.3", "指数以上年为100，3.3 像是增长率"),
    ],
)
def test_an_index_is_no_growth_rate(tmp_path: Path, unit: str, value: str, sentence: str) -> None:
    """seeds/000 四（五）: 农村居民消费价格指数 103.3."""
    with pytest.raises(PolicyError, match=sentence):
        loaded(tmp_path, PARAMETER.format(unit=unit, value=value))


@pytest.mark.parametrize(
    ("unit", "value"),
    [("growth", "0.033"), ("growth", "-0.02"), ("index_previous_year_100", "103.3"), ("yuan", "103.3")],
)
def test_a_rate_an_index_and_an_amount_are_read(tmp_path: Path, unit: str, value: str) -> None:
    loaded(tmp_path, PARAMETER.format(unit=unit, value=value))


def test_a_blank_is_unknown_from_its_day_on_and_never_the_older_value(tmp_path: Path) -> None:
    more = "  - {from: 2026-01-01, value: , source: {document: 文件, clause: 二}}\n"
    (tmp_path / "line.yaml").write_text(PARAMETER.format(unit="yuan", value=6000) + more, encoding="utf-8")
    policy = load(tmp_path)
    assert policy.value("line", "41", dt.date(2025, 12, 31)).value == 6000
    with pytest.raises(PolicyError, match=r"“甲”（line）.*自2026-01-01 为 未知（留空）.*policy/line.yaml"):
        policy.value("line", "41", dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("{from: 2020-01-01, value: 1, still_valid_on: 2019-12-31, source: {document: 甲}}", "早于 from"),
        ("{from: 2020-01-01, value: 1, still_valid_on: 明年, source: {document: 甲}}", "still_valid_on 应为日期"),
        ("{from: 2020-01-01, value: 1, source: {document: 甲, decision: 乙}}", "document 与 clause，或 decision"),
        ("三", "应写 from、value、source"),
    ],
)
def test_a_wrong_value_is_named_with_its_place_in_the_file(tmp_path: Path, entry: str, sentence: str) -> None:
    with pytest.raises(PolicyError, match=f"policy/index.yaml index( 第1个值)?: .*{sentence}"):
        loaded(tmp_path, f"title: 甲\nunit: yuan\nvalues:\n  - {entry}\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (PARAMETER.format(unit="yuan", value=1), "没有程序使用它"),
        (PARAMETER.format(unit="dollars", value=1), "不认识的单位 dollars"),
        (f"measure: wealth\n{PARAMETER.format(unit='yuan', value=1)}", "不认识的口径 wealth"),
        (
            "title: 甲\nunit: yuan\nvalues: [{from: 2020-01-01, value: 1, source: {decision: docs/decisions/no.md}}]",
            "docs/decisions/no.md 不存在",
        ),
    ],
)
def test_what_loading_cannot_see_is_checked(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "nobody_reads_this.yaml").write_text(text, encoding="utf-8")
    found = law.problems(load(tmp_path), CHECKOUT)
    assert any(each.startswith("policy/nobody_reads_this.yaml") and problem in each for each in found), found


def test_a_parameter_that_code_asks_for_must_be_declared(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "x.py").write_text('policy.value("threshold.no_such_thing", "", on)\n', encoding="utf-8")
    assert "assets/x.py: 用到 threshold.no_such_thing，policy/ 中没有" in law.problems(POLICY, tmp_path)
