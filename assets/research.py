"""What a draw reads of a month: the plans in force, the frame, the list of households, coordinates.

From the warehouse while a month is built and from its published copy afterwards, by the same queries.
Does not belong here: what is drawn (fangpin/research), the tables of the rehearsal (assets/mart/research_*.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from fangpin.errors import FangpinError
from fangpin.month import end
from fangpin.places import DATA, OWN_PROVINCE
from fangpin.policy import Policy
from fangpin.research import plan as plans
from fangpin.research.frame import Frame, from_rankings
from fangpin.research.households import FLAGGED_STRATUM, LISTING, LISTING_SHA256, RANDOM_STRATUM
from fangpin.research.plan import Plan
from fangpin.research.routes import Point, read_coordinates

COORDINATES = "coordinates.csv"
"""Shipped for cities; a file of that name in the home folder adds places and takes precedence."""
RANKINGS = ("mart.county_ranking", "mart.village_ranking", "ref.place")
LISTED = ("core.household", "core.monitored_household", "mart.household_risk", "mart.household_anomaly")

_INSIDE = "(select * from core.household where village_code in (select unnest(?::varchar[])))"
_LISTING = f"""
select
  household.village_code as village_code,
  household.household_id as household_id,
  case
    when monitored.household_id is not null
      then monitored.category || '·' || case when monitored.eliminated then '已标注消除' else '监测中' end
    when lead.household_id is not null or risk.hard_trigger or risk.band = '高' then '{FLAGGED_STRATUM}'
    else '{RANDOM_STRATUM}'
  end as stratum,
  cast(
    case
      when monitored.household_id is null and (lead.household_id is not null or risk.hard_trigger or risk.band = '高')
        then greatest(risk.score, 1)
      else 1
    end as bigint
  ) as size
from {{households}} as household
left join core.monitored_household as monitored on household.household_id = monitored.household_id
left join mart.household_risk as risk on household.household_id = risk.household_id
left join mart.household_anomaly as lead on household.household_id = lead.household_id and lead.kind = 'unlisted_risk'
where household.in_province
"""


def rehearsed(policy: Policy, month: str) -> list[Plan]:
    """The plans in force at the month's end."""
    on = end(month)
    return [plans.in_force(policy, name, OWN_PROVINCE, on) for name in plans.names(policy, OWN_PROVINCE, on)]


def frame(con: duckdb.DuckDBPyConnection, plan: Plan, month: str) -> Frame:
    """The frame of a plan, from the month's rankings."""
    counties, villages = (con.sql(f"select * from mart.{level}_ranking").pl() for level in ("county", "village"))
    cities = con.sql("select place_code, place_name from ref.place where level = 'city' and in_province").fetchall()
    return from_rankings(counties, villages, dict(cities), plan, month)


def listing(con: duckdb.DuckDBPyConnection, villages: Sequence[str]) -> pl.DataFrame:
    """Every household of these villages, by village and number."""
    found = con.sql(f"select * from ({_LISTING.format(households=_INSIDE)}) order by all", params=[list(villages)])
    return found.pl().select(pl.col(name).cast(kind) for name, kind in LISTING.items())


def digests(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The hash of every village's list of households."""
    listed = _LISTING.format(households="core.household")
    return dict(con.sql(f"with listing as ({listed}) {LISTING_SHA256}").fetchall())


def coordinates(home: Path) -> dict[str, Point]:
    """What is known of where places lie."""
    own = home / COORDINATES
    found = read_coordinates((DATA / COORDINATES).read_text(encoding="utf-8"), COORDINATES)
    if own.is_file():
        try:
            found |= read_coordinates(own.read_text(encoding="utf-8-sig"), str(own))
        except UnicodeDecodeError as error:
            raise FangpinError(f"{own} 不是 UTF-8 编码的文本：请另存为 UTF-8 的 CSV。") from error
    return found
