"""资产比对: what `core.asset_holding` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id",),
    audits=(
        Audit(
            "consented",
            "未授权查询家庭资产的农户一律不在表中",
            """select household_id from core.asset_holding
            where household_id not in (select household_id from core.household where asset_consent)""",
        ),
        Audit(
            "holds_something",
            "每行至少有一项资产，最早月份与分项相符",
            """select household_id from core.asset_holding
            where cars + properties + businesses + payroll_members = 0
              or earliest_asset_month
                <> least(first_car_month, first_property_month, first_business_month, first_payroll_month)""",
        ),
    ),
)
class AssetHolding(pa.DataFrameModel):
    """One row per consenting household with a registered asset or a member on the public payroll."""

    household_id: pl.Int32 = col("农户内部编号")
    cars: pl.Int32 = col("小型轿车客车数", ge=0)
    first_car_month: pl.String = col("最早登记月份（轿车客车）", nullable=True)
    car_price_fen: pl.Int64 = col("最贵一辆的购置价格（轿车客车，未登记为空）", nullable=True, unit="fen", ge=0)
    properties: pl.Int32 = col("城镇商品房数", ge=0)
    first_property_month: pl.String = col("最早登记月份（商品房）", nullable=True)
    businesses: pl.Int32 = col("市场主体数（不含农民专业合作社）", ge=0)
    first_business_month: pl.String = col("最早成立月份（市场主体）", nullable=True)
    business_capital_fen: pl.Int64 = col("最大一个的注册资本（市场主体，未登记为空）", nullable=True, unit="fen", ge=0)
    payroll_members: pl.Int32 = col("财政供养人数", ge=0)
    first_payroll_month: pl.String = col("最早起薪月份", nullable=True)
    earliest_asset_month: pl.String = col("最早一项资产月份")
