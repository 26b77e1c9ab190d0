"""The tables of 风险消除口径比较 (topic 七): the ratio with and without those helped by the safety net alone.

The page and the workbook show the same ones. Does not belong here: how they look (questions.py, workbooks.py), what is
counted (sql/mart/topic_elimination.sql).
"""

from __future__ import annotations

from typing import Any

from fangpin.reports import tables
from fangpin.reports.edition import Edition
from fangpin.reports.tables import Column, Table
from fangpin.reports.topic_figures import Figures
from fangpin.topics.elimination import READINGS, SAFETY_NET_ONLY, TOPIC

WORDS = {"households": "户", "persons": "人"}


def sheets(edition: Edition) -> list[tuple[str, Table]]:
    """(sheet name, table), the same on the page."""
    of = Figures(edition, TOPIC)
    return [("消除依据", endings(of)), ("各市", by_place(of, "city")), ("各县", by_place(of, "county"))]


def endings(of: Figures) -> Table:
    """By what those eliminated were helped out, in the province."""
    rows = [
        {
            "segment": segment,
            "households": of.count(of.province, "ending", segment),
            "share": _ratio(of.count(of.province, "ending", segment), of.base(of.province, "ending", segment)),
        }
        for segment in of.listed("ending")
    ]
    columns = (
        Column("segment", ("消除依据",), tables.TEXT, 30),
        Column("households", ("已消除（户）",), width=14),
        Column("share", ("占已消除户",), tables.SHARE, 14),
    )
    note = f"“{SAFETY_NET_ONLY}”是已实施的措施全部为综合保障（低保、特困供养等）的户，即兜底户。"
    return Table("已消除户的消除依据：全省", columns, tables.framed(rows, columns), (note,), unit="户")


def by_place(of: Figures, level: str) -> Table:
    """Both ratios side by side, of households and of persons, and what the reading changes."""
    rows = []
    for place in of.edition.listed(level).to_dicts():
        code = place["place_code"]
        row: dict[str, Any] = dict(place)
        row["safety_net"] = of.count(code, "ending", SAFETY_NET_ONLY)
        for unit, (wide, strict) in READINGS.items():
            base = of.base(code, wide)
            row[unit] = base
            row[f"{unit}_wide"] = _ratio(of.count(code, wide), base)
            row[f"{unit}_strict"] = _ratio(of.count(code, strict), base)
            row[f"{unit}_points"] = _points(of.count(code, wide), of.count(code, strict), base)
        rows.append(row)
    word = "市" if level == "city" else "县（市、区）"
    columns = (
        Column("name", (word,), tables.TEXT, 22, link="page"),
        Column("safety_net", ("兜底消除（户）",), width=10),
        *(
            column
            for unit, title in WORDS.items()
            for column in (
                Column(unit, (f"按{title}", "监测对象"), width=11),
                Column(f"{unit}_wide", (f"按{title}", "消除率：兜底计入"), tables.SHARE, 11),
                Column(f"{unit}_strict", (f"按{title}", "消除率：兜底不计"), tables.SHARE, 11),
                Column(f"{unit}_points", (f"按{title}", "相差（百分点）"), tables.DECIMAL, 10),
            )
        ),
    )
    notes = (
        f"“兜底不计”：{SAFETY_NET_ONLY}的户不算消除，仍按监测中计入分母。自然消除两种口径都计。",
        "“兜底消除”以全部已消除户为范围；监测对象为零的地方没有消除率。",
    )
    return Table(f"两种口径的风险消除率，按{word}", columns, tables.framed(rows, columns), notes, emphasis=1)


def _ratio(value: int | None, base: int | None) -> float | None:
    return None if value is None or not base else value / base


def _points(wide: int | None, strict: int | None, base: int | None) -> float | None:
    return None if wide is None or strict is None or not base else 100 * (wide - strict) / base
