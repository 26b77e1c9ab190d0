"""资产清单测算: what `mart.asset_exclusion` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "mart",
    key=("county_code", "item", "step"),
    audits=(
        Audit(
            "parts_within",
            "被排除的户不多于已授权的户，有其他证据的不多于被排除的",
            """select item from mart.asset_exclusion
            where households + unknown_amount > candidates - refused or monitored > households
              or with_evidence > households
              or greatest(below_line, with_gap, struck, safety_net) > with_evidence""",
        ),
        Audit(
            "higher_amount_fewer",
            "同一县同一项目，起点越高排除的户越少",
            """select high.item
            from mart.asset_exclusion as low
            join mart.asset_exclusion as high using (county_code, item)
            join ref.asset_step as lower
              on lower.county_code = low.county_code and lower.item = low.item and lower.step = low.step
            join ref.asset_step as upper
              on upper.county_code = high.county_code and upper.item = high.item and upper.step = high.step
            where coalesce(lower.smallest, 0) <= coalesce(upper.smallest, 0) and low.households < high.households""",
        ),
    ),
)
class AssetExclusion(pa.DataFrameModel):
    """One row per county, item of the asset list and amount: whom it would keep from being monitored."""

    county_code: pl.String = col("县代码")
    item: pl.String = col("资产项目", isin=["car", "business", "property", "payroll"])
    step: pl.Int32 = col("第几档", ge=0)
    candidates: pl.Int64 = col("在监测范围或监测中的户数", ge=0)
    refused: pl.Int64 = col("其中没有授权查询的户数", ge=0)
    households: pl.Int64 = col("因该项资产不予识别的户数", ge=0)
    monitored: pl.Int64 = col("其中监测中的户数", ge=0)
    below_line: pl.Int64 = col("其中收入低于监测线的户数", ge=0)
    with_gap: pl.Int64 = col("其中三保障或饮水有缺口的户数", ge=0)
    struck: pl.Int64 = col("其中刚性支出、收入骤减或灾害事故的户数", ge=0)
    safety_net: pl.Int64 = col("其中兜底户数", ge=0)
    with_evidence: pl.Int64 = col("其中有上述任一情况的户数", ge=0)
    unknown_amount: pl.Int64 = col("有该项资产而金额没有登记的户数", ge=0)
