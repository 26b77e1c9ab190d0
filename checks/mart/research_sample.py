"""调研抽样名单: what `mart.research_sample` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

PLAN = """with plan as (
          select
            max(case when parameter = 'research/plan.cities' then cast(value as integer) end) as cities,
            max(case when parameter = 'research/plan.counties_per_city' then cast(value as integer) end) as counties,
            max(case when parameter = 'research/plan.villages_per_county' then cast(value as integer) end) as villages,
            max(case when parameter = 'research/plan.reserves_per_village' then cast(value as integer) end) as reserves
          from ref.policy_value
          where in_force and parameter <> 'research/plan.seed' and parameter <> 'research/plan.city_codes'
            and starts_with(parameter, 'research/plan.')
        )"""

AUDITS = (
    Audit(
        "size_per_plan",
        "市、县、村和备选的数量符合抽样方案",
        f"""{PLAN}, drawn as (
          select count(distinct city_code) as cities, count(distinct county_code) as counties,
            count(*) filter (where role = 'primary') as villages, count(*) filter (where role = 'reserve') as reserves
          from mart.research_sample
        )
        select 1 as mismatch from plan cross join drawn
        where drawn.cities <> plan.cities or drawn.counties <> plan.cities * plan.counties
          or drawn.villages <> plan.cities * plan.counties * plan.villages
          or drawn.reserves <> plan.cities * plan.counties * plan.villages * plan.reserves""",
    ),
    Audit(
        "same_in_every_county",
        "每市、每县数量相同，一个村只出现一次，市县村相符",
        f"""{PLAN}
        select county_code from mart.research_sample cross join plan
        group by county_code, plan.villages having count(*) filter (where role = 'primary') <> plan.villages
        union all
        select village_code from mart.research_sample group by village_code having count(*) > 1
        union all
        select sample.village_code from mart.research_sample as sample
        left join ref.division as division on sample.village_code = division.village_code
        where division.county_code is distinct from sample.county_code
          or division.city_code is distinct from sample.city_code or not division.in_province""",
    ),
)


@table("mart", key=("village_code", "role"), audits=AUDITS)
class ResearchSample(pa.DataFrameModel):
    """One row per drawn village or reserve of the research plan."""

    city_code: pl.String = col("市代码")
    city_name: pl.String = col("市名称")
    county_code: pl.String = col("县代码")
    county_name: pl.String = col("县名称")
    county_criterion: pl.String = col("选县依据", isin=["count", "ratio"])
    village_code: pl.String = col("行政村代码（12位）")
    village_name: pl.String = col("行政村名称")
    role: pl.String = col("类别", isin=["primary", "reserve"])
    criterion: pl.String = col("选村依据", isin=["count", "ratio"])
    slot: pl.Int32 = col("序号", ge=1)
    monitored_households: pl.Int64 = col("监测对象户数")
    eliminated_households: pl.Int64 = col("已消除户数")
    eb_ratio: pl.Float64 = col("收缩后消除率（户）", nullable=True)
    reason: pl.String = col("入选理由")
