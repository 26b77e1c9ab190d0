"""The tables of places: 监测对象汇总表.

Does not belong here: rankings (ranking_tables.py), the draw (sampling.py), how a sheet looks (workbooks.py),
pages (places.py, overview.py).
"""

from __future__ import annotations

import polars as pl

from fangpin.reports import tables
from fangpin.reports.edition import NO_CITY, ORGANISATION, Edition
from fangpin.reports.tables import Column, Table


def summary_sheets(edition: Edition) -> list[tuple[str, Table]]:
    """(sheet name, table) for province and cities, counties, townships, villages and places outside the province."""
    province = edition.level("province").with_columns(place_name=pl.lit("全省合计"), full_name=pl.lit(""))
    named = edition.with_short_names(edition.frame("ref.place"))
    upper = named.select(
        parent_code="place_code",
        upper_name=pl.when(pl.col("place_name") == NO_CITY).then(pl.lit("省直辖")).otherwise("short_name"),
    )
    sheets = []
    for name, level in (
        ("全省及各市", "city"),
        ("县（市、区）", "county"),
        ("乡镇", "township"),
        ("行政村", "village"),
    ):
        rows = pl.concat([province, edition.level(level)]).join(upper, on="parent_code", how="left")
        title = f"{ORGANISATION}对象汇总表（{name}）"
        sheets.append((name, Table(title, _place_columns(level), _numbered(rows, 1), emphasis=1)))
    townships = edition.level("township", in_province=False).join(upper, on="parent_code", how="left")
    villages = edition.level("village", in_province=False).with_columns(upper_name=pl.lit(""))
    outside = pl.concat([townships, villages.select(townships.columns)]).sort("place_code")
    note = "本表所列为省外地区，不计入全省合计、排名与抽样。有所在地的一行为乡镇合计，其下为所辖行政村。"
    sheets.append(
        (
            "其他地区",
            Table("防止返贫动态监测对象汇总表（其他地区）", _place_columns("village"), _numbered(outside, 0), (note,)),
        )
    )
    return sheets


def _place_columns(level: str) -> tuple[Column, ...]:
    head = [Column("number", ("序号",), tables.RANK, 5)]
    if level != "city":
        head.append(Column("upper_name", ("所在地",), tables.TEXT, 20 if level == "county" else 32))
    head.append(Column("place_name", ("地区",), tables.TEXT, 22))
    return (*head, *tables.PLACE_FIGURES)


def _numbered(rows: pl.DataFrame, totals: int) -> pl.DataFrame:
    """Number the rows from 1; the leading totals carry no number."""
    position = pl.int_range(pl.len(), dtype=pl.Int64) - totals + 1
    return rows.with_columns(number=pl.when(position > 0).then(position))
