"""What if: values that are not in force, put in place of those that are. policy/scenarios/<name>.yaml.

    title: 监测线提高到6900元
    overrides:
      monitoring_line:
        - {place: "41", from: 2022-01-01, value: 6900}

A line may also be given by a formula of the family of policy/line_candidate.yaml, from the figures of a year, for the
next year on:

    line: {place: "41", year: 2020, base: monitoring_line, mean: geometric, weights: {economy.rural_cpi: "1"}}

An override replaces the values of its own place from its day on; longer place prefixes keep their own. Nothing here is
law: every value it sets names the scenario as its source. Does not belong here: what follows from a scenario (assets).
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from fangpin.candidate_line import candidate, wrong
from fangpin.errors import PolicyError
from fangpin.policy import LOADER, Parameter, Policy, Value, read_values

LINE, FLOOR = "monitoring_line", "national_floor"


@dataclass(frozen=True)
class Scenario:
    """name: of its file. overrides: parameter -> the values it sets."""

    name: str
    title: str
    overrides: Mapping[str, tuple[Value, ...]]


def load(path: Path, policy: Policy) -> Scenario:
    """The scenario in a file; PolicyError with all its problems at once."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except FileNotFoundError:
        raise PolicyError(
            f"没有这个情景文件：{path}。情景放在 policy/scenarios/ 下，写法见其中的 README.md。"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PolicyError(f"情景文件 {path.name} 不是有效的 UTF-8 YAML：{error}") from error
    problems: list[str] = []
    if not isinstance(content, dict) or not isinstance(content.get("title"), str):
        raise PolicyError(f"情景文件 {path.name}：应写 title（名称）和 overrides（参数：数值）。")
    if unknown := sorted(set(content) - {"title", "overrides", "line"}):
        problems.append(f"不认识的键 {'、'.join(map(str, unknown))}，只有 title、overrides 和 line")
    given = content.get("overrides", {})
    if not isinstance(given, dict) or not (given or "line" in content):
        raise PolicyError(f"情景文件 {path.name}：overrides 应列出至少一个参数和它的数值，或用 line 写监测线的公式。")
    overrides = {}
    if "line" in content:
        if LINE in given:
            problems.append(f"line 和 overrides 里的 {LINE} 只能写一个")
        given = given | {LINE: _by_formula(content["line"], content["title"], policy, problems)}
    for name, entries in given.items():
        if name not in policy.parameters:
            near = difflib.get_close_matches(str(name), policy.parameters, n=1)
            problems.append(f"没有名为 {name} 的政策参数{f'，是不是 {near[0]}？' if near else ''}")
            continue
        overrides[name] = _values(name, entries, content["title"], policy, problems)
    if problems:
        raise PolicyError(f"情景文件 {path.name} 有误：\n" + "\n".join(f"  {problem}" for problem in problems))
    return Scenario(path.stem, content["title"], overrides)


def _by_formula(formula: Any, title: str, policy: Policy, problems: list[str]) -> list[dict[str, Any]]:
    """The override that a formula gives: its rounded result for its place, from the first day after its year on."""
    if not isinstance(formula, dict) or not isinstance(formula.get("year"), int) or "place" not in formula:
        problems.append(
            "line: 应写 place（地区代码）、year（用哪一年的数据，如 2020）和公式（写法同 line_candidate.yaml）"
        )
        return []
    place, year = str(formula["place"]), formula["year"]
    entry = {"name": "line", "title": title} | {k: v for k, v in formula.items() if k not in ("place", "year")}
    if found := wrong(entry, policy):
        problems += found
        return []
    try:
        value = candidate(entry, policy, place, year)
    except PolicyError as error:
        problems.append(f"line: {error}")
        return []
    return [{"place": place, "from": dt.date(year + 1, 1, 1), "value": value.rounded}]


def _values(name: str, entries: Any, title: str, policy: Policy, problems: list[str]) -> tuple[Value, ...]:
    """The values of one override, each with the scenario as its source."""
    parameter = policy.parameter(name)
    if isinstance(entries, list):
        source = {"decision": f"情景“{title}”"}
        problems += [
            f'{name} 第{number}个值: 缺少 place（地区代码的前几位，全国写 ""）'
            for number, entry in enumerate(entries, start=1)
            if isinstance(entry, dict) and "place" not in entry
        ]
        entries = [{**entry, "source": source} if isinstance(entry, dict) else entry for entry in entries]
    found = read_values(entries, parameter.unit, name, problems)
    for value in found:
        if value.value is None:
            problems.append(f"{name}: {value.place or '全国'} 自{value.effective_from} 没有写数值")
        elif isinstance(value.value, list) is not any(isinstance(known.value, list) for known in parameter.values):
            problems.append(f"{name}: {value.told}，{'应为单个值' if isinstance(value.value, list) else '应为列表'}")
        elif parameter.values and value.effective_from < min(known.effective_from for known in parameter.values):
            first = min(known.effective_from for known in parameter.values)
            problems.append(f"{name}: {value.effective_from} 早于这个参数的第一个数值（{first}）")
        elif name == LINE and (floor := _floor(policy, value)) is not None and value.value < floor.value:
            problems.append(f"{name}: {value.told}，低于国家底线 {floor.value}（{floor.source}）")
    return tuple(found)


def _floor(policy: Policy, line: Value) -> Value | None:
    return policy.parameter(FLOOR).find(line.place, line.effective_from)


def applied(policy: Policy, scenario: Scenario) -> Policy:
    """The policy as it would be; its version names the scenario."""
    parameters = {
        name: _overridden(parameter, scenario.overrides.get(name, ())) for name, parameter in policy.parameters.items()
    }
    return replace(policy, parameters=parameters, version=f"{policy.version}+{scenario.name}")


def _overridden(parameter: Parameter, values: tuple[Value, ...]) -> Parameter:
    first = {value.place: min(v.effective_from for v in values if v.place == value.place) for value in values}
    kept = [v for v in parameter.values if v.place not in first or v.effective_from < first[v.place]]
    return replace(parameter, values=tuple(sorted([*kept, *values], key=lambda v: (v.place, v.effective_from))))
