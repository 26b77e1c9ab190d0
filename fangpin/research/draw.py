"""The draw: cities, in each its counties, in each its villages, with reserves, probabilities and a reason for each.

In every city and county the first places go to the top of the ranking (risk, certain), the others by Pareto's order
with probability proportional to monitored households (random). So the places drawn stand for all of the drawn cities
that have monitored households: Hájek weights are 1 / inclusion_probability.
Does not belong here: order sampling (order.py), the frame (frame.py), households (households.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from fangpin.errors import FangpinError
from fangpin.research.frame import CITY, COUNTY, VILLAGE, Frame, Unit
from fangpin.research.order import inclusion, number, pareto
from fangpin.research.plan import COMPOSITE, COUNT, ONE_OF_EACH, RATIO, Plan

RISK, RANDOM = "risk", "random"
PRIMARY, RESERVE = "primary", "reserve"
OVERRIDE, SIZE = "override", "size"
WORDS = {COUNT: "按数量", RATIO: "按消除率", COMPOSITE: "按综合得分", OVERRIDE: "人工指定", SIZE: "按规模随机"}
"""By what a place was drawn, in Chinese."""
ARMS = {RISK: "重点", RANDOM: "随机"}
NOT_GENERALISABLE = "不可推断总体"
"""Said by everything that comes from a plan that takes the top only."""

SCHEMA = {
    "plan": pl.String,
    "city_code": pl.String,
    "city_name": pl.String,
    "county_code": pl.String,
    "county_name": pl.String,
    "county_arm": pl.String,
    "county_criterion": pl.String,
    "county_probability": pl.Float64,
    "county_reason": pl.String,
    "village_code": pl.String,
    "village_name": pl.String,
    "role": pl.String,
    "slot": pl.Int32,
    "arm": pl.String,
    "criterion": pl.String,
    "inclusion_probability": pl.Float64,
    "random_number": pl.Float64,
    "draw_order": pl.Int32,
    "monitored_households": pl.Int64,
    "eliminated_households": pl.Int64,
    "reason": pl.String,
}
"""Columns of mart.research_sample."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A place in a slot. order: its position in its arm, 1 first. probability: of being drawn, within its parent."""

    unit: Unit
    slot: int
    role: str
    arm: str
    criterion: str
    probability: float
    order: int
    of: int  # places in that order
    note: str = ""


@dataclass(frozen=True)
class Substitution:
    """A drawn village that nobody goes to after all. instead: a village somebody names; None: the next reserve."""

    village: str
    instead: str | None
    who: str
    why: str


def drawable(unit: Unit) -> bool:
    """Whether a place may be drawn at all: monitored households (or a person's decision), no reason to leave it out."""
    return (unit.size > 0 or unit.included != "") and not unit.excluded


def draw(frame: Frame, plan: Plan, seed: str, substitutions: Sequence[Substitution] = ()) -> pl.DataFrame:
    """The sample: rows of mart.research_sample. FangpinError when the plan asks for more than there is."""
    waiting, replaced = list(substitutions), {each.village for each in substitutions}
    rows = []
    for city, county, units in _drawn_counties(frame, plan, seed):
        picks = choose(units, plan, county.unit.code, county.slot - 1, plan.reserves_per_village, seed)
        picks = _substituted(picks, units, waiting)
        rows += [_row(plan, (city.code, city.name), county, pick, seed) for pick in picks]
    if waiting:
        raise FangpinError(
            f"要替换的 {'、'.join(each.village for each in waiting)} 不在正选村里：请核对行政村代码（12位）。"
        )
    drawn = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    known = {code for name in ("city_code", "county_code", "village_code") for code in drawn[name]}
    lost = [f"{u.name}（{u.code}）" for u in frame.units if u.included and u.code not in known | replaced]
    if lost:
        raise FangpinError(
            f"人工指定的 {'、'.join(lost)} 抽不进来：它（或它的上级）可抽的村不够，或者指定的超过了名额。"
            f"请核对方案 {plan.name} 的 overrides、excluded 和名额。"
        )
    return drawn


def by_chance(frame: Frame, plan: Plan, seed: str) -> list[tuple[str, int, dict[str, int], list[str]]]:
    """Every choice by chance: in which place, how many, from which (code -> size), and the places drawn, in order.

    For a second witness: SELECT of order.py over these must find the same.
    """
    counties = _counties(frame, plan)
    chosen: dict[str, tuple[list[Unit], list[Pick]]] = {}
    for city, county, units in _drawn_counties(frame, plan, seed):
        chosen.setdefault(city.code, (counties[city.code], []))[1].append(county)
        chosen[county.unit.code] = (units, choose(units, plan, county.unit.code, county.slot - 1, 0, seed))
    found = []
    for parent, (units, picks) in chosen.items():
        certain = {pick.unit.code for pick in picks if pick.arm == RISK}
        drawn = [pick.unit.code for pick in picks if pick.arm == RANDOM]
        if drawn:
            found.append((parent, len(drawn), {u.code: u.size for u in units if u.code not in certain}, drawn))
    return found


def _counties(frame: Frame, plan: Plan) -> dict[str, list[Unit]]:
    """City -> its counties that can be drawn: with villages enough that can."""
    able = {county: len(_able(units)) for county, units in frame.of(VILLAGE).items()}
    return {
        city: [county for county in _able(units) if able.get(county.code, 0) >= plan.slots(county.code)]
        for city, units in frame.of(COUNTY).items()
    }


def _drawn_counties(frame: Frame, plan: Plan, seed: str) -> Iterator[tuple[Unit, Pick, list[Unit]]]:
    """City, county and the county's villages that can be drawn, by city and slot."""
    villages, counties = frame.of(VILLAGE), _counties(frame, plan)
    for turn, city in enumerate(_cities(frame, counties, plan, seed)):
        for county in choose(counties[city.code], plan, city.code, turn, 0, seed):
            yield city, county, _able(villages[county.unit.code])


def _substituted(picks: list[Pick], units: Sequence[Unit], waiting: list[Substitution]) -> list[Pick]:
    """The county's places after its substitutions, in their order, which are taken off those waiting.

    The next reserve keeps its own probability; a village somebody names stands for itself alone.
    """
    while found := [s for s in waiting if s.village in {p.unit.code for p in picks if p.role == PRIMARY}]:
        change = found[0]
        waiting.remove(change)
        out = next(p for p in picks if p.unit.code == change.village)
        new = _instead(picks, units, out, change)
        picks = [new if p is out else p for p in picks if p is out or p.unit.code != new.unit.code]
    return picks


def _instead(picks: Sequence[Pick], units: Sequence[Unit], out: Pick, change: Substitution) -> Pick:
    told = f"替换{out.unit.name}，{change.who}：{change.why}"
    if change.instead is None:
        for pick in picks:
            if pick.slot == out.slot and pick.role == RESERVE:
                return replace(pick, role=PRIMARY, note=told)
        which = "没有备选村了"
    else:
        taken = {pick.unit.code for pick in picks if pick.role == PRIMARY}
        for unit in units:
            if unit.code == change.instead and unit.code not in taken:
                return Pick(replace(unit, included=told), out.slot, PRIMARY, RISK, OVERRIDE, 1.0, 1, 1)
        which = f"不能换成 {change.instead}：它不是同一个县可抽的村，或者已是正选"
    raise FangpinError(f"{out.unit.name}（{change.village}）{which}。请指定同县另一个村（--instead）。")


def choose(units: Sequence[Unit], plan: Plan, parent: str, turn: int, spare: int, seed: str) -> list[Pick]:
    """The places of a parent: slots to the top of the ranking, then slots by chance, then `spare` reserves for each.

    turn: the parent's number among its siblings, so that one criterion of each comes first here and second there.
    """
    slots, risk = plan.slots(parent), plan.risk_slots(parent)
    picks = _included(units, slots)
    taken = {pick.unit.code for pick in picks}
    queues: dict[int, list[Pick]] = {}
    for slot in range(len(picks) + 1, risk + 1):
        queue = _by_ranking(units, plan, _criterion(plan, slot - 1 + turn), slot, seed)
        pick = next(each for each in queue if each.unit.code not in taken)
        queues[slot] = queue
        taken.add(pick.unit.code)
        picks.append(pick)
    left, by_draw = [unit for unit in units if unit.code not in taken], slots - len(picks)
    queue = _by_chance(left, by_draw, by_draw + spare * slots, seed)
    chosen = [replace(each, slot=len(picks) + n) for n, each in enumerate(queue[:by_draw], start=1)]
    taken |= {pick.unit.code for pick in chosen}
    for pick in picks:
        if pick.criterion == OVERRIDE:
            queues[pick.slot] = _by_ranking(units, plan, _criterion(plan, pick.slot - 1 + turn), pick.slot, seed)
    placed = []
    for pick in [*picks, *chosen]:
        placed.append(pick)
        for each in [each for each in queues.get(pick.slot, queue) if each.unit.code not in taken][:spare]:
            taken.add(each.unit.code)
            placed.append(replace(each, slot=pick.slot, role=RESERVE))
    return placed


def _included(units: Sequence[Unit], slots: int) -> list[Pick]:
    """The places a person decided to take: certain, they stand for themselves alone."""
    named = [unit for unit in units if unit.included]
    if len(named) > slots:
        raise FangpinError(
            f"人工指定了 {'、'.join(unit.name for unit in named)}，同一上级只有 {slots} 个名额："
            "请在方案的 overrides 中减少，或用 quotas 增加名额。"
        )
    return [Pick(unit, n, PRIMARY, RISK, OVERRIDE, 1.0, n, len(named)) for n, unit in enumerate(named, start=1)]


def _criterion(plan: Plan, turn: int) -> str:
    return (COUNT, RATIO)[turn % 2] if plan.criterion == ONE_OF_EACH else plan.criterion


def _by_ranking(units: Sequence[Unit], plan: Plan, criterion: str, slot: int, seed: str) -> list[Pick]:
    """All units by the criterion, best first: the ranked with households enough, then the others."""
    if criterion == COMPOSITE:
        scores = {
            each: {p.unit.code: p.order for p in _by_ranking(units, plan, each, slot, seed)} for each in (COUNT, RATIO)
        }
        place = {u.code: sum(plan.weights.get(c, 0) * scores[c][u.code] for c in (COUNT, RATIO)) for u in units}
        queue = sorted(units, key=lambda u: (place[u.code], _tie(seed, u.code)))
    else:
        least = plan.least_households if criterion == RATIO else 1

        def position(unit: Unit) -> tuple[bool, int, float]:
            rank = unit.rank(criterion)
            return (unit.size < least or rank is None, rank or 0, _tie(seed, unit.code))

        queue = sorted(units, key=position)
    return [
        Pick(unit, slot, PRIMARY, RISK, criterion, 1.0, order, len(units)) for order, unit in enumerate(queue, start=1)
    ]


def _tie(seed: str, code: str) -> float:
    """Who of equals comes first; not by the permanent number, or who loses here would be drawn less often there."""
    return number(f"{seed}|tie", code)


def _by_chance(units: Sequence[Unit], n: int, shown: int, seed: str) -> list[Pick]:
    """The first `shown` of the order, with the exact probability of each to be among its first n."""
    by_code = {unit.code: unit for unit in units}
    sizes = {unit.code: unit.size for unit in units}
    queue = pareto(sizes, n, seed) if n > 0 else []
    return [
        Pick(by_code[o.code], 0, PRIMARY, RANDOM, SIZE, inclusion(sizes, n, o.code), o.order, len(queue))
        for o in queue[:shown]
    ]


def _able(units: Sequence[Unit]) -> list[Unit]:
    return [unit for unit in units if drawable(unit)]


def _cities(frame: Frame, counties: dict[str, list[Unit]], plan: Plan, seed: str) -> list[Unit]:
    """The cities named, or those with most monitored households in counties that can be drawn."""
    units = {unit.code: unit for unit in frame.units if unit.level == CITY}
    size = {code: sum(county.size for county in counties.get(code, [])) for code in units}
    able = [u for u in units.values() if not u.excluded and len(counties.get(u.code, [])) >= plan.slots(u.code) > 0]
    able = [unit for unit in able if size[unit.code]]
    if plan.city_codes:
        known = {unit.code: unit for unit in able}
        if missing := [code for code in plan.city_codes if code not in known]:
            raise FangpinError(
                f"方案 {plan.name} 指定的市抽不出来：" + "；".join(_why_not(frame, counties, plan, c) for c in missing)
            )
        return [known[code] for code in plan.city_codes]
    if len(able) < plan.cities:
        short = [_why_not(frame, counties, plan, code) for code in units if units[code] not in able]
        raise FangpinError(
            f"方案 {plan.name} 要 {plan.cities} 个市，只有 {len(able)} 个抽得出来：{'；'.join(short) or '没有别的市'}。"
            f"请修改 policy/research/{plan.name}.yaml（市、县、村的个数或不抽的地区）。"
        )
    first = sorted(able, key=lambda u: (not u.included, -size[u.code], _tie(seed, u.code)))[: plan.cities]
    return sorted(first, key=lambda u: u.code)


def _why_not(frame: Frame, counties: dict[str, list[Unit]], plan: Plan, city: str) -> str:
    """Why a city cannot be drawn, for the message."""
    name = frame.names(CITY).get(city, city)
    unit = next((u for u in frame.units if u.level == CITY and u.code == city), None)
    below = frame.of(COUNTY).get(city, [])
    if unit is None:
        return f"{name} 不在排名中，请核对代码"
    if unit.excluded:
        return f"{name}{unit.excluded}"
    if not below or not any(county.size for county in below):
        return f"{name}没有监测对象"
    if all(county.excluded for county in below):
        return f"{name}的县全部不抽（{below[0].excluded}）"
    inside = [v for county in below for v in frame.of(VILLAGE).get(county.code, []) if v.size > 0]
    if inside and all(village.excluded for village in inside):
        return f"{name}有监测对象的村全部不抽（如{inside[0].excluded}）"
    return (
        f"{name}只有{len(counties.get(city, []))}个县有{plan.villages_per_county}个以上可抽的村，"
        f"方案要{plan.slots(city)}个县"
    )


def _row(plan: Plan, city: tuple[str, str], county: Pick, village: Pick, seed: str) -> tuple[object, ...]:
    whole = None if village.role == RESERVE else county.probability * village.probability
    return (
        plan.name, *city, county.unit.code, county.unit.name, county.arm, county.criterion, county.probability,
        _why(plan, county, "全市"),
        village.unit.code, village.unit.name, village.role, village.slot, village.arm, village.criterion, whole,
        number(seed, village.unit.code), village.order, village.unit.size, village.unit.eliminated,
        _reason(plan, county, village),
    )  # fmt: skip


def _reason(plan: Plan, county: Pick, village: Pick) -> str:
    text = f"{_why(plan, county, '全市')}；{_why(plan, village, '全县')}" + (
        f"。{village.note}" if village.note else ""
    )
    if village.role == RESERVE:
        text += f"，为第{village.slot}个村的备选"
    return text + (f"。只取排名靠前的，{NOT_GENERALISABLE}" if plan.top_only else "")


def _why(plan: Plan, pick: Pick, within: str) -> str:
    unit, figures = pick.unit, f"监测对象{pick.unit.size}户、已消除{pick.unit.eliminated}户"
    if pick.criterion == OVERRIDE:
        return f"{unit.name}（{figures}）人工指定，{unit.included}"
    if pick.criterion == SIZE:
        sure = "必入样" if pick.probability == 1 else f"概率{pick.probability:.4f}"
        return f"{unit.name}（{figures}）按监测对象户数随机抽取，{sure}，随机顺序第{pick.order}位，共{pick.of}个"
    if pick.criterion == RATIO and unit.shrunken is not None:
        share = plan.ranked_ratio.startswith("ratio")
        figures += f"，收缩后{unit.shrunken:.1%}" if share else f"，收缩后为应消除数的{unit.shrunken:.2f}倍"
    if pick.criterion == RATIO and unit.size < plan.least_households:
        figures += f"，不足{plan.least_households}户"
    return f"{unit.name}（{figures}）{WORDS[pick.criterion]}列{within}可抽的第{pick.order}位"
