-- One row per monitored household that owned a registered asset before it was identified.
-- Only consenting households and households not yet eliminated; a lead, never a reason to refuse.
with monitored as (
  select * from core.monitored_household
),

asset as (
  select * from core.asset_holding
),

division as (
  select * from ref.division
),

owned as (
  select
    monitored.household_id as household_id,
    monitored.village_code as village_code,
    division.in_province as in_province,
    monitored.identified_month as identified_month,
    monitored.risk1 as risk1,
    asset.earliest_asset_month as earliest_asset_month,
    cast(coalesce(asset.first_car_month <= monitored.identified_month, false) as integer) as car,
    cast(coalesce(asset.first_property_month <= monitored.identified_month, false) as integer) as property,
    cast(coalesce(asset.first_business_month <= monitored.identified_month, false) as integer) as business,
    cast(coalesce(asset.first_payroll_month <= monitored.identified_month, false) as integer) as payroll,
    asset.cars as cars,
    asset.properties as properties,
    asset.businesses as businesses,
    asset.payroll_members as payroll_members
  from monitored
  inner join asset on monitored.household_id = asset.household_id
  inner join division on monitored.village_code = division.village_code
  where not monitored.eliminated and asset.earliest_asset_month <= monitored.identified_month
),

final as (
  select
    household_id as household_id,
    village_code as village_code,
    in_province as in_province,
    'asset_contradiction' as kind,
    '资产矛盾' as title,
    cast(floor(100 - 100 / nullif(1 + car + property + business + payroll, 0)) as integer) as severity,
    identified_month || '识别，此前已登记：'
    || concat_ws(
      '、',
      case when car > 0 then '轿车客车' || cars || '辆' end,
      case when property > 0 then '商品房' || properties || '套' end,
      case when business > 0 then '市场主体' || businesses || '个' end,
      case when payroll > 0 then '财政供养' || payroll_members || '人' end
    )
    || '（最早' || earliest_asset_month || '）' as evidence,
    '登记风险：' || coalesce(risk1, '未登记') || '；须核实是否营运或代步工具、是否挂名、是否因病因灾已变卖' as counter_evidence,
    '赵委发〔2020〕34号 五（一）三“住房、经商、购车、社保、公职人员等信息开展比对”' as clause
  from owned
  where car + property + business + payroll > 0
)

select * from final
order by household_id
