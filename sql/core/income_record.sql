-- One row per household and reported period: income by kind, as reported.
-- The items A1 to E4 of the ledger are summed into the four kinds, costs and claims; nothing is scaled here.
-- in_statement, in_prior: the statement the period belongs to; in_quarter: whether it is one of its last three months;
-- items: how many of the ledger's items are not zero, counted in the current statement only.
with final as (
  select
    income.household_id as household_id,
    income.period as period,
    income.months as months,
    income.period between month.statement_first and month.statement_last as in_statement,
    income.period between month.prior_first and month.prior_last as in_prior,
    income.period between month.quarter_first and month.statement_last
    or income.period between month.year_earlier_first and month.prior_last as in_quarter,
    income.a1_work
    + income.a2_sector_post
    + income.a3_township_post
    + income.a4_village_post
    + income.a5_gathering as wage_fen,
    income.a2_sector_post + income.a3_township_post + income.a4_village_post as post_income_fen,
    income.b1_crops
    + income.b2_livestock
    + income.b3_orchard
    + income.b4_other as business_fen,
    income.c1_asset_dividend
    + income.c2_land_lease
    + income.c3_finance_project
    + income.c4_contract_farming
    + income.c5_other as property_fen,
    income.d1_family_planning
    + income.d2_dibao
    + income.d3_tekun
    + income.d4_pension
    + income.d5_ecology
    + income.d6_other as transfer_fen,
    income.e1_crops
    + income.e2_livestock
    + income.e3_orchard
    + income.e4_other as business_cost_fen,
    income.claims as claims_fen,
    case
      when income.period between month.statement_first and month.statement_last
        then
          cast(income.a1_work > 0 as integer)
          + cast(income.a2_sector_post > 0 as integer)
          + cast(income.a3_township_post > 0 as integer)
          + cast(income.a4_village_post > 0 as integer)
          + cast(income.a5_gathering > 0 as integer)
          + cast(income.b1_crops > 0 as integer)
          + cast(income.b2_livestock > 0 as integer)
          + cast(income.b3_orchard > 0 as integer)
          + cast(income.b4_other > 0 as integer)
          + cast(income.c1_asset_dividend > 0 as integer)
          + cast(income.c2_land_lease > 0 as integer)
          + cast(income.c3_finance_project > 0 as integer)
          + cast(income.c4_contract_farming > 0 as integer)
          + cast(income.c5_other > 0 as integer)
          + cast(income.d1_family_planning > 0 as integer)
          + cast(income.d2_dibao > 0 as integer)
          + cast(income.d3_tekun > 0 as integer)
          + cast(income.d4_pension > 0 as integer)
          + cast(income.d5_ecology > 0 as integer)
          + cast(income.d6_other > 0 as integer)
          + cast(income.e1_crops > 0 as integer)
          + cast(income.e2_livestock > 0 as integer)
          + cast(income.e3_orchard > 0 as integer)
          + cast(income.e4_other > 0 as integer)
          + cast(income.claims > 0 as integer)
    end as items
  from raw.income as income
  cross join ref.month as month
  where income.household_id is not null and income.period <= month.month
)

select * from final
