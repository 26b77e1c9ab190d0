"""入户名单: what `mart.research_household` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table
from fangpin.research.households import ALL_STRATA, ARM_WORDS

AUDITS = (
    Audit(
        "lives_there",
        "每户都在抽中的正选村里",
        """select drawn.household_id from mart.research_household as drawn
        left join core.household as household on drawn.household_id = household.household_id
        left join mart.research_sample as sample
          on drawn.plan = sample.plan and drawn.village_code = sample.village_code and sample.role = 'primary'
        where household.village_code is distinct from drawn.village_code or sample.village_code is null""",
    ),
    Audit(
        "probabilities",
        "正选都有入选概率，备选没有",
        """select household_id from mart.research_household
        where (role = 'reserve') <> (inclusion_probability is null)""",
    ),
    Audit(
        "every_village",
        "每个正选村都有要入户的农户",
        """select sample.village_code from mart.research_sample as sample
        left join mart.research_household as drawn
          on sample.plan = drawn.plan and sample.village_code = drawn.village_code and drawn.role = 'primary'
        where sample.role = 'primary' and drawn.household_id is null""",
    ),
)


@table("mart", key=("household_id", "plan"), audits=AUDITS)
class ResearchHousehold(pa.DataFrameModel):
    """One row per plan and drawn household or reserve of a drawn village."""

    plan: pl.String = col("调研方案")
    village_code: pl.String = col("行政村代码（12位）")
    household_id: pl.Int32 = col("农户内部编号")
    stratum: pl.String = col("层：类别与状态，或未列入监测", isin=list(ALL_STRATA))
    arm: pl.String = col("抽取方式：分层、线索或随机", isin=list(ARM_WORDS))
    role: pl.String = col("类别：正选或备选", isin=["primary", "reserve"])
    inclusion_probability: pl.Float64 = col("村内入选概率（备选为空）", nullable=True, gt=0, le=1, unit="probability")
    random_number: pl.Float64 = col("永久随机数", gt=0, lt=1)
    draw_order: pl.Int32 = col("本层内的随机顺序", ge=1)
    reason: pl.String = col("抽中理由")
