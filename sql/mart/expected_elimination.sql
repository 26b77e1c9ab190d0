-- One row per monitored household with a known time under monitoring: what its class, time and cause let expect.
-- Expected are the province's rates by class x band of months since identification x first cause, times the household's
-- months in the band (the month of identification counts); natural elimination is not observed. Cells of few households
-- of the province are put together within class and band. Outside the province, a band without households of the
-- province is left out.
with monitored as (
  select * from core.monitored_household
),

division as (
  select * from ref.division
),

threshold as (
  select * from ref.threshold
),

ranking as (
  select * from ref.ranking
),

band as (
  select
    0 as after_months,
    exposure_band_1 as last_month
  from threshold
  union all
  select
    exposure_band_1 as after_months,
    exposure_band_2 as last_month
  from threshold
  union all
  select
    exposure_band_2 as after_months,
    exposure_band_3 as last_month
  from threshold
  union all
  select
    exposure_band_3 as after_months,
    null as last_month
  from threshold
),

at_risk as (
  select
    monitored.household_id as household_id,
    monitored.village_code as village_code,
    monitored.persons as persons,
    division.in_province as in_province,
    monitored.category as category,
    coalesce(monitored.risk1, '') as cause,
    monitored.months_monitored + 1 as months,
    coalesce(monitored.eliminated and monitored.elimination_mode <> '自然消除', monitored.eliminated) as helped
  from monitored
  inner join division on monitored.village_code = division.village_code
  where monitored.months_monitored is not null
),

exposure as (
  select
    at_risk.*,
    band.after_months as after_months,
    least(at_risk.months, coalesce(band.last_month, at_risk.months)) - band.after_months as band_months,
    case when at_risk.helped and at_risk.months <= coalesce(band.last_month, at_risk.months) then 1 else 0 end as ended
  from at_risk
  inner join band on at_risk.months > band.after_months
),

cell as (
  select
    category as category,
    after_months as after_months,
    cause as cause,
    count(*) as households
  from exposure
  where in_province
  group by category, after_months, cause
),

pooled as (
  select
    exposure.* exclude (cause),
    case when cell.households >= ranking.hazard_min_households then exposure.cause end as cause
  from exposure
  cross join ranking
  left join cell
    on
      exposure.category = cell.category
      and exposure.after_months = cell.after_months
      and exposure.cause = cell.cause
),

hazard as (
  select
    category as category,
    after_months as after_months,
    cause as cause,
    sum(ended) / nullif(sum(band_months), 0) as households,
    sum(ended * persons) / nullif(sum(band_months * persons), 0) as persons
  from pooled
  where in_province
  group by category, after_months, cause
),

final as (
  select
    pooled.household_id as household_id,
    any_value(pooled.village_code) as village_code,
    any_value(pooled.persons) as persons,
    sum(pooled.band_months) as months_at_risk,
    sum(pooled.ended) as observed_households,
    sum(pooled.ended * pooled.persons) as observed_persons,
    cast(sum(cast(pooled.band_months * hazard.households as decimal(38, 18))) as double) as expected_households,
    cast(sum(cast(pooled.band_months * pooled.persons * hazard.persons as decimal(38, 18))) as double)
      as expected_persons
  from pooled
  inner join hazard
    on
      pooled.category = hazard.category
      and pooled.after_months = hazard.after_months
      and pooled.cause is not distinct from hazard.cause
  group by pooled.household_id
)

select * from final
order by household_id
