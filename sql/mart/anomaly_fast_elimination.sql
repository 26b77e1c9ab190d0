-- One row per household eliminated too soon after its identification.
-- Natural elimination (death, household dissolved) is exempt.
with monitored as (
  select * from core.monitored_household
),

division as (
  select * from ref.division
),

threshold as (
  select * from ref.threshold
),

support as (
  select * from core.support
),

final as (
  select
    monitored.household_id as household_id,
    monitored.village_code as village_code,
    division.in_province as in_province,
    'fast_elimination' as kind,
    '快速消除' as title,
    cast(
      floor(
        100 * (threshold.elimination_min_months - monitored.months_monitored)
        / nullif(threshold.elimination_min_months, 0)
      ) as integer
    ) as severity,
    monitored.identified_month || '识别，' || coalesce(monitored.eliminated_month, '时间不详') || '消除，监测'
    || monitored.months_monitored || '个月，不足' || threshold.elimination_min_months || '个月' as evidence,
    '期间已实施措施' || coalesce(support.measures, 0) || '项；消除后人均纯收入'
    || coalesce(cast(cast(floor(monitored.exit_income_per_head_fen / 100) as bigint) as varchar) || '元', '未登记')
    || '；须核实识别时间是否补录' as counter_evidence,
    '收入稳定“原则上半年以上”；贵州省防返贫数据核查规则 2_11_002' as clause
  from monitored
  inner join division on monitored.village_code = division.village_code
  left join support on monitored.household_id = support.household_id
  cross join threshold
  where
    monitored.eliminated
    and monitored.months_monitored < threshold.elimination_min_months
    and monitored.elimination_mode is distinct from '自然消除'
)

select * from final
order by household_id
