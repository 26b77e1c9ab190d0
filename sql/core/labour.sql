-- One row per household: working capacity and work at the month's end, in the order of core.household.
-- Who counts as able, unknown, working and stable: docs/decisions/0022-labour.md.
with month as (
  select * from ref.month
),

threshold as (
  select * from ref.threshold
),

-- The latest report of a spell of work; of two in one month, the one with the later end.
report as (
  select
    employment.person_id as person_id,
    employment.started as started,
    employment.ended as ended,
    employment.monthly_wage as monthly_wage,
    row_number() over (
      partition by employment.person_id, employment.started
      order by employment.reported desc, coalesce(employment.ended, '') desc
    ) as newest
  from raw.employment as employment
  cross join month
  where employment.person_id is not null and employment.started <= month.month and employment.reported <= month.month
),

spell as (
  select
    report.person_id as person_id,
    report.started as started,
    case when report.ended <= month.month then report.ended end as ended,
    report.monthly_wage as monthly_wage
  from report
  cross join month
  where report.newest = 1
),

worker as (
  select
    person_id as person_id,
    min(started) filter (where ended is null) as working_since,
    max(ended) as last_end,
    cast(sum(monthly_wage) filter (where ended is null) as bigint) as wage_now_fen
  from spell
  group by person_id
),

work as (
  select
    worker.person_id as person_id,
    worker.working_since as working_since,
    case
      when
        date_diff('month', cast(worker.working_since || '-01' as date), month.month_start) + 1
        >= threshold.stable_work_months
        then worker.working_since
    end as stable_since,
    worker.last_end as last_end,
    case
      when worker.working_since is null and worker.last_end >= month.recent_first then worker.last_end
    end as lost_in,
    worker.wage_now_fen as wage_now_fen,
    null as post_person
  from worker
  cross join month
  cross join threshold
  union all
  select distinct
    person_id as person_id,
    null as working_since,
    null as stable_since,
    null as last_end,
    null as lost_in,
    null as wage_now_fen,
    person_id as post_person
  from raw.public_post
  where person_id is not null
),

worked as (
  select
    person.household_id as household_id,
    count(work.working_since) as working,
    count(work.stable_since) as stable_earners,
    min(work.stable_since) as earliest_stable_start,
    count(work.lost_in) as jobs_lost_recent,
    max(work.last_end) as last_job_end,
    cast(sum(work.wage_now_fen) as bigint) as wage_now_fen,
    count(work.post_person) as posts
  from work
  inner join core.person as person on work.person_id = person.person_id
  group by person.household_id
),

final as (
  select
    household.household_id as household_id,
    household.labourers as labourers,
    household.labour_unknown as labour_unknown,
    coalesce(worked.working, 0) as working,
    coalesce(worked.stable_earners, 0) as stable_earners,
    worked.earliest_stable_start as earliest_stable_start,
    coalesce(worked.jobs_lost_recent, 0) as jobs_lost_recent,
    worked.last_job_end as last_job_end,
    coalesce(worked.wage_now_fen, 0) as wage_now_fen,
    coalesce(worked.posts, 0) as posts
  from core.household as household
  left join worked on household.household_id = worked.household_id
)

select * from final
