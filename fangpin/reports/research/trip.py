"""A trip: everything the packs of one draw are made of, as plain values and frames.

Does not belong here: reading them (pipelines/research_packs.py), what any document looks like.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from fangpin.errors import FangpinError
from fangpin.month import end, parse
from fangpin.research import draw, item
from fangpin.research.draw import PRIMARY, RESERVE
from fangpin.research.households import ARM_WORDS
from fangpin.research.items import VILLAGE_ITEMS
from fangpin.research.profile import Limits

ROLES = {PRIMARY: "正选", RESERVE: "备选"}
ARMS = draw.ARMS | ARM_WORDS
"""Words for the arms of places and of households."""


@dataclass(frozen=True)
class Village:
    """A village of the draw with its households' numbers, in the order they are visited."""

    code: str
    name: str
    township: str
    county_code: str
    county: str
    city: str
    team: int
    role: str
    reason: str
    households: tuple[int, ...]

    @property
    def township_code(self) -> str:
        return self.code[:9]

    @property
    def full_name(self) -> str:
        return f"{self.city}{self.county}{self.township}{self.name}"


@dataclass(frozen=True)
class Person:
    """A household member as the field pack shows one: the identity number stays masked, its last digits are enough."""

    name: str
    masked_number: str
    sex: str
    age: int | None
    phone: str


@dataclass(frozen=True)
class Identity:
    """What the vault knows of a household; only field packs are made with it."""

    household_no: str
    phone: str
    members: tuple[Person, ...]


@dataclass(frozen=True)
class Trip:
    """One draw of a plan on a published month.

    sample, households, teams, days: as mart.research_* (without `plan`). rules: words of the plan (name -> text).
    honesty: (what, figure, what it means) of the sample's precision. proof: (what, text) for whoever replays the draw.
    cautions: sentences for every document. frames: 'leads', 'village_leads' (mart.*_anomaly of the draw's counties),
    'alerts' (village_code, kind, alerts, new_alerts), 'figures' (place_code, topic, indicator, value, base; villages
    and the places above them), 'rankings' (place_code, criterion, reason), 'gaps' (place_code, title, source, state,
    blind_spot), 'places' (level, place_code, place_name), 'values' (household_id and a column an item).
    months: mart.place_month by month.
    """

    plan: str
    title: str
    draw: int
    month: str
    version: str
    policy_version: str
    sample: pl.DataFrame
    households: pl.DataFrame
    teams: pl.DataFrame
    days: pl.DataFrame
    rules: Sequence[tuple[str, str]]
    honesty: Sequence[tuple[str, str, str]]
    proof: Sequence[tuple[str, str]]
    cautions: tuple[str, ...]
    frames: Mapping[str, pl.DataFrame]
    months: Mapping[str, pl.DataFrame]
    limits: Limits
    form_version: str

    @property
    def month_title(self) -> str:
        year, month = parse(self.month)
        return f"{year}年{month}月"

    @property
    def as_of(self) -> dt.date:
        """The day the figures hold for."""
        return end(self.month)

    @property
    def draw_title(self) -> str:
        return f"第{self.draw}次抽样"

    @property
    def mark(self) -> str:
        """What is printed at the foot of everything: which plan, draw and form it belongs to."""
        return f"{self.plan} 第{self.draw}次抽样 表单{self.form_version} 数据{self.month}/{self.version}"

    @cached_property
    def villages(self) -> tuple[Village, ...]:
        """Primary villages and every village with drawn households, by team, in the order of the days."""
        return _villages(self)

    def of_team(self, team: int) -> tuple[Village, ...]:
        return tuple(v for v in self.villages if v.team == team)

    @property
    def team_numbers(self) -> tuple[int, ...]:
        return tuple(sorted(self.teams["team"].unique()))

    def household(self, household_id: int) -> dict[str, Any]:
        """The drawn household's row."""
        return self._households[household_id]

    def values(self, household_id: int) -> dict[str, Any]:
        """Item code -> system value of a drawn household; money in fen."""
        return self._values[household_id]

    def leads(self, household_id: int) -> list[dict[str, Any]]:
        """The system's leads about a household, the most severe first."""
        return self._leads.get(household_id, [])

    def applies(self, household_id: int) -> frozenset[str]:
        """To which groups of item.APPLIES a household belongs, by the system's own values."""
        values = self.values(household_id)
        groups = {item.ALL}
        groups |= {item.REGISTERED} if values["identified"] is not None else set()
        groups |= {item.ELIMINATED} if values["status"] == "eliminated" else set()
        groups |= {item.HELPED} if values["measures"] else set()
        groups |= {item.POST} if values["post_type"] else set()
        return frozenset(groups)

    def village_values(self, village: Village) -> dict[str, Any]:
        """Item code -> system value of a village; a lead's evidence where there is one."""
        row = self.months[self.month].filter(level="village", place_code=village.code).row(0, named=True)
        figures = {each.code: row[each.column] for each in VILLAGE_ITEMS if each.answer == item.COMPARE}
        leads = self.frames["village_leads"].filter(village_code=village.code)
        return figures | {f"lead_{lead['kind']}": lead["evidence"] for lead in leads.iter_rows(named=True)}

    def place_name(self, code: str) -> str:
        return self._names[code]

    @cached_property
    def _households(self) -> dict[int, dict[str, Any]]:
        return {row["household_id"]: row for row in self.households.iter_rows(named=True)}

    @cached_property
    def _values(self) -> dict[int, dict[str, Any]]:
        return {row["household_id"]: row for row in self.frames["values"].iter_rows(named=True)}

    @cached_property
    def _leads(self) -> dict[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = {}
        for row in self.frames["leads"].sort("severity", "kind", descending=[True, False]).iter_rows(named=True):
            found.setdefault(row["household_id"], []).append(row)
        return found

    @cached_property
    def _names(self) -> dict[str, str]:
        return dict(self.frames["places"].select("place_code", "place_name").iter_rows())


def _villages(trip: Trip) -> tuple[Village, ...]:
    team = dict(trip.teams.select("city_code", "team").iter_rows())
    strange = set(trip.households["village_code"]) - set(trip.sample["village_code"])
    if strange:
        raise FangpinError(
            f"抽中的农户有 {len(strange)} 个村不在抽中的村里（如 {min(strange)}）：抽样结果不完整，请重新抽样后再生成。"
        )
    visits = trip.days.filter(pl.col("village_code").is_not_null()).sort("day_number", "place_order")["village_code"]
    order = {code: number for number, code in enumerate(visits)}
    queue = trip.households.sort("role", "draw_order", "household_id")
    drawn = dict(queue.group_by("village_code", maintain_order=True).agg("household_id").iter_rows())
    found = []
    for row in trip.sample.iter_rows(named=True):
        code = row["village_code"]
        if row["role"] == RESERVE and code not in drawn:
            continue
        if row["city_code"] not in team:
            raise FangpinError(f"{row['city_name']}没有分给任何调研组：请检查抽样结果的分组（teams.csv）。")
        place = (code, row["village_name"], trip.place_name(code[:9]), row["county_code"], row["county_name"])
        found.append(
            Village(
                *place, row["city_name"], team[row["city_code"]], row["role"], row["reason"], tuple(drawn.get(code, ()))
            )
        )
    last = len(order)
    return tuple(sorted(found, key=lambda v: (v.team, order.get(v.code, last), v.county_code, v.role, v.code)))
