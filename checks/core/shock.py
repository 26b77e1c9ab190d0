"""突发事件: what `core.shock` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("core", key=("household_id",))
class Shock(pa.DataFrameModel):
    """One row per household with a disaster, accident, death or petition in the 12 months ending this month."""

    household_id: pl.Int32 = col("农户内部编号")
    disasters: pl.Int32 = col("灾害事故次数", ge=0)
    casualties: pl.Int32 = col("伤亡事故次数", ge=0)
    net_loss_fen: pl.Int64 = col("净损失", ge=0, unit="fen")
    last_disaster_month: pl.String = col("最近一次灾害事故月份", nullable=True)
    deaths: pl.Int32 = col("死亡人数", ge=0)
    petitions: pl.Int32 = col("生活困难类信访次数", ge=0)
    last_petition_month: pl.String = col("最近一次信访月份", nullable=True)
