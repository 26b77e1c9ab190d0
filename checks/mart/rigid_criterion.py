"""按金额与按幅度比较: what `mart.rigid_criterion` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "mart",
    key=("subject", "part", "segment", "amount_step", "share_step"),
    audits=(
        Audit(
            "cells_add_up",
            "每一对门槛的八格之和相等，等于该部分的户数",
            """with whole as (
              select
                subject, part, segment,
                both_hardship + amount_only_hardship + share_only_hardship + neither_hardship
                + both_other + amount_only_other + share_only_other + neither_other as households
              from mart.rigid_criterion
            )
            select subject from whole group by subject, part, segment having min(households) <> max(households)""",
        ),
    ),
)
class RigidCriterion(pa.DataFrameModel):
    """One row per subject, part of the households, threshold of amount and threshold of share."""

    subject: pl.String = col("口径对象（刚性支出、收入下降）", isin=["rigid", "income_drop"])
    part: pl.String = col("划分", isin=["all", "income_group", "size", "lasting"])
    segment: pl.String = col("分组")
    amount_step: pl.Int32 = col("金额档", ge=1)
    share_step: pl.Int32 = col("幅度档", ge=1)
    amount_yuan: pl.Int32 = col("金额门槛（元，含）", unit="yuan")
    share: pl.Float64 = col("幅度门槛（占纯收入，含）", unit="share")
    both_hardship: pl.Int64 = col("两者都标出、收不抵线", ge=0)
    amount_only_hardship: pl.Int64 = col("仅按金额标出、收不抵线", ge=0)
    share_only_hardship: pl.Int64 = col("仅按幅度标出、收不抵线", ge=0)
    neither_hardship: pl.Int64 = col("都未标出、收不抵线", ge=0)
    both_other: pl.Int64 = col("两者都标出、其他", ge=0)
    amount_only_other: pl.Int64 = col("仅按金额标出、其他", ge=0)
    share_only_other: pl.Int64 = col("仅按幅度标出、其他", ge=0)
    neither_other: pl.Int64 = col("都未标出、其他", ge=0)
