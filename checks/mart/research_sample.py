"""调研抽样名单: what `mart.research_sample` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table
from fangpin.research.draw import ARMS, WORDS

AUDITS = (
    Audit(
        "cities_per_plan",
        "每个方案抽中的市数符合方案",
        """with wanted as (
          select
            replace(replace(parameter, 'research/', ''), '.cities', '') as plan,
            max(cast(value as integer)) as cities
          from ref.policy_value
          where in_force and starts_with(parameter, 'research/') and ends_with(parameter, '.cities')
          group by parameter
        ), drawn as (
          select plan, count(distinct city_code) as cities from mart.research_sample group by plan
        )
        select coalesce(wanted.plan, drawn.plan) as plan
        from wanted full outer join drawn on wanted.plan = drawn.plan
        where wanted.cities is distinct from drawn.cities""",
    ),
    Audit(
        "once_and_in_its_place",
        "一个方案里一个村只出现一次，市县村相符，都在本省",
        """select village_code from mart.research_sample group by plan, village_code having count(*) > 1
        union all
        select sample.village_code from mart.research_sample as sample
        left join ref.division as division on sample.village_code = division.village_code
        where division.county_code is distinct from sample.county_code
          or division.city_code is distinct from sample.city_code or not division.in_province""",
    ),
    Audit(
        "probabilities",
        "正选都有入选概率，备选没有；按排名选取的村在县内必入样；同一县只有一个入选概率",
        """select village_code from mart.research_sample
        where (role = 'reserve') <> (inclusion_probability is null) or inclusion_probability > county_probability
          or (role = 'primary' and arm = 'risk' and inclusion_probability <> county_probability)
          or (county_arm = 'risk' and county_probability <> 1)
        union all
        select county_code from mart.research_sample
        group by plan, county_code having count(distinct county_probability) > 1""",
    ),
    Audit(
        "numbers_from_the_seed",
        "随机数都由种子和村代码算得（SHA-256），任何人都能复算",
        """with seed as (
          select replace(replace(parameter, 'research/', ''), '.rehearsal_seed', '') as plan, value as seed
          from ref.policy_value
          where in_force and starts_with(parameter, 'research/') and ends_with(parameter, '.rehearsal_seed')
        )
        select sample.village_code from mart.research_sample as sample
        left join seed on sample.plan = seed.plan
        where sample.random_number is distinct from (
          cast('0x' || substr(sha256(seed.seed || '|' || sample.village_code), 1, 13) as ubigint) + cast(0.5 as double)
        ) / cast(4503599627370496 as double)""",
    ),
    Audit(
        "a_reserve_has_a_primary",
        "每个备选都有同一序号的正选",
        """select village_code from mart.research_sample where role = 'reserve'
          and (plan, county_code, slot) not in (
            select (plan, county_code, slot) from mart.research_sample where role = 'primary')""",
    ),
)


@table("mart", key=("plan", "village_code"), audits=AUDITS)
class ResearchSample(pa.DataFrameModel):
    """One row per plan and drawn village or reserve: the month's rehearsal, not the official draw."""

    plan: pl.String = col("调研方案")
    city_code: pl.String = col("市代码")
    city_name: pl.String = col("市名称")
    county_code: pl.String = col("县代码")
    county_name: pl.String = col("县名称")
    county_arm: pl.String = col("县的选取方式：重点（按排名）或随机", isin=list(ARMS))
    county_criterion: pl.String = col("选县依据", isin=list(WORDS))
    county_probability: pl.Float64 = col("县的入选概率", gt=0, le=1, unit="probability")
    county_reason: pl.String = col("县的入选理由")
    village_code: pl.String = col("行政村代码（12位）")
    village_name: pl.String = col("行政村名称")
    role: pl.String = col("类别：正选或备选", isin=["primary", "reserve"])
    slot: pl.Int32 = col("县内第几个村", ge=1)
    arm: pl.String = col("村的选取方式：重点（按排名）或随机", isin=list(ARMS))
    criterion: pl.String = col("选村依据", isin=list(WORDS))
    inclusion_probability: pl.Float64 = col(
        "入选概率（县的乘以县内的；备选为空）", nullable=True, gt=0, le=1, unit="probability"
    )
    random_number: pl.Float64 = col("永久随机数", gt=0, lt=1)
    draw_order: pl.Int32 = col("在本县同一选取方式中的顺序", ge=1)
    monitored_households: pl.Int64 = col("监测对象户数", ge=0)
    eliminated_households: pl.Int64 = col("已消除户数", ge=0)
    reason: pl.String = col("入选理由")
