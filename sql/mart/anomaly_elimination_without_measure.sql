-- One row per household eliminated without any measure.
-- A measure that began after the elimination does not count. Natural elimination is exempt.
with monitored as (
  select * from core.monitored_household
),

support as (
  select * from core.support
),

division as (
  select * from ref.division
),

final as (
  select
    monitored.household_id as household_id,
    monitored.village_code as village_code,
    division.in_province as in_province,
    'elimination_without_measure' as kind,
    '无帮扶消除' as title,
    100 as severity,
    monitored.identified_month || '识别，' || coalesce(monitored.eliminated_month, '时间不详') || '标注'
    || coalesce(monitored.elimination_mode, '消除') || '，'
    || case
      when coalesce(support.measures, 0) > 0 then '首项措施' || support.first_measure_month || '才开始'
      else '帮扶措施台账中没有已实施的措施'
    end as evidence,
    '登记的开发式帮扶措施情况：' || coalesce(monitored.development_measure, '未登记')
    || '；须核实措施是否漏录' as counter_evidence,
    '贵州省防返贫数据核查规则 1_11_009' as clause
  from monitored
  inner join division on monitored.village_code = division.village_code
  left join support on monitored.household_id = support.household_id
  where
    monitored.eliminated
    and monitored.elimination_mode is distinct from '自然消除'
    and (coalesce(support.measures, 0) = 0 or support.first_measure_month > monitored.eliminated_month)
)

select * from final
order by household_id
