-- One row per county, item of the asset list and amount: whom it would keep from being monitored, and what speaks for
-- them. Looked at are households in range or monitored; only those that consented are matched, others are counted.
-- Source: 《专题调研工作方案》四（六）; docs/decisions/0050-asset-list.md.
with judged as (
  select * from mart.eligibility
),

division as (
  select * from ref.division
),

household as (
  select * from core.household
),

holding as (
  select * from core.asset_holding
),

asset_step as (
  select * from ref.asset_step
),

candidate as (
  select
    division.county_code as county_code,
    judged.status = 'active' as monitored,
    judged.by_income as below_line,
    judged.by_guarantee as with_gap,
    coalesce(judged.by_rigid, false) or coalesce(judged.by_drop, false) or judged.disaster_stricken as struck,
    judged.safety_net as safety_net,
    household.asset_consent as consented,
    coalesce(holding.cars, 0) as cars,
    holding.car_price_fen as car_price_fen,
    coalesce(holding.businesses, 0) as businesses,
    holding.business_capital_fen as business_capital_fen,
    coalesce(holding.properties, 0) as properties,
    coalesce(holding.payroll_members, 0) as payroll_members
  from judged
  inner join division on judged.village_code = division.village_code
  inner join household on judged.household_id = household.household_id
  left join holding on judged.household_id = holding.household_id
  where judged.in_range or judged.status = 'active'
),

-- Whether a household has the asset in this amount; NULL where it has one whose amount is not registered.
held as (
  select
    candidate.*,
    asset_step.item as item,
    asset_step.step as step,
    case asset_step.item
      when 'car'
        then
          candidate.cars > 0
          and coalesce(candidate.car_price_fen >= asset_step.smallest, asset_step.smallest is null)
      when 'business'
        then
          candidate.businesses > 0
          and coalesce(candidate.business_capital_fen >= asset_step.smallest, asset_step.smallest is null)
      when 'property' then candidate.properties > 0 and candidate.properties >= coalesce(asset_step.smallest, 1)
      when 'payroll'
        then candidate.payroll_members > 0 and candidate.payroll_members >= coalesce(asset_step.smallest, 1)
    end as excluded,
    asset_step.smallest is not null
    and (
      asset_step.item = 'car' and candidate.cars > 0 and candidate.car_price_fen is null
      or asset_step.item = 'business' and candidate.businesses > 0 and candidate.business_capital_fen is null
    ) as unknown_amount
  from candidate
  inner join asset_step on candidate.county_code = asset_step.county_code
),

final as (
  select
    county_code as county_code,
    item as item,
    step as step,
    count(*) as candidates,
    count(*) filter (where not consented) as refused,
    count(*) filter (where excluded) as households,
    count(*) filter (where excluded and monitored) as monitored,
    count(*) filter (where excluded and below_line) as below_line,
    count(*) filter (where excluded and with_gap) as with_gap,
    count(*) filter (where excluded and struck) as struck,
    count(*) filter (where excluded and safety_net) as safety_net,
    count(*) filter (
      where excluded and (below_line or with_gap or struck or safety_net)
    ) as with_evidence,
    count(*) filter (where unknown_amount) as unknown_amount
  from held
  group by county_code, item, step
)

select * from final
order by county_code, item, step
