"""Policy as dated data: every value with its place, its first day and its legal source or our decision.

A file under policy/ is either one parameter (`title`, `unit`, `values`), a mapping of parameters (`threshold.yaml`:
name -> the same three), or a document of its own shape (scorecard, research plans), kept as read.
Does not belong here: the values themselves, and what they are used for.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fangpin.errors import NoMonitoringLine, PolicyError

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Value:
    """One dated value. `place` is a code prefix ('' = the whole country)."""

    value: Any
    place: str
    effective_from: dt.date
    source: str
    still_valid_on: dt.date | None
    extra: Mapping[str, Any]  # further keys of the entry, e.g. a line's own `measure`

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

    def find(self, place: str, on: dt.date) -> Value | None:
        """The value in force: the longest known place prefix wins, then the newest date not after `on`."""
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
            listed = "；".join(f"{v.place or '全国'} 自{v.effective_from} 为 {v.value}" for v in known.values)
            message = (
                f"没有适用于地区 {place or '全国'}、日期 {on} 的“{known.title}”（{parameter}）。"
                f"已知：{listed or '无'}。请在 policy/{known.file} 中补充有依据的数值。"
            )
            raise (NoMonitoringLine if parameter == "monitoring_line" else PolicyError)(message)
        return found

    def parameter(self, name: str) -> Parameter:
        if name not in self.parameters:
            raise PolicyError(f"没有名为 {name} 的政策参数；已有：{'、'.join(sorted(self.parameters))}。")
        return self.parameters[name]

    def group(self, prefix: str) -> dict[str, Parameter]:
        """Parameters of a many-parameter file, without the file's prefix: group('threshold')['income_min_months']."""
        head = prefix + "."
        return {n.removeprefix(head): p for n, p in self.parameters.items() if n.startswith(head)}

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
    values: list[Value] = []
    for key in ("title", "unit"):
        if not isinstance(content.get(key), str):
            problems.append(f"policy/{file} {name}: 缺少 {key}")
    for number, entry in enumerate(content["values"], start=1):
        where = f"policy/{file} {name} 第{number}个值"
        missing = [k for k in ("from", "value", "source") if k not in entry]
        if missing:
            problems.append(f"{where}: 缺少 {'、'.join(missing)}")
            continue
        if not isinstance(entry["from"], dt.date):
            problems.append(f"{where}: from 应为日期 YYYY-MM-DD，现为 {entry['from']!r}")
            continue
        source = _source(entry["source"])
        if source is None:
            problems.append(f"{where}: source 应写 document 与 clause，或 decision")
            continue
        values.append(
            Value(
                value=entry["value"],
                place=str(entry.get("place") or ""),
                effective_from=entry["from"],
                source=source,
                still_valid_on=entry.get("still_valid_on"),
                extra={k: v for k, v in entry.items() if k not in _VALUE_KEYS},
            )
        )
    seen: set[tuple[str, dt.date]] = set()
    for value in values:
        if (value.place, value.effective_from) in seen:
            problems.append(f"policy/{file} {name}: {value.place or '全国'} 在 {value.effective_from} 有两个值")
        seen.add((value.place, value.effective_from))
    return Parameter(
        name=name,
        title=str(content.get("title", name)),
        unit=str(content.get("unit", "")),
        file=file,
        values=tuple(sorted(values, key=lambda v: (v.place, v.effective_from))),
        extra={k: v for k, v in content.items() if k not in {"title", "unit", "values"}},
    )


_VALUE_KEYS = frozenset({"place", "from", "value", "source", "still_valid_on"})


def _source(source: Any) -> str | None:
    """'文件 条款' or '决定 docs/decisions/000n'; None when neither is given."""
    if not isinstance(source, dict):
        return None
    if source.get("document"):
        return f"{source['document']} {source.get('clause') or ''}".strip()
    if source.get("decision"):
        return f"决定 {source['decision']}"
    return None
