"""The publication suite: small frames of the copy, judged by Great Expectations as policy/publication_suite.yaml says.

Great Expectations is imported here and in no other module, when it judges: it is heavy, takes pandas only, and reports
an expectation it could not evaluate like one that failed; the two are told apart. Does not belong here: any bound.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from fangpin.errors import GateRefused, PolicyError

FRAMES = {
    "totals": """
        with province as (select * from edition.mart.place_month where level = 'province' and in_province)
        select place.level as level,
          sum(place.households)::bigint as households,
          any_value(province.households) as province_households,
          sum(place.persons)::bigint as persons,
          any_value(province.persons) as province_persons,
          sum(place.monitored_households)::bigint as monitored_households,
          any_value(province.monitored_households) as province_monitored_households,
          sum(place.monitored_persons)::bigint as monitored_persons,
          any_value(province.monitored_persons) as province_monitored_persons,
          sum(place.eliminated_households)::bigint as eliminated_households,
          any_value(province.eliminated_households) as province_eliminated_households
        from edition.mart.place_month as place cross join province
        where place.in_province and place.level <> 'province'
        group by place.level order by place.level""",
    "rankings": """
        select 'county' as level,
          (select count(distinct place_code) from edition.mart.county_ranking) as ranked,
          (select count(*) from edition.mart.place_month where level = 'county' and in_province) as places
        union all
        select 'township' as level,
          (select count(distinct place_code) from edition.mart.township_ranking) as ranked,
          (select count(*) from edition.mart.place_month where level = 'township' and in_province) as places
        union all
        select 'village' as level,
          (select count(distinct place_code) from edition.mart.village_ranking) as ranked,
          (select count(*) from edition.mart.place_month as place join edition.ref.division as division
             on place.place_code = division.village_code
           where place.level = 'village' and place.in_province and division.rural) as places""",
    "province": """
        select place.*,
          place.monitored_persons / nullif(place.persons, 0) as monitored_share,
          place.band_high / nullif(place.households, 0) as high_risk_share,
          place.monitored_households / nullif(previous.monitored_households, 0) - 1 as monitored_change,
          (select count(*) from edition.mart.place_month where level = 'county' and in_province) as counties,
          (select count(*) from prev.mart.place_month where level = 'county' and in_province) as previous_counties
        from edition.mart.place_month as place
        left join prev.mart.place_month as previous using (level, place_code)
        where place.level = 'province' and place.in_province""",
    "counties": """
        select place.*,
          place.opening_active_households + place.identified_households + place.returned_households
            - place.eliminated_this_month_households + place.natural_change_households as closing_households,
          place.persons / nullif(place.households, 0) as household_size,
          previous.active_households as previous_active_households,
          place.households / nullif(previous.households, 0) - 1 as households_change,
          place.monitored_households / nullif(previous.monitored_households, 0) - 1 as monitored_change
        from edition.mart.place_month as place
        left join prev.mart.place_month as previous using (level, place_code)
        where place.level = 'county' and place.in_province order by place.place_code""",
    "county_ranking": """
        select *, rank is not null as has_rank, eb_mean is not null as has_ratio
        from edition.mart.county_ranking where criterion = 'ratio_households' order by place_code""",
    "county_count": """
        select * from edition.mart.county_ranking where criterion = 'count_households' order by place_code""",
    "village_ranking": """
        select *, rank is not null as has_rank, eb_mean is not null as has_ratio
        from edition.mart.village_ranking where criterion = 'ratio_households' order by place_code""",
    "research_sample": """
        select sample.*, sample.plan || ' ' || sample.village_code as drawn, ranking.place_code as ranked_code
        from edition.mart.research_sample as sample
        left join edition.mart.village_ranking as ranking
          on sample.village_code = ranking.place_code and ranking.criterion = 'count_households'
        order by sample.plan, sample.village_code""",
    "feed_quality": """
        select *,
          header_rows + blank_rows + total_rows + accepted + quarantined + replaced as rows_accounted,
          matched + unmatched as rows_matched_or_not,
          accepted + quarantined as judged,
          quarantined / nullif(accepted + quarantined, 0) as quarantined_share
        from edition.mart.feed_quality order by feed""",
    "snapshots": """
        select feed.feed as feed, previous.accepted as previous_accepted,
          feed.accepted / nullif(previous.accepted, 0) - 1 as accepted_change
        from edition.mart.feed_quality as feed left join prev.mart.feed_quality as previous using (feed)
        where feed.delivery = 'snapshot' and feed.files > 0 order by feed.feed""",
}
"""Frame name -> SELECT over `edition` (the copy under construction) and `prev`."""

KEYS = frozenset({"name", "frame", "description", "expect", "with", "previous"})


@dataclass(frozen=True)
class Expectation:
    """One line of the suite."""

    name: str
    frame: str
    description: str
    expect: str
    arguments: Mapping[str, Any]
    previous: bool  # needs a month before


@dataclass(frozen=True)
class Verdict:
    """What became of an expectation: met, or not applicable to a first month; `observed` in words."""

    expectation: Expectation
    applies: bool
    observed: str


def load_suite(document: Mapping[str, Any]) -> tuple[Expectation, ...]:
    """The expectations of policy/publication_suite.yaml; PolicyError naming every wrong line."""
    suite, problems = [], []
    for number, entry in enumerate(document["expectations"], start=1):
        where = f"policy/publication_suite.yaml 第{number}项"
        unknown = sorted(set(entry) - KEYS)
        missing = sorted(KEYS - {"previous"} - set(entry))
        if unknown or missing:
            problems.append(f"{where}: 缺少 {'、'.join(missing) or '无'}；多出 {'、'.join(unknown) or '无'}")
        elif entry["frame"] not in FRAMES:
            problems.append(f"{where}: 没有名为 {entry['frame']} 的数据；已有 {'、'.join(FRAMES)}")
        else:
            suite.append(
                Expectation(
                    name=entry["name"],
                    frame=entry["frame"],
                    description=entry["description"],
                    expect=entry["expect"],
                    arguments=entry["with"],
                    previous=bool(entry.get("previous")),
                )
            )
    if problems:
        raise PolicyError("发布预期有误：\n" + "\n".join(problems))
    return tuple(suite)


def frames(con: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """Every frame, from a connection on which `edition` and `prev` are attached."""
    return {name: con.sql(sql).pl() for name, sql in FRAMES.items()}


def judge(suite: Sequence[Expectation], given: Mapping[str, pl.DataFrame], *, first_month: bool) -> tuple[Verdict, ...]:
    """Evaluate the suite; GateRefused naming every expectation not met, and those that could not be evaluated."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("publication")
    verdicts = [Verdict(e, applies=False, observed="首月，没有上月") for e in suite if e.previous and first_month]
    unmet, broken = [], []
    for frame in dict.fromkeys(e.frame for e in suite):
        asked = {e.name: e for e in suite if e.frame == frame and not (e.previous and first_month)}
        definition = source.add_dataframe_asset(frame).add_batch_definition_whole_dataframe("all")
        batch = definition.get_batch({"dataframe": given[frame].to_pandas()})
        expectations = [
            getattr(gx.expectations, e.expect)(**e.arguments, meta={"name": e.name}) for e in asked.values()
        ]
        for result in batch.validate(gx.ExpectationSuite(name=frame, expectations=expectations)).results:
            expectation = asked[result.expectation_config.meta["name"]]
            if _raised(result.exception_info):
                broken.append(f"{expectation.name}（{expectation.description}）")
            elif not result.success:
                unmet.append(f"{expectation.description}：{_observed(result.result)}（{expectation.name}）")
            else:
                verdicts.append(Verdict(expectation, applies=True, observed=_observed(result.result)))
    if unmet or broken:
        raise GateRefused(_refusal(unmet, broken))
    order = {e.name: i for i, e in enumerate(suite)}
    return tuple(sorted(verdicts, key=lambda v: order[v.expectation.name]))


def _refusal(unmet: Sequence[str], broken: Sequence[str]) -> str:
    parts = []
    if unmet:
        parts.append("不符合发布预期：\n" + "\n".join(f"  {text}" for text in unmet))
    if broken:
        names = "\n".join(f"  {text}" for text in broken)
        parts.append(
            f"发布预期无法执行，不是数据不符，而是程序或预期写错了（policy/publication_suite.yaml）：\n{names}"
        )
    return "\n".join(parts)


def _raised(info: Mapping[str, Any]) -> bool:
    """Whether the expectation could not be evaluated: one record, or one for every metric that failed."""
    records = [info] if "raised_exception" in info else list(info.values())
    return any(record["raised_exception"] for record in records)


def _observed(result: Mapping[str, Any]) -> str:
    """Counts and statistics only, never values of rows."""
    if "observed_value" in result:
        value = result["observed_value"]
        return f"实际 {value:,.4g}" if isinstance(value, float) else f"实际 {value:,}"
    return f"{result.get('element_count', 0):,}行中{result.get('unexpected_count', 0):,}行不符"
