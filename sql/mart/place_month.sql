-- One row per place of every level: the month's counts and ratios.
-- Villages with a household or a monitored household, or with one when the month began, and everything above them.
-- Places outside the province stand at their own levels and are in none of its totals, because totals follow the codes.
-- The opening stands where its village is now. Of a village without a successor (docs/decisions/0036-places.md), a
-- household stands where it is listed now in the same county, else with the remainder of the township or county.
with feature as (
  select * from core.household_month
),

risk as (
  select * from mart.household_risk
),

monitored as (
  select * from core.monitored_household
),

earlier as (
  select * from prev.core.monitored_household
),

event as (
  select * from core.status_event
),

anomaly as (
  select * from mart.household_anomaly
),

division as (
  select * from ref.division
),

succession as (
  select * from ref.succession
),

place as (
  select * from ref.place
),

month as (
  select * from ref.month
),

household_village as (
  select
    village_code as village_code,
    count(*) as households,
    sum(persons) as persons,
    count(*) filter (where household_type = '脱贫户') as tuopin_households,
    sum(persons) filter (where household_type = '脱贫户') as tuopin_persons
  from feature
  group by village_code
),

risk_village as (
  select
    village_code as village_code,
    count(*) filter (where band = '高') as band_high,
    count(*) filter (where band = '中') as band_middle,
    count(*) filter (where band = '低') as band_low,
    count(*) filter (where band = '无') as band_none,
    count(*) filter (where hard_trigger) as hard_trigger_households,
    sum(score) as score
  from risk
  group by village_code
),

monitored_village as (
  select
    village_code as village_code,
    count(*) as monitored_households,
    sum(persons) as monitored_persons,
    count(*) filter (where not eliminated) as active_households,
    sum(persons) filter (where not eliminated) as active_persons,
    count(*) filter (where eliminated) as eliminated_households,
    sum(persons) filter (where eliminated) as eliminated_persons,
    count(*) filter (where category = '脱贫不稳定户') as unstable_households,
    sum(persons) filter (where category = '脱贫不稳定户') as unstable_persons,
    count(*) filter (where category = '脱贫不稳定户' and not eliminated) as unstable_active_households,
    sum(persons) filter (where category = '脱贫不稳定户' and not eliminated) as unstable_active_persons,
    count(*) filter (where category = '边缘易致贫户') as marginal_households,
    sum(persons) filter (where category = '边缘易致贫户') as marginal_persons,
    count(*) filter (where category = '边缘易致贫户' and not eliminated) as marginal_active_households,
    sum(persons) filter (where category = '边缘易致贫户' and not eliminated) as marginal_active_persons,
    count(*) filter (where category = '突发严重困难户') as sudden_households,
    sum(persons) filter (where category = '突发严重困难户') as sudden_persons,
    count(*) filter (where category = '突发严重困难户' and not eliminated) as sudden_active_households,
    sum(persons) filter (where category = '突发严重困难户' and not eliminated) as sudden_active_persons,
    count(*) filter (where risk1 = '因病') as illness,
    count(*) filter (where risk1 = '因残') as disability,
    count(*) filter (where risk1 = '因缺劳动力') as no_labour,
    count(*) filter (where risk1 = '因务工就业不稳') as job,
    count(*) filter (where risk1 = '因学') as study,
    count(*) filter (where risk1 in ('因自然灾害', '因意外事故')) as disaster,
    count(risk1) as with_cause
  from monitored
  group by village_code
),

-- Who was active when the month began: last month's register, or in the first month the events before it.
last_before as (
  select
    event.household_id as household_id,
    event.event as event
  from event
  cross join month
  where event.event_month < month.month
  qualify row_number() over (partition by event.household_id order by event.event_date desc, event.round desc) = 1
),

-- Households of last month's villages without a successor that are listed in the same county now.
listed as (
  select
    earlier.household_id as household_id,
    feature.village_code as village_code
  from earlier
  inner join succession on earlier.village_code = succession.previous_village_code
  inner join feature on earlier.household_id = feature.household_id
  inner join division on feature.village_code = division.village_code
  where succession.village_code is null and succession.county_code = division.county_code
),

opening as (
  select
    earlier.household_id as household_id,
    case
      when succession.previous_village_code is null then earlier.village_code
      else coalesce(succession.village_code, listed.village_code, succession.remainder_code)
    end as village_code
  from earlier
  left join succession on earlier.village_code = succession.previous_village_code
  left join listed on earlier.household_id = listed.household_id
  where not earlier.eliminated
  union all
  select
    monitored.household_id as household_id,
    monitored.village_code as village_code
  from monitored
  inner join last_before on monitored.household_id = last_before.household_id
  where last_before.event in ('identified', 'returned') and not exists (select 1 from earlier)
),

moved as (
  select
    event.household_id as household_id,
    max(case when event.event = 'identified' then 1 else 0 end) as identified,
    max(case when event.event = 'returned' then 1 else 0 end) as returned,
    max(case when event.event = 'eliminated' then 1 else 0 end) as eliminated
  from event
  cross join month
  where event.event_month = month.month
  group by event.household_id
),

-- One row per household and village it was or is active in. An event counts only where it explains a change of state;
-- what no event explains is natural change (died out, moved, entered late).
state as (
  select
    coalesce(monitored.village_code, opening.village_code) as village_code,
    case when opening.household_id is not null then 1 else 0 end as opening,
    case when monitored.household_id is not null and not monitored.eliminated then 1 else 0 end as active,
    coalesce(monitored.persons, 0) as persons,
    coalesce(moved.identified, 0) as identified,
    coalesce(moved.returned, 0) as returned,
    coalesce(moved.eliminated, 0) as eliminated
  from monitored
  full outer join opening
    on monitored.household_id = opening.household_id and monitored.village_code = opening.village_code
  left join moved on monitored.household_id = moved.household_id
),

flow as (
  select
    village_code as village_code,
    opening as opening,
    active as active,
    persons as persons,
    case when opening = 0 and identified = 1 and active + eliminated > 0 then 1 else 0 end as identified,
    case
      when opening = 0 and identified = 0 and returned = 1 and active + eliminated > 0 then 1
      when opening = 1 and active = 1 and returned = 1 and eliminated = 1 then 1
      else 0
    end as returned,
    case
      when eliminated = 0 then 0
      when opening = 1 and active = 0 then 1
      when opening = 1 and returned = 1 then 1
      when opening = 0 and active = 0 and identified + returned > 0 then 1
      else 0
    end as eliminated
  from state
),

flow_village as (
  select
    village_code as village_code,
    sum(opening) as opening_active_households,
    sum(identified) as identified_households,
    sum(identified * persons) as identified_persons,
    sum(returned) as returned_households,
    sum(eliminated) as eliminated_this_month_households,
    sum(eliminated * persons) as eliminated_this_month_persons,
    sum(active - opening - identified - returned + eliminated) as natural_change_households
  from flow
  group by village_code
),

alert_village as (
  select
    village_code as village_code,
    count(*) as new_alerts
  from mart.alert
  where is_new
  group by village_code
),

anomaly_village as (
  select
    village_code as village_code,
    count(*) as household_anomalies,
    count(*) filter (where kind = 'unlisted_risk') as unlisted_hard_trigger_households
  from anomaly
  group by village_code
),

located as (
  select
    village_code as village_code,
    township_code as township_code,
    county_code as county_code,
    city_code as city_code,
    province_code as province_code
  from division
  union
  select
    remainder_code as village_code,
    township_code as township_code,
    county_code as county_code,
    city_code as city_code,
    province_code as province_code
  from succession
  where remainder_code is not null
),

village as (
  select
    located.village_code as village_code,
    located.township_code as township_code,
    located.county_code as county_code,
    located.city_code as city_code,
    located.province_code as province_code,
    household_village.* exclude (village_code),
    risk_village.* exclude (village_code),
    monitored_village.* exclude (village_code),
    flow_village.* exclude (village_code),
    alert_village.* exclude (village_code),
    anomaly_village.* exclude (village_code)
  from located
  left join household_village on located.village_code = household_village.village_code
  left join risk_village on located.village_code = risk_village.village_code
  left join monitored_village on located.village_code = monitored_village.village_code
  left join flow_village on located.village_code = flow_village.village_code
  left join alert_village on located.village_code = alert_village.village_code
  left join anomaly_village on located.village_code = anomaly_village.village_code
  where
    household_village.households > 0
    or monitored_village.monitored_households > 0
    or flow_village.opening_active_households > 0
),

rolled as (
  select
    case
      when grouping(village_code) = 0 then 'village'
      when grouping(township_code) = 0 then 'township'
      when grouping(county_code) = 0 then 'county'
      when grouping(city_code) = 0 then 'city'
      else 'province'
    end as level,
    coalesce(village_code, township_code, county_code, city_code, province_code) as place_code,
    cast(coalesce(sum(households), 0) as bigint) as households,
    cast(coalesce(sum(persons), 0) as bigint) as persons,
    cast(coalesce(sum(tuopin_households), 0) as bigint) as tuopin_households,
    cast(coalesce(sum(tuopin_persons), 0) as bigint) as tuopin_persons,
    cast(coalesce(sum(monitored_households), 0) as bigint) as monitored_households,
    cast(coalesce(sum(monitored_persons), 0) as bigint) as monitored_persons,
    cast(coalesce(sum(active_households), 0) as bigint) as active_households,
    cast(coalesce(sum(active_persons), 0) as bigint) as active_persons,
    cast(coalesce(sum(eliminated_households), 0) as bigint) as eliminated_households,
    cast(coalesce(sum(eliminated_persons), 0) as bigint) as eliminated_persons,
    cast(coalesce(sum(unstable_households), 0) as bigint) as unstable_households,
    cast(coalesce(sum(unstable_persons), 0) as bigint) as unstable_persons,
    cast(coalesce(sum(unstable_active_households), 0) as bigint) as unstable_active_households,
    cast(coalesce(sum(unstable_active_persons), 0) as bigint) as unstable_active_persons,
    cast(coalesce(sum(marginal_households), 0) as bigint) as marginal_households,
    cast(coalesce(sum(marginal_persons), 0) as bigint) as marginal_persons,
    cast(coalesce(sum(marginal_active_households), 0) as bigint) as marginal_active_households,
    cast(coalesce(sum(marginal_active_persons), 0) as bigint) as marginal_active_persons,
    cast(coalesce(sum(sudden_households), 0) as bigint) as sudden_households,
    cast(coalesce(sum(sudden_persons), 0) as bigint) as sudden_persons,
    cast(coalesce(sum(sudden_active_households), 0) as bigint) as sudden_active_households,
    cast(coalesce(sum(sudden_active_persons), 0) as bigint) as sudden_active_persons,
    cast(coalesce(sum(opening_active_households), 0) as bigint) as opening_active_households,
    cast(coalesce(sum(identified_households), 0) as bigint) as identified_households,
    cast(coalesce(sum(identified_persons), 0) as bigint) as identified_persons,
    cast(coalesce(sum(returned_households), 0) as bigint) as returned_households,
    cast(coalesce(sum(eliminated_this_month_households), 0) as bigint) as eliminated_this_month_households,
    cast(coalesce(sum(eliminated_this_month_persons), 0) as bigint) as eliminated_this_month_persons,
    cast(coalesce(sum(natural_change_households), 0) as bigint) as natural_change_households,
    cast(coalesce(sum(band_high), 0) as bigint) as band_high,
    cast(coalesce(sum(band_middle), 0) as bigint) as band_middle,
    cast(coalesce(sum(band_low), 0) as bigint) as band_low,
    cast(coalesce(sum(band_none), 0) as bigint) as band_none,
    cast(coalesce(sum(hard_trigger_households), 0) as bigint) as hard_trigger_households,
    cast(coalesce(sum(unlisted_hard_trigger_households), 0) as bigint) as unlisted_hard_trigger_households,
    cast(coalesce(sum(new_alerts), 0) as bigint) as new_alerts,
    cast(coalesce(sum(household_anomalies), 0) as bigint) as household_anomalies,
    cast(coalesce(sum(score), 0) as bigint) as score,
    cast(coalesce(sum(illness), 0) as bigint) as illness,
    cast(coalesce(sum(disability), 0) as bigint) as disability,
    cast(coalesce(sum(no_labour), 0) as bigint) as no_labour,
    cast(coalesce(sum(job), 0) as bigint) as job,
    cast(coalesce(sum(study), 0) as bigint) as study,
    cast(coalesce(sum(disaster), 0) as bigint) as disaster,
    cast(coalesce(sum(with_cause), 0) as bigint) as with_cause
  from village
  group by grouping sets (
    (province_code),
    (province_code, city_code),
    (province_code, city_code, county_code),
    (province_code, city_code, county_code, township_code),
    (province_code, city_code, county_code, township_code, village_code)
  )
),

final as (
  select
    rolled.level as level,
    rolled.place_code as place_code,
    place.place_name as place_name,
    place.parent_code as parent_code,
    place.in_province as in_province,
    rolled.households as households,
    rolled.persons as persons,
    rolled.tuopin_households as tuopin_households,
    rolled.tuopin_persons as tuopin_persons,
    rolled.monitored_households as monitored_households,
    rolled.monitored_persons as monitored_persons,
    rolled.active_households as active_households,
    rolled.active_persons as active_persons,
    rolled.eliminated_households as eliminated_households,
    rolled.eliminated_persons as eliminated_persons,
    rolled.unstable_households as unstable_households,
    rolled.unstable_persons as unstable_persons,
    rolled.unstable_active_households as unstable_active_households,
    rolled.unstable_active_persons as unstable_active_persons,
    rolled.marginal_households as marginal_households,
    rolled.marginal_persons as marginal_persons,
    rolled.marginal_active_households as marginal_active_households,
    rolled.marginal_active_persons as marginal_active_persons,
    rolled.sudden_households as sudden_households,
    rolled.sudden_persons as sudden_persons,
    rolled.sudden_active_households as sudden_active_households,
    rolled.sudden_active_persons as sudden_active_persons,
    rolled.opening_active_households as opening_active_households,
    rolled.identified_households as identified_households,
    rolled.identified_persons as identified_persons,
    rolled.returned_households as returned_households,
    rolled.eliminated_this_month_households as eliminated_this_month_households,
    rolled.eliminated_this_month_persons as eliminated_this_month_persons,
    rolled.natural_change_households as natural_change_households,
    rolled.band_high as band_high,
    rolled.band_middle as band_middle,
    rolled.band_low as band_low,
    rolled.band_none as band_none,
    rolled.hard_trigger_households as hard_trigger_households,
    rolled.unlisted_hard_trigger_households as unlisted_hard_trigger_households,
    rolled.new_alerts as new_alerts,
    rolled.household_anomalies as household_anomalies,
    rolled.eliminated_households / nullif(rolled.monitored_households, 0) as elimination_ratio_households,
    rolled.eliminated_persons / nullif(rolled.monitored_persons, 0) as elimination_ratio_persons,
    rolled.score / nullif(rolled.households, 0) as mean_score,
    rolled.illness / nullif(rolled.with_cause, 0) as cause_illness,
    rolled.disability / nullif(rolled.with_cause, 0) as cause_disability,
    rolled.no_labour / nullif(rolled.with_cause, 0) as cause_no_labour,
    rolled.job / nullif(rolled.with_cause, 0) as cause_job,
    rolled.study / nullif(rolled.with_cause, 0) as cause_study,
    rolled.disaster / nullif(rolled.with_cause, 0) as cause_disaster,
    (
      rolled.with_cause - rolled.illness - rolled.disability - rolled.no_labour - rolled.job - rolled.study
      - rolled.disaster
    ) / nullif(rolled.with_cause, 0) as cause_other
  from rolled
  inner join place on rolled.level = place.level and rolled.place_code = place.place_code
)

select * from final
order by level, place_code
