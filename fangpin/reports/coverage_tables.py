"""The tables of 监测对象范围测算 (topic 四): who is covered by what label, and whom wider coverage would bring in.

The page and the workbook show the same ones. Does not belong here: how they look (questions.py, workbooks.py), who
belongs to a group (sql/mart/topic_coverage.sql).
"""

from __future__ import annotations

from typing import Any

from fangpin.reports import tables
from fangpin.reports.edition import Edition
from fangpin.reports.tables import Column, Table
from fangpin.reports.topic_figures import Figures
from fangpin.topics.coverage import NONE_OF_THREE, OPTIONS, OVERLAP, STRUCK, TOPIC

LABELS = {
    "households": ("该人群", "户"),
    "persons": ("该人群", "人"),
    "unlisted": ("未列入监测",),
    "unstable": ("监测中", "脱贫不稳定户"),
    "marginal": ("监测中", "边缘易致贫户"),
    "sudden": ("监测中", "突发严重困难户"),
    "other_class": ("监测中", "其他类别"),
    "eliminated": ("已标注消除",),
}
"""Indicator -> heading of its column in the matrix."""


def sheets(edition: Edition) -> list[tuple[str, Table]]:
    """(sheet name, table), the same on the page."""
    of = Figures(edition, TOPIC)
    return [
        ("人群与监测情况", matrix(of)),
        ("纳入后新增", options(of)),
        ("三类之间的重叠", combinations(of)),
        ("各市", by_place(of, "city")),
        ("各县", by_place(of, "county")),
    ]


def matrix(of: Figures) -> Table:
    """Groups down, labels across; beside them who is in range and not listed."""
    rows = [
        {"segment": segment}
        | {name: of.count(of.province, name, segment) for name in (*LABELS, "in_range", "in_range_unlisted")}
        | {"known": of.base(of.province, "in_range", segment)}
        for segment in of.listed("households")
    ]
    columns = (
        Column("segment", ("人群",), tables.TEXT, 22),
        *(Column(name, header, width=10) for name, header in LABELS.items()),
        Column("known", ("在监测范围", "能够判断"), width=10),
        Column("in_range", ("在监测范围", "户"), width=10),
        Column("in_range_unlisted", ("在监测范围", "其中未列入"), width=10),
    )
    notes = (f"{OVERLAP}。“全部农户”一行是不重复的合计。", "在监测范围的判断是线索，不是认定；不能判断的户不计。")
    return Table("人群与监测情况：全省", columns, tables.framed(rows, columns), notes, emphasis=1)


def options(of: Figures) -> Table:
    """A row for every group asked about: in range, already monitored, eliminated, new."""
    rows = [
        {
            "segment": segment,
            "in_range": of.base(of.province, indicator, ""),
            "monitored": of.count(of.province, "added_monitored", segment),
            "eliminated": of.count(of.province, "added_eliminated", segment),
            "households": of.count(of.province, indicator, ""),
            "persons": of.count(of.province, "added_persons", segment),
        }
        for segment, indicator in OPTIONS.items()
    ]
    columns = (
        Column("segment", ("考虑纳入的人群",), tables.TEXT, 22),
        Column("in_range", ("在监测范围（户）",), width=14),
        Column("monitored", ("已在监测中（户）",), width=14),
        Column("eliminated", ("已标注消除（户）",), width=14),
        Column("households", ("新增", "户"), width=12),
        Column("persons", ("新增", "人"), width=12),
    )
    notes = (f"{STRUCK}。三类合计的户数见“三类之间的重叠”。",)
    return Table("把一类人群纳入监测时新增的户和人：全省", columns, tables.framed(rows, columns), notes)


def combinations(of: Figures) -> Table:
    """Every unlisted household in range once, by the groups it is in."""
    indicator = "added_combination"
    rows: list[dict[str, Any]] = [
        {"segment": segment, "households": of.count(of.province, indicator, segment)}
        for segment in sorted(of.listed(indicator), key=lambda segment: segment == NONE_OF_THREE)
    ]
    whole = sum(row["households"] or 0 for row in rows)
    rows.insert(0, {"segment": "合计", "households": whole})
    for row in rows:
        row["share"] = row["households"] / whole if whole else None
    columns = (
        Column("segment", ("属于哪几类",), tables.TEXT, 44),
        Column("households", ("户",), width=12),
        Column("share", ("占合计",), tables.SHARE, 12),
    )
    notes = (f"每户只计一次。“{NONE_OF_THREE}”的是一般农户，按现行类别就应识别，不因扩大范围而增加。",)
    title = "在监测范围而未列入监测的户，按属于哪几类：全省"
    return Table(title, columns, tables.framed(rows, columns), notes, emphasis=1, unit="户")


def by_place(of: Figures, level: str) -> Table:
    """New households and persons of each option, and of all three together without counting twice."""
    rows = []
    for place in of.edition.listed(level).to_dicts():
        code = place["place_code"]
        row: dict[str, Any] = dict(place)
        for segment, indicator in OPTIONS.items():
            row[indicator] = of.count(code, indicator, "")
            row[f"{indicator}_persons"] = of.count(code, "added_persons", segment)
        together = [s for s in of.listed("added_combination") if s != NONE_OF_THREE]
        row["together"] = sum(of.count(code, "added_combination", segment) or 0 for segment in together)
        row["present"] = of.count(code, "added_combination", NONE_OF_THREE)
        rows.append(row)
    word = "市" if level == "city" else "县（市、区）"
    columns = (
        Column("name", (word,), tables.TEXT, 22, link="page"),
        *(
            column
            for segment, indicator in OPTIONS.items()
            for column in (
                Column(indicator, (segment, "新增户"), width=11),
                Column(f"{indicator}_persons", (segment, "新增人"), width=11),
            )
        ),
        Column("together", ("三类都纳入（不重复）",), width=12),
        Column("present", ("按现行类别应纳未纳",), width=12),
    )
    notes = (f"{STRUCK}；“三类都纳入”每户只计一次。新增是线索，须入户核实。",)
    return Table(f"扩大监测范围新增的户和人，按{word}", columns, tables.framed(rows, columns), notes, emphasis=1)
