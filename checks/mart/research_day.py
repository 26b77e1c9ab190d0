"""调研日程: what `mart.research_day` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "every_village_once",
        "每个正选村恰去一次，去的是分到那个市的组",
        """select coalesce(sample.village_code, visit.village_code) as village_code
        from (
          select sample.plan, sample.village_code, team.team
          from mart.research_sample as sample
          left join mart.research_team as team on sample.plan = team.plan and sample.city_code = team.city_code
          where sample.role = 'primary'
        ) as sample
        full outer join (select * from mart.research_day where village_code is not null) as visit
          on sample.plan = visit.plan and sample.village_code = visit.village_code and sample.team = visit.team
        group by
          coalesce(sample.plan, visit.plan), coalesce(sample.village_code, visit.village_code),
          coalesce(sample.team, visit.team)
        having count(sample.village_code) <> 1 or count(visit.village_code) <> 1""",
    ),
)


@table("mart", key=("plan", "team", "day_number", "place_order"), audits=AUDITS)
class ResearchDay(pa.DataFrameModel):
    """One row per plan, team and thing to do, in order: the days of the rehearsal."""

    plan: pl.String = col("调研方案")
    team: pl.Int32 = col("调研组", ge=1)
    day_number: pl.Int32 = col("第几天", ge=1)
    place_order: pl.Int32 = col("本组行程中的顺序", ge=1)
    day: pl.Date = col("日期（方案没有写明的为空）", nullable=True)
    county_code: pl.String = col("县代码")
    village_code: pl.String = col("行政村代码（县级座谈为空）", nullable=True)
    task: pl.String = col("做什么")
