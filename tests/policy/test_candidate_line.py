"""Candidate lines against the arithmetic of the plan (oracles/t3_candidate_lines.json) and hand calculation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from fangpin.candidate_line import candidates
from fangpin.errors import PolicyError
from fangpin.policy import load
from pipelines.cli import app

CHECKOUT = Path(__file__).resolve().parents[2]
POLICY = load(CHECKOUT / "policy")
ORACLE = json.loads((CHECKOUT / "tests" / "oracles" / "t3_candidate_lines.json").read_text(encoding="utf-8"))
LINES = {each.name: each for each in candidates(POLICY, "41", 2020)}
PINNED = {
    "floor": "floor_1_5x_2020",
    "cpi": "cpi",
    "income": "income_nominal",
    "dibao": "dibao",
    "arithmetic": "arith_mean_growth",
    "geometric": "geo_mean",
    "largest": "max",
    "chained": "double_count_cpi_x_income",
}


@pytest.mark.parametrize("name", PINNED)
def test_the_arithmetic_of_the_plan(name: str) -> None:
    assert LINES[name].line == pytest.approx(ORACLE["candidates"][PINNED[name]], abs=1e-9)
    assert LINES[name].rounded == ORACLE["rounded_100"][PINNED[name]]


@pytest.mark.parametrize(
    ("name", "line", "rounded"),
    [
        ("cpi_income", (6198 + 6372) / 2, 6300),
        ("smallest", 6198, 6200),
        ("dibao_ratio", 6000 / 4334 * 4556, 6300),
        ("dibao_last", 1.5 * 4556, 6800),
        ("dibao_mean", 1.5 * 4334, 6500),
    ],
)
def test_by_hand(name: str, line: float, rounded: int) -> None:
    """4334 is the mean of 2020 by quarters: (3 x 4260 + 4556) / 4."""
    assert LINES[name].line == pytest.approx(line, abs=1e-9)
    assert LINES[name].rounded == rounded


def test_every_candidate_is_pinned_by_one_of_the_two() -> None:
    assert set(LINES) == set(PINNED) | {"cpi_income", "smallest", "dibao_ratio", "dibao_last", "dibao_mean"}


def test_formula_and_documents_are_told() -> None:
    assert LINES["dibao_mean"].formula == "农村低保标准（年均） 4334 × 1.5"
    assert LINES["cpi_income"].formula == (
        "监测收入线 6000 × （农村居民消费价格指数 1.033、农村居民人均可支配收入增幅 1.062）的算术平均"
    )
    assert LINES["cpi"].sources == ("《防止返贫动态监测和帮扶机制落实专题调研工作方案》 四（五）",)
    assert "算了两次" in str(LINES["chained"].warning)
    assert "不是与上年相比" in str(LINES["dibao"].warning)


def changed(tmp_path: Path, **entry: Any) -> Any:
    """The policy with one candidate: the cpi one with these keys changed."""
    for path in (CHECKOUT / "policy").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    one = {
        "name": "x",
        "title": "甲",
        "base": "monitoring_line",
        "mean": "geometric",
        "weights": {"economy.rural_cpi": "1"},
    }
    document = {"rounding": 100, "candidates": [one | entry]}
    (tmp_path / "line_candidate.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return load(tmp_path)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (
            {"weights": {"economy.rural_cpi": "1/2", "economy.rural_income_growth": "1/3"}},
            "x: 权重之和应为 1，现为 5/6",
        ),
        ({"weights": {"economy.rural_cpj": "1"}}, "x: 没有名为 economy.rural_cpj 的政策参数"),
        ({"base": "line"}, "x: 没有名为 line 的政策参数"),
        ({"mean": "median"}, "x: mean 应为 geometric、arithmetic、smallest、largest、product 之一"),
        ({"base_of": "month"}, "x: base_of 应为 last（年末）或 year（年均）"),
        ({"rounds": 1}, "x: 不认识的键 rounds"),
    ],
)
def test_a_wrong_formula_is_named(tmp_path: Path, entry: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PolicyError, match=re.escape(sentence)):
        candidates(changed(tmp_path, **entry), "41", 2020)


@pytest.mark.parametrize(("times", "line", "at_floor"), [("1/2", 6000, True), ("1", 6198, False)])
def test_no_line_is_below_the_floor(tmp_path: Path, times: str, line: float, at_floor: bool) -> None:
    (found,) = candidates(changed(tmp_path, times=times), "41", 2020)
    assert (found.line, found.at_floor) == (pytest.approx(line, abs=1e-9), at_floor)


@pytest.mark.parametrize(("value", "rounded"), [(6249, 6200), (6250, 6300), (6251, 6300)])
def test_half_is_rounded_up(tmp_path: Path, value: int, rounded: int) -> None:
    policy = changed(tmp_path, times=f"{value}/6000", weights={}, mean=None)
    assert candidates(policy, "41", 2020)[0].rounded == rounded


@pytest.mark.parametrize(("place", "year"), [("41", 2021), ("41", 2019), ("65", 2020)])
def test_figures_of_another_year_or_place_are_no_substitute(place: str, year: int) -> None:
    with pytest.raises(PolicyError, match="请在 policy/"):
        candidates(POLICY, place, year)


def test_the_command_tells_them() -> None:
    done = CliRunner().invoke(app, ["policy", "lines", "--place", "41", "--year", "2020"])
    assert done.exit_code == 0
    assert "6,328.29" in done.output
    assert "6300" in done.output
    found = json.loads(CliRunner().invoke(app, ["policy", "lines", "--place", "41", "--year", "2020", "--json"]).output)
    assert {each["name"] for each in found} == set(LINES)
    assert CliRunner().invoke(app, ["policy", "lines", "--place", "41", "--year", "2021"]).exit_code == 2
