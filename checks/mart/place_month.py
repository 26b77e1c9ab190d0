"""地区月度汇总: what `mart.place_month` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

SUMMED = (
    "households",
    "persons",
    "tuopin_households",
    "tuopin_persons",
    "monitored_households",
    "monitored_persons",
    "active_households",
    "active_persons",
    "eliminated_households",
    "eliminated_persons",
    "unstable_households",
    "unstable_persons",
    "unstable_active_households",
    "unstable_active_persons",
    "marginal_households",
    "marginal_persons",
    "marginal_active_households",
    "marginal_active_persons",
    "sudden_households",
    "sudden_persons",
    "sudden_active_households",
    "sudden_active_persons",
    "opening_active_households",
    "identified_households",
    "identified_persons",
    "returned_households",
    "eliminated_this_month_households",
    "eliminated_this_month_persons",
    "natural_change_households",
    "band_high",
    "band_middle",
    "band_low",
    "band_none",
    "hard_trigger_households",
    "unlisted_hard_trigger_households",
    "new_alerts",
    "household_anomalies",
)
"""Measures that add up: a place's is the sum of its parts'."""

AUDITS = (
    Audit(
        "totals_agree",
        "村合计等于乡镇，乡镇合计等于县，县合计等于市，市合计等于省，逐项相等",
        f"""select parent.place_code
        from mart.place_month as parent
        left join (
          select parent_code, {", ".join(f"sum({m}) as {m}" for m in SUMMED)}
          from mart.place_month
          group by parent_code
        ) as part on parent.place_code = part.parent_code
        where parent.level <> 'village'
          and ({" or ".join(f"parent.{m} is distinct from part.{m}" for m in SUMMED)})""",
    ),
    Audit(
        "totals_match_core",
        "各省合计等于农户名册、监测名单的户数和人数",
        """with place as (
          select sum(households) as households, sum(monitored_households) as monitored,
            sum(monitored_persons) as monitored_persons, sum(eliminated_households) as eliminated
          from mart.place_month where level = 'province'
        ), monitored as (
          select count(*) as households, sum(persons) as persons, count(*) filter (where eliminated) as eliminated
          from core.monitored_household where village_code is not null
        )
        select 1 as mismatch from place cross join monitored
        where place.households <> (select count(*) from core.household_month)
          or place.monitored <> monitored.households or place.monitored_persons <> monitored.persons
          or place.eliminated <> monitored.eliminated""",
    ),
    Audit(
        "monitored_without_place",
        "监测对象不在农户名册，无法归到村，未计入任何合计",
        "select household_id from core.monitored_household where village_code is null",
        blocking=False,
    ),
    Audit(
        "register_identity",
        "期初加新识别加回退减消除加自然变更等于期末未消除；未消除加已消除等于累计；三类合计等于累计",
        """select place_code from mart.place_month
        where opening_active_households + identified_households + returned_households
            - eliminated_this_month_households + natural_change_households <> active_households
          or active_households + eliminated_households <> monitored_households
          or active_persons + eliminated_persons <> monitored_persons
          or unstable_households + marginal_households + sudden_households <> monitored_households
          or unstable_persons + marginal_persons + sudden_persons <> monitored_persons
          or band_high + band_middle + band_low + band_none <> households""",
    ),
    Audit(
        "opening_is_last_closing",
        "期初未消除户数等于上月期末",
        """select now.place_code
        from mart.place_month as now
        inner join prev.mart.place_month as before on now.level = before.level and now.place_code = before.place_code
        where now.level = 'province' and now.opening_active_households <> before.active_households""",
    ),
    Audit(
        "opening_by_county",
        "各县期初未消除户数等于现属该县的各村（含去向待核实的原行政村）上月期末之和",
        """with closing as (
          select coalesce(moved.county_code, division.county_code) as county_code,
            sum(before.active_households) as households
          from prev.mart.place_month as before
          left join ref.succession as moved on before.place_code = moved.previous_village_code
          left join ref.division as division
            on before.place_code = division.village_code and moved.previous_village_code is null
          where before.level = 'village'
          group by 1
        )
        select coalesce(closing.county_code, now.place_code) as county_code
        from (select * from closing where county_code is not null) as closing
        full join (select * from mart.place_month where level = 'county') as now
          on closing.county_code = now.place_code
        where exists (select 1 from closing)
          and coalesce(closing.households, 0) <> coalesce(now.opening_active_households, 0)""",
    ),
    Audit(
        "opening_without_village",
        "上月未消除的监测对象，原行政村去向不明，本月又不在同县名册：期初计在其乡镇或县的“去向待核实的原行政村”，记自然变更；"
        "请按退回问题清单核实这些户现属哪个村",
        """select place_code from mart.place_month
        where level = 'village' and place_code in (select remainder_code from ref.succession)""",
        blocking=False,
    ),
)


@table("mart", key=("level", "place_code"), audits=AUDITS)
class PlaceMonth(pa.DataFrameModel):
    """One row per place of every level: the month's counts and ratios."""

    level: pl.String = col("层级")
    place_code: pl.String = col("地区代码")
    place_name: pl.String = col("地区名称")
    parent_code: pl.String = col("上级代码", nullable=True)
    in_province: pl.Boolean = col("是否计入本省合计、排名与抽样")
    households: pl.Int64 = col("农户数", ge=0)
    persons: pl.Int64 = col("人数", ge=0)
    tuopin_households: pl.Int64 = col("脱贫户数", ge=0)
    tuopin_persons: pl.Int64 = col("脱贫人数", ge=0)
    monitored_households: pl.Int64 = col("监测对象户数（累计在册）", ge=0)
    monitored_persons: pl.Int64 = col("监测对象人数", ge=0)
    active_households: pl.Int64 = col("未消除户数", ge=0)
    active_persons: pl.Int64 = col("未消除人数", ge=0)
    eliminated_households: pl.Int64 = col("已消除户数", ge=0)
    eliminated_persons: pl.Int64 = col("已消除人数", ge=0)
    unstable_households: pl.Int64 = col("脱贫不稳定户户数", ge=0)
    unstable_persons: pl.Int64 = col("脱贫不稳定户人数", ge=0)
    unstable_active_households: pl.Int64 = col("脱贫不稳定户未消除户数", ge=0)
    unstable_active_persons: pl.Int64 = col("脱贫不稳定户未消除人数", ge=0)
    marginal_households: pl.Int64 = col("边缘易致贫户户数", ge=0)
    marginal_persons: pl.Int64 = col("边缘易致贫户人数", ge=0)
    marginal_active_households: pl.Int64 = col("边缘易致贫户未消除户数", ge=0)
    marginal_active_persons: pl.Int64 = col("边缘易致贫户未消除人数", ge=0)
    sudden_households: pl.Int64 = col("突发严重困难户户数", ge=0)
    sudden_persons: pl.Int64 = col("突发严重困难户人数", ge=0)
    sudden_active_households: pl.Int64 = col("突发严重困难户未消除户数", ge=0)
    sudden_active_persons: pl.Int64 = col("突发严重困难户未消除人数", ge=0)
    opening_active_households: pl.Int64 = col("期初未消除户数", ge=0)
    identified_households: pl.Int64 = col("本月新识别户数", ge=0)
    identified_persons: pl.Int64 = col("本月新识别人数", ge=0)
    returned_households: pl.Int64 = col("本月回退户数", ge=0)
    eliminated_this_month_households: pl.Int64 = col("本月消除户数", ge=0)
    eliminated_this_month_persons: pl.Int64 = col("本月消除人数", ge=0)
    natural_change_households: pl.Int64 = col("自然变更净增户数")
    elimination_ratio_households: pl.Float64 = col("风险消除率（户）", nullable=True, ge=0, le=1, unit="share")
    elimination_ratio_persons: pl.Float64 = col("风险消除率（人）", nullable=True, ge=0, le=1, unit="share")
    band_high: pl.Int64 = col("高风险户数", ge=0)
    band_middle: pl.Int64 = col("中风险户数", ge=0)
    band_low: pl.Int64 = col("低风险户数", ge=0)
    band_none: pl.Int64 = col("无风险户数", ge=0)
    hard_trigger_households: pl.Int64 = col("必核查户数", ge=0)
    unlisted_hard_trigger_households: pl.Int64 = col("必核查而未监测户数", ge=0)
    mean_score: pl.Float64 = col("平均风险分", nullable=True, ge=0)
    new_alerts: pl.Int64 = col("本月新增预警数", ge=0)
    household_anomalies: pl.Int64 = col("农户异常数", ge=0)
    cause_illness: pl.Float64 = col("因病占比", nullable=True, unit="share")
    cause_disability: pl.Float64 = col("因残占比", nullable=True, unit="share")
    cause_no_labour: pl.Float64 = col("因缺劳动力占比", nullable=True, unit="share")
    cause_job: pl.Float64 = col("因务工就业不稳占比", nullable=True, unit="share")
    cause_study: pl.Float64 = col("因学占比", nullable=True, unit="share")
    cause_disaster: pl.Float64 = col("因灾因意外占比", nullable=True, unit="share")
    cause_other: pl.Float64 = col("其他原因占比", nullable=True, unit="share")
