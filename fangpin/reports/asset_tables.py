"""The tables of 家庭资产清单测算 (topic 六): whom an item of the list would exclude, and what speaks for them.

The page and the workbook show the same ones. Does not belong here: how they look (questions.py, workbooks.py), who is
excluded (sql/mart/asset_exclusion.sql).
"""

from __future__ import annotations

from typing import Any

import polars as pl

from fangpin.asset_list import EVIDENCE, ITEMS
from fangpin.reports import tables
from fangpin.reports.edition import Edition
from fangpin.reports.tables import Column, Table
from fangpin.reports.topic_figures import Figures
from fangpin.topics.procedure import TOPIC

COUNTED = ("households", "monitored", *EVIDENCE, "unknown_amount")
CANDIDATES = "对象为在监测范围或监测中的农户"
MATCHED = "只比对已授权查询家庭资产的农户，未授权的不比对，另计户数"
DOUBT = "有其他困难情况的户，仅凭资产排除可能有误，须入户核实"


def sheets(edition: Edition) -> list[tuple[str, Table]]:
    """(sheet name, table), the same on the page."""
    return [
        ("授权情况", consent(Figures(edition, TOPIC))),
        ("逐项排除", excluded(edition)),
        ("各县", by_county(edition)),
    ]


def consent(of: Figures) -> Table:
    """Households by state: authorised the query of their assets, or not."""
    rows: list[dict[str, Any]] = [
        {
            "segment": segment,
            "households": of.base(of.province, "consented", segment),
            "consented": of.count(of.province, "consented", segment),
            "refused": of.count(of.province, "refused", segment),
        }
        for segment in of.listed("consented")
    ]
    for row in rows:
        row["share"] = row["consented"] / row["households"] if row["households"] else None
    columns = (
        Column("segment", ("监测状态",), tables.TEXT, 20),
        Column("households", ("农户",), width=14),
        Column("consented", ("已授权",), width=14),
        Column("refused", ("未授权",), width=14),
        Column("share", ("授权比例",), tables.SHARE, 14),
    )
    return Table("授权查询家庭资产的农户：全省", columns, tables.framed(rows, columns), (f"{MATCHED}。",), unit="户")


def excluded(edition: Edition) -> Table:
    """Items and the amounts from which they count, with the other evidence of whom each excludes."""
    found = (
        _own(edition)
        .group_by("item", "segment", "listed")
        .agg(pl.col("step").min(), pl.col("candidates", "refused", *COUNTED).sum())
    )
    order = {item.name: number for number, item in enumerate(ITEMS)}
    titles = {item.name: item.title for item in ITEMS}
    rows: list[dict[str, Any]] = sorted(
        found.to_dicts(), key=lambda row: (order[row["item"]], row["step"], row["segment"])
    )
    before = None
    for row in rows:
        row["title"], before = ("" if row["item"] == before else titles[row["item"]]), row["item"]
    columns = (
        Column("title", ("资产项目",), tables.TEXT, 20),
        Column("segment", ("从多少起",), tables.TEXT, 24),
        Column("households", ("排除", "户"), width=9),
        Column("monitored", ("排除", "其中监测中"), width=10),
        *(Column(key, ("被排除的户中", word), width=12) for key, word in EVIDENCE.items()),
        Column("unknown_amount", ("金额未登记（户）",), width=10),
    )
    notes = [f"{CANDIDATES}；{MATCHED}。", f"{DOUBT}。各种情况有重叠。"]
    if not any(row["listed"] and row["item"] == item.name for item in ITEMS if item.money for row in rows):
        notes.append("小型汽车、市场主体的金额没有文件规定，按档试算；不动产、财政供养人员的数值是示例，不是规定。")
    if rows:
        one = next(row for row in rows if row["step"] == 0)
        notes.insert(0, f"在监测范围或监测中共{one['candidates']:,}户，其中未授权{one['refused']:,}户。")
    return Table("资产清单各项排除的户：全省", columns, tables.framed(rows, columns), tuple(notes), unit="户")


def by_county(edition: Edition) -> Table:
    """Of each county the refusals, and whom each item excludes: from the amount listed, else whatever the amount."""
    found = _own(edition)
    chosen = found.filter(
        pl.col("step") == pl.col("step").filter("listed").max().fill_null(0).over("county_code", "item")
    )
    rows = []
    for place in edition.listed("county").to_dicts():
        mine = found if place["level"] == "province" else found.filter(county_code=place["place_code"])
        of = chosen if place["level"] == "province" else chosen.filter(county_code=place["place_code"])
        first = mine.filter(item=ITEMS[0].name, step=0)
        row: dict[str, Any] = dict(place) | {key: first[key].sum() for key in ("candidates", "refused")}
        for item in ITEMS:
            part = of.filter(item=item.name)
            row |= {f"{item.name}_{key}": part[key].sum() for key in ("households", "with_evidence")}
        rows.append(row)
    columns = (
        Column("name", ("县（市、区）",), tables.TEXT, 22, link="page"),
        Column("candidates", ("在范围或监测中",), width=10),
        Column("refused", ("未授权",), width=9),
        *(
            Column(f"{item.name}_{key}", (item.title, word), width=10)
            for item in ITEMS
            for key, word in (("households", "排除"), ("with_evidence", "其中有困难"))
        ),
    )
    notes = (
        "各项按清单的数值；清单没有数值的，有该项资产即计。同一户可能因几项被排除，各项不能相加。",
        f"{DOUBT}。",
    )
    return Table(
        "资产清单各项排除的户，按县（市、区）", columns, tables.framed(rows, columns), notes, emphasis=1, unit="户"
    )


def _own(edition: Edition) -> pl.DataFrame:
    """mart.asset_exclusion of the province's own counties with the words of its steps."""
    own = edition.level("county")["place_code"].implode()
    step = edition.frame("ref.asset_step").select("county_code", "item", "step", "segment", "listed")
    rows = edition.frame("mart.asset_exclusion").filter(pl.col("county_code").is_in(own))
    return rows.join(step, on=["county_code", "item", "step"], how="left")
