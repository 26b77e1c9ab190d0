"""A page for every county of the province and for every township outside it.

Does not belong here: the province as a whole (overview.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from fangpin.reports import charts, tables
from fangpin.reports.edition import Edition
from fangpin.reports.overview import (
    ELSEWHERE_TEXT,
    causes,
    class_table,
    key_figures,
    previous,
    summary_text,
)
from fangpin.reports.page import INDEX, Figure, Link, Page, Section, county_href
from fangpin.reports.ranking_tables import village_ranks
from fangpin.reports.tables import Column, Table

LEADS_SHOWN = 30
"""Household leads on a county's page, the strongest first."""

ALERTS = (
    Column("title", ("预警类型",), tables.TEXT),
    Column("alerts", ("预警（条）", "合计")),
    Column("new_alerts", ("预警（条）", "本月新增")),
    Column("active", ("按农户登记状态（条）", "监测中")),
    Column("eliminated", ("按农户登记状态（条）", "已标注消除")),
    Column("unlisted", ("按农户登记状态（条）", "未列入监测")),
)
HIGHEST = (
    Column("household_id", ("农户内部编号",), tables.CODE),
    Column("township_name", ("乡镇",), tables.TEXT),
    Column("village_name", ("行政村",), tables.TEXT),
    Column("range", ("风险分（区间）",), tables.TEXT),
    Column("hard_trigger", ("必核查",), tables.FLAG),
    Column("state", ("登记状态",), tables.TEXT),
    Column("reasons", ("主要理由",), tables.LONG),
)
LEADS = (
    Column("household_id", ("农户内部编号",), tables.CODE),
    Column("village_name", ("行政村",), tables.TEXT),
    Column("title", ("异常",), tables.TEXT),
    Column("severity", ("程度",)),
    Column("evidence", ("依据",), tables.LONG),
    Column("counter_evidence", ("反证",), tables.LONG),
    Column("clause", ("条款",), tables.LONG),
    Column("field_words", ("实地核查",), tables.TEXT),
)
VILLAGE_LEADS = (
    Column("village_name", ("行政村",), tables.TEXT),
    Column("title", ("异常",), tables.TEXT),
    Column("observed", ("户数", "实际")),
    Column("expected", ("户数", "按同县水平应有"), tables.DECIMAL),
    Column("evidence", ("依据",), tables.LONG),
    Column("counter_evidence", ("反证",), tables.LONG),
    Column("clause", ("条款",), tables.LONG),
)


def place_pages(edition: Edition) -> Iterator[Page]:
    counties = edition.level("county").to_dicts()
    cities = {row["place_code"]: row["place_name"] for row in edition.level("city").iter_rows(named=True)}
    parts = _Parts(edition)
    for number, county in enumerate(counties):
        city = Link(cities[county["parent_code"]], f"index.html#city-{county['parent_code']}")
        around = (
            *(_link("上一个县", row) for row in counties[max(number - 1, 0) : number]),
            *(_link("下一个县", row) for row in counties[number + 1 : number + 2]),
        )
        trail = (INDEX, city)
        yield _page(edition, parts, county, "county", trail, around)
    for township in edition.level("township", in_province=False).iter_rows(named=True):
        trail = (INDEX, Link("其他地区", "index.html#elsewhere"))
        yield _page(edition, parts, township, "township", trail, ())


def _link(step: str, row: dict[str, Any]) -> Link:
    return Link(f"{step}：{row['place_name']}", county_href(row["place_code"]))


class _Split:
    """The rows of a frame by what stands in one column, split once."""

    def __init__(self, frame: pl.DataFrame, column: str = "county_code") -> None:
        self._parts = {part[column][0]: part for part in frame.partition_by(column)}
        self._none = frame.clear()

    def of(self, value: str) -> pl.DataFrame:
        return self._parts.get(value, self._none)


class _Parts:
    """The frames of all places, in the order of their tables and split by county. Rows of the summaries are kept by
    county; a township outside the province is all there is of its own.
    """

    def __init__(self, edition: Edition) -> None:
        division = edition.frame("ref.division")
        villages = division.select("village_code", "village_name", "township_name", "township_code", "county_code")
        rows = _all_villages(edition, villages)
        self.townships = _Split(_all_townships(edition, rows), "parent_code")
        self.villages = _Split(rows)
        self.lines = _Split(edition.frame("ref.monitoring_line"))
        self.scores = _Split(_all_scores(edition.frame("scores"), villages))
        self.alerts = _Split(
            edition.frame("alerts")
            .sort("alerts", "kind", descending=[True, False])
            .with_columns(title=pl.col("kind").replace_strict(tables.ALERT_TITLES, return_dtype=pl.String))
        )
        self.hard = _Split(edition.frame("hard_triggers"))
        self.causes = _Split(edition.frame("causes"))
        self.highest = _Split(_all_highest(edition.frame("highest").join(villages, on="village_code")))
        self.lead_counts = _Split(edition.frame("lead_counts").sort("households", "kind", descending=[True, False]))
        self.leads = _Split(
            edition.frame("leads")
            .join(villages, on="village_code")
            .sort("severity", "household_id", "kind", descending=[True, False, False])
            .with_columns(field_words=pl.format("{}（{}）", "field_result", "field_checked_on"))
        )
        self.village_leads = _Split(
            edition.frame("mart.village_anomaly")
            .join(villages, on="village_code")
            .sort("village_code", "kind")
            .with_columns(pl.col("observed").cast(pl.Int64))
        )


def _all_villages(edition: Edition, names: pl.DataFrame) -> pl.DataFrame:
    figures = pl.concat([edition.level("village"), edition.level("village", in_province=False)])
    return (
        figures.join(village_ranks(edition), on="place_code", how="left")
        .join(names, left_on="place_code", right_on="village_code")
        .sort("place_code")
        .with_columns(
            interval=pl.struct(
                low="wilson_low", high="wilson_high", ratio="elimination_ratio_households", shrunken="eb_ratio"
            ),
            anchor=pl.format("village-{}", "place_code"),
            page=pl.format("county/{}.html", pl.when("in_province").then("county_code").otherwise("township_code")),
        )
        .with_columns(township_page=pl.format("{}#township-{}", "page", "township_code"))
    )


def _all_townships(edition: Edition, villages: pl.DataFrame) -> pl.DataFrame:
    """Every township with its anchor and the address of its first village on the same page."""
    first = villages.group_by("township_code").agg(
        villages=pl.format("{}#{}", "page", "anchor").sort_by("place_code").first()
    )
    return (
        pl.concat([edition.level("township"), edition.level("township", in_province=False)])
        .join(first, left_on="place_code", right_on="township_code", how="left", maintain_order="left")
        .with_columns(anchor=pl.format("township-{}", "place_code"))
    )


def _all_scores(scores: pl.DataFrame, villages: pl.DataFrame) -> pl.DataFrame:
    """Every county with every step of ten points, those without a household too."""
    steps = pl.DataFrame({"score_from": list(range(0, 100, 10))}, schema={"score_from": pl.Int32})
    counties = villages.select("county_code").unique(maintain_order=True)
    return (
        counties.join(steps, how="cross", maintain_order="left_right")
        .join(scores, on=["county_code", "score_from"], how="left", maintain_order="left")
        .with_columns(
            pl.col("households").fill_null(0),
            band=pl.format(
                "{}–{}", "score_from", pl.when(pl.col("score_from") == 90).then(100).otherwise(pl.col("score_from") + 9)
            ),
        )
    )


def _all_highest(highest: pl.DataFrame) -> pl.DataFrame:
    return highest.sort("score", "household_id", descending=[True, False]).with_columns(
        range=pl.when(pl.col("score_high") > pl.col("score"))
        .then(pl.format("{}（{}至{}）", "score", "score", "score_high"))
        .otherwise(pl.format("{}", "score"))
    )


def _page(
    edition: Edition,
    parts: _Parts,
    place: dict[str, Any],
    level: str,
    trail: tuple[Link, ...],
    around: tuple[Link, ...],
) -> Page:
    code, name = place["place_code"], place["place_name"]
    county = code[:6]

    def inside(split: _Split) -> pl.DataFrame:
        """What belongs to the place itself, where rows say in which township they are."""
        rows = split.of(county)
        return rows if level == "county" else rows.filter(pl.col("township_code") == code)

    townships = parts.townships.of(county)
    if level == "township":
        townships = townships.filter(pl.col("place_code") == code)
    lead = [summary_text(edition, place, name)]
    if level == "township":
        lead.append(ELSEWHERE_TEXT)
    line = parts.lines.of(county).row(0, named=True)
    lead.append(f"适用监测收入线：每人每年{line['line_fen'] // 100:,}元（{tables.cited(line['document'])}）。")
    return Page(
        path=county_href(code),
        title=f"{name}{edition.month_title}监测情况",
        trail=trail,
        lead=tuple(lead),
        orders=around,
        orders_label="按区划代码顺序",
        county=county,
        sections=(
            Section("figures", "主要数字", figures=_figures(edition, parts, place, level)),
            Section("classes", "监测对象构成", tables=(class_table(f"{name}监测对象，按类别和状态", place),)),
            _townships(townships),
            _villages(inside(parts.villages), in_province=level == "county"),
            _scores(parts.scores.of(county), name),
            causes(parts.causes.of(county), name),
            _alerts(parts.alerts.of(county)),
            _highest(inside(parts.highest)),
            _anomalies(parts.lead_counts.of(county), inside(parts.village_leads), inside(parts.leads)),
        ),
    )


def _figures(edition: Edition, parts: _Parts, place: dict[str, Any], level: str) -> tuple[Figure, ...]:
    code = place["place_code"]
    hard = parts.hard.of(code[:6])
    return key_figures(place, previous(edition, level, code), hard)


def _townships(frame: pl.DataFrame) -> Section:
    columns = (Column("place_name", ("乡镇",), tables.TEXT, link="villages"), *tables.PLACE_SHORT)
    return Section(
        "townships",
        "各乡镇",
        charts=(charts.status_by_place("chart-townships", "各乡镇监测对象户数", frame),),
        tables=(Table("各乡镇监测对象与风险消除率", columns, frame, anchor="anchor"),),
    )


def _villages(rows: pl.DataFrame, *, in_province: bool) -> Section:
    columns = [
        Column("place_name", ("行政村",), tables.TEXT),
        Column("township_name", ("乡镇",), tables.TEXT, link="township_page"),
        *tables.PLACE_SHORT[:9],
    ]
    if in_province:
        columns += [
            Column("interval", ("风险消除率", "区间图"), tables.INTERVAL),
            Column("eb_ratio", ("风险消除率", "收缩估计"), tables.SHARE),
            Column("small_sample", ("小样本",), tables.FLAG),
            Column("rank_count", ("全省名次", "按数量"), tables.RANK),
            Column("rank_ratio", ("全省名次", "按消除率"), tables.RANK),
            Column("rank_oe", ("全省名次", "按消除快慢"), tables.RANK),
        ]
    table = Table("各行政村监测对象与风险消除率", tuple(columns), rows, anchor="anchor")
    return Section("villages", "各行政村", tables=(table,))


def _scores(rows: pl.DataFrame, name: str) -> Section:
    text = "风险分是核查线索，不是认定结论；不详的指标不计分，实际风险可能更高。"
    columns = (Column("band", ("风险分",), tables.TEXT), Column("households", ("农户数",)))
    return Section(
        "scores",
        "风险分分布",
        text=(text,),
        charts=(charts.columns("chart-scores", f"{name}农户风险分分布", rows, "band", "households", "户"),),
        tables=(Table("农户风险分分布", columns, rows),),
    )


def _alerts(rows: pl.DataFrame) -> Section:
    if rows.is_empty():
        return Section("alerts", "预警", text=("本月没有预警。",))
    text = "“已标注消除”是在册而风险消除的农户又出现预警，“未列入监测”是不在册的农户出现预警，都须优先核查。"
    return Section("alerts", "预警", text=(text,), tables=(Table("预警条数，按类型和农户登记状态", ALERTS, rows),))


def _highest(rows: pl.DataFrame) -> Section:
    """The households with the highest scores, by internal number."""
    title = f"风险分最高的{rows.height}户"
    text = "从高风险、中风险和必核查的农户中按风险分由高到低列出，分数相同的按编号；区间上限按不详的指标全部成立计。"
    return Section("highest", "风险分最高的农户", text=(text,), tables=(Table(title, HIGHEST, rows),))


def _anomalies(counts: pl.DataFrame, villages: pl.DataFrame, leads: pl.DataFrame) -> Section:
    """Counts by kind, leads about villages, and the strongest leads about households by internal number."""
    if counts.is_empty() and villages.is_empty():
        return Section("anomalies", "异常线索", text=("本月没有异常线索。",))
    shown = leads.head(LEADS_SHOWN)
    total = counts["households"].sum()
    count_columns = (Column("title", ("异常",), tables.TEXT), Column("households", ("户数",)))
    found = [Table("农户异常，按类型", count_columns, counts)] if counts.height else []
    if villages.height:
        found.append(Table("村级异常", VILLAGE_LEADS, villages))
    if shown.height:
        part = f"程度最高的{shown.height}条，" if shown.height < total else ""
        found.append(Table(f"农户异常线索（{part}共{total:,}条）", LEADS, shown))
    text = "线索须入户核实。农户只列内部编号；需要追溯到原始记录时，请省级分析人员用 fangpin explain 查询。"
    return Section("anomalies", "异常线索", text=(text,), tables=tuple(found))
