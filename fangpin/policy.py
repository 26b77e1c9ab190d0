"""Policy as dated data: every value with its place, its first day and its legal source or our decision.

A file under policy/ is either one parameter (`title`, `unit`, `values`), a mapping of parameters (`threshold.yaml`:
name -> the same three), or a document of its own shape (scorecard, research plans), kept as read.
Does not belong here: the values themselves, and what they are used for.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fangpin.errors import NoMonitoringLine, PolicyError

SCENARIOS = "scenarios/"
"""Where under policy/ what is not in force lies (scenario.py)."""

UNITS = {
    "bytes": "字节",
    "cities": "个市",
    "class": "类",
    "codes": "地区代码",
    "count": "人、次",
    "counties": "个县",
    "day_of_month": "日",
    "days": "天",
    "grade": "级",
    "growth": "增长率（小数）",
    "households": "户",
    "index_previous_year_100": "指数（上年为100）",
    "items": "项",
    "month": "年-月",
    "months": "个月",
    "multiple": "倍",
    "number": "无单位",
    "percent": "%",
    "persons": "人",
    "points": "分",
    "posts": "个岗位",
    "powers_of_ten": "个数量级",
    "probability": "概率",
    "ratio": "倍",
    "seconds": "秒",
    "share": "%",
    "text": "文字",
    "villages": "个村",
    "years": "周岁",
    "yesno": "是否",
    "yuan": "元",
    "yuan_per_person_year": "元/人·年",
}
"""Every unit of policy/ in Chinese; a share is printed as a percentage."""

MEASURES = {"net_income_per_head": "人均纯收入", "disposable_income_per_head": "人均可支配收入"}
"""What a line is compared with, in Chinese."""

FOR_REFERENCE = "for_reference"
"""Key of a parameter that nothing reckons with: it is shown on the site, and says for whom."""

BLANK = "未知"
"""How tables write a value left blank."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Value:
    """One dated value, None where nobody knows it. `place` is a code prefix ('' = the whole country).

    It has a document with its clause, or a decision of ours (a file under docs/decisions, or a scenario's title).
    """

    value: Any
    place: str
    effective_from: dt.date
    document: str | None
    clause: str | None
    decision: str | None
    still_valid_on: dt.date | None
    extra: Mapping[str, Any]  # further keys of the entry, e.g. a line's own `measure`

    @property
    def source(self) -> str:
        """'文件 条款' or '决定 docs/decisions/000n'."""
        return f"{self.document} {self.clause or ''}".strip() if self.document else f"决定 {self.decision}"

    @property
    def told(self) -> str:
        """The place, the first day and the value, as messages list them."""
        value = "未知（留空）" if self.value is None else self.value
        return f"{self.place or '全国'} 自{self.effective_from} 为 {value}"

    def warning(self, on: dt.date) -> str | None:
        """The sentence to print when the value is used after the last day it was confirmed; None before."""
        if self.still_valid_on is None or on <= self.still_valid_on:
            return None
        return f"最近一次确认有效的日期为{self.still_valid_on:%Y年%m月%d日}，之后未见新文件（{self.source}）"


@dataclass(frozen=True)
class Parameter:
    """A named parameter: title (Chinese), unit, its values in order of place and date, and the file it lives in."""

    name: str
    title: str
    unit: str
    file: str
    values: tuple[Value, ...]
    extra: Mapping[str, Any]  # further keys of the file, e.g. the line's `measure`

    @property
    def for_reference(self) -> str | None:
        """Whom a value that nothing reckons with is shown for; None for the others."""
        return self.extra.get(FOR_REFERENCE)

    def find(self, place: str, on: dt.date) -> Value | None:
        """The value in force: the longest known place prefix wins, then the newest date not after `on`.

        None when there is none, also where the one in force is left blank: an older value is no substitute.
        """
        found = self.entry(place, on)
        return None if found is None or found.value is None else found

    def entry(self, place: str, on: dt.date) -> Value | None:
        """As `find`, with a value left blank too: for tables that say what is unknown."""
        usable = [v for v in self.values if place.startswith(v.place) and v.effective_from <= on]
        return max(usable, key=lambda v: (len(v.place), v.effective_from), default=None)


@dataclass(frozen=True)
class Policy:
    """All of policy/: parameters by name, other documents by path without suffix, and one version hash."""

    parameters: Mapping[str, Parameter]
    documents: Mapping[str, Any]
    version: str

    def value(self, parameter: str, place: str, on: dt.date) -> Value:
        """The value in force for a place and day; PolicyError naming what is known and which file to edit."""
        known = self.parameter(parameter)
        found = known.find(place, on)
        if found is None:
            listed = "；".join(value.told for value in known.values)
            message = (
                f"没有适用于地区 {place or '全国'}、日期 {on} 的“{known.title}”（{parameter}）。"
                f"已知：{listed or '无'}。请在 policy/{known.file} 中补充有依据的数值。"
            )
            raise (NoMonitoringLine if parameter == "monitoring_line" else PolicyError)(message)
        return found

    def parameter(self, name: str) -> Parameter:
        if name not in self.parameters:
            near = difflib.get_close_matches(name, self.parameters, n=3)
            hint = f"是不是 {'、'.join(near)}？" if near else f"已有：{'、'.join(sorted(self.parameters))}。"
            raise PolicyError(f"没有名为 {name} 的政策参数；{hint}")
        return self.parameters[name]

    def group(self, prefix: str) -> dict[str, Parameter]:
        """Parameters of a many-parameter file, without the file's prefix: group('threshold')['income_min_months']."""
        head = prefix + "."
        return {n.removeprefix(head): p for n, p in self.parameters.items() if n.startswith(head)}

    def rows(self, prefix: str, place: str, on: dt.date) -> list[tuple[Parameter, Value]]:
        """The parameters of a file whose names no code knows, each a row of a table, with what is in force or blank."""
        found = [(known, known.entry(place, on)) for known in self.group(prefix).values()]
        return [(known, value) for known, value in found if value is not None]

    def document(self, name: str) -> Any:
        if name not in self.documents:
            raise PolicyError(f"policy/ 中没有 {name}.yaml；已有：{'、'.join(sorted(self.documents))}。")
        return self.documents[name]


def load(folder: Path) -> Policy:
    """Read every YAML file under `folder`; PolicyError listing all problems of all files at once."""
    parameters: dict[str, Parameter] = {}
    documents: dict[str, Any] = {}
    problems: list[str] = []
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        file = path.relative_to(folder).as_posix()
        if file.startswith(SCENARIOS):
            continue
        text = path.read_text(encoding="utf-8")
        digest.update(file.encode() + b"\0" + text.encode() + b"\0")
        stem = file.removesuffix(".yaml")
        try:
            content = yaml.load(text, Loader=LOADER)
        except yaml.YAMLError as error:
            problems.append(f"policy/{file}: 不是有效的 YAML：{error}")
            continue
        documents[stem] = content
        if not isinstance(content, dict):
            continue
        if "values" in content:
            parameters[stem] = _parameter(stem, file, content, problems)
        else:
            for name, entry in content.items():
                if isinstance(entry, dict) and "values" in entry:
                    parameters[f"{stem}.{name}"] = _parameter(f"{stem}.{name}", file, entry, problems)
    if not documents:
        problems.append(f"{folder} 中没有任何政策文件")
    if problems:
        raise PolicyError("政策文件有误：\n" + "\n".join(problems))
    return Policy(parameters=parameters, documents=documents, version=digest.hexdigest()[:12])


def _parameter(name: str, file: str, content: Mapping[str, Any], problems: list[str]) -> Parameter:
    for key in ("title", "unit"):
        if not isinstance(content.get(key), str):
            problems.append(f"policy/{file} {name}: 缺少 {key}")
    values = read_values(content["values"], str(content.get("unit", "")), f"policy/{file} {name}", problems)
    return Parameter(
        name=name,
        title=str(content.get("title", name)),
        unit=str(content.get("unit", "")),
        file=file,
        values=tuple(sorted(values, key=lambda v: (v.place, v.effective_from))),
        extra={k: v for k, v in content.items() if k not in {"title", "unit", "values"}},
    )


def read_values(entries: Any, unit: str, where: str, problems: list[str]) -> list[Value]:
    """The dated values of one parameter. where: the file and the parameter, as problems name them."""
    values: list[Value] = []
    if not isinstance(entries, list):
        problems.append(f"{where}: values 应为列表，每项写 from、value、source")
        return values
    for number, entry in enumerate(entries, start=1):
        at = f"{where} 第{number}个值"
        if not isinstance(entry, dict):
            problems.append(f"{at}: 应写 from、value、source")
            continue
        missing = [k for k in ("from", "value", "source") if k not in entry]
        if missing:
            problems.append(f"{at}: 缺少 {'、'.join(missing)}")
            continue
        found = [_wrong_date(entry, key) for key in ("from", "still_valid_on")]
        found += [
            _wrong_source(entry["source"]),
            _wrong_kind(entry["value"], unit) or _wrong_unit(entry["value"], unit),
        ]
        if any(found):
            problems += [f"{at}: {problem}" for problem in found if problem]
            continue
        source = entry["source"]
        values.append(
            Value(
                value=entry["value"],
                place=str(entry.get("place") or ""),
                effective_from=entry["from"],
                document=source.get("document"),
                clause=source.get("clause"),
                decision=source.get("decision"),
                still_valid_on=entry.get("still_valid_on"),
                extra={k: v for k, v in entry.items() if k not in _VALUE_KEYS},
            )
        )
    seen: set[tuple[str, dt.date]] = set()
    for value in values:
        if (value.place, value.effective_from) in seen:
            problems.append(f"{where}: {value.place or '全国'} 在 {value.effective_from} 有两个值")
        seen.add((value.place, value.effective_from))
        if value.still_valid_on is not None and value.still_valid_on < value.effective_from:
            problems.append(f"{where}: still_valid_on {value.still_valid_on} 早于 from {value.effective_from}")
    return values


_VALUE_KEYS = frozenset({"place", "from", "value", "source", "still_valid_on"})
_WORDS = frozenset({"text", "class", "codes", "month"})
"""Units that no number has."""
_GROWTH, _INDEX = "growth", "index_previous_year_100"
_LEAST_INDEX = 50


def _wrong_date(entry: Mapping[str, Any], key: str) -> str | None:
    date = entry.get(key)
    if date is None and key != "from":
        return None
    return None if isinstance(date, dt.date) else f"{key} 应为日期 YYYY-MM-DD，现为 {date!r}"


def _wrong_source(source: Any) -> str | None:
    """A clause like 5_18_001 is a number to YAML unless it is quoted."""
    if not isinstance(source, dict) or bool(source.get("document")) == bool(source.get("decision")):
        return "source 应写 document 与 clause，或 decision"
    unread = [f"{key} 读成了 {text!r}" for key, text in source.items() if not isinstance(text, str)]
    return f"{'、'.join(unread)}：应为文字，请加引号" if unread else None


def _wrong_kind(value: Any, unit: str) -> str | None:
    """What has a number as its unit is a number or a list of them; NaN and infinity are none."""
    if value is None or unit in _WORDS:
        return None
    if unit == "yesno":
        return None if isinstance(value, bool) else f"value 应写 true 或 false，现为 {value!r}"
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            continue  # what has parts is looked at by who reads it
        if isinstance(each, bool) or not isinstance(each, int | float) or not math.isfinite(each):
            return f"value 应为数字（{UNITS.get(unit, unit)}），现为 {each!r}"
    return None


def _wrong_unit(value: Any, unit: str) -> str | None:
    """An index (previous year = 100) or a per cent figure taken for a growth rate would move a line a hundredfold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if unit == _GROWTH and value >= _LEAST_INDEX:
        return f"{value} 是以上年为100的指数，不是增长率：增长率写小数，如 {round(value / 100 - 1, 6):g}"
    if unit == _GROWTH and abs(value) >= 1:
        return f"增长率写小数，{value}% 写 {round(value / 100, 6):g}"
    if unit == _INDEX and value < _LEAST_INDEX:
        return f"指数以上年为100，{value} 像是增长率：指数写如 103.3"
    return None
