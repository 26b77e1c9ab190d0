-- One row per village, indicator and segment: how monitored households fare, why, and who is new (topic 三 of the plan).
-- Sums over villages give every level. What counts as what: docs/decisions/0056-topic-condition.md.
-- group_name: the class of a household still monitored, else what other household it is; every household is in one.
with feature as (
  select
    *,
    case
      when status = 'active' then category
      when status = 'eliminated' then '已消除风险'
      when household_type = '脱贫户' then '其他脱贫户'
      else '其他农户'
    end as group_name
  from core.household_month
),

monitored as (
  select * from core.monitored_household
),

threshold as (
  select * from ref.threshold
),

month as (
  select
    *,
    strftime(date_trunc('year', month_start), '%Y-%m') as year_first
  from ref.month
),

-- The one pass over all households.
grouped as (
  select
    feature.village_code as village_code,
    feature.group_name as group_name,
    count(*) as households,
    sum(feature.net_income_fen) as net_income_fen,
    sum(feature.persons) filter (where feature.net_income_fen is not null) as income_persons,
    sum(feature.rigid_fen) as rigid_fen,
    count(*) filter (where feature.education_gap) as education_gap,
    count(feature.education_gap) as education_known,
    count(*) filter (where feature.medical_gap) as medical_gap,
    count(feature.medical_gap) as medical_known,
    count(*) filter (where feature.housing_gap) as housing_gap,
    count(feature.housing_gap) as housing_known,
    count(*) filter (where feature.water_gap) as water_gap,
    count(feature.water_gap) as water_known,
    count(*) filter (where guarantee.water_quality_gap) as quality_gap,
    count(guarantee.water_quality_gap) as quality_known,
    count(*) filter (where guarantee.water_quantity_gap) as quantity_gap,
    count(guarantee.water_quantity_gap) as quantity_known,
    count(*) filter (where guarantee.water_access_gap) as access_gap,
    count(guarantee.water_access_gap) as access_known,
    count(*) filter (where guarantee.water_supply_gap) as supply_gap,
    count(guarantee.water_supply_gap) as supply_known
  from feature
  left join core.guarantee as guarantee on feature.household_id = guarantee.household_id
  group by feature.village_code, feature.group_name
),

gap as (
  select
    village_code as village_code,
    unnest([
      'guarantee', 'guarantee', 'guarantee', 'guarantee', 'water', 'water', 'water', 'water'
    ]) as indicator,
    group_name || '·' || unnest([
      '义务教育', '基本医疗', '住房安全', '饮水安全', '水质', '水量', '取水方便程度', '供水保证率'
    ]) as segment,
    unnest([
      education_gap, medical_gap, housing_gap, water_gap, quality_gap, quantity_gap, access_gap, supply_gap
    ]) as value,
    unnest([
      education_known, medical_known, housing_known, water_known,
      quality_known, quantity_known, access_known, supply_known
    ]) as base
  from grouped
),

-- Households still monitored, with all that a cause can be compared with.
active as (
  select
    feature.village_code as village_code,
    feature.group_name as group_name,
    feature.persons as persons,
    feature.labourers as labourers,
    feature.net_income_fen as net_income_fen,
    statement.wage_fen as wage_fen,
    statement.business_fen as business_fen,
    statement.property_fen as property_fen,
    statement.transfer_fen as transfer_fen,
    statement.wage_fen + statement.business_fen + statement.property_fen + statement.transfer_fen as gross_fen,
    coalesce(rigid.medical_fen, 0) as medical_fen,
    coalesce(rigid.education_fen, 0) as education_fen,
    coalesce(rigid.disaster_fen, 0) as disaster_fen,
    feature.rigid_fen as rigid_fen,
    100 * feature.rigid_share as rigid_pct,
    100 * (feature.net_income_per_head_fen - feature.line_fen) / nullif(feature.line_fen, 0) as income_margin_pct,
    feature.margin_pct as margin_pct,
    feature.net_after_rigid_per_head_fen - feature.line_fen as margin_fen,
    feature.education_gap as education_gap,
    feature.housing_gap as housing_gap,
    feature.water_gap as water_gap,
    monitored.identified_month as identified_month,
    coalesce(monitored.risk1, '原因不详') as risk1,
    coalesce(monitored.risks, '') as risks,
    monitored.entry_self_paid_fen as entry_self_paid_fen,
    coalesce(welfare.disabled, 0) as disabled,
    labour.household_id is not null as work_reported,
    entry.shock as entry_shock
  from feature
  inner join monitored on feature.household_id = monitored.household_id
  left join core.income_statement as statement on feature.household_id = statement.household_id
  left join core.rigid_expenditure as rigid on feature.household_id = rigid.household_id
  left join core.welfare as welfare on feature.household_id = welfare.household_id
  left join core.labour as labour on feature.household_id = labour.household_id
  left join core.entry_state as entry on feature.household_id = entry.household_id
  where feature.status = 'active'
),

-- Kinds of income and of rigid expenditure: the amount, and all kinds together.
composed as (
  select
    village_code as village_code,
    'income_share' as indicator,
    group_name || '·' || unnest(['工资性收入', '生产经营性收入', '财产性收入', '转移性收入']) as segment,
    unnest([wage_fen, business_fen, property_fen, transfer_fen]) as value,
    gross_fen as base
  from active
  union all
  select
    village_code as village_code,
    'rigid_share' as indicator,
    group_name || '·' || unnest(['医疗', '教育', '灾害损失']) as segment,
    unnest([medical_fen, education_fen, disaster_fen]) as value,
    rigid_fen as base
  from active
),

measured as (
  select
    village_code as village_code,
    unnest(['income_margin', 'margin', 'burden']) as indicator,
    unnest(['line_margin', 'line_margin', 'burden']) as band,
    group_name as group_name,
    unnest([income_margin_pct, margin_pct, rigid_pct]) as number
  from active
),

-- One row per household and cause that facts can speak against.
contradiction as (
  select
    village_code as village_code,
    '因病' as segment,
    medical_fen = 0 and coalesce(entry_self_paid_fen, 0) = 0 as found
  from active
  where contains(risks, '因病')
  union all
  select
    village_code as village_code,
    '因残' as segment,
    disabled = 0 as found
  from active
  where contains(risks, '因残')
  union all
  select
    village_code as village_code,
    '因学' as segment,
    education_fen = 0 as found
  from active
  where contains(risks, '因学')
  union all
  select
    active.village_code as village_code,
    '因缺劳动力' as segment,
    active.persons >= threshold.shortage_min_persons
    and active.labourers >= threshold.shortage_labour_share * active.persons as found
  from active
  cross join threshold
  where contains(active.risks, '因缺劳动力')
  union all
  select
    village_code as village_code,
    '因务工就业不稳' as segment,
    not work_reported as found
  from active
  where contains(risks, '因务工就业不稳')
  union all
  select
    active.village_code as village_code,
    '因自然灾害、因意外事故' as segment,
    not active.entry_shock as found
  from active
  cross join month
  where
    (contains(active.risks, '因自然灾害') or contains(active.risks, '因意外事故'))
    and active.identified_month >= month.status_first
    and active.entry_shock is not null
),

unexplained as (
  select
    village_code as village_code,
    '义务教育' as segment,
    not contains(risks, '因学') as found
  from active
  where education_gap
  union all
  select
    village_code as village_code,
    '住房安全' as segment,
    not contains(risks, '因安全住房') as found
  from active
  where housing_gap
  union all
  select
    village_code as village_code,
    '饮水安全' as segment,
    not contains(risks, '因安全饮水') as found
  from active
  where water_gap
),

-- Identifications of this year, in the village where the household is.
identified as (
  select
    feature.village_code as village_code,
    event.event_month as event_month,
    monitored.category as category,
    coalesce(monitored.risk1, '原因不详') as risk1,
    coalesce(step.channel, '线索来源不详') as channel
  from core.status_event as event
  cross join month
  inner join monitored on event.household_id = monitored.household_id
  inner join feature on event.household_id = feature.household_id
  left join core.procedure as step on event.household_id = step.household_id and event.round = step.round
  where event.event = 'identified' and event.event_month between month.year_first and month.month
),

identified_village as (
  select
    village_code as village_code,
    count(*) as identifications
  from identified
  group by village_code
),

village as (
  select
    village_code as village_code,
    sum(households) as households
  from grouped
  group by village_code
),

fact as (
  select
    village_code as village_code,
    'net_income_per_head' as indicator,
    group_name as segment,
    net_income_fen as value,
    income_persons as base
  from grouped
  where income_persons > 0
  union all
  select
    village_code as village_code,
    'rigid' as indicator,
    group_name as segment,
    rigid_fen as value,
    households as base
  from grouped
  union all
  select * from gap
  where base > 0
  union all
  select * from composed
  where base > 0
  union all
  select
    village_code as village_code,
    'margin_mean' as indicator,
    group_name as segment,
    margin_fen as value,
    1 as base
  from active
  where margin_fen is not null
  union all
  select
    measured.village_code as village_code,
    measured.indicator as indicator,
    measured.group_name || '·' || band.segment as segment,
    1 as value,
    null as base
  from measured
  inner join ref.topic_band as band on measured.band = band.band
  where
    (band.low is null or measured.number >= band.low)
    and (band.high is null or measured.number < band.high)
    and measured.number is not null
  union all
  select
    village_code as village_code,
    'cause' as indicator,
    group_name || '·' || risk1 as segment,
    1 as value,
    null as base
  from active
  union all
  select
    village_code as village_code,
    'contradiction' as indicator,
    segment as segment,
    cast(found as integer) as value,
    1 as base
  from contradiction
  union all
  select
    village_code as village_code,
    'unexplained' as indicator,
    segment as segment,
    cast(found as integer) as value,
    1 as base
  from unexplained
  union all
  select
    identified.village_code as village_code,
    'identified_month' as indicator,
    identified.category as segment,
    1 as value,
    null as base
  from identified
  cross join month
  where identified.event_month = month.month
  union all
  select
    village_code as village_code,
    unnest(['identified_year', 'identified_course', 'identified_channel', 'identified_cause']) as indicator,
    unnest([category, event_month, channel, risk1]) as segment,
    1 as value,
    null as base
  from identified
  union all
  select
    village.village_code as village_code,
    'village_without' as indicator,
    '' as segment,
    cast(identified_village.village_code is null as integer) as value,
    1 as base
  from village
  left join identified_village on village.village_code = identified_village.village_code
  union all
  select
    feature.village_code as village_code,
    'not_marginal' as indicator,
    '' as segment,
    cast(anomaly.household_id is not null as integer) as value,
    1 as base
  from feature
  left join mart.anomaly_not_marginal as anomaly on feature.household_id = anomaly.household_id
  where feature.category = '边缘易致贫户'
  union all
  select
    feature.village_code as village_code,
    'stable_unstable' as indicator,
    '' as segment,
    cast(anomaly.household_id is not null as integer) as value,
    1 as base
  from feature
  left join mart.anomaly_stable_unstable as anomaly on feature.household_id = anomaly.household_id
  where feature.category = '脱贫不稳定户' and feature.status = 'active'
),

final as (
  select
    village_code as village_code,
    indicator as indicator,
    segment as segment,
    cast(sum(value) as bigint) as value,
    cast(sum(base) as bigint) as base
  from fact
  group by village_code, indicator, segment
)

select * from final
order by village_code, indicator, segment
