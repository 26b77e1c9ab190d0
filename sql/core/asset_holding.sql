-- One row per consenting household with a registered asset or a member on the public payroll.
-- Households that did not consent to the query are left out: their assets are unknown, not none.
with asset as (
  select
    person_id as person_id,
    registered as car_month,
    null as property_month,
    null as business_month,
    null as payroll_month,
    price as car_price_fen,
    null as business_capital_fen
  from raw.vehicle
  where vehicle_type in ('小型轿车', '小型客车')
  union all
  select
    person_id as person_id,
    null as car_month,
    registered as property_month,
    null as business_month,
    null as payroll_month,
    null as car_price_fen,
    null as business_capital_fen
  from raw.property
  union all
  select
    person_id as person_id,
    null as car_month,
    null as property_month,
    registered as business_month,
    null as payroll_month,
    null as car_price_fen,
    capital as business_capital_fen
  from raw.business
  where entity_type <> '农民专业合作社'
  union all
  select
    person_id as person_id,
    null as car_month,
    null as property_month,
    null as business_month,
    started as payroll_month,
    null as car_price_fen,
    null as business_capital_fen
  from raw.payroll
),

final as (
  select
    household.household_id as household_id,
    count(asset.car_month) as cars,
    min(asset.car_month) as first_car_month,
    max(asset.car_price_fen) as car_price_fen,
    count(asset.property_month) as properties,
    min(asset.property_month) as first_property_month,
    count(asset.business_month) as businesses,
    min(asset.business_month) as first_business_month,
    max(asset.business_capital_fen) as business_capital_fen,
    count(asset.payroll_month) as payroll_members,
    min(asset.payroll_month) as first_payroll_month,
    least(
      min(asset.car_month), min(asset.property_month), min(asset.business_month), min(asset.payroll_month)
    ) as earliest_asset_month
  from asset
  inner join core.person as person on asset.person_id = person.person_id
  inner join core.household as household on person.household_id = household.household_id
  where household.asset_consent
  group by household.household_id
)

select * from final
order by household_id
