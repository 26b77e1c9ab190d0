"""What a trip can find out: sizes, design effects, half widths and chances against published figures; the words."""

from __future__ import annotations

import pytest

from fangpin.research.draw import draw
from fangpin.research.households import draw_households
from fangpin.research.precision import design_effect, detection, figures, half_width, sample_size, weight_effect
from tests.made_up_research import SEED, frame, listing, plan
from tests.rules.oracles import oracle

DATA = oracle("t6_sample_size.json")


@pytest.mark.parametrize("case", DATA["size"])
def test_size(case: dict[str, float]) -> None:
    """The oracle's quantile is 1.959964."""
    n = sample_size(case["p"], case["e"], case["deff"], case["N"], 1.959963984540054)
    assert n == pytest.approx(case["n"], rel=1e-9)


@pytest.mark.parametrize("case", DATA["detection"])
def test_detection(case: dict[str, float]) -> None:
    assert detection(case["N"], case["K"], case["n"]) == pytest.approx(case["p_detect"], abs=1e-12)


@pytest.mark.parametrize("case", DATA["precision"])
def test_precision(case: dict[str, float]) -> None:
    deff = design_effect(case["hh"], case["icc"])
    assert deff == pytest.approx(case["deff"])
    assert half_width(case["p"], case["villages"] * case["hh"] / deff) == pytest.approx(case["half_width"], rel=1e-9)


def test_unequal_weights_cost() -> None:
    """Kish: n sum w^2 / (sum w)^2; equal weights cost nothing, weights 1 and 3 a quarter."""
    assert weight_effect([2.0, 2.0, 2.0]) == 1
    assert weight_effect([1.0, 3.0]) == pytest.approx(1.25)


def test_figures_in_words() -> None:
    small = plan(least_households=1)
    sample = draw(frame(cities=6), small, SEED)
    villages = sample.filter(role="primary")["village_code"].to_list()
    households = draw_households(villages, listing(dict.fromkeys(villages, 60)), small, SEED)
    told = {figure.title: figure for figure in figures(sample, households, small)}
    assert told["能推断到哪里"].figure == "6个市"
    assert "不能推断到全省" in told["能推断到哪里"].words
    assert told["误差范围（全部抽中的村）"].figure == "±4.6 至 ±5.8 个百分点"  # handbook: 24 villages x 10
    assert told["误差范围（随机抽中的村）"].figure == "±6.5 至 ±8.2 个百分点"  # 12 villages x 10
    assert "设计效应1.45至2.35" in told["误差范围（全部抽中的村）"].words
    assert told["发现问题的把握（1户有问题）"].figure.endswith("%")
    top = plan(least_households=1, top_only=True)
    sample = draw(frame(cities=6), top, SEED)
    villages = sample.filter(role="primary")["village_code"].to_list()
    households = draw_households(villages, listing(dict.fromkeys(villages, 60)), top, SEED)
    told = {figure.title: figure for figure in figures(sample, households, top)}
    assert told["能推断到哪里"].figure == "不可推断总体"
    assert "误差范围（随机抽中的村）" not in told and "权重不等的影响" not in told
