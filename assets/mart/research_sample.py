"""mart.research_sample: the villages of the research plan, drawn from the published rankings."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.mart.research_sample import ResearchSample
from fangpin.month import end
from fangpin.places import OWN_PROVINCE
from fangpin.sampling import draw, parse

INPUTS = ("mart.county_ranking", "mart.village_ranking", "ref.division", "ref.place", "ref.policy_value")


@table_asset(ResearchSample, inputs=INPUTS)
def research_sample(build: Build) -> pl.DataFrame:
    """调研抽样名单：每市两县、每县两村，一个按数量、一个按收缩消除率，各有一个备选。"""
    on = end(build.month)
    names = build.policy.group("research/plan")
    plan = parse({name: build.policy.value(f"research/plan.{name}", OWN_PROVINCE, on).value for name in names})
    cities = build.con.sql("select place_code, place_name from ref.place where level = 'city'").fetchall()
    counties, villages = (
        build.con.sql(
            f"""select * exclude (eb_mean), eb_mean as eb_ratio
            from mart.{level}_ranking where criterion = 'ratio_households'"""
        ).pl()
        for level in ("county", "village")
    )
    return draw(counties, villages, dict(cities), plan)
