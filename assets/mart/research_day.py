"""mart.research_day: what each team of the rehearsal would do day by day."""

from __future__ import annotations

import polars as pl

from assets import research
from assets.build import Build, table_asset
from checks.mart.research_day import ResearchDay
from fangpin.research.teams import DAYS, days


@table_asset(ResearchDay, inputs=("mart.research_sample", "mart.research_team", "ref.policy_value"), group="research")
def research_day(build: Build) -> pl.DataFrame:
    """调研日程（预抽）：每组每天到哪个县哪个村；方案没有写明日期的，只排第几天。"""
    sample, teams = build.read("mart.research_sample"), build.read("mart.research_team")
    points = research.coordinates(build.home)
    drawn = []
    for plan in research.rehearsed(build.policy, build.month):
        own = pl.col("plan") == plan.name
        window = plan.window if plan.has_window else None
        drawn.append(days(sample.filter(own), teams.filter(own), plan, points, window))
    return pl.concat([pl.DataFrame(schema=DAYS), *drawn])
