-- One row per unstable household that is stable: all margins non-negative, for months.
-- Judged on this month's state, because a household that has become stable should be considered for elimination.
with feature as (
  select * from core.household_month
),

monitored as (
  select * from core.monitored_household
),

threshold as (
  select * from ref.threshold
),

margin as (
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.in_province as in_province,
    monitored.identified_month as identified_month,
    feature.net_income_per_head_fen as net_income_per_head_fen,
    feature.line_fen as line_fen,
    feature.rigid_share as rigid_share,
    feature.transfer_share as transfer_share,
    feature.stable_earners as stable_earners,
    feature.assets as assets,
    feature.months_above_line as months_above_line,
    feature.dibao_persons as dibao_persons,
    feature.severe_disabled as severe_disabled,
    feature.net_income_per_head_fen / nullif(feature.line_fen * threshold.margin_income_multiple, 0)
    - 1 as income_margin,
    1 - feature.rigid_share / nullif(threshold.margin_rigid_share, 0) as rigid_margin,
    (feature.stable_earners + coalesce(feature.assets, 0)) / nullif(threshold.margin_earners, 0)
    - cast(feature.stable_earners + coalesce(feature.assets, 0) < threshold.margin_earners as integer)
      as livelihood_margin,
    case
      when feature.education_gap or feature.medical_gap or feature.housing_gap or feature.water_gap then -1
      when not (feature.education_gap or feature.medical_gap or feature.housing_gap or feature.water_gap) then 1
    end as guarantee_margin,
    case
      when feature.disasters + feature.newly_severe + feature.deaths + feature.jobs_lost_recent > 0 then -1
      else 1
    end as shock_margin,
    feature.months_above_line / nullif(threshold.margin_months, 0) - 1 as duration_margin
  from feature
  inner join monitored on feature.household_id = monitored.household_id
  cross join threshold
  where
    monitored.category = '脱贫不稳定户'
    and not monitored.eliminated
    and feature.net_income_per_head_fen is not null
),

smallest as (
  select
    *,
    least(
      income_margin, rigid_margin, livelihood_margin, guarantee_margin, shock_margin, duration_margin
    ) as margin
  from margin
),

final as (
  select
    household_id as household_id,
    village_code as village_code,
    in_province as in_province,
    'stable_unstable' as kind,
    '脱贫不稳定户较稳定' as title,
    cast(least(100, floor(margin * 100)) as integer) as severity,
    '连续' || months_above_line || '个月人均纯收入不低于监测线的1.5倍，本月核算'
    || cast(floor(net_income_per_head_fen / 100) as bigint) || '元（监测线'
    || cast(floor(line_fen / 100) as bigint) || '元）；刚性支出占比'
    || coalesce(cast(cast(round(rigid_share * 100) as bigint) as varchar) || '%', '不详')
    || '；稳定务工' || stable_earners || '人，登记资产' || coalesce(cast(assets as varchar) || '项', '未授权查询')
    || '；' || case when guarantee_margin is null then '三保障情况不详' else '三保障和饮水无缺口' end || '，无突发事件；'
    || identified_month || '识别，至今未消除' as evidence,
    '转移性收入占' || coalesce(cast(cast(round(transfer_share * 100) as bigint) as varchar) || '%', '不详')
    || case when dibao_persons > 0 then '，低保' || dibao_persons || '人' else '' end
    || case when severe_disabled > 0 then '，一二级残疾' || severe_disabled || '人' else '' end
    || '；须核实务工能否持续、有无债务' as counter_evidence,
    '《专题调研工作方案》四（三）“脱贫不稳定户较稳定”' as clause,
    margin as margin,
    case
      when margin = income_margin then 'income'
      when margin = rigid_margin then 'rigid'
      when margin = livelihood_margin then 'livelihood'
      when margin = guarantee_margin then 'guarantee'
      when margin = shock_margin then 'shock'
      else 'duration'
    end as binding
  from smallest
  where margin >= 0
)

select * from final
order by household_id
