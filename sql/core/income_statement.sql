-- One row per household with income records in the 12 months ending the month before.
-- Amounts are for 12 months (docs/decisions/0020-income-statement.md): unknown below income_min_months covered months,
-- otherwise sums x 12 / covered months, rounded down per kind of income.
-- newest_fingerprint: its newest record, unknown below copied_min_items items. Equal fingerprints are equal amounts of
-- every kind and equally many items; the hash is the engine's own and is compared within one build only.
with month as (
  select
    *,
    date_diff('month', cast(quarter_first || '-01' as date), month_start) as quarter_months
  from ref.month
),

-- The items A1 to E4 of the ledger summed into the four kinds, costs and claims: records of this statement and of the
-- one before. in_quarter: reported monthly, for one of the last three months of either; items: how many are not zero.
record as (
  select
    income.household_id as household_id,
    income.period as period,
    income.months as months,
    income.period >= month.statement_first as in_statement,
    income.months = 1
    and (income.period >= month.quarter_first or income.period between month.year_earlier_first and month.prior_last)
      as in_quarter,
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
      when income.period >= month.statement_first
        then
          case when income.a1_work > 0 then 1 else 0 end
          + case when income.a2_sector_post > 0 then 1 else 0 end
          + case when income.a3_township_post > 0 then 1 else 0 end
          + case when income.a4_village_post > 0 then 1 else 0 end
          + case when income.a5_gathering > 0 then 1 else 0 end
          + case when income.b1_crops > 0 then 1 else 0 end
          + case when income.b2_livestock > 0 then 1 else 0 end
          + case when income.b3_orchard > 0 then 1 else 0 end
          + case when income.b4_other > 0 then 1 else 0 end
          + case when income.c1_asset_dividend > 0 then 1 else 0 end
          + case when income.c2_land_lease > 0 then 1 else 0 end
          + case when income.c3_finance_project > 0 then 1 else 0 end
          + case when income.c4_contract_farming > 0 then 1 else 0 end
          + case when income.c5_other > 0 then 1 else 0 end
          + case when income.d1_family_planning > 0 then 1 else 0 end
          + case when income.d2_dibao > 0 then 1 else 0 end
          + case when income.d3_tekun > 0 then 1 else 0 end
          + case when income.d4_pension > 0 then 1 else 0 end
          + case when income.d5_ecology > 0 then 1 else 0 end
          + case when income.d6_other > 0 then 1 else 0 end
          + case when income.e1_crops > 0 then 1 else 0 end
          + case when income.e2_livestock > 0 then 1 else 0 end
          + case when income.e3_orchard > 0 then 1 else 0 end
          + case when income.e4_other > 0 then 1 else 0 end
          + case when income.claims > 0 then 1 else 0 end
    end as items
  from raw.income as income
  cross join month
  where income.household_id is not null and income.period between month.prior_first and month.statement_last
),

-- fingerprint: 0 where there are too few items to tell a copy by.
current_record as (
  select
    record.*,
    case
      when record.items >= threshold.copied_min_items
        then cast(
          hash(
            record.months,
            record.wage_fen,
            record.post_income_fen,
            record.business_fen,
            record.property_fen,
            record.transfer_fen,
            record.business_cost_fen,
            record.claims_fen,
            record.items
          ) >> 1 as bigint
        )
      else 0
    end as fingerprint
  from record
  cross join ref.threshold as threshold
  where record.in_statement
),

sums as (
  select
    household_id as household_id,
    cast(sum(months) as integer) as months_covered,
    cast(sum(wage_fen) as bigint) as wage_fen,
    cast(sum(business_fen) as bigint) as business_fen,
    cast(sum(property_fen) as bigint) as property_fen,
    cast(sum(transfer_fen) as bigint) as transfer_fen,
    cast(sum(business_cost_fen) as bigint) as business_cost_fen,
    cast(sum(claims_fen) as bigint) as claims_fen,
    count(*) filter (where in_quarter) as quarter_months,
    cast(sum(wage_fen) filter (where in_quarter) as bigint) as quarter_wage_fen,
    arg_max(fingerprint, period) as newest_fingerprint
  from current_record
  group by household_id
),

prior_year as (
  select
    household_id as household_id,
    cast(sum(months) as integer) as months_covered,
    cast(sum(wage_fen + business_fen + property_fen + transfer_fen - business_cost_fen) as bigint) as net_income_fen,
    count(*) filter (where in_quarter) as quarter_months,
    cast(sum(wage_fen) filter (where in_quarter) as bigint) as quarter_wage_fen
  from record
  where not in_statement
  group by household_id
),

-- divisor: the covered months, NULL when they are too few; every amount is then NULL.
known as (
  select
    sums.*,
    case when sums.months_covered >= threshold.income_min_months then sums.months_covered end as divisor
  from sums
  cross join ref.threshold as threshold
),

statement as (
  select
    household_id as household_id,
    months_covered as months_covered,
    cast(floor(wage_fen * 12 / nullif(divisor, 0)) as bigint) as wage_fen,
    cast(floor(business_fen * 12 / nullif(divisor, 0)) as bigint) as business_fen,
    cast(floor(property_fen * 12 / nullif(divisor, 0)) as bigint) as property_fen,
    cast(floor(transfer_fen * 12 / nullif(divisor, 0)) as bigint) as transfer_fen,
    cast(floor(business_cost_fen * 12 / nullif(divisor, 0)) as bigint) as business_cost_fen,
    cast(floor(claims_fen * 12 / nullif(divisor, 0)) as bigint) as claims_fen,
    quarter_months as quarter_months,
    quarter_wage_fen as quarter_wage_fen,
    nullif(newest_fingerprint, 0) as newest_fingerprint
  from known
),

final as (
  select
    statement.household_id as household_id,
    statement.months_covered as months_covered,
    statement.wage_fen as wage_fen,
    statement.business_fen as business_fen,
    statement.property_fen as property_fen,
    statement.transfer_fen as transfer_fen,
    statement.business_cost_fen as business_cost_fen,
    statement.claims_fen as claims_fen,
    statement.wage_fen + statement.business_fen + statement.property_fen + statement.transfer_fen
    - statement.business_cost_fen as net_income_fen,
    case when statement.quarter_months = month.quarter_months then statement.quarter_wage_fen end as recent_wage_fen,
    case
      when prior_year.quarter_months = month.quarter_months then prior_year.quarter_wage_fen
    end as year_earlier_wage_fen,
    case
      when prior_year.months_covered >= 12
        then cast(floor(prior_year.net_income_fen * 12 / nullif(prior_year.months_covered, 0)) as bigint)
    end as prior_net_income_fen,
    statement.newest_fingerprint as newest_fingerprint
  from statement
  cross join month
  left join prior_year on statement.household_id = prior_year.household_id
)

select * from final
