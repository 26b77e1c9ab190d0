-- One row per household that came back within months of its elimination.
-- Coming back is a return or a new identification; the last one of the past year counts.
with event as (
  select * from core.status_event
),

monitored as (
  select * from core.monitored_household
),

division as (
  select * from ref.division
),

threshold as (
  select * from ref.threshold
),

month as (
  select * from ref.month
),

followed as (
  select
    household_id as household_id,
    event as event,
    event_date as event_date,
    event_month as event_month,
    lag(event) over (partition by household_id order by event_date, round) as previous_event,
    lag(event_date) over (partition by household_id order by event_date, round) as previous_date
  from event
),

back as (
  select
    followed.household_id as household_id,
    followed.event as event,
    followed.event_month as event_month,
    followed.previous_date as previous_date,
    datediff('month', followed.previous_date, followed.event_date) as months
  from followed
  cross join threshold
  cross join month
  where
    followed.event in ('identified', 'returned')
    and followed.previous_event = 'eliminated'
    and followed.event_month >= month.status_first
    and followed.event_month <= month.month
    and datediff('month', followed.previous_date, followed.event_date) <= threshold.relapse_months
  qualify row_number() over (partition by followed.household_id order by followed.event_date desc) = 1
),

final as (
  select
    back.household_id as household_id,
    monitored.village_code as village_code,
    division.in_province as in_province,
    'relapse' as kind,
    '返复' as title,
    cast(floor(100 - 100 * back.months / nullif(threshold.relapse_months + 1, 0)) as integer) as severity,
    substr(cast(back.previous_date as varchar), 1, length(back.event_month)) || '消除，' || back.event_month
    || case back.event when 'returned' then '回退' else '再次识别' end || '，相隔' || back.months || '个月' as evidence,
    '风险：' || coalesce(monitored.risks, '未登记') || '；须区分消除不实（回退）和新发生的风险（再标注）' as counter_evidence,
    '《专题调研工作方案》四（七）“标注风险消除后是否继续监测帮扶”' as clause
  from back
  inner join monitored on back.household_id = monitored.household_id
  inner join division on monitored.village_code = division.village_code
  cross join threshold
)

select * from final
order by household_id
