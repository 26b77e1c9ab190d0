"""建议核查名单: what `mart.field_check` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table
from fangpin.research.field_check import ARMS

AUDITS = (
    Audit(
        "leads_and_chance",
        "按线索的有概率、后果、小时数和信息量，随机的有入选概率和随机数",
        """select household_id from mart.field_check
        where (arm = 'risk' and (priority is null or probability is null or inclusion_probability is not null))
          or (arm = 'random' and (priority is not null or inclusion_probability is null or random_number is null))""",
    ),
    Audit(
        "a_household_once_an_arm",
        "同一种抽取方式里一户只出现一次，名次从1起不间断",
        """select county_code from mart.field_check
        group by county_code, arm having max(position) <> count(*) or count(distinct household_id) <> count(*)""",
    ),
)


@table("mart", key=("county_code", "arm", "position"), audits=AUDITS)
class FieldCheck(pa.DataFrameModel):
    """One row per county, arm (leads or chance) and household proposed to be checked next."""

    county_code: pl.String = col("县代码")
    arm: pl.String = col("抽取方式（risk 按线索、random 随机）", isin=sorted(ARMS))
    position: pl.Int32 = col("县内顺序", ge=1)
    household_id: pl.Int32 = col("农户内部编号")
    village_code: pl.String = col("行政村代码（12位）")
    leads: pl.String = col("线索（名称；随机的没有线索为空字）")
    probability: pl.Float64 = col("有问题的概率（按各规则属实率，同族取高）", nullable=True, ge=0, le=1)
    consequence: pl.Float64 = col("后果（人数乘程度）", nullable=True, ge=0)
    hours: pl.Float64 = col("核查小时数", nullable=True, gt=0)
    information: pl.Float64 = col("预期信息量（奈特）", nullable=True, ge=0)
    priority: pl.Float64 = col("优先值（概率乘后果除以小时数，加信息量乘权重）", nullable=True, ge=0)
    inclusion_probability: pl.Float64 = col("随机的入选概率", nullable=True, gt=0, le=1)
    random_number: pl.Float64 = col("随机的永久随机数", nullable=True, ge=0, le=1)
    reason: pl.String = col("理由")
