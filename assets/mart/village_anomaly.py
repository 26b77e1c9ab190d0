"""mart.village_anomaly: tests of villages against their peers (fangpin/anomaly.py) on readings of the month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from assets.build import Build, table_asset
from checks.mart.village_anomaly import VillageAnomaly
from fangpin import anomaly

INPUTS = (
    "core.household",
    "core.income_statement",
    "core.monitored_household",
    "core.status_event",
    "mart.expected_elimination",
    "mart.place_month",
    "ref.division",
    "ref.monitoring_line",
    "ref.month",
    "ref.threshold",
)

ELIMINATION_EVENTS = """
select monitored.village_code, division.county_code, event.event_date
from core.status_event as event
inner join core.monitored_household as monitored on event.household_id = monitored.household_id
inner join ref.division as division on monitored.village_code = division.village_code
cross join ref.month as month
where
  event.event = 'eliminated'
  and event.event_month between month.status_first and month.month
  and monitored.elimination_mode is distinct from '自然消除'
order by monitored.village_code, event.event_date"""

DUE = """
select
  expected.village_code, division.county_code, count(*) as total,
  cast(sum(expected.observed_households) as bigint) as observed,
  cast(sum(cast(expected.expected_households as decimal(38, 18))) as double) as expected
from mart.expected_elimination as expected
inner join ref.division as division on expected.village_code = division.village_code
group by expected.village_code, division.county_code
order by expected.village_code"""

STATEMENTS = """
with statement as (
  select household.village_code, income.newest_fingerprint as fingerprint
  from core.income_statement as income
  inner join core.household as household on income.household_id = household.household_id
  where income.newest_fingerprint is not null
),

repeated as (
  select fingerprint from statement group by fingerprint having count(*) > 1
),

shared as (
  select statement.village_code, statement.fingerprint, count(*) as households
  from statement
  inner join repeated on statement.fingerprint = repeated.fingerprint
  group by statement.village_code, statement.fingerprint
  having count(*) > 1
),

copied as (
  select village_code, cast(sum(households) as bigint) as households, max(households) as largest
  from shared
  group by village_code
),

village as (
  select village_code, count(*) as total from statement group by village_code
)

select
  village.village_code, division.county_code, village.total,
  coalesce(copied.households, 0) as observed, coalesce(copied.largest, 1) as largest
from village
inner join ref.division as division on village.village_code = division.village_code
left join copied on village.village_code = copied.village_code
order by village.village_code"""

DECLARED = """
select monitored.village_code, division.county_code, monitored.{column} as income_fen, line.line_fen
from core.monitored_household as monitored
inner join ref.division as division on monitored.village_code = division.village_code
inner join ref.monitoring_line as line on division.county_code = line.county_code
where monitored.{column} is not null
order by monitored.household_id"""

NEW_IDENTIFICATIONS = """
with identified as (
  select monitored.village_code, count(*) as identified
  from core.monitored_household as monitored
  cross join ref.month as month
  cross join ref.threshold as threshold
  where datediff('month', cast(monitored.identified_month || '-01' as date), month.month_start)
    < threshold.zero_report_months
  group by monitored.village_code
)

select
  place.place_code as village_code, division.county_code, place.households,
  coalesce(identified.identified, 0) as identified, place.unlisted_hard_trigger_households as signs
from mart.place_month as place
inner join ref.division as division on place.place_code = division.village_code
left join identified on place.place_code = identified.village_code
where place.level = 'village'
order by place.place_code"""

KINDS = {
    "bunching_elimination": ("消除时收入扎堆线上", "《专题调研工作方案》四（七）“判断风险消除的标准和依据是什么”"),
    "bunching_identification": ("识别时收入扎堆线下", "《专题调研工作方案》四（五）监测标准"),
    "copied_income": ("收支雷同", "《专题调研工作方案》四（三）“收入支出状况”"),
    "inflated_elimination": ("消除过快", "《专题调研工作方案》三“标注消除风险占比较高”"),
    "same_day_batch": ("同日批量消除", "《专题调研工作方案》四（七）“对标注风险消除是如何把握的”"),
    "zero_report": ("零报告", "施甸县通知（2021年4月26日）二（一）一“监测信息来源无盲区、全覆盖”"),
}
"""Kind -> title and clause."""


@table_asset(VillageAnomaly, inputs=INPUTS)
def village_anomaly(build: Build) -> pl.DataFrame:
    """村级异常：与同县其他村比较的检验，每条附依据与反证。"""
    return found_villages(build.con)


def found_villages(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The rows of mart.village_anomaly from the month's tables on `con`, by village and kind."""

    def rows(query: str) -> pl.DataFrame:
        return con.sql(query).pl()

    levels = _levels(rows("select * from ref.threshold").row(0, named=True))
    entry, leaving = (
        rows(DECLARED.format(column=column)) for column in ("entry_income_per_head_fen", "exit_income_per_head_fen")
    )
    found = {
        "bunching_elimination": anomaly.bunching(leaving, levels, below=False),
        "bunching_identification": anomaly.bunching(entry, levels, below=True),
        "copied_income": anomaly.copied_income(rows(STATEMENTS), levels),
        "inflated_elimination": anomaly.inflated_elimination(rows(DUE), levels),
        "same_day_batch": anomaly.same_day_batch(rows(ELIMINATION_EVENTS), levels),
        "zero_report": anomaly.zero_report(rows(NEW_IDENTIFICATIONS), levels),
    }
    labelled = [
        frame.with_columns(kind=pl.lit(kind), title=pl.lit(KINDS[kind][0]), clause=pl.lit(KINDS[kind][1]))
        for kind, frame in found.items()
    ]
    places = rows("select village_code, in_province from ref.division")
    return pl.concat(labelled).join(places, on="village_code").sort("village_code", "kind")


def _levels(threshold: Mapping[str, Any]) -> anomaly.Levels:
    return anomaly.Levels(
        test_probability=threshold["test_probability"],
        false_discovery_rate=threshold["false_discovery_rate"],
        batch_min_households=threshold["batch_min_households"],
        inflated_min_ratio=threshold["inflated_min_ratio"],
        inflated_min_households=threshold["inflated_min_households"],
        prior_shape=threshold["prior_shape"],
        copied_min_households=threshold["copied_min_households"],
        bunching_width_fen=threshold["bunching_width_yuan"] * 100,
        bunching_min_households=threshold["bunching_min_households"],
        bunching_probability=threshold["bunching_probability"],
        zero_report_probability=threshold["zero_report_probability"],
    )
