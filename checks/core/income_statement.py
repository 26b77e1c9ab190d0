"""收入核算: what `core.income_statement` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id",),
    audits=(
        Audit(
            "adds_up",
            "四项收入减支出等于家庭纯收入，同时已知或同时不详",
            """select household_id from core.income_statement
            where net_income_fen
                is distinct from wage_fen + business_fen + property_fen + transfer_fen - business_cost_fen
              or (wage_fen is null) <> (net_income_fen is null) or (claims_fen is null) <> (net_income_fen is null)""",
        ),
        Audit(
            "records_overlap",
            "核算期内有记录的月数超过12个月（按月、按年重复报送），按12个月折算",
            "select household_id from core.income_statement where months_covered > 12",
            blocking=False,
        ),
    ),
)
class IncomeStatement(pa.DataFrameModel):
    """One row per household with a statement in the 12 months ending the month before."""

    household_id: pl.Int32 = col("农户内部编号")
    months_covered: pl.Int32 = col("核算期内有记录的月数", ge=1)
    wage_fen: pl.Int64 = col("工资性收入（12个月）", nullable=True, unit="fen")
    business_fen: pl.Int64 = col("生产经营性收入", nullable=True, unit="fen")
    property_fen: pl.Int64 = col("财产性收入", nullable=True, unit="fen")
    transfer_fen: pl.Int64 = col("转移性收入", nullable=True, unit="fen")
    business_cost_fen: pl.Int64 = col("生产经营性支出", nullable=True, unit="fen")
    claims_fen: pl.Int64 = col("理赔收入", nullable=True, unit="fen")
    net_income_fen: pl.Int64 = col("家庭纯收入（记录不足时为空）", nullable=True, unit="fen")
    recent_wage_fen: pl.Int64 = col("最近三个月工资性收入", nullable=True, unit="fen")
    year_earlier_wage_fen: pl.Int64 = col("上年同期三个月工资性收入", nullable=True, unit="fen")
    prior_net_income_fen: pl.Int64 = col("上一核算期家庭纯收入（不全为空）", nullable=True, unit="fen")
    newest_fingerprint: pl.Int64 = col(
        "最新一期收支指纹（各类金额和非零项目数全部相同则相同；项目过少为空）", nullable=True
    )
