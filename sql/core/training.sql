-- One row per member of a household and course of training that ended in the 12 months ending this month.
-- employed: in work at the month's end, in a spell begun in the month the course ended or later.
with month as (
  select
    *,
    cast(status_first || '-01' as date) as status_from
  from ref.month
),

final as (
  select
    training.person_id as person_id,
    training.project as project,
    training.started as started,
    person.household_id as household_id,
    training.organiser as organiser,
    training.ended as ended,
    training.certified as certified,
    training.subsidy as subsidy_fen,
    coalesce(worker.working, false) as working,
    coalesce(worker.working_since >= strftime(training.ended, '%Y-%m'), false) as employed
  from raw.training as training
  inner join core.person as person on training.person_id = person.person_id
  cross join month
  left join core.worker as worker on training.person_id = worker.person_id
  where training.ended between month.status_from and month.month_end
)

select * from final
order by person_id, project, started
