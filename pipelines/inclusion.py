"""Who is counted in or out, asked of a replay: groups to be covered, the asset list, elimination under both readings.

The figures are those of mart.topic_figure and mart.asset_exclusion, as published and as made again under the scenario.
Does not belong here: how a replay is made (replay.py), which question an answer belongs to (whatif.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fangpin.asset_list import ITEMS
from fangpin.errors import PolicyError
from fangpin.month import end
from fangpin.places import OWN_PROVINCE
from fangpin.topics import coverage as coverages
from fangpin.topics import elimination as eliminations
from fangpin.topics.topic import Topic
from pipelines.replay import PUBLISHED, Replay

MATRIX = ("households", "persons", *coverages.LABELS)
"""Indicators of the matrix population group x label."""
ANY_LEVEL = ("province", "city", "county")


def coverage(replay: Replay, scenario: str | None) -> dict[str, Any]:
    """Population group x label in the province; whom each option would bring in, and how the options overlap."""
    options = tuple(coverages.OPTIONS.values())
    return {
        "groups": _figures(replay, coverages.TOPIC, MATRIX, ("province",)),
        "options": _figures(replay, coverages.TOPIC, options, ANY_LEVEL),
        "overlap": _figures(replay, coverages.TOPIC, ("added_combination",), ANY_LEVEL),
    }


def elimination(replay: Replay, scenario: str | None) -> dict[str, Any]:
    """The elimination ratios of every place, with and without households that have safety-net measures only."""
    readings = [name for pair in eliminations.READINGS.values() for name in pair]
    return {"ratios": _figures(replay, eliminations.TOPIC, readings, ANY_LEVEL)}


def _figures(replay: Replay, topic: Topic, names: Sequence[str], levels: Sequence[str]) -> list[dict[str, Any]]:
    """Figures of the own province's places: value and base, as they were published (before) and under the scenario."""
    titles = {indicator.name: indicator.title for indicator in topic.indicators}
    rows = replay.con.sql(
        f"""with both_sides as (
          select level, place_code, indicator, segment, value as value_before, base as base_before,
            null as value_after, null as base_after
          from {PUBLISHED}.mart.topic_figure where topic = $topic
          union all
          select level, place_code, indicator, segment, null, null, value, base
          from mart.topic_figure where topic = $topic
        )
        select figure.level, figure.place_code, any_value(place.full_name) as place_name,
          figure.indicator, figure.segment,
          coalesce(max(value_before), 0) as value_before, coalesce(max(value_after), 0) as value_after,
          max(base_before) as base_before, max(base_after) as base_after
        from both_sides as figure
        join ref.place as place on figure.level = place.level and figure.place_code = place.place_code
        where place.in_province and list_contains($names, figure.indicator) and list_contains($levels, figure.level)
        group by figure.level, figure.place_code, figure.indicator, figure.segment
        order by list_position($levels, figure.level), figure.place_code,
          list_position($names, figure.indicator), figure.segment""",
        params={"topic": topic.name, "names": list(names), "levels": list(levels)},
    ).pl()
    return [row | {"title": titles[row["indicator"]]} for row in rows.to_dicts()]


def assets(replay: Replay, scenario: str | None) -> dict[str, Any]:
    """Whom each item of the asset list would keep out, from what amount, and what speaks for them; by county too.

    PolicyError when a scenario gives none of the amounts that the list leaves blank.
    """
    on = end(replay.build.month)
    blank = [
        item
        for item in ITEMS
        if replay.build.policy.parameter(f"asset_list.{item.parameter}").find(OWN_PROVINCE, on) is None
    ]
    if scenario is not None and len(blank) == sum(item.money for item in ITEMS):
        names = "、".join(f"asset_list.{item.parameter}（{item.title}）" for item in blank)
        raise PolicyError(
            f"没有文件规定金额，情景也没有给出：{names}。请在情景文件的 overrides 里至少给出其中一项"
            "（写法见 policy/scenarios/README.md）。"
        )
    return {
        "not_given": [f"asset_list.{item.parameter}" for item in blank],
        "province": _excluded(replay, "province"),
        "counties": _excluded(replay, "county"),
    }


COUNTS = (
    *("candidates", "refused", "households", "monitored", "below_line", "with_gap", "struck", "safety_net"),
    *("with_evidence", "unknown_amount"),
)
"""Columns of mart.asset_exclusion that are added up."""


def _excluded(replay: Replay, level: str) -> list[dict[str, Any]]:
    """Counts by place, item and amount, the items in the order of the list."""
    rows = replay.con.sql(
        f"""with county as (
          select distinct county_code, province_code from ref.division where in_province
        ),
        located as (
          select case $level when 'county' then row.county_code else county.province_code end as place_code,
            step.segment as segment, step.listed as listed, row.*
          from mart.asset_exclusion as row
          join ref.asset_step as step
            on row.county_code = step.county_code and row.item = step.item and row.step = step.step
          join county on row.county_code = county.county_code
        )
        select located.place_code, place.full_name as place_name, located.item, located.segment as amount,
          located.listed, {", ".join(f"cast(sum(located.{name}) as bigint) as {name}" for name in COUNTS)}
        from located
        join ref.place as place on place.level = $level and place.place_code = located.place_code
        group by located.place_code, place.full_name, located.item, located.segment, located.listed
        order by located.place_code, list_position($items, located.item), min(located.step), located.segment""",
        params={"level": level, "items": [item.name for item in ITEMS]},
    ).pl()
    return rows.to_dicts()


@dataclass(frozen=True)
class Question:
    """goals: the tables that its answer and its workbook are made from."""

    goals: tuple[str, ...]
    answer: Callable[[Replay, str | None], dict[str, Any]]
    workbook: str


QUESTIONS = {
    "coverage": Question(("mart.topic_figure",), coverage, "监测对象范围测算.xlsx"),
    "assets": Question(("mart.asset_exclusion",), assets, "家庭资产清单测算.xlsx"),
    "elimination": Question(("mart.topic_figure",), elimination, "风险消除口径比较.xlsx"),
}
