"""mart.research_household: the households to visit in the villages of the rehearsal."""

from __future__ import annotations

import polars as pl

from assets import research
from assets.build import Build, table_asset
from checks.mart.research_household import ResearchHousehold
from fangpin.research.households import SCHEMA, draw_households


@table_asset(ResearchHousehold, inputs=("mart.research_sample", *research.LISTED, "ref.policy_value"), group="research")
def research_household(build: Build) -> pl.DataFrame:
    """入户名单（预抽）：抽中村的农户，按类别和状态分层，另有未列入监测的：有线索的和随机抽取的。"""
    drawn = []
    for plan in research.rehearsed(build.policy, build.month):
        found = build.con.execute(
            "select village_code from mart.research_sample where plan = ? and role = 'primary' order by village_code",
            [plan.name],
        )
        villages = [code for (code,) in found.fetchall()]
        drawn.append(draw_households(villages, research.listing(build.con, villages), plan, plan.rehearsal_seed))
    return pl.concat([pl.DataFrame(schema=SCHEMA), *drawn])
