"""调研组分工: what `mart.research_team` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "every_city_once",
        "每个抽中的市恰有一个组去",
        """select coalesce(sample.city_code, team.city_code) as city_code
        from (select distinct plan, city_code from mart.research_sample) as sample
        full outer join mart.research_team as team on sample.plan = team.plan and sample.city_code = team.city_code
        group by coalesce(sample.plan, team.plan), coalesce(sample.city_code, team.city_code)
        having count(sample.city_code) <> 1 or count(team.city_code) <> 1""",
    ),
)


@table("mart", key=("plan", "team", "city_code"), audits=AUDITS)
class ResearchTeam(pa.DataFrameModel):
    """One row per plan, team and city: who goes where in the rehearsal."""

    plan: pl.String = col("调研方案")
    team: pl.Int32 = col("调研组", ge=1)
    city_code: pl.String = col("市代码")
    city_name: pl.String = col("市名称")
    kilometres: pl.Float64 = col("本组全程公里数（估算：直线距离乘系数；没有坐标为空）", nullable=True, ge=0)
    members: pl.String = col("组员（代号；没有指定人员为空字）")
    reason: pl.String = col("分组理由")
