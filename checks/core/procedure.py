"""程序: what `core.procedure` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id", "round"),
    audits=(
        Audit(
            "steps_out_of_order",
            "程序环节的日期先后颠倒",
            """select household_id from core.procedure
            where applied_on > approved_on or reviewed_on > publicised_on or publicised_on > approved_on
              or exit_applied_on > eliminated_on or exit_reviewed_on > exit_publicised_on
              or exit_publicised_on > eliminated_on or approved_on > eliminated_on
              or consented_on > approved_on or help_reviewed_on > help_publicised_on""",
            blocking=False,
        ),
    ),
)
class Procedure(pa.DataFrameModel):
    """One row per household and round: the dates of its procedure."""

    household_id: pl.Int32 = col("农户内部编号")
    round: pl.Int32 = col("轮次", ge=1)
    applied_on: pl.Date = col("识别申请", nullable=True)
    verified_on: pl.Date = col("入户核实", nullable=True)
    consented_on: pl.Date = col("承诺授权", nullable=True)
    compared_on: pl.Date = col("信息比对", nullable=True)
    reviewed_on: pl.Date = col("识别评议", nullable=True)
    publicised_on: pl.Date = col("识别公示", nullable=True)
    publicity_days: pl.Int32 = col("识别公示天数", nullable=True, unit="days", ge=0)
    objections: pl.Int32 = col("识别公示期间异议（件）", nullable=True, ge=0)
    approved_on: pl.Date = col("识别审核", nullable=True)
    help_reviewed_on: pl.Date = col("措施评议", nullable=True)
    help_publicised_on: pl.Date = col("措施公示", nullable=True)
    help_publicity_days: pl.Int32 = col("措施公示天数", nullable=True, unit="days", ge=0)
    help_objections: pl.Int32 = col("措施公示期间异议（件）", nullable=True, ge=0)
    exit_applied_on: pl.Date = col("消除申请", nullable=True)
    exit_reviewed_on: pl.Date = col("消除评议", nullable=True)
    exit_publicised_on: pl.Date = col("消除公示", nullable=True)
    exit_publicity_days: pl.Int32 = col("消除公示天数", nullable=True, unit="days", ge=0)
    exit_objections: pl.Int32 = col("消除公示期间异议（件）", nullable=True, ge=0)
    exit_approved_on: pl.Date = col("消除审核", nullable=True)
    eliminated_on: pl.Date = col("风险消除", nullable=True)
    returned_on: pl.Date = col("风险消除回退", nullable=True)
    channel: pl.String = col("线索来源", nullable=True)
