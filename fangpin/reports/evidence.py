"""The pages of what the figures rest on: anomalies by place, and the gate.

Does not belong here: figures of places (overview.py, places.py), data quality (quality.py), policy (policy.py),
lineage (lineage.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from fangpin.reports import charts, tables
from fangpin.reports.edition import Edition, GateResult
from fangpin.reports.page import INDEX, Page, Section
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


SUITE = {
    "totals": "各级合计",
    "rankings": "参加排名的地区数",
    "province": "全省汇总",
    "counties": "各县汇总",
    "county_ranking": "县排名",
    "county_count": "县排名（按户数）",
    "village_ranking": "村排名",
    "research_sample": "调研抽样名单",
    "feed_quality": "部门数据质量",
    "snapshots": "全量数据与上月比较",
}
"""Words for the frames of the publication suite."""


def gate(results: Sequence[GateResult], titles: Mapping[str, str]) -> Page:
    """What was judged before this version was published; titles: the Chinese title of every table."""
    counted = {outcome: sum(r.outcome == outcome for r in results) for outcome in ("通过", NOTICE, "不适用")}
    words = "、".join(f"{outcome}{n}项" for outcome, n in counted.items() if n)
    named = [
        {**vars(r), "title": known.get(r.table, r.table), "name": r.table if r.table in known else None}
        for r in results
        for known in ((SUITE if r.kind == "发布预期" else titles),)
    ]
    schema = [*GateResult.__annotations__, "title", "name"]
    frame = pl.DataFrame(named, schema=dict.fromkeys(schema, pl.String))
    noticed = frame.filter(pl.col("outcome") == NOTICE)
    sections = (
        [Section("notices", NOTICE, (NOTICE_TEXT,), tables=(_results(NOTICE, noticed),))] if noticed.height else []
    )
    for kind, id in (("表检查", "checks"), ("发布预期", "expectations"), ("生成次序", "builds")):
        rows = frame.filter((pl.col("kind") == kind) & (pl.col("outcome") != NOTICE))
        sections.append(Section(id, kind, tables=(_results(kind, rows),)))
    lead = f"本版发布前共审核{len(results)}项：{words}。任何一项应拦截的检查不通过，本版就不会发布。"
    return Page("gate.html", "发布审核", (INDEX,), (lead,), tuple(sections))


NOTICE = "提示"
NOTICE_TEXT = (
    "提示不拦截发布，但要有人核对：请数据管理人员把列出的各处交报送部门核实，有误的在下月报送中更正；"
    "情况属实的，记录原因即可。"
)


def _results(title: str, rows: pl.DataFrame) -> Table:
    return Table(f"{title}（{rows.height}项）", RESULTS, rows)


RESULTS = (
    Column("title", ("表",), tables.LONG, below="name"),
    Column("description", ("内容",), tables.LONG),
    Column("observed", ("结果",), tables.LONG),
    Column("outcome", ("结论",), tables.TEXT),
)
