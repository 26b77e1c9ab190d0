"""Candidate monitoring lines: what the formulas of policy/line_candidate.yaml give for a place from a year's figures.

line = max(national floor, base x times x mean of the factors), in yuan a person and year. A factor is a growth rate
(1 + g), an index (value / 100) or a standard in yuan (its last value over its mean by days of the year).
Source: 专题调研工作方案 四（五）. Does not belong here: who would be below a line, which line to choose.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from fangpin.errors import PolicyError
from fangpin.policy import Policy, Value

DOCUMENT = "line_candidate"
FLOOR = "national_floor"
_MEANS = ("geometric", "arithmetic", "smallest", "largest", "product")
_KEYS = frozenset({"name", "title", "base", "base_of", "times", "mean", "weights", "warning"})
_JOINED = {
    "arithmetic": "的算术平均",
    "geometric": "的几何平均",
    "smallest": "中最小的",
    "largest": "中最大的",
    "product": "连乘",
}


@dataclass(frozen=True)
class Candidate:
    """One formula's result. line: yuan, before rounding; rounded: to the nearest `to` yuan, half up. at_floor: the
    formula gives less than the floor. formula: in words with its figures; sources: documents of all of them.
    """

    name: str
    title: str
    line: float
    rounded: int
    to: int
    at_floor: bool
    formula: str
    warning: str | None
    sources: tuple[str, ...]


def candidates(policy: Policy, place: str, year: int) -> list[Candidate]:
    """All candidates, in the order of the document; PolicyError for a wrong formula, a figure that is not known."""
    return [candidate(formula, policy, place, year) for formula in formulas(policy)]


def formulas(policy: Policy) -> list[Mapping[str, Any]]:
    """The entries of the document; PolicyError with all that is wrong in them."""
    document = policy.document(DOCUMENT)
    found: list[Mapping[str, Any]] = document["candidates"]
    problems = [problem for entry in found for problem in wrong(entry, policy)]
    to = document["rounding"]
    if not isinstance(to, int) or to < 1:
        problems.append(f"rounding 应为正整数（元），现为 {to!r}")
    if problems:
        raise PolicyError(f"policy/{DOCUMENT}.yaml 有误：\n" + "\n".join(f"  {problem}" for problem in problems))
    return found


def wrong(entry: Mapping[str, Any], policy: Policy) -> list[str]:
    """What is wrong in one formula, in words."""
    name = entry.get("name", "?")
    found = [f"{name}: 不认识的键 {key}" for key in sorted(set(entry) - _KEYS)]
    found += [f"{name}: 缺少 {key}" for key in ("name", "title", "base") if key not in entry]
    weights = entry.get("weights", {})
    asked = [entry.get("base", FLOOR), *weights]
    found += [f"{name}: 没有名为 {parameter} 的政策参数" for parameter in asked if parameter not in policy.parameters]
    if weights and entry.get("mean") not in _MEANS:
        found.append(f"{name}: mean 应为 {'、'.join(_MEANS)} 之一")
    try:
        total = sum(Fraction(weight) for weight in weights.values())
    except (TypeError, ValueError, ZeroDivisionError):
        found.append(f'{name}: 权重应写作数字或分数，如 "1/3"，现为 {weights}')
    else:
        if weights and total != 1:
            found.append(f"{name}: 权重之和应为 1，现为 {total}")
    if entry.get("base_of", "last") not in ("last", "year"):
        found.append(f"{name}: base_of 应为 last（年末）或 year（年均）")
    return found


def candidate(entry: Mapping[str, Any], policy: Policy, place: str, year: int) -> Candidate:
    """What one right formula gives; PolicyError for a figure that is not known."""
    used: list[Value] = []
    to: int = policy.document(DOCUMENT)["rounding"]
    whole = entry.get("base_of") == "year"
    base = _mean(policy, entry["base"], place, year, used) if whole else _last(policy, entry["base"], place, year, used)
    times = Fraction(entry.get("times", "1"))
    weights = {name: Fraction(weight) for name, weight in entry.get("weights", {}).items()}
    factors = {name: _factor(policy, name, place, year, used) for name in weights}
    line = base * float(times) * _joined(entry.get("mean"), factors, weights)
    floor = policy.value(FLOOR, place, dt.date(year, 12, 31))
    used += [floor] if line < floor.value else []
    told = "、".join(f"{policy.parameter(name).title} {factor:.6g}" for name, factor in factors.items())
    joined = _JOINED[entry["mean"]] if len(factors) > 1 else ""
    parts = [f"{policy.parameter(entry['base']).title}{'（年均）' if whole else ''} {base:g}"]
    parts += [f"{float(times):g}"] if times != 1 else []
    parts += [f"（{told}）{joined}" if joined else told] if told else []
    warnings = [entry.get("warning"), *(value.warning(dt.date(year, 12, 31)) for value in used)]
    return Candidate(
        name=entry["name"],
        title=entry["title"],
        line=max(line, floor.value),
        rounded=math.floor(max(line, floor.value) / to + 0.5) * to,
        to=to,
        at_floor=line < floor.value,
        formula=" × ".join(parts),
        warning="；".join(dict.fromkeys(each for each in warnings if each)) or None,
        sources=tuple(dict.fromkeys(value.source for value in used)),
    )


def _joined(mean: str | None, factors: Mapping[str, float], weights: Mapping[str, Fraction]) -> float:
    if mean is None or not factors:
        return 1.0
    if mean == "arithmetic":
        return sum(float(weights[name]) * factor for name, factor in factors.items())
    if mean == "geometric":
        return math.prod(math.pow(factor, weights[name]) for name, factor in factors.items())
    if mean == "product":
        return math.prod(factors.values())
    return (min if mean == "smallest" else max)(factors.values())


def _factor(policy: Policy, name: str, place: str, year: int, used: list[Value]) -> float:
    last = _last(policy, name, place, year, used)
    unit = policy.parameter(name).unit
    if unit == "growth":
        return 1 + last
    if unit == "index_previous_year_100":
        return last / 100
    return last / _mean(policy, name, place, year, used)


def _last(policy: Policy, name: str, place: str, year: int, used: list[Value]) -> float:
    """The value in force at the end of the year; a figure that describes another year is none of this one."""
    value = policy.value(name, place, dt.date(year, 12, 31))
    if policy.parameter(name).unit in ("growth", "index_previous_year_100") and value.effective_from.year != year:
        raise PolicyError(
            f"没有 {year} 年的“{policy.parameter(name).title}”（{name}），最近的是 {value.effective_from.year} 年。"
            f"请在 policy/{policy.parameter(name).file} 中补充有依据的数值。"
        )
    used.append(value)
    return float(value.value)


def _mean(policy: Policy, name: str, place: str, year: int, used: list[Value]) -> float:
    """The mean of the twelve months of the year, each by the value in force on its last day."""
    values = [
        policy.value(name, place, dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(1))
        for month in range(1, 13)
    ]
    used += values
    return sum(float(value.value) for value in values) / 12
