-- One row per household and anomaly kind: a lead with evidence and counter-evidence, and what the last visit found.
-- Every anomaly_<kind> begins with the same columns in the same order (checks/anomaly.py).
with anomaly as (
  select * from mart.anomaly_asset_contradiction
  union all
  select * from mart.anomaly_elimination_below_line
  union all
  select * from mart.anomaly_elimination_without_measure
  union all
  select * from mart.anomaly_elimination_without_procedure
  union all
  select * from mart.anomaly_fast_elimination
  union all
  select * from mart.anomaly_ineligible_post
  union all
  select * exclude (margin, binding) from mart.anomaly_not_marginal
  union all
  select * from mart.anomaly_relapse
  union all
  select * from mart.anomaly_safety_net_only
  union all
  select * exclude (margin, binding) from mart.anomaly_stable_unstable
  union all
  select * from mart.anomaly_unlisted_risk
),

checked as (
  select
    household_id as household_id,
    item as item,
    case checked when 'confirmed' then '属实' when 'refuted' then '不属实' else '无法核实' end as field_result,
    day as day
  from ref.field_answer
  where starts_with(item, 'lead_') and checked is not null and household_id is not null
  qualify row_number() over (partition by household_id, item order by day desc, trip desc) = 1
),

final as (
  select
    anomaly.household_id as household_id,
    anomaly.village_code as village_code,
    anomaly.in_province as in_province,
    anomaly.kind as kind,
    anomaly.title as title,
    anomaly.severity as severity,
    anomaly.evidence as evidence,
    anomaly.counter_evidence as counter_evidence,
    anomaly.clause as clause,
    checked.field_result as field_result,
    checked.day as field_checked_on
  from anomaly
  left join checked on anomaly.household_id = checked.household_id and 'lead_' || anomaly.kind = checked.item
)

select * from final
order by household_id, kind
