"""金额与幅度分档: what `mart.criterion_cell` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "mart",
    key=("subject", "amount_step", "share_step", "income_group", "size", "lasting", "hardship"),
    audits=(
        Audit(
            "every_household",
            "刚性支出各档户数之和等于本省收入已知的户数",
            """select cell.households
            from (
              select coalesce(sum(households), 0) as households from mart.criterion_cell where subject = 'rigid'
            ) as cell
            cross join (
              select count(*) as households from core.household_month
              where in_province and net_income_per_head_fen is not null
            ) as feature
            where cell.households <> feature.households""",
        ),
    ),
)
class CriterionCell(pa.DataFrameModel):
    """One row per subject, step of amount, step of share and kind of household."""

    subject: pl.String = col("口径对象（刚性支出、收入下降）", isin=["rigid", "income_drop"])
    amount_step: pl.Int32 = col("金额档（从0起）", ge=0)
    share_step: pl.Int32 = col("幅度档（从0起）", ge=0)
    income_group: pl.Int32 = col("收入三等分组（0最低）", ge=0)
    size: pl.Int32 = col("家庭人口（最高一档为及以上）", ge=0)
    lasting: pl.Boolean = col("近三个月工资仍低于上年同期")
    hardship: pl.Boolean = col("扣除刚性支出后低于监测线")
    households: pl.Int64 = col("户数", ge=0)
    persons: pl.Int64 = col("人数", ge=0)
