-- One row per member of a household who has reported work: what it is now, this year and was a year ago.
-- What counts as working, stable and lost: docs/decisions/0022-labour.md. The newest spell under way speaks for a
-- person. A year ago is unknown (NULL) where the reports begin later.
with month as (
  select
    month.month as month,
    month.month_start as month_start,
    month.recent_first as recent_first,
    month.statement_first as year_earlier,
    strftime(date_trunc('year', month.month_start), '%Y-%m') as year_first,
    date_diff('month', date_trunc('year', month.month_start), month.month_start) + 1 as months_so_far,
    strftime(month.month_start + to_months(1), '%Y-%m') as next_month,
    strftime(month.month_start - to_months(threshold.stable_work_months - 1), '%Y-%m') as stable_from
  from ref.month as month
  cross join ref.threshold as threshold
),

record as (
  select min(reported) as first_reported
  from raw.employment
),

-- The latest report of a spell of work; of two in one month, the one with the later end. ended: '' while it lasts.
spell as (
  select
    employment.person_id as person_id,
    employment.started as started,
    coalesce(employment.ended, '') as ended,
    employment.work_place as work_place,
    employment.channel as channel,
    employment.monthly_wage as monthly_wage_fen
  from raw.employment as employment
  cross join month
  where employment.person_id is not null and employment.started <= month.month and employment.reported <= month.month
  qualify
    row_number() over (
      partition by employment.person_id, employment.started
      order by employment.reported desc, coalesce(employment.ended, '') desc
    ) = 1
),

-- months: of this year, the month of the end not counted.
placed as (
  select
    spell.person_id as person_id,
    spell.started as started,
    spell.work_place as work_place,
    spell.channel as channel,
    spell.monthly_wage_fen as monthly_wage_fen,
    spell.ended = '' or spell.ended > month.month as working,
    spell.started <= month.stable_from as old_enough,
    spell.ended between month.recent_first and month.month as ended_recently,
    spell.started <= month.year_earlier and (spell.ended = '' or spell.ended > month.year_earlier) as working_then,
    case
      when spell.ended = '' or spell.ended > month.year_first
        then date_diff(
          'month',
          cast(greatest(spell.started, month.year_first) || '-01' as date),
          cast(
            least(case when spell.ended = '' then month.next_month else spell.ended end, month.next_month)
            || '-01' as date
          )
        )
      else 0
    end as months
  from spell
  cross join month
),

worker as (
  select
    person_id as person_id,
    bool_or(working) as working,
    bool_or(working and old_enough) as stable,
    bool_or(ended_recently) as ended_recently,
    max(started) filter (where working) as working_since,
    arg_max(work_place, started) filter (where working) as work_place,
    arg_max(channel, started) filter (where working) as channel,
    arg_max(monthly_wage_fen, started) filter (where working) as monthly_wage_fen,
    sum(greatest(months, 0)) as months,
    bool_or(working_then) as working_then,
    arg_max(work_place, started) filter (where working_then) as place_then,
    arg_max(monthly_wage_fen, started) filter (where working_then) as wage_then_fen
  from placed
  group by person_id
),

final as (
  select
    person.person_id as person_id,
    person.household_id as household_id,
    worker.working as working,
    worker.stable as stable,
    worker.ended_recently and not worker.working as lost_recently,
    worker.working_since as working_since,
    worker.work_place as work_place,
    worker.channel as channel,
    worker.monthly_wage_fen as monthly_wage_fen,
    cast(least(worker.months, month.months_so_far) as integer) as months_this_year,
    case when record.first_reported <= month.year_earlier then worker.working_then end as working_year_earlier,
    case when record.first_reported <= month.year_earlier then worker.place_then end as place_year_earlier,
    case when record.first_reported <= month.year_earlier then worker.wage_then_fen end as wage_year_earlier_fen
  from worker
  inner join core.person as person on worker.person_id = person.person_id
  cross join month
  cross join record
)

select * from final
