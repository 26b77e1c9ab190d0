-- One row per marginal household that was not marginal when it was identified.
-- Margins at the month of identification, on what was known then; positive is away from risk, the household's margin is
-- the smallest. A household whose income at entry is unknown is not judged, nor one that was eliminated and whose first
-- known income is later than its entry: having been helped out of need is success. Assets that may not be queried give
-- no credit; another unknown criterion is left out and said so.
with entry as (
  select * from core.entry_state
),

monitored as (
  select * from core.monitored_household
),

division as (
  select * from ref.division
),

line as (
  select * from ref.monitoring_line
),

threshold as (
  select * from ref.threshold
),

margin as (
  select
    monitored.household_id as household_id,
    monitored.village_code as village_code,
    division.in_province as in_province,
    monitored.eliminated as eliminated,
    entry.identified_month as identified_month,
    entry.basis as basis,
    entry.income_per_head_fen as income_per_head_fen,
    entry.rigid_share as rigid_share,
    entry.stable_earners as stable_earners,
    entry.assets_before as assets_before,
    entry.gap as gap,
    line.line_fen as line_fen,
    entry.income_per_head_fen / nullif(line.line_fen * threshold.margin_income_multiple, 0) - 1 as income_margin,
    1 - entry.rigid_share / nullif(threshold.margin_rigid_share, 0) as rigid_margin,
    (entry.stable_earners + coalesce(entry.assets_before, 0)) / nullif(threshold.margin_earners, 0)
    - cast(entry.stable_earners + coalesce(entry.assets_before, 0) < threshold.margin_earners as integer)
      as livelihood_margin,
    case when entry.gap then -1 when not entry.gap then 1 end as guarantee_margin,
    case when entry.shock then -1 else 1 end as shock_margin
  from monitored
  inner join entry on monitored.household_id = entry.household_id
  inner join division on monitored.village_code = division.village_code
  inner join line on division.county_code = line.county_code
  cross join threshold
  where
    monitored.category = '边缘易致贫户'
    and entry.income_per_head_fen is not null
    and not (monitored.eliminated and entry.basis = 'earliest_window')
),

smallest as (
  select
    *,
    least(income_margin, rigid_margin, livelihood_margin, guarantee_margin, shock_margin) as margin
  from margin
),

final as (
  select
    household_id as household_id,
    village_code as village_code,
    in_province as in_province,
    'not_marginal' as kind,
    '边缘易致贫户不边缘' as title,
    cast(least(100, floor(margin * 100)) as integer) as severity,
    '识别时（' || identified_month || '）人均纯收入' || cast(floor(income_per_head_fen / 100) as bigint)
    || '元，监测线' || cast(floor(line_fen / 100) as bigint) || '元；刚性支出占比'
    || coalesce(cast(cast(round(rigid_share * 100) as bigint) as varchar) || '%', '不详')
    || '；稳定务工' || stable_earners || '人，登记资产' || coalesce(cast(assets_before as varchar) || '项', '未授权查询') || '；'
    || case when gap is null then '三保障情况不详' else '三保障和饮水无缺口' end || '，前期无突发事件' as evidence,
    case basis
      when 'register' then '收入为识别时登记数，无收支台账可核'
      when 'earliest_window' then '收入按最早的收支台账核算，早于该台账的情况不详'
      else '收入按识别前12个月收支台账核算'
    end
    || '；须入户核实有无一次性收入、债务和重病' || case when eliminated then '；该户已消除风险' else '' end as counter_evidence,
    '《专题调研工作方案》四（三）“边缘易致贫户不边缘”' as clause,
    margin as margin,
    case
      when margin = income_margin then 'income'
      when margin = rigid_margin then 'rigid'
      when margin = livelihood_margin then 'livelihood'
      when margin = guarantee_margin then 'guarantee'
      else 'shock'
    end as binding
  from smallest
  where margin >= 0
)

select * from final
order by household_id
