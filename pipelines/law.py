"""`fangpin policy`: what is in force where and when, what is wrong with policy/, what differs between two days.

Does not belong here: how policy is read (fangpin/policy.py), what a scenario is (fangpin/scenario.py).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fangpin.candidate_line import DOCUMENT as LINE_FORMULAS
from fangpin.candidate_line import Candidate
from fangpin.places import OWN_PROVINCE
from fangpin.policy import FOR_REFERENCE, MEASURES, UNITS, Parameter, Policy, Value
from fangpin.research import plan as plans

_SHAPES = "checks/ref/"
"""What the tables of policy look like: it names every parameter that is a column and uses none."""
_READERS = ("sql", "assets", "checks", "fangpin", "pipelines")
"""Folders whose code reads policy."""
_ASKED = re.compile(r"""\bpolic\w*(?:\(\))?\.(?:value|parameter)\(\s*f?["']([a-z_/]+(?:\.[a-z_]+)?)["']""")
_MANY_PARAMETERS = re.compile(r"""\bgroup\(\s*["']([a-z_/]+)["']""")
_ROWS = re.compile(r"""\bpolicy\.rows\(\s*["']([a-z_/]+)["']""")


def in_force(policy: Policy, name: str, place: str, on: dt.date) -> dict[str, Any]:
    """The value for a place and day with all that is known of it; PolicyError when there is none."""
    parameter = policy.parameter(name)
    value = policy.value(name, place, on)
    return {
        "value": value.value,
        "unit": parameter.unit,
        "measure": value.extra.get("measure", parameter.extra.get("measure")),
        "place": value.place,
        "from": value.effective_from.isoformat(),
        "document": value.document,
        "clause": value.clause,
        "decision": value.decision,
        "still_valid_on": value.still_valid_on and value.still_valid_on.isoformat(),
        "warning": value.warning(on),
    }


def shown(policy: Policy, name: str, found: dict[str, Any]) -> str:
    """`in_force` for people."""
    parameter = policy.parameter(name)
    source = " ".join(part for part in (found["document"], found["clause"]) if part) or f"决定 {found['decision']}"
    lines = [f"{parameter.title}（{name}）：{found['value']}（{UNITS.get(parameter.unit, parameter.unit)}）"]
    if found["measure"]:
        lines.append(f"  口径：{MEASURES.get(found['measure'], found['measure'])}")
    lines.append(f"  适用：{found['place'] or '全国'}，自 {found['from']} 起")
    lines.append(f"  依据：{source}")
    if found["warning"]:
        lines.append(f"  注意：{found['warning']}")
    return "\n".join(lines)


def listed(policy: Policy, name: str | None) -> str:
    """Every value of a parameter, of the parameters of a file, or the names of all."""
    if name is None:
        return "\n".join(f"{each.name}：{each.title}" for _, each in sorted(policy.parameters.items()))
    group = policy.group(name)
    return "\n".join(_history(each) for each in (group.values() if group else [policy.parameter(name)]))


def _history(parameter: Parameter) -> str:
    values = "\n".join(f"  {value.told}；依据：{value.source}" for value in parameter.values)
    return f"{parameter.title}（{parameter.name}，{UNITS.get(parameter.unit, parameter.unit)}）\n{values}"


def problems(policy: Policy, checkout: Path) -> list[str]:
    """What a loaded policy can still be wrong in: decisions that do not exist, parameters nobody reads or nobody set,
    units and measures without a word for them, research plans that cannot be.
    """
    found = [
        f"policy/{parameter.file} {name}: 决定 {value.decision} 不存在"
        for name, parameter in policy.parameters.items()
        for value in parameter.values
        if value.decision and not (checkout / value.decision.split()[0]).is_file()
    ]
    for name, parameter in policy.parameters.items():
        measures = {each.extra.get("measure") for each in parameter.values} | {parameter.extra.get("measure")}
        found += [f"policy/{parameter.file} {name}: 不认识的口径 {each}" for each in measures - {None, *MEASURES}]
        found += [f"policy/{parameter.file} {name}: 不认识的单位 {parameter.unit}"] * (parameter.unit not in UNITS)
    code = dict(_code(checkout))
    read = [source for file, source in code.items() if not file.startswith(_SHAPES)]
    text = "\n".join([*read, str(policy.documents.get(LINE_FORMULAS))])
    tables = set(_ROWS.findall(text))
    for name, parameter in policy.parameters.items():
        file, _, last = name.rpartition(".")
        used = re.search(rf"\b{re.escape(last)}\b", text) is not None or file in tables
        if FOR_REFERENCE in parameter.extra:
            found += [f"policy/{parameter.file} {name}: {FOR_REFERENCE} 应写明供谁查阅"] * (
                not isinstance(parameter.extra[FOR_REFERENCE], str)
            )
        elif not used:
            found.append(f"policy/{parameter.file} {name}: 没有程序使用它；只供查阅的写 {FOR_REFERENCE}（供谁查阅）")
    groups = {name.rpartition(".")[0] for name in policy.parameters}
    for file, source in code.items():
        asked = set(_ASKED.findall(source)) - policy.parameters.keys()
        found += [f"{file}: 用到 {name}，policy/ 中没有" for name in asked]
        found += [
            f"{file}: 用到 policy/{g}.yaml，没有这个文件"
            for g in (*_MANY_PARAMETERS.findall(source), *_ROWS.findall(source))
            if g not in groups
        ]
    return sorted(found) + plans.problems(policy, OWN_PROVINCE)


def _code(checkout: Path) -> Iterator[tuple[str, str]]:
    for folder in _READERS:
        for path in sorted((checkout / folder).rglob("*")):
            if path.suffix in {".sql", ".py"}:
                yield path.relative_to(checkout).as_posix(), path.read_text(encoding="utf-8")


def compared_lines(found: Sequence[Candidate]) -> str:
    """Candidate lines for people, with where their figures are from."""
    lines = []
    for each in found:
        floor = "，低于国家底线，按底线" if each.at_floor else ""
        lines.append(f"{each.title}：{each.line:,.2f} 元，取整 {each.rounded} 元{floor}")
        lines.append(f"  {each.formula}")
        lines += [f"  注意：{each.warning}"] * (each.warning is not None)
    sources = dict.fromkeys(source for each in found for source in each.sources)
    return "\n".join([*lines, f"取整到最近的 {found[0].to} 元，五成进位。依据：{'；'.join(sources)}"])


class Difference(NamedTuple):
    """A parameter with another value in force. place: of the later value, or of the earlier when there is none."""

    parameter: Parameter
    place: str
    before: Value | None
    after: Value | None


def differences(before: Policy, before_on: dt.date, after: Policy, after_on: dt.date, place: str) -> list[Difference]:
    """The parameters whose value in force differs. place: '' for every place that has values of its own."""
    found = []
    for name, parameter in sorted(after.parameters.items()):
        old = before.parameters[name]
        places = {value.place for value in (*parameter.values, *old.values)} if not place else {place}
        for prefix in sorted(places):
            one, two = old.find(prefix, before_on), parameter.find(prefix, after_on)
            known = two or one
            if known is not None and (one is None or two is None or one.value != two.value):
                found.append(Difference(parameter, known.place, one, two))
    return found


def compared(found: Sequence[Difference]) -> str:
    """`differences` for people."""
    lines = []
    for parameter, place, one, two in found:
        lines.append(f"{parameter.title}（{parameter.name}）{place or '全国'}：{_brief(one)} → {_brief(two)}")
        lines.append(f"  依据：{one.source if one else '—'} → {two.source if two else '—'}")
    return "\n".join(lines) or "没有不同。"


def _brief(value: Value | None) -> str:
    if value is None:
        return "无"
    text = str(value.value)
    return text if len(text) <= 60 else f"{text[:59]}…"
