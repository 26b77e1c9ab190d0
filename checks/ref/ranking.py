"""排名参数: what `ref.ranking` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("stream_seed",))
class Ranking(pa.DataFrameModel):
    """One row: every parameter of policy/ranking.yaml as a column, in force this month."""

    ranked_classes: pl.String = col("排名的监测对象类别（顿号分隔）")
    whole_register: pl.Boolean = col("排名是否用全部在册监测对象（否为只用近期识别的）")
    cohort_months: pl.Int32 = col("只用近期识别的监测对象排名时：识别不早于几个月前（含本月）", ge=1, unit="months")
    top_counties: pl.Int32 = col("排名靠前的县数", ge=1, unit="counties")
    top_townships: pl.Int32 = col("排名靠前的乡镇数", ge=1, unit="count")
    top_villages: pl.Int32 = col("排名靠前的村数", ge=1, unit="villages")
    draws: pl.Int32 = col("排名靠前概率的抽取次数", ge=1, unit="number")
    stream_seed: pl.String = col("排名靠前概率的随机数种子", unit="text")
    posterior_level: pl.Float64 = col("收缩估计区间的可信度", gt=0, lt=1, unit="probability")
    winsorised_share: pl.Float64 = col("漏斗图离散系数：两端各缩尾的比例", ge=0, lt=0.5, unit="share")
    outer_z: pl.Float64 = col("漏斗图99.8%界限的正态分位数", gt=0, unit="number")
    hazard_min_households: pl.Int32 = col("同类别、同监测时长、同原因单独计算消除率的最少户数", ge=1, unit="households")
    reasons_in_full: pl.Int32 = col("写明完整理由的名次数", ge=0, unit="number")
