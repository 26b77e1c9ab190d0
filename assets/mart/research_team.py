"""mart.research_team: which team would go to which cities of the rehearsal."""

from __future__ import annotations

import polars as pl

from assets import research
from assets.build import Build, table_asset
from checks.mart.research_team import ResearchTeam
from fangpin.research.teams import TEAMS, assign


@table_asset(ResearchTeam, inputs=("mart.research_sample", "ref.policy_value"), group="research")
def research_team(build: Build) -> pl.DataFrame:
    """调研组分工（预抽）：各组去哪些市，谁也不去本人籍贯地，路程最短、工作量均衡；路程为估算。"""
    sample, points = build.read("mart.research_sample"), research.coordinates(build.home)
    drawn = [
        assign(sample.filter(pl.col("plan") == plan.name), plan, points)
        for plan in research.rehearsed(build.policy, build.month)
    ]
    return pl.concat([pl.DataFrame(schema=TEAMS), *drawn])
