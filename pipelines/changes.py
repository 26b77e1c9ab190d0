"""What differs between two versions of a month: households, alerts, anomalies, ranks and the villages drawn.

The two are catalogs of one connection: two published versions, or a published one and the same month computed again
under another policy (replay.py). Does not belong here: how either came to be, what is right.
Source: 施甸县通知 “不断完善纳入监测对象的量化规则” (domain S1-11: every change of a rule shows its effect).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets.publish.bundle import COPY
from assets.publish.history import month_folder
from fangpin.errors import HomeError
from fangpin.ranks.criteria import CRITERIA, LEVELS
from fangpin.reports.tables import ALERT_TITLES
from fangpin.reports.topic_figures import TOPICS
from pipelines.console import written_to
from pipelines.lines import aligned

SHOWN = 10
"""Counties that are printed; JSON holds all, `write` every household."""


@dataclass(frozen=True)
class Changes:
    """Frames of what differs; empty where nothing does.

    households: household_id, village_code, county_code, county_name, what (as in JUDGED), before, after.
    leads: added or removed alerts and anomalies: the same places, what (as in LISTED), kind, change.
    ranks: level, place_code, place_name, criterion, before, after. drawn: village_code, village_name, change.
    figures: of the topics in the province: topic, indicator, segment, value and base before and after.
    """

    households: pl.DataFrame
    leads: pl.DataFrame
    ranks: pl.DataFrame
    drawn: pl.DataFrame
    figures: pl.DataFrame

    def summary(self) -> dict[str, Any]:
        """Counts, as JSON writes them."""
        households = (
            self.households.group_by("what", "before", "after").len("households").sort("what", "before", "after")
        )
        leads = self.leads.group_by("what", "kind", "change").len("households").sort("what", "kind", "change")
        concerned = ["county_code", "county_name", "household_id"]
        counties = (
            pl.concat([self.households.select(concerned), self.leads.select(concerned)])
            .unique()
            .group_by("county_code", "county_name")
            .len("households")
            .sort("households", "county_code", descending=[True, False])
        )
        return {
            "households": households.to_dicts(),
            "leads": leads.to_dicts(),
            "counties": counties.to_dicts(),
            "ranks": self.ranks.group_by("level", "criterion").len("places").sort("level", "criterion").to_dicts(),
            "drawn": self.drawn.to_dicts(),
            "figures": self.figures.to_dicts(),
        }


HOUSEHOLDS = """
select
  coalesce(one.household_id, other.household_id) as household_id, '{what}' as what,
  cast(one.{column} as varchar) as before, cast(other.{column} as varchar) as after,
  coalesce(one.village_code, other.village_code) as village_code
from {before}.{table} as one
full join {after}.{table} as other on one.household_id = other.household_id
where one.{column} is distinct from other.{column}"""

LEADS = """
select
  coalesce(one.household_id, other.household_id) as household_id, '{what}' as what,
  {kind} as kind, case when one.household_id is null then '新增' else '不再有' end as change,
  coalesce(one.village_code, other.village_code) as village_code
from {before}.{table} as one
full join {after}.{table} as other on one.household_id = other.household_id and one.kind = other.kind
where one.household_id is null or other.household_id is null"""

RANKS = """
select
  coalesce(one.level, other.level) as level, coalesce(one.place_code, other.place_code) as place_code,
  coalesce(one.place_name, other.place_name) as place_name, coalesce(one.criterion, other.criterion) as criterion,
  one.rank as before, other.rank as after
from {before}.mart.place_ranking as one
full join {after}.mart.place_ranking as other
  on one.level = other.level and one.place_code = other.place_code and one.criterion = other.criterion
where one.rank is distinct from other.rank
order by all"""

DRAWN = """
select
  coalesce(one.village_code, other.village_code) as village_code,
  coalesce(one.village_name, other.village_name) as village_name,
  case when one.village_code is null then '新增' else '不再抽中' end as change
from (select distinct village_code, village_name from {before}.mart.research_sample where role = 'primary') as one
full join (select distinct village_code, village_name from {after}.mart.research_sample where role = 'primary') as other
  on one.village_code = other.village_code
where one.village_code is null or other.village_code is null
order by village_code"""

FIGURES = """
select
  topic, indicator, segment, one.value as value_before, other.value as value_after,
  one.base as base_before, other.base as base_after
from (from {before}.mart.topic_figure where level = 'province') as one
full join (from {after}.mart.topic_figure where level = 'province') as other
  using (place_code, topic, indicator, segment)
semi join (from {after}.ref.place where level = 'province' and in_province) as own using (place_code)
where one.value is distinct from other.value or one.base is distinct from other.base
order by all"""

JUDGED = (
    ("风险等级", "mart.household_risk", "band"),
    ("必核查", "mart.household_risk", "hard_trigger"),
    ("在监测范围", "mart.eligibility", "in_range"),
)
LISTED = (
    ("预警", "mart.alert", "coalesce(one.kind, other.kind)"),
    ("异常线索", "mart.household_anomaly", "coalesce(one.title, other.title)"),
)


def changes(con: duckdb.DuckDBPyConnection, before: str, after: str) -> Changes:
    """What differs between two catalogs with the tables of one month."""
    names = {"before": before, "after": after}
    households = [HOUSEHOLDS.format(what=what, table=table, column=column, **names) for what, table, column in JUDGED]
    leads = [LEADS.format(what=what, table=table, kind=kind, **names) for what, table, kind in LISTED]
    placed = f"""
        select changed.*, place.place_code as county_code, place.full_name as county_name
        from ({{}}) as changed
        left join {after}.ref.division as division using (village_code)
        left join {after}.ref.place as place on place.level = 'county' and division.county_code = place.place_code
        order by all"""
    return Changes(
        households=con.sql(placed.format(" union all ".join(households))).pl(),
        leads=con.sql(placed.format(" union all ".join(leads))).pl().with_columns(pl.col("kind").replace(ALERT_TITLES)),
        ranks=con.sql(RANKS.format(**names)).pl().with_columns(pl.col("criterion").replace(CRITERIA)),
        drawn=con.sql(DRAWN.format(**names)).pl(),
        figures=con.sql(FIGURES.format(**names)).pl(),
    )


def between_versions(home: Path, month: str, before: str, after: str) -> tuple[dict[str, Any], Changes]:
    """What differs between two published versions, and the policy and code either was made with."""
    made = []
    with duckdb.connect() as con:
        for number, version in enumerate((before, after)):
            folder = month_folder(home, month) / version
            if not (folder / COPY).is_file():
                known = "、".join(sorted(path.name for path in month_folder(home, month).glob("v*")))
                raise HomeError(f"{month} 没有版本 {version}。已有的版本：{known or '无'}。")
            con.execute(f"attach '{folder / COPY}' as version_{number} (read_only)")
            made.append(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
        _require_columns(con, month)
        found = changes(con, "version_0", "version_1")
    answer = {
        "month": month,
        "versions": [before, after],
        "policy_versions": [each["policy_version"] for each in made],
        "code_versions": [each["code_version"] for each in made],
        "changes": found.summary(),
    }
    return answer, found


def _require_columns(con: duckdb.DuckDBPyConnection, month: str) -> None:
    """Both versions hold the tables that are compared; an older program may not have made them."""
    stored = {
        (catalog, f"{schema}.{table}")
        for catalog, schema, table in con.sql(
            "select database_name, schema_name, table_name from duckdb_tables()"
        ).fetchall()
    }
    wanted = dict.fromkeys([table for _, table, _ in (*JUDGED, *LISTED)] + ["mart.topic_figure", "mart.rank_posterior"])
    for number in (0, 1):
        if missing := [name for name in wanted if (f"version_{number}", name) not in stored]:
            raise HomeError(
                f"{month} 的两个版本不能比较：{'后' if number else '前'}一版由旧版程序生成，没有 {'、'.join(missing)}。"
            )


def write(found: Changes, folder: Path) -> None:
    """Every row of every frame as a csv that Excel and WPS read; HomeError when the folder cannot be written."""
    with written_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in (
            ("农户判断", found.households),
            ("预警和异常线索", found.leads),
            ("名次", found.ranks),
            ("抽样村", found.drawn),
            ("专题指标", found.figures),
        ):
            frame.write_csv(folder / f"{name}.csv", include_bom=True)


def told(found: Changes) -> list[str]:
    """The summary as lines for a terminal."""
    summary = found.summary()
    lines = []
    for title, key, columns in (
        ("农户判断", "households", ("what", "before", "after", "households")),
        ("预警和异常线索", "leads", ("what", "kind", "change", "households")),
        ("名次有变的地区数", "ranks", ("level", "criterion", "places")),
        (f"涉及农户最多的县（前{SHOWN}）", "counties", ("county_name", "households")),
        ("抽样村", "drawn", ("village_code", "village_name", "change")),
    ):
        rows = [
            [_shown(row[column]) for column in columns] for row in summary[key][: SHOWN if key == "counties" else None]
        ]
        lines.append(f"{title}：{'' if rows else '没有变化'}")
        if rows:
            lines += [f"  {line}" for line in aligned(rows, texts=len(columns) - (key != "drawn"))]
    return [*lines, *_figures(summary["figures"])]


def _figures(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The topics' figures of the province that differ, in their words."""
    told = {(topic.name, each.name): f"（{topic.number}）{each.title}" for topic in TOPICS for each in topic.indicators}
    lines = [f"专题指标（全省）：{'' if rows else '没有变化'}"]
    shown = []
    for row in rows:
        title = told[row["topic"], row["indicator"]] + (f"：{row['segment']}" if row["segment"] else "")
        shown.append([title, _figure(row, "before"), _figure(row, "after")])
    return [*lines, *(f"  {line}" for line in aligned(shown, texts=1))] if shown else lines


def _figure(row: Mapping[str, Any], when: str) -> str:
    value, base = row[f"value_{when}"], row[f"base_{when}"]
    return "—" if value is None else f"{value:,}" if base is None else f"{value:,}/{base:,}"


def _shown(value: Any) -> str:
    words = {None: "不详", "true": "是", "false": "否", **LEVELS}
    return words.get(value, str(value)) if value is None or isinstance(value, str) else f"{value:,}"
