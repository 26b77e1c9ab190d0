"""What a trip can find out and what it cannot: design effect, half width, chance to see a problem; with words.

Kish (1965), Cochran (1977); the hypergeometric tail. Does not belong here: how the figures are shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from fangpin.research.draw import NOT_GENERALISABLE, PRIMARY, RANDOM
from fangpin.research.plan import Plan

Z95 = 1.96
"""Normal quantile of a 95 % interval, as usually rounded."""


@dataclass(frozen=True)
class Figure:
    """A figure of the honesty page: what it is, the figure, what an official may conclude."""

    title: str
    figure: str
    words: str


def sample_size(p: float, e: float, deff: float, population: int | None, z: float) -> float:
    """Units needed for a half width e of a share p: z^2 p (1 - p) deff / e^2, with n / (1 + (n - 1) / N)."""
    n = z * z * p * (1 - p) * deff / (e * e)
    return n if population is None else n / (1 + (n - 1) / population)


def design_effect(households: float, icc: float) -> float:
    """1 + (m - 1) x ICC: how many times more households are needed because they come in villages."""
    return 1 + (households - 1) * icc


def half_width(p: float, effective: float) -> float:
    """Half the width of a 95 % interval of a share, given the effective sample size."""
    return Z95 * math.sqrt(p * (1 - p) / effective)


def weight_effect(weights: Sequence[float]) -> float:
    """n x sum w^2 / (sum w)^2 (Kish): how many times more units are needed because their weights differ."""
    return len(weights) * sum(w * w for w in weights) / sum(weights) ** 2


def detection(population: int, problems: int, n: int) -> float:
    """The chance to see at least one of the problem households among n of a village's."""
    return 1 - math.comb(population - problems, n) / math.comb(population, n)


def figures(sample: pl.DataFrame, households: pl.DataFrame, plan: Plan) -> list[Figure]:
    """The honesty page of a drawn sample."""
    primary = sample.filter(pl.col("role") == PRIMARY)
    visited = households.filter(pl.col("role") == PRIMARY)
    found = [_scope(primary, plan)]
    both = [("全部抽中的村", primary)]
    if not plan.top_only:
        both.append(("随机抽中的村", primary.filter(pl.col("arm") == RANDOM)))
    for title, villages in both:
        count = visited.filter(pl.col("village_code").is_in(villages["village_code"].implode())).height
        if villages.height and count:
            found.append(_width(title, villages.height, count, plan))
    if not plan.top_only and primary.height:
        found.append(_weights(primary))
    found += _chances(primary, visited, plan)
    found.append(
        Figure(
            "调研的用处",
            "发现问题为主",
            "看一件事有没有、为什么，这样的规模够用；要说全省有百分之几，不够，应看全部农户的监测数据。",
        )
    )
    return found


def _scope(primary: pl.DataFrame, plan: Plan) -> Figure:
    cities = "、".join(primary["city_name"].unique(maintain_order=True))
    if plan.top_only:
        return Figure("能推断到哪里", NOT_GENERALISABLE, f"{cities}的村都是按排名选的，情况只说明这些村自己。")
    chance = primary.filter(pl.col("arm") == RANDOM).height
    return Figure(
        "能推断到哪里",
        f"{primary['city_code'].n_unique()}个市",
        f"{primary.height}个村中{chance}个按已知概率随机抽取，加权后可以估计{cities}有监测对象的村合起来的情况；"
        "不能推断到全省，也不能推断到没有监测对象的村和不抽的村。重点村是按排名选的，不加权就会偏高。",
    )


def _width(title: str, villages: int, households: int, plan: Plan) -> Figure:
    low, high = (design_effect(households / villages, icc) for icc in (min(plan.assumed_icc), max(plan.assumed_icc)))
    narrow, wide = (half_width(plan.assumed_share, households / deff) for deff in (low, high))
    return Figure(
        f"误差范围（{title}）",
        f"±{narrow * 100:.1f} 至 ±{wide * 100:.1f} 个百分点",
        f"{villages}个村{households}户。同一个村的户情况相近，{households}户只顶得上随机抽的{households / high:.0f}至"
        f"{households / low:.0f}户（设计效应{low:.2f}至{high:.2f}）。若真实比例为{plan.assumed_share:.0%}，"
        f"调研得到的比例有95%的把握落在上下{narrow * 100:.1f}至{wide * 100:.1f}个百分点之内。",
    )


def _weights(primary: pl.DataFrame) -> Figure:
    weights = [1 / chance for chance in primary["inclusion_probability"]]
    effect = weight_effect(weights)
    return Figure(
        "权重不等的影响",
        f"{effect:.2f}",
        f"各村代表的村数不同（少的1个，多的约{max(weights):.0f}个）。加权估计各市合计时，{len(weights)}个村只顶得上"
        f"{len(weights) / effect:.0f}个权重相同的村，误差范围比上面的还要宽（按村计约{effect**0.5:.1f}倍）。",
    )


def _chances(primary: pl.DataFrame, visited: pl.DataFrame, plan: Plan) -> list[Figure]:
    """For the village in the middle: its monitored households and how many of the visited are from the register."""
    registered = visited.filter(pl.col("arm") == "stratum").group_by("village_code").len("visited")
    both = primary.join(registered, on="village_code").sort("monitored_households", "village_code")
    if both.is_empty():
        return []
    middle = both.row((both.height - 1) // 2, named=True)
    population, n = middle["monitored_households"], min(middle["visited"], middle["monitored_households"])
    found = []
    for problems in plan.problem_households:
        if problems <= population:
            chance = detection(population, problems, n)
            found.append(
                Figure(
                    f"发现问题的把握（{problems}户有问题）",
                    f"{chance:.0%}",
                    f"监测对象{population}户的村（居中的一个），入户{n}户监测对象；其中{problems}户有问题时，"
                    f"至少碰到1户的可能是{chance:.0%}。没有碰到，不等于没有。",
                )
            )
    return found
