"""The page 数据质量: how good the departments' deliveries were, what came for which place, what went back and why.

Does not belong here: the tables (quality_tables.py), the gate (evidence.py).
"""

from __future__ import annotations

import polars as pl

from fangpin import quality
from fangpin.reports import charts, tables
from fangpin.reports import quality_tables as shown
from fangpin.reports.edition import Edition
from fangpin.reports.page import INDEX, Figure, Link, LinkGroup, Page, Section
from fangpin.reports.tables import Column, Table
from fangpin.reports.workbooks import QUALITY


def page(edition: Edition) -> Page:
    """Scores, coverage, feeds, reasons, files."""
    feeds = _feeds(edition)
    sums = {c: feeds[c].sum() for c in ("rows_in_file", "accepted", "quarantined", "replaced")}
    replaced = f"，被补正替代{sums['replaced']:,}行" if sums["replaced"] else ""
    lead = (
        f"本月收到{feeds['files'].sum():,}个文件，共{sums['rows_in_file']:,}行；接收{sums['accepted']:,}行，"
        f"退回{sums['quarantined']:,}行{replaced}。"
        "每个文件都满足：文件总行数＝表头、空行、合计行＋接收行数＋退回行数＋被补正替代行数。"
    )
    return Page(
        path="quality.html",
        title=f"{edition.month_title}数据质量",
        trail=(INDEX,),
        lead=(lead,),
        sections=(
            Section("figures", "主要数字", figures=_figures(edition)),
            _scores(edition),
            *_coverage(edition),
            Section(
                "feeds", "各类数据", (MATCH_TEXT,), tables=(Table("各类数据接收、退回与匹配", tables.FEEDS, feeds),)
            ),
            Section("reasons", "退回和提示的原因", tables=(shown.reasons(edition),)),
            Section(
                "batches",
                "数据批次",
                text=("文件以内容的 SHA-256 值识别。",),
                tables=(Table("本版所依据的文件", FILES, _files(edition, feeds)),),
            ),
            Section("downloads", "下载", groups=(LinkGroup("工作簿", (Link(QUALITY, f"../workbooks/{QUALITY}"),)),)),
        ),
    )


MATCH_TEXT = (
    "匹配率＝匹配行数÷接收行数：接收的行中，所写的人或户在农户、人员名册（含以前月份的）里找得到的占多大比例。"
    "找不到的行（如已迁出、证件号码有误、非农户籍）保留在库，但不计入任何农户。"
)
FILES = (
    Column("title", ("数据名称",), tables.TEXT),
    Column("source", ("报送部门",), tables.TEXT),
    Column("sha256", ("文件 SHA-256",), tables.CODE),
)


def _feeds(edition: Edition) -> pl.DataFrame:
    """mart.feed_quality with the rows that are no records, and the share accepted."""
    judged = pl.col("accepted") + pl.col("quarantined")
    return (
        edition.frame("mart.feed_quality")
        .with_columns(
            outside_rows=pl.sum_horizontal("header_rows", "blank_rows", "total_rows"),
            accepted_share=pl.when(judged > 0).then(pl.col("accepted") / judged),
        )
        .sort("source", "feed")
    )


def _files(edition: Edition, feeds: pl.DataFrame) -> pl.DataFrame:
    hashes = [(file.feed, file.sha256) for file in edition.files]
    known = pl.DataFrame(hashes, schema={"feed": pl.String, "sha256": pl.String}, orient="row")
    return feeds.select("feed", "title", "source").join(known, on="feed")


def _figures(edition: Edition) -> tuple[Figure, ...]:
    """Departments by grade, batches due, come and late, counties without rows."""
    graded = shown.this_month(edition, "mart.feed_score")
    counts = {grade: graded.filter(grade=grade).height for grade in quality.GRADES}
    found = shown.this_month(edition, "mart.feed_dimension")
    totals = {
        name: (int(rows["numerator"].sum()), int(rows["denominator"].sum()))
        for (name,), rows in found.group_by("indicator")
    }
    came, due = totals["delivered"]
    on_time, _ = totals["on_time"]
    readable, files = totals["readable"]
    spots = shown.blind_spots(edition).rows.height
    return (
        Figure("部门", f"{graded.height}", "，".join(f"{grade}{n}个" for grade, n in counts.items() if n)),
        Figure("应报批次", f"{due:,}", f"已报{came:,}，未报{due - came:,}"),
        Figure("按期报送批次", f"{on_time:,}", f"迟报{came - on_time:,}；收到文件{files:,}个，一次可读{readable:,}个"),
        Figure("疑似盲区（县×数据）", f"{spots:,}", "收到了文件而没有该县的一行"),
    )


def _scores(edition: Edition) -> Section:
    scored = shown.scores(edition)
    return Section(
        "scores",
        "部门得分",
        charts=(
            charts.grid("chart-scores", "各部门各项指标的取值和等级", scored.rows, "source", shown.indicator_columns()),
        ),
        tables=(scored, shown.meanings(edition), shown.trend(edition)),
    )


def _coverage(edition: Edition) -> tuple[Section, ...]:
    """What came: feeds by city, feeds by month, and the counties that stay dark."""
    cities, months = shown.by_city(edition), shown.by_month(edition)
    cells = [column for column in cities.columns if column.kind == tables.STATE]
    return (
        Section(
            "coverage",
            "报送覆盖",
            charts=(charts.grid("chart-coverage", "各类数据在各市的接收行数和报送情况", cities.rows, "title", cells),),
            tables=(cities, months),
        ),
        Section("blind-spots", "疑似盲区", tables=(shown.blind_spots(edition),)),
    )
