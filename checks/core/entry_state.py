"""识别时状态: what `core.entry_state` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id",),
    audits=(
        Audit(
            "every_monitored",
            "每户监测对象恰有一行",
            """select count(*) from core.entry_state
            having count(*) <> (select count(*) from core.monitored_household)""",
        ),
    ),
)
class EntryState(pa.DataFrameModel):
    """One row per monitored household: its state at identification on data known then."""

    household_id: pl.Int32 = col("农户内部编号")
    identified_month: pl.String = col("识别监测时间")
    basis: pl.String = col("依据", isin=["window", "earliest_window", "register", "none"])
    income_per_head_fen: pl.Int64 = col("识别时人均纯收入（按依据）", nullable=True, unit="fen_per_head")
    rigid_share: pl.Float64 = col("识别时刚性支出占纯收入比", nullable=True, unit="share")
    stable_earners: pl.Int32 = col("识别前已稳定务工人数", ge=0)
    assets_before: pl.Int32 = col("识别前已登记资产项数（未授权查询为空）", nullable=True, ge=0)
    gap: pl.Boolean = col("识别时是否有缺口", nullable=True)
    shock: pl.Boolean = col("识别前六个月有无突发事件或大额住院")
