"""上月行政村去向: what `ref.succession` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table
from fangpin.succession import KINDS

AUDITS = (
    Audit(
        "one_destination",
        "有去向的原行政村恰有一个本月的行政村，没有的恰有一个计入的地区",
        "select previous_village_code from ref.succession where (village_code is null) = (remainder_code is null)",
    ),
    Audit(
        "every_lost_code",
        "上月有而本月没有的行政村代码都有一行；去向是本月的行政村",
        """select village_code from prev.ref.division
        where village_code not in (select village_code from ref.division)
          and village_code not in (select previous_village_code from ref.succession)
        union all
        select village_code from ref.succession
        where village_code not in (select village_code from ref.division)""",
    ),
    Audit(
        "village_without_successor",
        "原行政村在本月区划中去向不唯一或已撤销；请民政部门核实现属哪个村，各部门按新代码和新名称报送",
        "select previous_village_code from ref.succession where village_code is null",
        blocking=False,
    ),
)


@table("ref", key=("previous_village_code",), audits=AUDITS)
class Succession(pa.DataFrameModel):
    """One row per village of last month's divisions that is under another code now, or nowhere for certain."""

    previous_village_code: pl.String = col("原行政村代码（上月区划）")
    previous_name: pl.String = col("原行政村（县、乡、村名称）")
    kind: pl.String = col("变更", isin=sorted(set(KINDS) - {"new"}))
    village_code: pl.String = col("现行政村代码，空为没有可证明的去向", nullable=True)
    remainder_code: pl.String = col("没有可证明的去向的，计入的地区代码（上级代码补零到12位）", nullable=True)
    township_code: pl.String = col("现属乡镇代码，空为乡镇已没有", nullable=True)
    county_code: pl.String = col("现属县代码，空为县已没有", nullable=True)
    city_code: pl.String = col("现属市代码，空为市已没有", nullable=True)
    province_code: pl.String = col("省代码")
