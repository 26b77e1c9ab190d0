-- One row per household ever identified and still in the register.
-- The register repeats a household's fields for every member: the head's row speaks, else that of the smallest id.
with month as (
  select * from ref.month
),

entry as (
  select
    *,
    row_number() over (
      partition by household_id order by coalesce(relation = '户主', false) desc, person_id
    ) as place,
    count(*) over (partition by household_id) as persons
  from raw.register
),

final as (
  select
    entry.household_id as household_id,
    household.village_code as village_code,
    entry.category as category,
    case
      when entry.household_type in ('脱贫享受政策户', '脱贫不享受政策户') then '脱贫户'
      else entry.household_type
    end as household_type,
    entry.persons as persons,
    entry.identified_month as identified_month,
    entry.risk1 as risk1,
    nullif(concat_ws('、', entry.risk1, entry.risk2, entry.risk3, entry.risk4, entry.risk5), '') as risks,
    entry.eliminated as eliminated,
    entry.eliminated_month as eliminated_month,
    entry.elimination_mode as elimination_mode,
    entry.no_labour_household as no_labour_household,
    entry.development_measure as development_measure,
    entry.entry_income_per_head as entry_income_per_head_fen,
    entry.entry_self_paid as entry_self_paid_fen,
    entry.entry_unsafe_house or not entry.entry_safe_water or entry.entry_dropout or entry.entry_uninsured as entry_gap,
    entry.exit_income_per_head as exit_income_per_head_fen,
    entry.exit_transfer_income as exit_transfer_income_fen,
    entry.exit_house_damaged or entry.exit_water_damaged or entry.exit_dropout or entry.exit_uninsured as exit_gap,
    case
      when not entry.eliminated and entry.identified_month <= month.month
        then date_diff('month', cast(entry.identified_month || '-01' as date), month.month_start)
      when entry.eliminated and entry.identified_month <= entry.eliminated_month
        then date_diff(
          'month',
          cast(entry.identified_month || '-01' as date),
          cast(entry.eliminated_month || '-01' as date)
        )
    end as months_monitored
  from entry
  cross join month
  left join core.household as household on entry.household_id = household.household_id
  where entry.place = 1
)

select * from final
order by household_id
