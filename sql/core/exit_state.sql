-- One row per eliminated household: its income by the statement ledger when it was eliminated.
-- Judged once, in the first month that sees the elimination, and carried forward (docs/decisions/0025-exit-state.md).
-- An income of records that begin after the elimination says nothing of it.
with final as (
  select
    monitored.household_id as household_id,
    monitored.eliminated_month as eliminated_month,
    case when before.household_id is null then coalesce(income.basis, 'none') else before.basis end as basis,
    case
      when before.household_id is null then income.income_per_head_fen
      else before.income_per_head_fen
    end as income_per_head_fen
  from core.monitored_household as monitored
  left join prev.core.exit_state as before
    on monitored.household_id = before.household_id and monitored.eliminated_month = before.eliminated_month
  left join core.income_as_of as income
    on
      monitored.household_id = income.household_id
      and monitored.eliminated_month = income.as_of_month
      and income.begins_before >= 0
  where monitored.eliminated and monitored.eliminated_month is not null
)

select * from final
order by household_id
