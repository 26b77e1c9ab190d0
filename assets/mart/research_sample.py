"""mart.research_sample: the villages of every plan in force, drawn from the month's rankings as a rehearsal."""

from __future__ import annotations

import polars as pl

from assets import research
from assets.build import Build, table_asset
from checks.mart.research_sample import ResearchSample
from fangpin.research.draw import SCHEMA, draw


@table_asset(ResearchSample, inputs=(*research.RANKINGS, "ref.division", "ref.policy_value"), group="research")
def research_sample(build: Build) -> pl.DataFrame:
    """调研抽样名单（预抽）：每市、每县一部分按排名选取，其余按规模随机抽取，各有备选、概率和理由；种子固定，不是正式抽样。"""
    drawn = [
        draw(research.frame(build.con, plan, build.month), plan, plan.rehearsal_seed)
        for plan in research.rehearsed(build.policy, build.month)
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *drawn])
