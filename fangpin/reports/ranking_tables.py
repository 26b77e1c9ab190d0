"""The columns of the rankings, by family of criteria: a page and a sheet show the same in the same words.

Does not belong here: the pages (rankings.py), how a sheet looks (workbooks.py).
"""

from __future__ import annotations

import polars as pl

from fangpin.ranks.criteria import CRITERIA, LEVELS
from fangpin.reports import tables
from fangpin.reports.edition import ORGANISATION, Edition
from fangpin.reports.tables import Column, Table

COUNTS = (
    Column("households", ("农户数",), width=9),
    Column("monitored_households", ("监测对象", "户"), width=8),
    Column("monitored_persons", ("监测对象", "人"), width=8),
    Column("per_thousand", ("监测对象", "每千农户"), tables.DECIMAL, 9),
    Column("active_households", ("未消除", "户"), width=8),
    Column("active_persons", ("未消除", "人"), width=8),
    Column("eliminated_households", ("已消除", "户"), width=8),
    Column("eliminated_persons", ("已消除", "人"), width=8),
)
SURE = (
    Column("p_top", ("名次把握", "进入前列概率"), tables.SHARE, 9),
    Column("expected_rank", ("名次把握", "期望名次"), tables.DECIMAL, 8),
    Column("rank_range", ("名次把握", "95%范围"), tables.TEXT, 10),
    Column("outlier", ("明显偏高",), tables.FLAG, 7),
    Column("small_sample", ("小样本",), tables.FLAG, 7),
)
LEADS = (
    Column("anomalies", ("线索", "异常"), width=7),
    Column("alerts", ("线索", "新预警"), width=7),
    Column("blind_feeds", ("线索", "疑似漏报数据"), width=8),
)
KINDS = Column("anomaly_kinds", ("线索", "异常种类"), tables.LONG, 36)
VISIT = Column("visited", ("上次调研",), tables.TEXT, 11)
TESTED = (
    Column("funnel_z", ("离群检验", "漏斗z值"), tables.FINE, 9),
    Column("q_value", ("离群检验", "校正显著性"), tables.PROBABILITY, 9),
)
REASON = Column("reason", ("上榜理由",), tables.LONG, 72)
FAMILIES = {"count": "按数量", "ratio": "按消除率", "oe": "按消除快慢"}
"""Families of criteria: sheets of the workbook."""


def family(criterion: str) -> str:
    return criterion.partition("_")[0]


def ranked(edition: Edition, level: str, criterion: str) -> pl.DataFrame:
    """The level's places in order, each with the page behind it; who has no monitored household has no rank to show."""
    return (
        edition.ranking(level, criterion)
        .sort("rank", "place_code", nulls_last=True)
        .with_columns(
            page=place_page(level),
            rank=pl.when(pl.col("monitored_households") > 0).then("rank"),
            interval=pl.struct(low="wilson_low", high="wilson_high", ratio="ratio", shrunken="eb_mean"),
            eb_range=_range("eb_low", "eb_high", share=criterion != "oe_persons"),
            oe_range=_range("oe_low", "oe_high", share=False),
            visited=pl.col("last_visit").dt.to_string("%Y-%m-%d"),
            rank_range=pl.when(pl.col("rank_low") < pl.col("rank_high")).then(
                pl.format("{}–{}", "rank_low", "rank_high")
            ),
        )
    )


def place_page(level: str) -> pl.Expr:
    """Where a place is told of: counties have a page, townships and villages a row on the page of their county."""
    page = pl.format("county/{}.html", "county_code")
    return page if level == "county" else pl.format("{}#{}-{}", page, pl.lit(level), "place_code")


def _range(low: str, high: str, *, share: bool) -> pl.Expr:
    if share:
        return pl.format("{}%–{}%", _digits(100 * pl.col(low), 1), _digits(100 * pl.col(high), 1))
    return pl.format("{}–{}", _digits(pl.col(low), 2), _digits(pl.col(high), 2))


def _digits(value: pl.Expr, digits: int) -> pl.Expr:
    return value.round(digits).cast(pl.Decimal(20, digits)).cast(pl.String)


def columns_of(edition: Edition, level: str, criterion: str) -> tuple[Column, ...]:
    """The columns of a page."""
    before = [Column("rank_before", ("名次", "上月"), tables.RANK, 6)]
    if edition.last_year is not None:
        before.append(Column("rank_last_year", ("名次", "上年同月"), tables.RANK, 8))
    head = (
        Column("rank", ("名次", "本月"), tables.RANK, 6),
        *before,
        Column("short_name", ("地区",), tables.TEXT, 20, link="page"),
    )
    return (*head, *_figures(level, criterion, drawn=True))


def _figures(level: str, criterion: str, *, drawn: bool) -> tuple[Column, ...]:
    """drawn: on a page, where an interval is drawn or stands small below its value; else it has columns of its own."""
    leads = (*LEADS, VISIT) if drawn else (*LEADS, KINDS, VISIT)
    if family(criterion) == "count":
        return (*COUNTS, Column("small_sample", ("小样本",), tables.FLAG, 7), *leads)
    unit, key = ("人", "persons") if criterion.endswith("persons") else ("户", "households")
    monitored = Column(f"monitored_{key}", ("监测对象", unit), width=8)
    certain = [c for c in SURE if c.key != "rank_range" or level != "village"]
    sure = (*certain, *leads) if drawn else (*certain, *TESTED, *leads)
    if family(criterion) == "oe":
        return (
            monitored,
            Column("observed", ("消除人数", "实际"), width=8),
            Column("expected", ("消除人数", "应有"), tables.DECIMAL, 8),
            *_with_range("oe_ratio", "oe_range", ("为应有的倍数", "倍数"), "95%区间", tables.FINE, drawn=drawn),
            *_with_range("eb_mean", "eb_range", ("为应有的倍数", "收缩估计"), "收缩区间", tables.FINE, drawn=drawn),
            *sure,
        )
    limits = (
        (Column("interval", ("风险消除率", "95%区间"), tables.INTERVAL),)
        if drawn
        else (
            Column("wilson_low", ("风险消除率", "95%下限"), tables.SHARE, 9),
            Column("wilson_high", ("风险消除率", "95%上限"), tables.SHARE, 9),
        )
    )
    return (
        monitored,
        Column(f"eliminated_{key}", ("已消除", unit), width=8),
        Column("ratio", ("风险消除率", f"按{unit}"), tables.SHARE, 8),
        *limits,
        *_with_range("eb_mean", "eb_range", ("风险消除率", "收缩估计"), "收缩区间", tables.SHARE, drawn=drawn),
        *sure,
    )


def _with_range(
    key: str, limits: str, header: tuple[str, str], words: str, kind: str, *, drawn: bool
) -> tuple[Column, ...]:
    """A value with its interval: below it on a page, beside it on a sheet."""
    if drawn:
        return (Column(key, header, kind, below=limits),)
    return (Column(key, header, kind, 9), Column(limits, (header[0], words), tables.TEXT, 15))


def comparison(edition: Edition) -> str:
    """What the order is compared with."""
    if edition.last_year is None:
        return "没有上年同月的已发布版本，不列上年同月名次。"
    return f"上年同月名次取自已发布的{edition.last_year}。"


def sheets(edition: Edition) -> list[tuple[str, Table]]:
    """A sheet per level and family: in the order of its first criterion, with the rank by its second beside it."""
    found = []
    for level, title in LEVELS.items():
        for key, words in FAMILIES.items():
            first, *others = [c for c in CRITERIA if family(c) == key]
            frame = ranked(edition, level, first)
            for other in others:
                frame = frame.join(
                    edition.ranking(level, other).select("place_code", rank_other="rank"),
                    on="place_code",
                    how="left",
                    maintain_order="left",
                )
            beside = [Column("rank_other", ("名次", "按人"), tables.RANK, 6) for _ in others]
            columns = (
                Column("rank", ("名次", "按户" if others else "本月"), tables.RANK, 6),
                *beside,
                *columns_of(edition, level, first)[1 : 2 + (edition.last_year is not None)],
                Column("short_name", ("地区",), tables.TEXT, 20 if level == "county" else 34),
                *_figures(level, first, drawn=False),
                REASON,
            )
            sheet_title = f"{ORGANISATION}{title}排名（{words}）"
            found.append((f"{title}{words}", Table(sheet_title, columns, frame, (comparison(edition),))))
    return found


def village_ranks(edition: Edition) -> pl.DataFrame:
    """What the page of a county shows of its villages' ranks: a row a village."""
    by_ratio = edition.ranking("village", "ratio_households").select(
        "place_code",
        "small_sample",
        "wilson_low",
        "wilson_high",
        eb_ratio="eb_mean",
        rank_ratio="rank",
    )
    parts = {"rank_count": "count_households", "rank_oe": "oe_persons"}
    for name, criterion in parts.items():
        other = edition.ranking("village", criterion).select(
            "place_code", pl.when(pl.col("monitored_households") > 0).then("rank").alias(name)
        )
        by_ratio = by_ratio.join(other, on="place_code", how="left")
    return by_ratio
