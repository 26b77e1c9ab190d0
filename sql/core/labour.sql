-- One row per household with a member who has reported work: who works at the month's end, and who lost work.
-- What counts as working, stable and lost: docs/decisions/0022-labour.md. Households without reports have no row.
with month as (
  select
    month.month as month,
    month.recent_first as recent_first,
    strftime(month.month_start - to_months(threshold.stable_work_months - 1), '%Y-%m') as stable_from
  from ref.month as month
  cross join ref.threshold as threshold
),

-- The latest report of a spell of work; of two in one month, the one with the later end. ended: '' while it lasts.
spell as (
  select
    employment.person_id as person_id,
    employment.started as started,
    arg_max(coalesce(employment.ended, ''), employment.reported || coalesce(employment.ended, '')) as ended
  from raw.employment as employment
  cross join month
  where employment.person_id is not null and employment.started <= month.month and employment.reported <= month.month
  group by employment.person_id, employment.started
),

worker as (
  select
    spell.person_id as person_id,
    bool_or(spell.ended = '' or spell.ended > month.month) as working,
    bool_or((spell.ended = '' or spell.ended > month.month) and spell.started <= month.stable_from) as stable,
    bool_or(spell.ended between month.recent_first and month.month) as ended_recently
  from spell
  cross join month
  group by spell.person_id
),

final as (
  select
    person.household_id as household_id,
    count(*) filter (where worker.working) as working,
    count(*) filter (where worker.stable) as stable_earners,
    count(*) filter (where worker.ended_recently and not worker.working) as jobs_lost_recent
  from worker
  inner join core.person as person on worker.person_id = person.person_id
  group by person.household_id
)

select * from final
