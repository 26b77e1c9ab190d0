-- One row per death, in the 12 months ending this month, of a member of a household.
-- Lists drop the dead: the household is that of this month's list, else of last month's members, else as carried on.
with window_ as (
  select
    cast(status_first || '-01' as date) as status_from,
    month_end as month_end
  from ref.month
),

final as (
  select
    death.person_id as person_id,
    coalesce(listed.household_id, member.household_id, carried.household_id) as household_id,
    death.died_on as died_on,
    listed.person_id is not null as still_listed
  from raw.death as death
  cross join window_
  left join raw.person_list as listed on death.person_id = listed.person_id
  left join prev.core.person as member on death.person_id = member.person_id
  left join prev.core.death as carried on death.person_id = carried.person_id
  where
    death.died_on between window_.status_from and window_.month_end
    and coalesce(listed.household_id, member.household_id, carried.household_id) is not null
)

select * from final
order by person_id
