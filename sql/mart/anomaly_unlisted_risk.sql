-- One row per household at risk that is not in the register.
-- At risk is a hard trigger of the score card; what is unknown triggers nothing.
with risk as (
  select * from mart.household_risk
),

feature as (
  select * from core.household_month
),

final as (
  select
    risk.household_id as household_id,
    risk.village_code as village_code,
    feature.in_province as in_province,
    'unlisted_risk' as kind,
    '应纳未纳' as title,
    risk.score as severity,
    risk.hard_reasons || '；风险分' || risk.score || '；扣除刚性支出后人均收入'
    || coalesce(cast(cast(floor(feature.net_after_rigid_per_head_fen / 100) as bigint) as varchar) || '元', '不详')
    || '，监测线' || cast(floor(feature.line_fen / 100) as bigint) || '元；未纳入监测' as evidence,
    coalesce(risk.mitigation, '没有登记的保护因素')
    || case when risk.unknowns > 0 then '；有' || risk.unknowns || '项指标不详' else '' end
    || '；须核实亲属赡养、存款和自主应对能力' as counter_evidence,
    '中农组发〔2021〕7号 应纳尽纳' as clause
  from risk
  inner join feature on risk.household_id = feature.household_id
  where risk.hard_trigger and feature.status = 'none'
)

select * from final
order by household_id
