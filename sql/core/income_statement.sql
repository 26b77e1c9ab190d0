-- One row per household with income records in the 12 months ending the month before.
-- Amounts are for 12 months (docs/decisions/0020-income-statement.md): unknown below income_min_months covered months,
-- otherwise sums x 12 / covered months, rounded down per kind of income.
with month as (
  select date_diff('month', cast(quarter_first || '-01' as date), month_start) as quarter_months
  from ref.month
),

sums as (
  select
    record.household_id as household_id,
    cast(sum(record.months) as integer) as months_covered,
    cast(sum(record.wage_fen) as bigint) as wage_fen,
    cast(sum(record.business_fen) as bigint) as business_fen,
    cast(sum(record.property_fen) as bigint) as property_fen,
    cast(sum(record.transfer_fen) as bigint) as transfer_fen,
    cast(sum(record.business_cost_fen) as bigint) as business_cost_fen,
    cast(sum(record.claims_fen) as bigint) as claims_fen,
    cast(sum(record.post_income_fen) as bigint) as post_income_fen
  from core.income_record as record
  where record.in_statement
  group by record.household_id
),

prior_year as (
  select
    record.household_id as household_id,
    cast(sum(record.months) as integer) as months_covered,
    cast(
      sum(record.wage_fen + record.business_fen + record.property_fen + record.transfer_fen - record.business_cost_fen)
      as bigint
    ) as net_income_fen
  from core.income_record as record
  where record.in_prior
  group by record.household_id
),

-- Monthly reporters: the quarter that ends the statement.
quarter as (
  select
    record.household_id as household_id,
    count(*) as months_covered,
    cast(sum(record.wage_fen) as bigint) as wage_fen
  from core.income_record as record
  where record.in_statement and record.in_quarter and record.months = 1
  group by record.household_id
),

-- Monthly reporters: the same three months of the year before.
year_earlier as (
  select
    record.household_id as household_id,
    count(*) as months_covered,
    cast(sum(record.wage_fen) as bigint) as wage_fen
  from core.income_record as record
  where record.in_prior and record.in_quarter and record.months = 1
  group by record.household_id
),

-- divisor: the covered months, NULL when they are too few; every amount is then NULL.
known as (
  select
    sums.household_id as household_id,
    sums.months_covered as months_covered,
    sums.wage_fen as wage_fen,
    sums.business_fen as business_fen,
    sums.property_fen as property_fen,
    sums.transfer_fen as transfer_fen,
    sums.business_cost_fen as business_cost_fen,
    sums.claims_fen as claims_fen,
    sums.post_income_fen as post_income_fen,
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
    cast(floor(post_income_fen * 12 / nullif(divisor, 0)) as bigint) as post_income_fen
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
    statement.post_income_fen as post_income_fen,
    case when quarter.months_covered = month.quarter_months then quarter.wage_fen end as recent_wage_fen,
    case
      when year_earlier.months_covered = month.quarter_months then year_earlier.wage_fen
    end as year_earlier_wage_fen,
    case
      when prior_year.months_covered >= 12
        then cast(floor(prior_year.net_income_fen * 12 / nullif(prior_year.months_covered, 0)) as bigint)
    end as prior_net_income_fen
  from statement
  cross join month
  left join prior_year on statement.household_id = prior_year.household_id
  left join quarter on statement.household_id = quarter.household_id
  left join year_earlier on statement.household_id = year_earlier.household_id
)

select * from final
order by household_id
