-- One row per household ever identified and reported period: its net income as reported, nothing scaled.
-- Of these households single periods are looked at (core.income_run, core.income_as_of); of the others
-- core.income_statement is enough.
with final as (
  select
    income.household_id as household_id,
    income.period as period,
    income.months as months,
    income.a1_work
    + income.a2_sector_post
    + income.a3_township_post
    + income.a4_village_post
    + income.a5_gathering
    + income.b1_crops
    + income.b2_livestock
    + income.b3_orchard
    + income.b4_other
    + income.c1_asset_dividend
    + income.c2_land_lease
    + income.c3_finance_project
    + income.c4_contract_farming
    + income.c5_other
    + income.d1_family_planning
    + income.d2_dibao
    + income.d3_tekun
    + income.d4_pension
    + income.d5_ecology
    + income.d6_other
    - income.e1_crops
    - income.e2_livestock
    - income.e3_orchard
    - income.e4_other as net_income_fen
  from raw.income as income
  inner join core.monitored_household as monitored on income.household_id = monitored.household_id
  cross join ref.month as month
  where income.period <= month.month
)

select * from final
