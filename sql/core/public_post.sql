-- One row per member of a household and public post held at the end of the month.
-- Holders who are no member of a household of the month are left out.
with post as (
  select * from raw.public_post
),

person as (
  select * from core.person
),

payroll as (
  select * from raw.payroll
),

employment as (
  select * from raw.employment
),

month as (
  select * from ref.month
),

paid as (
  select
    person.person_id as person_id,
    person.household_id as household_id
  from payroll
  inner join person on payroll.person_id = person.person_id
  cross join month
  where payroll.started <= month.month
  group by person.person_id, person.household_id
),

paid_household as (
  select
    household_id as household_id,
    count(*) as members
  from paid
  group by household_id
),

holder as (
  select distinct person_id as person_id
  from raw.public_post
),

-- A spell is reported when it starts and again when it ends; of the holders only.
spell as (
  select
    employment.person_id as person_id,
    employment.started as started,
    max(employment.ended) as ended,
    bool_or(employment.work_place in ('省内县外', '省外')) as away
  from employment
  inner join holder on employment.person_id = holder.person_id
  cross join month
  where employment.started <= month.month
  group by employment.person_id, employment.started
),

away as (
  select spell.person_id as person_id
  from spell
  cross join month
  where spell.away and (spell.ended is null or spell.ended > month.month)
  group by spell.person_id
),

disabled as (
  select distinct disability.person_id as person_id
  from raw.disability as disability
  inner join holder on disability.person_id = holder.person_id
  cross join month
  where disability.issued <= month.month
),

final as (
  select
    post.person_id as person_id,
    person.household_id as household_id,
    post.post_type as post_type,
    post.funder as funder,
    post.started as started,
    post.monthly_pay as monthly_pay_fen,
    post.duties is not null as duties_stated,
    person.age as age,
    person.student as student,
    person.labour as labour,
    disabled.person_id is not null as disabled,
    cast(count(*) over (partition by post.person_id) as integer) as posts,
    paid.person_id is not null as on_payroll,
    cast(coalesce(paid_household.members, 0) as integer) as household_payroll_members,
    away.person_id is not null as working_away
  from post
  inner join person on post.person_id = person.person_id
  left join paid on post.person_id = paid.person_id
  left join paid_household on person.household_id = paid_household.household_id
  left join away on post.person_id = away.person_id
  left join disabled on post.person_id = disabled.person_id
)

select * from final
order by person_id, post_type
