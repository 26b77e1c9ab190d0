"""From the copy under construction to the workbooks and the site: reading an Edition and writing what it renders to.

Does not belong here: what a report says or looks like (fangpin/reports).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

import duckdb
import polars as pl

from assets.build import CHECKOUT, Build
from assets.ledger import delivered, open_ledger
from assets.publish import boundaries, history
from assets.publish.bundle import COPY, current_bundle, put, version_of
from assets.publish.last_year import last_years_ranks
from assets.research import rehearsed
from checks.catalogue import contracts
from checks.raw import FEEDS
from fangpin.month import end, shift
from fangpin.reports.edition import DeliveredFile, Edition, GateResult, LineageColumn, LineageTable, Notice
from fangpin.reports.tables import cited
from fangpin.research.plan import Plan
from fangpin.research.precision import figures

ColumnLineage = Mapping[str, Mapping[str, list[tuple[str, str]]]]
"""Table -> column -> the (table, column) pairs it is computed from."""
TraceColumns = Callable[[], ColumnLineage]
"""Traces the columns of every model; asked only when the site is written."""

WHOLE = (
    "mart.place_month",
    "mart.county_ranking",
    "mart.township_ranking",
    "mart.village_ranking",
    "mart.research_sample",
    "mart.research_household",
    "mart.research_team",
    "mart.research_day",
    "mart.feed_coverage",
    "mart.feed_dimension",
    "mart.feed_quality",
    "mart.feed_reason",
    "mart.feed_score",
    "mart.village_anomaly",
    "ref.place",
    "ref.division",
    "ref.policy_value",
    "ref.monitoring_line",
    "ref.line_candidate",
    "mart.income_band",
    "mart.line_group",
    "mart.rigid_criterion",
    "mart.rigid_map",
    "mart.asset_exclusion",
    "ref.asset_step",
    "mart.rule_yield",
    "mart.field_check",
)
"""Tables that reports read whole."""
NOTICED = ("mart.feed_quality", "ref.division", "ref.monitoring_line")
"""Those of them that the manifest, and the notices on every page, are made from."""

LEADS_PER_KIND = 30
"""Household leads handed to the site, the strongest of every county and kind."""
HIGHEST = 10
"""Households of every county listed for their score."""
REASONS = 3
"""Reasons given for a score, those with the most points."""

BY_STATE = """count(*) filter (where not register.eliminated) as active,
          count(*) filter (where register.eliminated) as eliminated,
          count(*) filter (where register.household_id is null) as unlisted"""
"""Rows by the household's state in the register, left joined as `register`."""

SUMMARIES = {
    "scores": """
        select division.county_code as county_code, least(risk.score // 10 * 10, 90) as score_from,
          count(*) as households
        from mart.household_risk as risk join ref.division as division using (village_code)
        group by all order by all""",
    "alerts": f"""
        select division.county_code as county_code, alert.kind as kind, count(*) as alerts,
          count(*) filter (where alert.is_new) as new_alerts, {BY_STATE}
        from mart.alert as alert join ref.division as division using (village_code)
        left join core.monitored_household as register on alert.household_id = register.household_id
        group by all order by all""",
    "hard_triggers": f"""
        select division.county_code as county_code, count(*) as households, {BY_STATE}
        from mart.household_risk as risk join ref.division as division using (village_code)
        left join core.monitored_household as register on risk.household_id = register.household_id
        where risk.hard_trigger
        group by all order by all""",
    "causes": """
        select division.county_code as county_code, register.risk1 as cause, count(*) as households
        from core.monitored_household as register join ref.division as division using (village_code)
        where register.risk1 is not null
        group by all order by all""",
    "highest": f"""
        with highest as (
          select risk.* from mart.household_risk as risk join ref.division as division using (village_code)
          where risk.hard_trigger or risk.band in ('高', '中')
          qualify row_number() over (
            partition by division.county_code order by risk.score desc, risk.household_id
          ) <= {HIGHEST}
        ), reason as (
          select part.household_id, part.indicator, part.points, part.reason
          from mart.risk_contribution as part semi join highest using (household_id)
          where part.points > 0
          qualify row_number() over (
            partition by part.household_id order by part.points desc, part.indicator
          ) <= {REASONS}
        ), said as (
          select household_id, string_agg(reason, '；' order by points desc, indicator) as reasons
          from reason group by household_id
        )
        select highest.household_id, highest.village_code, highest.score, highest.score_high, highest.hard_trigger,
          case when register.household_id is null then '未列入监测'
            when register.eliminated then '已标注消除' else '监测中' end as state,
          said.reasons as reasons
        from highest left join said using (household_id)
        left join core.monitored_household as register using (household_id)
        order by highest.household_id""",
    "lead_counts": """
        select division.county_code as county_code, lead.kind as kind, lead.title as title, count(*) as households
        from mart.household_anomaly as lead join ref.division as division using (village_code)
        group by all order by all""",
    "leads": f"""
        select lead.* from mart.household_anomaly as lead join ref.division as division using (village_code)
        qualify row_number() over (
          partition by division.county_code, lead.kind order by lead.severity desc, lead.household_id
        ) <= {LEADS_PER_KIND}
        order by lead.household_id, lead.kind""",
    "line_scenarios": """
        select * from mart.line_scenario where level in ('province', 'city', 'county')
        order by number, level, place_code""",
    "topic_figures": """
        select * from mart.topic_figure
        where level in ('province', 'city')
          or (level = 'county' and (segment = '' or indicator in ('added_combination', 'added_persons', 'ending')))
        order by level, place_code, topic, indicator, segment""",
}


def workbooks(build: Build) -> Path:
    """Write the workbooks of the version under construction."""
    from fangpin.reports.workbooks import workbooks as render

    folder = current_bundle(build)
    return put(folder, "workbooks", build.month, render(read(build, folder)).items())


def site(build: Build, trace: TraceColumns) -> Path:
    """Write the site of the version under construction; the page of the gate is added on release."""
    from fangpin.reports.site import site as render

    folder = current_bundle(build)
    return put(folder, "site", build.month, render(read(build, folder, trace())))


def add_gate_page(folder: Path, edition: Edition, results: Sequence[GateResult]) -> None:
    """Write site/gate.html: what was judged before this version was released."""
    from fangpin.reports.site import gate_page

    (folder / "site" / "gate.html").write_bytes(gate_page(edition, results))


def read(build: Build, folder: Path, lineage: ColumnLineage | None = None, *, only: Sequence[str] = ()) -> Edition:
    """The edition of the version under construction, from its own copy of the tables. lineage: for the site only;
    only: the frames to read, where not all are needed; NOTICED at least.
    """
    with duckdb.connect(str(folder / COPY), read_only=True) as copy:
        frames = {name: copy.sql(f"select * from {name}").pl() for name in only or WHOLE}
        frames |= {name: copy.sql(sql).pl() for name, sql in SUMMARIES.items() if not only}
        frames |= {} if only else research_frames(rehearsed(build.policy, build.month), frames)
        inputs = dict(copy.sql("select table_name, inputs from meta.build").fetchall())
        codes = copy.sql("select table_name, code_version from meta.build order by table_name").fetchall()
    frames["previous"] = build.con.sql("select * from prev.mart.place_month").pl()
    last_year, frames["last_year"] = last_years_ranks(build)
    return Edition(
        month=build.month,
        version=version_of(folder),
        previous=history.reference(build.home, shift(build.month, -1)),
        policy_version=build.policy.version,
        code_version=code_version(codes),
        seed="、".join(plan.rehearsal_seed for plan in rehearsed(build.policy, build.month)) or None,
        warnings=(
            *undelivered(frames["mart.feed_quality"]),
            *warnings(build, frames["ref.monitoring_line"], frames["ref.division"]),
        ),
        files=delivered_files(build),
        frames=frames,
        last_year=last_year,
        boundaries={} if only else boundaries.installed(build.home),
        lineage=lineage_tables(lineage or {}, {name: tuple(json.loads(text)) for name, text in inputs.items()}),
    )


def code_version(tables: list[tuple[str, str]]) -> str:
    """Hash of the code that built every table, of all rules and of what renders and releases them; of no data.

    What meta.build calls the code of a raw table is a hash of the delivered files, and that of a table made of the
    ledger has the hash of its content behind a dash; what takes them in is below.
    """
    of_code = [(name, code.partition("-")[0]) for name, code in tables if not name.startswith("raw.")]
    digest = hashlib.sha256(json.dumps(of_code).encode())
    for folder in ("fangpin", "assets", "checks", "sql"):
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.suffix in {".py", ".sql", ".html", ".css", ".js"}:
                digest.update(path.relative_to(CHECKOUT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def delivered_files(build: Build) -> tuple[DeliveredFile, ...]:
    """The month's files in force, by feed and place."""
    with open_ledger(build.home) as con:
        return tuple(
            DeliveredFile(f.feed, f.sha256) for name in FEEDS for f in delivered(con, name, build.month, build.month)
        )


def research_frames(plans: Sequence[Plan], frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """'research_plans' and 'research_precision' of an edition."""
    told = []
    for plan in plans:
        own = pl.col("plan") == plan.name
        drawn = (frames[name].filter(own) for name in ("mart.research_sample", "mart.research_household"))
        told += [(plan.name, number, *astuple(row)) for number, row in enumerate(figures(*drawn, plan), start=1)]
    known = [(plan.name, plan.title, plan.rehearsal_seed, plan.top_only) for plan in plans]
    texts = dict.fromkeys(("what", "figure", "words"), pl.String)
    return {
        "research_plans": pl.DataFrame(
            known, {"plan": pl.String, "title": pl.String, "seed": pl.String, "top_only": pl.Boolean}, orient="row"
        ),
        "research_precision": pl.DataFrame(told, {"plan": pl.String, "number": pl.Int64, **texts}, orient="row"),
    }


def undelivered(quality: pl.DataFrame) -> tuple[Notice, ...]:
    """A sentence for every feed that did not come this month."""
    missing = quality.filter(pl.col("files") == 0).sort("source", "feed").select("source", "title")
    return tuple(
        Notice(f"{source}《{title}》本月未报送：依据它的指标按不详计。") for source, title in missing.iter_rows()
    )


def warnings(build: Build, lines: pl.DataFrame, division: pl.DataFrame) -> tuple[Notice, ...]:
    """A sentence for every value used past the last day it was confirmed: lines with their places, then thresholds."""
    places = division.select("county_code", "county_name", "province_name").unique().sort("county_code")
    found = []
    late = lines.filter(pl.col("warning").is_not_null()).join(places, on="county_code").sort("county_code")
    for (province, fen, text), rows in late.group_by(["province_name", "line_fen", "warning"], maintain_order=True):
        whole = rows.height == places.filter(pl.col("province_name") == province).height
        where = province if whole else f"{province}{'、'.join(rows['county_name'])}"
        found.append(
            Notice(
                cited(
                    f"{where}监测收入线每人每年{int(str(fen)) // 100:,}元：{text}。{_request(build, 'monitoring_line')}"
                ),
                tuple(rows["county_code"].sort()),
            )
        )
    for name, parameter in sorted(build.policy.group("threshold").items()):
        value = parameter.find("", end(build.month))
        late_text = None if value is None else value.warning(end(build.month))
        if late_text:
            found.append(Notice(cited(f"{parameter.title}（{name}）：{late_text}。{_request(build, 'threshold')}")))
    return tuple(found)


def _request(build: Build, file: str) -> str:
    """Who must do what about a value past its last confirmed day."""
    return f"请主管部门确认{end(build.month).year}年标准后更新政策文件 {file}.yaml。"


def lineage_tables(lineage: ColumnLineage, inputs: Mapping[str, tuple[str, ...]]) -> tuple[LineageTable, ...]:
    """Feeds and tables with their Chinese words, the tables they were built from and the sources of their columns."""
    feeds = [
        LineageTable(
            f"raw.{name}",
            f"{feed.title}（{feed.source}）",
            (),
            tuple(LineageColumn(column, description, ()) for column, _, description in feed.lake_columns),
        )
        for name, feed in FEEDS.items()
    ]
    tables = [
        LineageTable(
            name,
            contract.title,
            inputs.get(name, ()),
            tuple(
                LineageColumn(c.name, c.description, tuple(lineage.get(name, {}).get(c.name, ())))
                for c in contract.columns
            ),
        )
        for name, contract in contracts().items()
    ]
    return (*feeds, *tables)
