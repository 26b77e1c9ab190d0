-- One row per household and anomaly kind: a lead with evidence and counter-evidence.
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

final as (
  select
    household_id as household_id,
    village_code as village_code,
    in_province as in_province,
    kind as kind,
    title as title,
    severity as severity,
    evidence as evidence,
    counter_evidence as counter_evidence,
    clause as clause
  from anomaly
)

select * from final
order by household_id, kind
