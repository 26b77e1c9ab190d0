"""收支记录: what `core.income_record` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("household_id", "period"))
class IncomeRecord(pa.DataFrameModel):
    """One row per household and reported period: income by kind, as reported."""

    household_id: pl.Int32 = col("农户内部编号")
    period: pl.String = col("所属期（该期最后一个月）")
    months: pl.Int32 = col("涵盖月数", ge=1, le=12)
    in_statement: pl.Boolean = col("是否属于本次核算期")
    in_prior: pl.Boolean = col("是否属于上一核算期")
    in_quarter: pl.Boolean = col("是否在所属核算期的最后三个月")
    wage_fen: pl.Int64 = col("工资性收入（A1至A5）", ge=0, unit="fen")
    post_income_fen: pl.Int64 = col("其中公益性岗位（A2至A4）", ge=0, unit="fen")
    business_fen: pl.Int64 = col("生产经营性收入（B1至B4）", ge=0, unit="fen")
    property_fen: pl.Int64 = col("财产性收入（C1至C5）", ge=0, unit="fen")
    transfer_fen: pl.Int64 = col("转移性收入（D1至D6）", ge=0, unit="fen")
    business_cost_fen: pl.Int64 = col("生产经营性支出（E1至E4）", ge=0, unit="fen")
    claims_fen: pl.Int64 = col("理赔收入", ge=0, unit="fen")
    items: pl.Int32 = col("非零项目数（只数本次核算期）", nullable=True, ge=0)
