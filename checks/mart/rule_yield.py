"""规则属实率: what `mart.rule_yield` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table
from fangpin.research.yields import PROPOSALS, RULES

AUDITS = (
    Audit(
        "every_rule_once",
        "每条异常规则恰有一行",
        f"""select rule from (values {", ".join(f"('{rule}')" for rule in sorted(RULES))}) as known(rule)
        where rule not in (select rule from mart.rule_yield)""",
    ),
)


@table("mart", key=("rule",), audits=AUDITS)
class RuleYield(pa.DataFrameModel):
    """One row per rule that raises leads: what field checks up to the month's end say of it."""

    rule: pl.String = col("规则（异常类型）", isin=sorted(RULES))
    title: pl.String = col("异常名称")
    subject: pl.String = col("农户或村", isin=["household", "village"])
    leads: pl.Int64 = col("本月线索数", ge=0)
    checked: pl.Int32 = col("核查数（属实加不属实）", ge=0)
    confirmed: pl.Int32 = col("属实", ge=0)
    refuted: pl.Int32 = col("不属实", ge=0)
    not_seen: pl.Int32 = col("无法核实（不计入核查数）", ge=0)
    share: pl.Float64 = col("属实率（没有核查为空）", nullable=True, ge=0, le=1)
    low: pl.Float64 = col("属实率的威尔逊区间下限", nullable=True, ge=0, le=1)
    high: pl.Float64 = col("属实率的威尔逊区间上限", nullable=True, ge=0, le=1)
    a: pl.Float64 = col("估计属实率的贝塔分布参数 a", gt=0)
    b: pl.Float64 = col("估计属实率的贝塔分布参数 b", gt=0)
    mean: pl.Float64 = col("估计属实率（含核查前的预期）", gt=0, lt=1)
    proposal: pl.String = col("建议", isin=sorted(PROPOSALS.values()))
