"""The pages of the whole province: the index and the research draw.

Does not belong here: the rankings (rankings.py), a single county (places.py); what the figures rest on (evidence.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from fangpin.reports import charts, tables
from fangpin.reports.edition import Edition
from fangpin.reports.page import Figure, Link, LinkGroup, Page, Section, county_href
from fangpin.reports.tables import Column, Table
from fangpin.reports.workbooks import (
    ASSETS,
    COVERAGE,
    CRITERION,
    ELIMINATION,
    FIELD,
    LINE,
    QUALITY,
    RANKINGS,
    SAMPLE,
    SUMMARY,
    TOPIC_DATA,
)

CLASSES = (("脱贫不稳定户", "unstable"), ("边缘易致贫户", "marginal"), ("突发严重困难户", "sudden"))


def index(edition: Edition) -> Page:
    """The month at a glance, and the way to everything else."""
    province = edition.level("province")
    now = province.row(0, named=True)
    cities = edition.level("city").with_columns(page=pl.format("index.html#city-{}", "place_code"))
    columns = (Column("place_name", ("市",), tables.TEXT, link="page"), *tables.PLACE_SHORT)
    totals = province.with_columns(place_name=pl.lit("全省合计"), page=pl.lit(None, dtype=pl.String))
    return Page(
        path="index.html",
        title=f"{edition.month_title}防止返贫动态监测月报",
        trail=(),
        lead=(summary_text(edition, now, "全省"),),
        sections=(
            Section("figures", "主要数字", figures=_province_figures(edition, now)),
            Section("classes", "监测对象构成", tables=(class_table("全省监测对象，按类别和状态", now),)),
            Section(
                "cities",
                "各市情况",
                charts=(
                    charts.status_by_place("chart-status", "各市监测对象户数", cities),
                    charts.ratios_by_place("chart-ratio", "各市风险消除率", cities),
                ),
                tables=(Table("各市监测对象与风险消除率", columns, pl.concat([totals, cities]), emphasis=1),),
            ),
            causes(edition.frame("causes").filter(own_counties(edition)), "全省"),
            Section("counties", "各县（市、区）", groups=county_groups(edition)),
            Section("elsewhere", "其他地区", text=(ELSEWHERE_TEXT,), groups=(elsewhere(edition),)),
            Section("downloads", "下载", groups=(downloads(),)),
        ),
    )


def own_counties(edition: Edition) -> pl.Expr:
    """Rows of the province's counties, in a frame by county_code."""
    return pl.col("county_code").is_in(edition.level("county")["place_code"].implode())


def _province_figures(edition: Edition, now: Mapping[str, Any]) -> tuple[Figure, ...]:
    hard = edition.frame("hard_triggers").filter(own_counties(edition))
    return key_figures(now, previous(edition, "province", now["place_code"]), hard)


ELSEWHERE_TEXT = "省外地区单列，不计入全省合计、排名与抽样。"


def summary_text(edition: Edition, row: Mapping[str, Any], name: str) -> str:
    """The month in one paragraph."""
    c = {k: tables.shown(tables.COUNT, v) for k, v in row.items() if isinstance(v, int)}
    by_households, by_persons = (row[f"elimination_ratio_{u}"] for u in ("households", "persons"))
    return (
        f"截至{edition.as_of}，{name}有农户{c['households']}户{c['persons']}人；"
        f"累计在册监测对象{c['monitored_households']}户{c['monitored_persons']}人，"
        f"其中风险已消除{c['eliminated_households']}户{c['eliminated_persons']}人，"
        f"未消除{c['active_households']}户{c['active_persons']}人，"
        f"风险消除率按户{tables.shown(tables.SHARE, by_households)}、"
        f"按人{tables.shown(tables.SHARE, by_persons)}。"
        f"本月新识别{c['identified_households']}户，消除{c['eliminated_this_month_households']}户，"
        f"回退{c['returned_households']}户；新增预警{c['new_alerts']}条，农户异常线索{c['household_anomalies']}条。"
    )


def previous(edition: Edition, level: str, code: str) -> dict[str, Any] | None:
    """The same place a month ago; None in the first month or for a new place."""
    found = edition.frame("previous").filter((pl.col("level") == level) & (pl.col("place_code") == code))
    return found.row(0, named=True) if found.height else None


def key_figures(now: Mapping[str, Any], before: Mapping[str, Any] | None, hard: pl.DataFrame) -> tuple[Figure, ...]:
    """The place's main numbers, each with its change since the month before.

    hard: the place's rows of 'hard_triggers'; those not monitored stand with what the register says of them.
    """
    figures = []
    for label, key, persons in (
        ("监测对象（户）", "monitored_households", "monitored_persons"),
        ("风险未消除（户）", "active_households", "active_persons"),
        ("本月新识别（户）", "identified_households", "identified_persons"),
        ("本月消除（户）", "eliminated_this_month_households", "eliminated_this_month_persons"),
        ("新增预警（条）", "new_alerts", None),
    ):
        below = "" if persons is None else f"{now[persons]:,}人"
        change = "" if before is None else _change(now[key] - before[key])
        figures.append(Figure(label, tables.shown(tables.COUNT, now[key]), "，".join(t for t in (below, change) if t)))
    unlisted, eliminated = int(hard["unlisted"].sum()), int(hard["eliminated"].sum())
    states = f"未列入{unlisted:,}户，已标注消除{eliminated:,}户"
    figures.insert(4, Figure("必核查而未在监测中（户）", f"{unlisted + eliminated:,}", states))
    for label, key in (
        ("风险消除率（按户）", "elimination_ratio_households"),
        ("风险消除率（按人）", "elimination_ratio_persons"),
    ):
        known = before is not None and before[key] is not None and now[key] is not None
        change = _points(now[key] - before[key]) if before and known else ""
        figures.append(Figure(label, tables.shown(tables.SHARE, now[key]), change))
    return tuple(figures)


def _change(difference: int) -> str:
    return f"较上月{difference:+,}" if difference else "与上月持平"


def _points(difference: float) -> str:
    text = f"{100 * difference:+.1f}"
    return "与上月持平" if text in {"+0.0", "-0.0"} else f"较上月{text}个百分点"


def class_table(title: str, row: Mapping[str, Any]) -> Table:
    """Households and persons of one place by class and status, with the total."""
    rows = [_class_row("合计", row, "monitored", "active")]
    rows += [_class_row(name, row, key, f"{key}_active") for name, key in CLASSES]
    return Table(title, tables.CLASS_FIGURES, pl.DataFrame(rows, infer_schema_length=None), emphasis=1)


def _class_row(name: str, row: Mapping[str, Any], monitored: str, active: str) -> dict[str, Any]:
    out: dict[str, Any] = {"category": name}
    for unit in ("households", "persons"):
        total, left = row[f"{monitored}_{unit}"], row[f"{active}_{unit}"]
        out |= {f"monitored_{unit}": total, f"active_{unit}": left, f"eliminated_{unit}": total - left}
        out[f"ratio_{unit}"] = (total - left) / total if total else None
    return out


CAUSES = {
    "因病": "因病",
    "因残": "因残",
    "因缺劳动力": "缺劳动力",
    "因务工就业不稳": "务工就业不稳",
    "因学": "因学",
    "因自然灾害": "因灾因意外",
    "因意外事故": "因灾因意外",
}
"""The register's first risk -> the words of the table; all others are 其他."""
OTHER_CAUSE = "其他"


def causes(frame: pl.DataFrame, name: str) -> Section:
    """Causes of risk by number of households, the others last; frame: a place's rows of 'causes'."""
    total = frame["households"].sum()
    if not total:
        return Section("causes", "致贫返贫风险", text=("没有可统计的致贫返贫风险记录。",))
    rows = (
        frame.group_by(cause=pl.col("cause").replace_strict(CAUSES, default=OTHER_CAUSE, return_dtype=pl.String))
        .agg(pl.col("households").sum())
        .with_columns(share=pl.col("households") / total, last=pl.col("cause") == OTHER_CAUSE)
        .sort("last", "households", "cause", descending=[False, True, False])
    )
    columns = (
        Column("cause", ("风险",), tables.TEXT),
        Column("households", ("户数",)),
        Column("share", ("占比",), tables.SHARE),
    )
    note = f"占比的分母是登记有致贫返贫风险的监测对象{total:,}户（累计在册，含已消除），每户按第一项风险计。"
    return Section(
        "causes",
        "致贫返贫风险",
        charts=(charts.bars("chart-cause", f"{name}监测对象的致贫返贫风险", rows, "cause", "households", "户"),),
        tables=(Table(f"{name}监测对象的致贫返贫风险", columns, rows, (note,)),),
    )


def county_groups(edition: Edition) -> tuple[LinkGroup, ...]:
    """Every county of the province under its city."""
    counties = edition.level("county")
    return tuple(
        LinkGroup(
            city["place_name"],
            tuple(
                Link(county["place_name"], county_href(county["place_code"]))
                for county in counties.filter(pl.col("parent_code") == city["place_code"]).iter_rows(named=True)
            ),
            id=f"city-{city['place_code']}",
        )
        for city in edition.level("city").iter_rows(named=True)
    )


def elsewhere(edition: Edition) -> LinkGroup:
    """Townships outside the province, each with a page of its own."""
    rows = edition.level("township", in_province=False).iter_rows(named=True)
    return LinkGroup("省外乡镇", tuple(Link(r["full_name"], county_href(r["place_code"])) for r in rows))


def downloads() -> LinkGroup:
    names = (SUMMARY, RANKINGS, SAMPLE, QUALITY, TOPIC_DATA, LINE, CRITERION, COVERAGE, ASSETS, ELIMINATION, FIELD)
    return LinkGroup("工作簿", tuple(Link(name, f"../workbooks/{name}") for name in names))
