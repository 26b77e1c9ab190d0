"""监测对象: what `core.monitored_household` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id",),
    audits=(
        Audit(
            "every_household",
            "监测对象信息中的每户恰有一行",
            """select count(*) from core.monitored_household
            having count(*) <> (select count(distinct household_id) from raw.register)""",
        ),
        Audit(
            "fields_agree",
            "同一户各行的户级信息不一致，取户主一行",
            """select household_id from raw.register
            group by household_id
            having
              count(distinct (category, household_type, identified_month, eliminated, eliminated_month, risk1)) > 1""",
            blocking=False,
        ),
        Audit(
            "dates_contradict",
            "消除时间缺失或早于识别时间，或识别时间晚于本月，监测月数不详",
            "select household_id from core.monitored_household where months_monitored is null",
            blocking=False,
        ),
    ),
)
class MonitoredHousehold(pa.DataFrameModel):
    """One row per household ever identified and still in the register."""

    household_id: pl.Int32 = col("农户内部编号")
    village_code: pl.String = col("行政村代码（12位，空为不在农户名册）", nullable=True)
    category: pl.String = col("监测对象类别", isin=["脱贫不稳定户", "边缘易致贫户", "突发严重困难户"])
    household_type: pl.String = col("户类型（监测信息）", isin=["脱贫户", "一般农户"])
    persons: pl.Int32 = col("监测信息中的人数", ge=1)
    identified_month: pl.String = col("识别监测时间")
    risk1: pl.String = col("致贫返贫风险1", nullable=True)
    risks: pl.String = col("全部风险（顿号分隔）", nullable=True)
    eliminated: pl.Boolean = col("风险是否已消除")
    eliminated_month: pl.String = col("消除监测时间", nullable=True)
    elimination_mode: pl.String = col("风险消除方式", nullable=True)
    no_labour_household: pl.Boolean = col("整户无劳动能力兜底保障户", nullable=True)
    development_measure: pl.String = col("实施开发式帮扶措施情况", nullable=True)
    entry_income_per_head_fen: pl.Int64 = col("识别时人均纯收入", nullable=True, unit="fen_per_head")
    entry_self_paid_fen: pl.Int64 = col("识别时合规自付支出", nullable=True, unit="fen")
    entry_gap: pl.Boolean = col("识别时三保障及饮水是否有缺口", nullable=True)
    exit_income_per_head_fen: pl.Int64 = col("消除后人均纯收入", nullable=True, unit="fen_per_head")
    exit_transfer_income_fen: pl.Int64 = col("消除后转移性收入", nullable=True, unit="fen")
    exit_gap: pl.Boolean = col("消除后三保障及饮水是否有缺口", nullable=True)
    months_monitored: pl.Int32 = col("识别至今（或至消除）月数，时间矛盾或缺失为空", nullable=True, ge=0)
