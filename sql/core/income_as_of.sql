-- One row per household and month it was identified or eliminated in, not judged before: its income as of then.
-- window: on the statement of the 12 months before; else earliest_window: on the first 12 months of its records, which
-- end in that month or later; too few covered months, no row. Scaled to 12 months and rounded down
-- (docs/decisions/0024-entry-state.md, 0025-exit-state.md).
with threshold as (
  select * from ref.threshold
),

monitored as (
  select * from core.monitored_household
),

identified as (
  select
    household_id as household_id,
    identified_month as as_of_month
  from monitored
  except
  select
    household_id as household_id,
    identified_month as as_of_month
  from prev.core.entry_state
),

eliminated as (
  select
    household_id as household_id,
    eliminated_month as as_of_month
  from monitored
  where eliminated
  except
  select
    household_id as household_id,
    eliminated_month as as_of_month
  from prev.core.exit_state
),

due as (
  select * from identified
  union
  select * from eliminated
),

asked as (
  select
    due.household_id as household_id,
    due.as_of_month as as_of_month,
    cast(due.as_of_month || '-01' as date) as as_of,
    household.persons as persons
  from due
  inner join core.household as household on due.household_id = household.household_id
  where household.persons > 0
),

-- months_before: how many months the period ends before the month asked for.
record as (
  select
    asked.household_id as household_id,
    asked.as_of_month as as_of_month,
    asked.persons as persons,
    record.months as months,
    date_diff('month', cast(record.period || '-01' as date), asked.as_of) as months_before,
    record.net_income_fen as net_income_fen
  from core.income_record as record
  inner join asked on record.household_id = asked.household_id
),

-- begins: how many months before the month asked for the first record begins; below 0 when it begins after it.
first as (
  select
    household_id as household_id,
    as_of_month as as_of_month,
    max(months_before + months - 1) as begins
  from record
  group by household_id, as_of_month
),

income as (
  select
    record.household_id as household_id,
    record.as_of_month as as_of_month,
    max(record.persons) as persons,
    max(first.begins) as begins,
    sum(record.months) filter (where record.months_before between 1 and 12) as window_months,
    sum(record.net_income_fen) filter (where record.months_before between 1 and 12) as window_fen,
    sum(record.months) filter (where record.months_before > first.begins - 12) as earliest_months,
    sum(record.net_income_fen) filter (where record.months_before > first.begins - 12) as earliest_fen
  from record
  inner join first on record.household_id = first.household_id and record.as_of_month = first.as_of_month
  group by record.household_id, record.as_of_month
),

chosen as (
  select
    income.*,
    case
      when income.window_months >= threshold.income_min_months then 'window'
      when income.earliest_months >= threshold.income_min_months and income.begins < 12 then 'earliest_window'
    end as basis
  from income
  cross join threshold
),

yearly as (
  select
    household_id as household_id,
    as_of_month as as_of_month,
    persons as persons,
    basis as basis,
    case basis when 'window' then 12 else begins end as begins_before,
    case basis
      when 'window' then cast(floor(window_fen * 12 / nullif(window_months, 0)) as bigint)
      else cast(floor(earliest_fen * 12 / nullif(earliest_months, 0)) as bigint)
    end as net_income_fen
  from chosen
  where basis is not null
),

final as (
  select
    household_id as household_id,
    as_of_month as as_of_month,
    basis as basis,
    begins_before as begins_before,
    net_income_fen as net_income_fen,
    cast(floor(net_income_fen / nullif(persons, 0)) as bigint) as income_per_head_fen
  from yearly
)

select * from final
order by household_id, as_of_month
