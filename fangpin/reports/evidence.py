"""The pages of what the figures rest on: anomalies by place, data quality, policy and words, and the gate.

Does not belong here: figures of places (overview.py, places.py) and lineage (lineage.py).
"""

from __future__ import annotations

import polars as pl

from fangpin.reports import charts, tables
from fangpin.reports.edition import Edition, GateResult, definitions
from fangpin.reports.page import INDEX, Chart, Page, Section
from fangpin.reports.tables import Column, Table


def anomalies(edition: Edition) -> Page:
    """Kinds of anomaly with counts by county, for households and for villages."""
    households = edition.frame("lead_counts")
    villages = (
        edition.frame("mart.village_anomaly")
        .join(edition.frame("ref.division").select("village_code", "county_code"), on="village_code")
        .group_by("county_code", "kind", "title")
        .agg(households=pl.len().cast(pl.Int64))
    )
    lead = "异常是核查线索，不是结论。每条线索都有依据和反证；农户线索见各县页面，只列内部编号。本页不含省外地区。"
    return Page(
        path="anomalies.html",
        title=f"{edition.month_title}异常线索",
        trail=(INDEX,),
        lead=(lead,),
        sections=(
            _by_kind(edition, households, "household", "农户异常", "户"),
            _by_kind(edition, villages, "village", "村级异常", "村"),
        ),
    )


def _by_kind(edition: Edition, counts: pl.DataFrame, id: str, title: str, unit: str) -> Section:
    """Counts of the province by kind, then by county and kind."""
    own = edition.level("county")["place_code"].implode()
    counts = counts.filter(pl.col("county_code").is_in(own))
    if counts.is_empty():
        return Section(id, title, text=("本月没有。",))
    kinds = (
        counts.group_by("kind", "title")
        .agg(pl.col("households").sum())
        .sort("households", "kind", descending=[True, False])
    )
    names = (
        edition.frame("ref.place")
        .filter(pl.col("level") == "county")
        .select(county_code="place_code", full_name="full_name", page=pl.format("county/{}.html", "place_code"))
    )
    wide = (
        counts.pivot("kind", index="county_code", values="households", aggregate_function="sum")
        .fill_null(0)
        .join(edition.with_short_names(names), on="county_code")
        .with_columns(total=pl.sum_horizontal(kinds["kind"].to_list()))
        .sort("total", "county_code", descending=[True, False])
    )
    columns = (
        Column("short_name", ("县（市、区）",), tables.TEXT, link="page"),
        Column("total", ("合计",)),
        *(Column(k["kind"], (k["title"],)) for k in kinds.iter_rows(named=True)),
    )
    kind_columns = (Column("title", ("异常",), tables.TEXT), Column("households", (f"{unit}数",)))
    return Section(
        id,
        title,
        charts=(charts.bars(f"chart-{id}", f"{title}，按类型", kinds, "title", "households", unit),),
        tables=(
            Table(f"{title}，按类型", kind_columns, kinds),
            Table(f"{title}，按县（{unit}）", columns, wide),
        ),
    )


def quality(edition: Edition) -> Page:
    """Every feed: what came, what was accepted and sent back and why, how much found its person or household."""
    frame = (
        edition.frame("mart.feed_quality")
        .with_columns(
            outside_rows=pl.sum_horizontal("header_rows", "blank_rows", "total_rows"),
            judged=pl.col("accepted") + pl.col("quarantined"),
        )
        .with_columns(accepted_share=pl.when(pl.col("judged") > 0).then(pl.col("accepted") / pl.col("judged")))
        .sort("source", "feed")
    )
    returned = frame.with_columns(returned=100 * (1 - pl.col("accepted_share"))).filter(pl.col("quarantined") > 0)
    reasons = (Column("title", ("数据名称",), tables.TEXT), Column("quarantined", ("退回行数",)), REASONS)
    files = frame.select("feed", "title", "source").join(
        pl.DataFrame(
            [(f.feed, f.sha256) for f in edition.files], schema={"feed": pl.String, "sha256": pl.String}, orient="row"
        ),
        on="feed",
    )
    sums = {c: frame[c].sum() for c in ("rows_in_file", "accepted", "quarantined")}
    lead = (
        f"本月收到{frame['files'].sum():,}个文件，共{sums['rows_in_file']:,}行；接收{sums['accepted']:,}行，"
        f"退回{sums['quarantined']:,}行。每个文件都满足：文件总行数＝表头、空行、合计行＋接收行数＋退回行数。"
    )
    return Page(
        path="quality.html",
        title=f"{edition.month_title}数据质量",
        trail=(INDEX,),
        lead=(lead,),
        sections=(
            Section(
                "feeds",
                "各部门数据",
                charts=(_returned_chart(returned),) if returned.height else (),
                tables=(Table("各部门数据接收、退回与匹配", tables.FEEDS, frame),),
            ),
            Section(
                "reasons",
                "退回原因",
                tables=(Table("退回原因及行数", reasons, frame.filter(pl.col("quarantined") > 0)),),
            ),
            Section(
                "batches",
                "数据批次",
                text=("文件以内容的 SHA-256 值识别。",),
                tables=(Table("本版所依据的文件", FILES, files),),
            ),
        ),
    )


REASONS = Column("reasons", ("原因及行数",), tables.LONG)
FILES = (
    Column("title", ("数据名称",), tables.TEXT),
    Column("source", ("报送部门",), tables.TEXT),
    Column("sha256", ("文件 SHA-256",), tables.CODE),
)


def _returned_chart(frame: pl.DataFrame) -> Chart:
    worst = frame.sort("returned", "feed", descending=[True, False])
    return charts.bars("chart-feeds", "退回行占比", worst, "title", "returned", "退回行占比（%）")


def policy(edition: Edition) -> Page:
    """The words used and every policy value with its document or decision."""
    values = edition.frame("ref.policy_value").sort("parameter", "place", "effective_from")
    in_force = values.filter("in_force")
    words = pl.DataFrame(definitions(edition), schema=["term", "meaning"], orient="row")
    word_columns = (Column("term", ("用语",), tables.TEXT), Column("meaning", ("含义",), tables.LONG))
    versions = pl.DataFrame(
        [
            ("月份", edition.month_title),
            ("版次", f"{edition.number}（{edition.month}/{edition.version}）"),
            ("上月版本", edition.previous or "无（首月）"),
            ("政策版本", edition.policy_version),
            ("程序版本", edition.code_version),
            ("抽样种子", edition.seed or tables.UNKNOWN),
        ],
        schema=["term", "meaning"],
        orient="row",
    )
    lead = "政策数值都有出处：文件与条款，或写明理由的决定。数值沿用到有新值为止；超过最近确认日期的，另行提示。"
    return Page(
        path="policy.html",
        title="政策与口径",
        trail=(INDEX,),
        lead=(lead,),
        sections=(
            Section("words", "口径", tables=(Table("用语", word_columns, words),)),
            Section("values", "本月适用的政策数值", tables=(Table("政策数值与出处", VALUES, in_force),)),
            Section("all-values", "全部政策数值", tables=(Table("历次政策数值", VALUES, values),)),
            Section("version", "版本", tables=(Table("本版", word_columns, versions),)),
        ),
    )


VALUES = (
    Column("title", ("名称",), tables.TEXT),
    Column("place", ("适用地区代码",), tables.CODE),
    Column("effective_from", ("生效日期",), tables.CODE),
    Column("value", ("取值",), tables.LONG),
    Column("unit", ("单位",), tables.CODE),
    Column("source", ("出处",), tables.LONG),
    Column("still_valid_on", ("最近确认日期",), tables.CODE),
)


def gate(results: tuple[GateResult, ...]) -> Page:
    """What was judged before this version was published."""
    counted = {outcome: sum(r.outcome == outcome for r in results) for outcome in ("通过", "提示", "不适用")}
    words = "、".join(f"{outcome}{n}项" for outcome, n in counted.items() if n)
    sections = []
    for kind, id in (("生成次序", "builds"), ("表检查", "checks"), ("发布预期", "expectations")):
        rows = [r for r in results if r.kind == kind]
        frame = pl.DataFrame([vars(r) for r in rows], schema=dict.fromkeys(GateResult.__annotations__, pl.String))
        sections.append(Section(id, kind, tables=(Table(f"{kind}（{len(rows)}项）", RESULTS, frame),)))
    lead = f"本版发布前共审核{len(results)}项：{words}。任何一项应拦截的检查不通过，本版就不会发布。"
    return Page("gate.html", "发布审核", (INDEX,), (lead,), tuple(sections))


RESULTS = (
    Column("table", ("表",), tables.CODE),
    Column("description", ("内容",), tables.LONG),
    Column("observed", ("结果",), tables.LONG),
    Column("outcome", ("结论",), tables.TEXT),
)
