-- One row per eliminated household: its income by the statement ledger when it was eliminated.
-- Judged once, in the first month that sees the elimination, and carried forward (docs/decisions/0025-exit-state.md).
with threshold as (
  select * from ref.threshold
),

monitored as (
  select
    monitored.household_id as household_id,
    monitored.eliminated_month as eliminated_month,
    cast(monitored.eliminated_month || '-01' as date) as eliminated_on,
    household.persons as persons
  from core.monitored_household as monitored
  left join core.household as household on monitored.household_id = household.household_id
  where monitored.eliminated and monitored.eliminated_month is not null
),

carried as (
  select
    before.household_id as household_id,
    before.eliminated_month as eliminated_month,
    before.basis as basis,
    before.income_per_head_fen as income_per_head_fen
  from prev.core.exit_state as before
  inner join monitored
    on before.household_id = monitored.household_id and before.eliminated_month = monitored.eliminated_month
),

fresh as (
  select monitored.*
  from monitored
  left join carried on monitored.household_id = carried.household_id
  where carried.household_id is null
),

-- months_before: how many months the period ends before the month of elimination.
record as (
  select
    fresh.household_id as household_id,
    record.months as months,
    date_diff('month', cast(record.period || '-01' as date), fresh.eliminated_on) as months_before,
    record.wage_fen + record.business_fen + record.property_fen + record.transfer_fen
    - record.business_cost_fen as net_income_fen
  from core.income_record as record
  inner join fresh on record.household_id = fresh.household_id
),

-- begins: how many months before the elimination the first record begins.
placed as (
  select
    *,
    max(months_before + months - 1) over (partition by household_id) as begins
  from record
),

income as (
  select
    household_id as household_id,
    max(begins) as begins,
    sum(months) filter (where months_before between 1 and 12) as exit_months,
    sum(net_income_fen) filter (where months_before between 1 and 12) as exit_net_fen,
    sum(months) filter (where months_before > begins - 12) as earliest_months,
    sum(net_income_fen) filter (where months_before > begins - 12) as earliest_net_fen
  from placed
  group by household_id
),

state as (
  select
    fresh.household_id as household_id,
    fresh.eliminated_month as eliminated_month,
    case
      when fresh.persons > 0 and income.exit_months >= threshold.income_min_months
        then cast(floor(income.exit_net_fen * 12 / nullif(income.exit_months * fresh.persons, 0)) as bigint)
    end as window_fen,
    case
      when
        fresh.persons > 0
        and income.earliest_months >= threshold.income_min_months
        and income.begins between 0 and 12 - 1
        then cast(floor(income.earliest_net_fen * 12 / nullif(income.earliest_months * fresh.persons, 0)) as bigint)
    end as earliest_fen
  from fresh
  left join income on fresh.household_id = income.household_id
  cross join threshold
),

final as (
  select * from carried
  union all
  select
    household_id as household_id,
    eliminated_month as eliminated_month,
    case
      when window_fen is not null then 'window'
      when earliest_fen is not null then 'earliest_window'
      else 'none'
    end as basis,
    coalesce(window_fen, earliest_fen) as income_per_head_fen
  from state
)

select * from final
order by household_id
