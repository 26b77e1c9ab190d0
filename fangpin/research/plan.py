"""A research plan as data: how many places and households, by what, who travels, when, and what the seed is made of.

`policy/research/<plan>.yaml`, read through fangpin.policy, so that every value has its source. A value may be blank:
then it is an error naming it when it is asked for. Does not belong here: what is drawn (draw.py, households.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fangpin.errors import PolicyError
from fangpin.policy import Policy

FOLDER = "research"
"""Where plans lie under policy/."""
COUNT, RATIO, ONE_OF_EACH, COMPOSITE = "count", "ratio", "one_of_each", "composite"
CHOICES = {"数量": COUNT, "消除率": RATIO, "交替": ONE_OF_EACH, "加权": COMPOSITE}
"""How a plan names them."""
INCLUDE, EXCLUDE = "include", "exclude"
ACTIONS = {"必去": INCLUDE, "不去": EXCLUDE}
STRATA = tuple(
    f"{category}·{status}"
    for category in ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
    for status in ("监测中", "已标注消除")
)
"""Class x status of the register, the order in which households are listed."""
_RANKED_BY = {
    "ranked_count": {"户数": "count_households", "人数": "count_persons"},
    "ranked_ratio": {"户消除率": "ratio_households", "人消除率": "ratio_persons", "消除快慢": "oe_persons"},
}


@dataclass(frozen=True)
class Override:
    """A place taken or left out by a person's decision, before the frame is frozen."""

    place: str
    action: str  # include / exclude
    who: str
    why: str


@dataclass(frozen=True)
class Person:
    """A member of the teams, by code. homes: counties or cities of origin; None where not declared."""

    code: str
    leader: bool
    homes: tuple[str, ...] | None


@dataclass(frozen=True)
class Plan:
    """One plan on a day. values: parameter -> value and source, as they are hashed and kept with a draw."""

    name: str
    title: str
    values: Mapping[str, Any]
    rehearsal_seed: str
    cities: int
    city_codes: tuple[str, ...]
    counties_per_city: int
    villages_per_county: int
    quotas: Mapping[str, int]
    top_only: bool
    risk_counties: int
    risk_villages: int
    criterion: str
    ranked_count: str
    ranked_ratio: str
    weights: Mapping[str, float]
    least_households: int
    reserves_per_village: int
    visited_months: int
    excluded: Mapping[str, str]
    overrides: tuple[Override, ...]
    households_per_village: int
    flagged_households: int
    random_households: int
    reserves_per_stratum: int
    spread: Mapping[str, float]
    teams: int
    people: tuple[Person, ...]
    office: str
    detour: float
    villages_per_day: int
    assumed_share: float
    assumed_icc: tuple[float, ...]
    problem_households: tuple[int, ...]

    @property
    def sha256(self) -> str:
        """Of the plan's values and sources."""
        return hashlib.sha256(canonical({"plan": self.name, "values": self.values}).encode()).hexdigest()

    def slots(self, place: str) -> int:
        """Counties of a city or villages of a county: the place's quota, or what all have."""
        usual = self.counties_per_city if len(place) == 4 else self.villages_per_county
        return self.quotas.get(place, usual)

    def risk_slots(self, place: str) -> int:
        """How many of them go to the top of the ranking."""
        slots = self.slots(place)
        return slots if self.top_only else min(slots, self.risk_counties if len(place) == 4 else self.risk_villages)

    def required(self, parameter: str) -> Any:
        """A value the documents leave blank; PolicyError naming it where it is."""
        value = self.values[parameter]["value"]
        if value is None:
            title = self.values[parameter]["title"]
            raise PolicyError(
                f"方案 {self.name} 的“{title}”（{parameter}）空着：{self.values[parameter]['source']} 没有写明。"
                f"请在 policy/{FOLDER}/{self.name}.yaml 中填写，或在冻结名册时给出。"
            )
        return value

    @property
    def has_window(self) -> bool:
        return all(self.values[name]["value"] is not None for name in ("first_day", "last_day"))

    @property
    def window(self) -> tuple[dt.date, dt.date]:
        """First and last day of the trip."""
        first, last = (dt.date.fromisoformat(self.required(name)) for name in ("first_day", "last_day"))
        if last < first:
            raise PolicyError(f"方案 {self.name} 的结束日期 {last} 早于开始日期 {first}：请改正。")
        return first, last

    def filled(self, decided: Mapping[str, str | None]) -> Plan:
        """With blanks filled in as decided when the frame was frozen; PolicyError where the plan says otherwise."""
        values = dict(self.values)
        for name, value in decided.items():
            if value is not None and value != (known := values[name]["value"]):
                if known is not None:
                    raise PolicyError(
                        f"方案 {self.name} 的“{values[name]['title']}”已写明为 {known}，与给出的 {value} 不同："
                        "请改正其中一个。"
                    )
                values[name] = {**values[name], "value": value, "source": "冻结名册时确定"}
        return read(self.name, values)


def canonical(content: Any) -> str:
    """JSON in one way only: sorted keys, no blanks; what is hashed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def problems(policy: Policy, place: str) -> list[str]:
    """What is wrong with any plan on any day from which something of it counts; a plan that never counts."""
    found = []
    for name in sorted(_written(policy)):
        group = policy.group(f"{FOLDER}/{name}").values()
        days = sorted({value.effective_from for parameter in group for value in parameter.values})
        counting = [on for on in days if name in names(policy, place, on)]
        if not counting:
            found.append(f"调研方案 policy/{FOLDER}/{name}.yaml 没有适用于 {place} 的 cities（省辖市数），不会被抽样。")
        for on in counting:
            try:
                in_force(policy, name, place, on)
            except PolicyError as error:
                found.append(f"{error}（自 {on}）")
    return found


def _written(policy: Policy) -> set[str]:
    return {name.split("/")[1].split(".")[0] for name in policy.parameters if name.startswith(f"{FOLDER}/")}


def names(policy: Policy, place: str, on: dt.date) -> tuple[str, ...]:
    """The plans in force: those whose number of cities is known for the place and day."""
    known = {name: policy.parameters.get(f"{FOLDER}/{name}.cities") for name in _written(policy)}
    return tuple(sorted(n for n, cities in known.items() if cities is not None and cities.find(place, on) is not None))


def in_force(policy: Policy, name: str, place: str, on: dt.date) -> Plan:
    """The plan of policy/research/<name>.yaml on a day; PolicyError listing everything that is wrong with it."""
    group = policy.group(f"{FOLDER}/{name}")
    if not group:
        raise PolicyError(
            f"没有名为 {name} 的调研方案。policy/{FOLDER}/ 中有：{'、'.join(names(policy, place, on)) or '无'}。"
        )
    values = {}
    for key, parameter in group.items():
        entry = parameter.entry(place, on)
        if entry is not None:
            values[key] = {"title": parameter.title, "value": _plain(entry.value), "source": entry.source}
    return read(name, values)


def read(name: str, values: Mapping[str, Any]) -> Plan:
    """A plan from parameter -> {title, value, source}; PolicyError listing everything that is wrong with it."""
    problems = [f"缺少 {key}" for key in (*_FIELDS, *_BLANK) if key not in values]
    if not problems and not _is_hash(values["nonce_sha256"]["value"]):
        problems.append("nonce_sha256 应为64位十六进制数（SHA-256）")
    problems += [f"不认识 {key}" for key in values if key not in _FIELDS and key not in _BLANK]
    found: dict[str, Any] = {}
    for key, (make, needed) in _FIELDS.items():
        if key in values:
            try:
                found[key] = make(values[key]["value"])
            except (ValueError, TypeError, KeyError, AttributeError):
                problems.append(f"{key} 应为{needed}，现为 {values[key]['value']!r}")
    for key in ("first_day", "last_day"):
        if key in values and values[key]["value"] is not None and not _is_date(values[key]["value"]):
            problems.append(f"{key} 应为日期 YYYY-MM-DD，现为 {values[key]['value']!r}")
    for key in ("public_value", "public_value_form"):
        if key in values and not isinstance(values[key]["value"], str | None):
            problems.append(f"{key} 应为文字（加引号），现为 {values[key]['value']!r}")
    if not problems:
        problems += _contradictions(found)
    if problems:
        raise PolicyError(f"调研方案 policy/{FOLDER}/{name}.yaml 有误：{'；'.join(problems)}。请改正。")
    return Plan(name=name, values={key: values[key] for key in sorted(values)}, **found)


def _contradictions(found: Mapping[str, Any]) -> list[str]:
    problems = []
    if found["city_codes"] and len(found["city_codes"]) != found["cities"]:
        problems.append(f"city_codes 写了{len(found['city_codes'])}个市，cities 为{found['cities']}")
    if found["criterion"] == COMPOSITE and abs(sum(found["weights"].values()) - 1) > 1e-9:
        problems.append("criterion 为加权时 weights 之和应为1")
    for slots, risk in (("counties_per_city", "risk_counties"), ("villages_per_county", "risk_villages")):
        if found[risk] > found[slots]:
            problems.append(f"{risk} 大于 {slots}")
    people = found["people"]
    if people and len(people) % found["teams"]:
        problems.append(f"{len(people)}人分不成人数相同的{found['teams']}个组")
    if people and sum(person.leader for person in people) != found["teams"]:
        problems.append(f"组长{sum(p.leader for p in people)}人，应为{found['teams']}人（每组一名）")
    if found["flagged_households"] + found["random_households"] >= found["households_per_village"]:
        problems.append("flagged_households 与 random_households 之和应小于 households_per_village")
    taken = [override.place for override in found["overrides"]]
    problems += [f"overrides 中 {place} 出现了不止一次" for place in sorted({p for p in taken if taken.count(p) > 1})]
    return problems


def _plain(value: Any) -> Any:
    """As JSON keeps it: dates as text."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _is_hash(value: Any) -> bool:
    return value is None or (isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef"))


def _is_date(value: Any) -> bool:
    try:
        return bool(dt.date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


def _whole(least: int) -> Callable[[Any], int]:
    def make(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(value)
        return value

    return make


def _share(value: Any) -> float:
    if isinstance(value, bool) or not 0 < value < 1:
        raise ValueError(value)
    return float(value)


def _at_least_one(value: Any) -> float:
    if isinstance(value, bool) or value < 1:
        raise ValueError(value)
    return float(value)


def _yes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _one_of(allowed: Mapping[str, str]) -> Callable[[Any], str]:
    def make(value: Any) -> str:
        if value not in allowed:
            raise ValueError(value)
        return allowed[value]

    return make


def _entries(value: Any, keys: tuple[str, ...]) -> list[list[Any]]:
    """The values of every entry of a list, each with exactly these keys."""
    if not isinstance(value, list) or any(not isinstance(each, dict) or set(each) != set(keys) for each in value):
        raise ValueError(value)
    return [[each[key] for key in keys] for each in value]


def _codes(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(set(value)) != len(value):
        raise ValueError(value)
    return tuple(_text(code) for code in value)


def _excluded(value: Any) -> dict[str, str]:
    return {_text(place): _text(why) for place, why in _entries(value, _EXCLUDED)}


def _overrides(value: Any) -> tuple[Override, ...]:
    return tuple(
        Override(_text(place), _one_of(ACTIONS)(action), _text(who), _text(why))
        for place, action, who, why in _entries(value, _OVERRIDE)
    )


def _people(value: Any) -> tuple[Person, ...]:
    people = tuple(
        Person(_text(code), _yes(leader), None if homes is None else _codes(homes))
        for code, leader, homes in _entries(value, _PERSON)
    )
    if len({person.code for person in people}) != len(people):
        raise ValueError(value)
    return people


def _numbers(make: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: tuple(make(each) for each in value)


def _by_name(allowed: Mapping[str, str]) -> Callable[[Any], dict[str, float]]:
    return lambda value: {_one_of(allowed)(key): float(number) for key, number in value.items()}


_EXCLUDED, _OVERRIDE, _PERSON = ("地区", "为什么"), ("地区", "做法", "谁", "为什么"), ("代号", "组长", "籍贯")
_FIELDS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "title": (_text, "文字"),
    "rehearsal_seed": (_text, "文字"),
    "cities": (_whole(1), "不小于1的整数"),
    "city_codes": (_codes, "不重复的市代码列表（加引号）"),
    "counties_per_city": (_whole(1), "不小于1的整数"),
    "villages_per_county": (_whole(1), "不小于1的整数"),
    "quotas": (lambda v: {_text(k): _whole(1)(n) for k, n in v.items()}, "市或县代码到个数的对应"),
    "top_only": (_yes, "true 或 false"),
    "risk_counties": (_whole(0), "不小于0的整数"),
    "risk_villages": (_whole(0), "不小于0的整数"),
    "criterion": (_one_of(CHOICES), f"{'、'.join(CHOICES)} 之一"),
    **{key: (_one_of(allowed), f"{'、'.join(allowed)} 之一") for key, allowed in _RANKED_BY.items()},
    "weights": (_by_name({"数量": COUNT, "消除率": RATIO}), "数量、消除率的权重"),
    "least_households": (_whole(1), "不小于1的整数"),
    "reserves_per_village": (_whole(0), "不小于0的整数"),
    "visited_months": (_whole(0), "不小于0的整数"),
    "excluded": (_excluded, f"列表，每项写{'、'.join(_EXCLUDED)}"),
    "overrides": (_overrides, f"列表，每项写{'、'.join(_OVERRIDE)}，做法为{'或'.join(ACTIONS)}"),
    "households_per_village": (_whole(1), "不小于1的整数"),
    "flagged_households": (_whole(0), "不小于0的整数"),
    "random_households": (_whole(0), "不小于0的整数"),
    "reserves_per_stratum": (_whole(0), "不小于0的整数"),
    "spread": (_by_name(dict(zip(STRATA, STRATA, strict=True))), f"各层的标准差，层为 {'、'.join(STRATA)}"),
    "teams": (_whole(1), "不小于1的整数"),
    "people": (_people, f"列表，每人写{'、'.join(_PERSON)}（组长为 true 或 false，籍贯为代码的列表，未填报为空）"),
    "office": (_text, "地区代码"),
    "detour": (_at_least_one, "不小于1的数"),
    "villages_per_day": (_whole(1), "不小于1的整数"),
    "assumed_share": (_share, "0与1之间的数"),
    "assumed_icc": (_numbers(_share), "0与1之间的数的列表"),
    "problem_households": (_numbers(_whole(1)), "不小于1的整数的列表"),
}
_BLANK = ("first_day", "last_day", "public_value", "public_value_form", "nonce_sha256")
"""What may be blank: asked for by the official draw alone."""
