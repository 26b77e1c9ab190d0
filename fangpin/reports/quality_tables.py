"""The tables of data quality: scores, indicators, what came for which place and month, what went back and why.

The page and the workbook 部门数据质量评分 show the same ones.
Does not belong here: how they look (quality.py, workbooks.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from fangpin import quality
from fangpin.month import parse
from fangpin.quality import INDICATORS
from fangpin.reports import tables
from fangpin.reports.edition import NO_CITY, ORGANISATION, Edition
from fangpin.reports.tables import Column, Table

SOURCE = Column("source", ("报送部门",), tables.TEXT, 25)
TITLE = Column("title", ("数据名称",), tables.TEXT, 24)
_UNKNOWN = {"state": tables.UNKNOWN, "text": tables.UNKNOWN, "number": None}
_WORDS = {
    quality.UNPLACED: "不详",
    quality.ZERO: "零报",
    quality.REFUSED: "退回",
    quality.MISSING: "未报",
}


def sheets(edition: Edition) -> list[tuple[str, Table]]:
    """(sheet name, table) of the workbook."""
    named = {
        "部门得分": scores(edition),
        "指标明细": indicators(edition),
        "各市报送": by_city(edition),
        "各县报送": by_county(edition),
        "各月报送": by_month(edition),
        "疑似盲区": blind_spots(edition),
        "退回和提示": reasons(edition),
        "各月得分": trend(edition),
    }
    return [(name, replace(table, title=ORGANISATION + table.title)) for name, table in named.items()]


def this_month(edition: Edition, table: str) -> pl.DataFrame:
    return edition.frame(table).filter(month=edition.month)


def scores(edition: Edition) -> Table:
    """Every department with its score, the worst first, and its indicators, each cell coloured by its grade."""
    shares = this_month(edition, "mart.feed_dimension").with_columns(
        cell=_graded(pl.col("share").map_elements(lambda v: f"{v:.2%}", return_dtype=pl.String))
    )
    given = this_month(edition, "mart.feed_score").with_columns(
        graded=_graded(pl.col("grade")),
        change=pl.when(pl.col("change").round(1) == 0).then(0.0).otherwise("change"),
    )
    rows = given.join(_wide(shares, ["source"], "indicator", indicator_columns()), on="source").sort("score", "source")
    note = (
        f"得分是各项指标取值按权重的平均，满分100；没有分母的指标（如没有收到一行）不计。等级：{grades_text(edition)}。"
    )
    columns = (
        SOURCE,
        Column("score", ("得分",), tables.DECIMAL, 8),
        Column("graded", ("等级",), tables.STATE, 7),
        Column("change", ("较上月",), tables.DECIMAL, 8),
        *indicator_columns(),
        Column("weakest", ("失分最多的指标",), tables.TEXT, 18),
    )
    return Table("部门数据质量得分", columns, rows, (note,), unit="分、%")


def _graded(text: pl.Expr) -> pl.Expr:
    """A cell with a text, coloured by the grade of its row."""
    return pl.struct(
        state=pl.col("grade").fill_null(tables.UNKNOWN),
        text=text.fill_null(tables.UNKNOWN),
        number=pl.lit(None, dtype=pl.Int64),
    )


def indicator_columns() -> tuple[Column, ...]:
    """A cell for every indicator under its dimension."""
    return tuple(Column(i.name, (i.dimension, i.title), tables.STATE, 10) for i in INDICATORS)


def grades_text(edition: Edition) -> str:
    """'优 99.0%以上，良 97.0%以上，中 ...，差 以下'."""
    limits = [(name, edition.policy(f"feed_quality.grade_{key}")) for name, key in _GRADES.items()]
    upper = "，".join(f"{name} {tables.shown(tables.SHARE, float(limit))}以上" for name, limit in limits)
    return f"{upper}，不到的为{quality.POOR}"


_GRADES = {quality.EXCELLENT: "excellent", quality.GOOD: "good", quality.FAIR: "fair"}


def indicators(edition: Edition) -> Table:
    """Every department and indicator with what it is counted of."""
    words = pl.DataFrame(
        [(i.name, n, i.counted, i.of) for n, i in enumerate(INDICATORS)],
        schema=["indicator", "place", "counted", "of"],
        orient="row",
    )
    rows = this_month(edition, "mart.feed_dimension").join(words, on="indicator").sort("source", "place")
    columns = (
        SOURCE,
        Column("dimension", ("维度",), tables.TEXT, 10),
        Column("title", ("指标",), tables.TEXT, 12),
        Column("counted", ("分子", "是什么"), tables.TEXT, 44),
        Column("numerator", ("分子", "数"), width=11),
        Column("of", ("分母", "是什么"), tables.TEXT, 26),
        Column("denominator", ("分母", "数"), width=11),
        Column("share", ("取值",), tables.SHARE, 9),
        Column("grade", ("等级",), tables.TEXT, 6),
        Column("change", ("较上月",), tables.SHARE, 9),
    )
    note = "维度是GB/T 36344-2018《信息技术 数据质量评价指标》的六类。只计级别为“错误”的问题；“警告”不扣分。"
    return Table("部门数据质量指标明细", columns, rows, (note,), unit="行、批次、文件")


def meanings(edition: Edition) -> Table:
    """What each indicator is counted of, and its weight."""
    rows = [
        {
            "dimension": i.dimension,
            "title": i.title,
            "counted": i.counted,
            "of": i.of,
            "weight": int(edition.policy(f"feed_quality.weight_{i.name}")),
        }
        for i in INDICATORS
    ]
    columns = (
        Column("dimension", ("维度",), tables.TEXT),
        Column("title", ("指标",), tables.TEXT),
        Column("counted", ("分子",), tables.LONG),
        Column("of", ("分母",), tables.LONG),
        Column("weight", ("权重",)),
    )
    return Table("指标、算法和权重", columns, pl.DataFrame(rows))


def by_city(edition: Edition) -> Table:
    """This month: feeds down, cities across, rows in the cells."""
    found = this_month(edition, "mart.feed_coverage").filter(pl.col("level") != "county").sort("place_code")
    places = found.filter(level="city").select("place_code", "place_name").unique(maintain_order=True)
    columns = [
        Column(code, ("省直辖" if name == NO_CITY else name.removesuffix("市"),), tables.STATE, 7.5)
        for code, name in places.iter_rows()
    ]
    if found.filter(level="none").height:
        columns.append(Column("", ("未能定位",), tables.STATE, 8))
    rows = _crossed(found, ["source", "title", "feed"], "place_code", columns)
    return Table(
        "各市报送情况",
        (SOURCE, TITLE, *columns),
        rows.sort("source", "feed"),
        (
            "数字是接收的行数；“迟”为迟报，“零报”是收到了文件而没有这个地区的行，“退回”是整份文件没有一行能接收，"
            "“未报”是没有收到，“不详”是多数行看不出属于哪个地区。",
            "行归到它所写的村所在的市；没有写村的，归到所写的户或人在本月名册中的市；两样都查不到的列在“未能定位”。",
        ),
        unit="行",
    )


def by_county(edition: Edition) -> Table:
    """This month: counties down, feeds across."""
    found = this_month(edition, "mart.feed_coverage").filter(level="county")
    feeds = found.select("source", "feed", "title").unique().sort("source", "feed")
    columns = [Column(feed, (source, title), tables.STATE, 8) for source, feed, title in feeds.iter_rows()]
    rows = _crossed(found, ["place_code", "place_name"], "feed", columns).sort("place_code")
    name = Column("place_name", ("县（市、区）",), tables.TEXT, 22)
    return Table("各县报送情况", (name, *columns), rows, ("数字和用语与“各市报送”相同。",), unit="行")


def by_month(edition: Edition) -> Table:
    """Feeds down, months across: for how many cities each came, and whether late."""
    found = edition.frame("mart.feed_coverage").filter(pl.col("level") != "county")
    city = pl.col("level") == "city"
    counted = found.group_by("month", "source", "title", "feed").agg(
        came=(city & (pl.col("state") != quality.MISSING)).sum(),
        due=city.sum(),
        late=pl.col("late").fill_null(False).any(),
        accepted=pl.col("accepted").sum(),
    )
    state = (
        pl.when(pl.col("came") < pl.col("due"))
        .then(pl.lit(quality.MISSING))
        .when("late")
        .then(pl.lit(quality.LATE))
        .when(pl.col("accepted") == 0)
        .then(pl.lit(quality.ZERO))
        .otherwise(pl.lit(quality.DELIVERED))
    )
    text = pl.format("{}/{}{}", "came", "due", pl.when("late").then(pl.lit(" 迟")).otherwise(pl.lit("")))
    cells = counted.with_columns(cell=pl.struct(state=state, text=text, number=pl.lit(None, dtype=pl.Int64)))
    columns = _months(edition.frame("mart.feed_coverage"), 9)
    rows = _wide(cells, ["source", "title", "feed"], "month", columns).sort("source", "feed")
    note = "格内是收到的市数／应报的市数；全省一份的数据收到即为全部。“迟”表示有迟报的。"
    return Table("各月报送情况", (SOURCE, TITLE, *columns), rows, (note,), unit="市")


def blind_spots(edition: Edition) -> Table:
    """Counties where a feed that came has no row, though it should by the households there."""
    rows = this_month(edition, "mart.feed_coverage").filter(pl.col("blind_spot") & (pl.col("level") == "county"))
    rows = rows.sort("expected_rows", "place_code", "feed", descending=[True, False, False])
    names = edition.with_short_names(edition.frame("ref.place").filter(level="county"))
    rows = rows.join(names.select("place_code", "short_name"), on="place_code", how="left", maintain_order="left")
    columns = (
        Column("short_name", ("县（市、区）",), tables.TEXT, 28),
        SOURCE,
        TITLE,
        Column("expected_rows", ("按户数推算的行数",), tables.DECIMAL, 12),
    )
    note = (
        "收到了文件而没有这个县的一行，但按它占全部农户的比重推算应有"
        f"{edition.policy('feed_quality.blind_spot_rows')}行以上。可能漏报，也可能属实：请报送部门核实。"
    )
    return Table("疑似盲区", columns, rows, (note,), unit="行")


def reasons(edition: Edition) -> Table:
    """Why rows went back or were noted, the most frequent first within each feed."""
    rows = edition.frame("mart.feed_reason").sort(
        "source", "feed", "level", "rows", "rule", descending=[False, False, True, True, False]
    )
    columns = (
        SOURCE,
        TITLE,
        Column("level", ("级别",), tables.TEXT, 7),
        Column("dimension", ("维度",), tables.TEXT, 10),
        Column("problem", ("问题",), tables.LONG, 44),
        Column("rows", ("行数",), width=9),
        Column("remedy", ("怎么办",), tables.LONG, 44),
    )
    note = "错误：该行退回，不入库。警告：该行照常入库，请核实。一行可以有几个问题。"
    return Table("退回和提示的原因", columns, rows, (note,), unit="行")


def trend(edition: Edition) -> Table:
    """Departments down, months across: the scores as they were given then."""
    found = edition.frame("mart.feed_score")
    cells = found.with_columns(
        cell=_graded(pl.col("score").map_elements(lambda v: tables.shown(tables.DECIMAL, v), return_dtype=pl.String))
    )
    columns = _months(found, 9)
    rows = _wide(cells, ["source"], "month", columns).sort("source")
    return Table("部门各月数据质量得分", (SOURCE, *columns), rows, unit="分")


def _months(frame: pl.DataFrame, width: float) -> list[Column]:
    """A column for every month the frame has, in order, under its year."""
    months = frame["month"].unique().sort().to_list()
    return [
        Column(month, (f"{year}年", f"{number}月"), tables.STATE, width)
        for month in months
        for year, number in [parse(month)]
    ]


def _crossed(found: pl.DataFrame, rows: list[str], across: str, columns: Sequence[Column]) -> pl.DataFrame:
    """Rows of mart.feed_coverage laid out: a cell for each of the columns."""
    came = pl.col("state").is_in([quality.DELIVERED, quality.LATE])
    text = pl.when(came).then(pl.format("{}{}", _late_mark(), _thousands("accepted"))).otherwise(_word())
    cells = found.with_columns(cell=pl.struct(state="state", text=text, number=pl.when(came).then(pl.col("accepted"))))
    return _wide(cells, rows, across, columns)


def _late_mark() -> pl.Expr:
    return pl.when(pl.col("state") == quality.LATE).then(pl.lit("迟")).otherwise(pl.lit(""))


def _thousands(name: str) -> pl.Expr:
    return pl.col(name).map_elements(lambda v: tables.shown(tables.COUNT, v), return_dtype=pl.String)


def _word() -> pl.Expr:
    return pl.col("state").replace_strict(_WORDS, default=None, return_dtype=pl.String)


def _wide(cells: pl.DataFrame, rows: list[str], across: str, columns: Sequence[Column]) -> pl.DataFrame:
    """One line for each of `rows`, one struct column for each of `columns`; where nothing is said, unknown."""
    said: dict[tuple[Any, ...], dict[str, Any]] = {}
    for *key, name, cell in cells.select(*rows, across, "cell").iter_rows():
        said.setdefault(tuple(key), {})[name] = cell
    lines = [
        dict(zip(rows, key, strict=True)) | {c.key: found.get(c.key, _UNKNOWN) for c in columns}
        for key, found in said.items()
    ]
    cell = pl.Struct({"state": pl.String, "text": pl.String, "number": pl.Int64})
    return pl.DataFrame(lines, schema=dict.fromkeys(rows, pl.String) | {c.key: cell for c in columns})
