-- One row per living member of a household of the month's list, in the order of the list.
-- Left out: who died or moved out by the month's end, who was born after it, and whose household is not listed.
with month as (
  select * from ref.month
),

died as (
  select death.person_id as person_id
  from raw.death as death
  cross join month
  where death.died_on <= month.month_end
),

move as (
  select
    move.person_id as person_id,
    max(case when move.move_type = '迁出' then move.moved_on end) as moved_out_on,
    max(case when move.move_type <> '迁出' then move.moved_on end) as moved_in_on
  from raw.move as move
  cross join month
  where move.moved_on <= month.month_end
  group by move.person_id
),

-- The last move counts; a move in on the day of a move out is a move within.
moved_out as (
  select person_id as person_id
  from move
  where moved_out_on > moved_in_on or (moved_out_on is not null and moved_in_on is null)
),

gone as (
  select person_id as person_id
  from died
  union
  select person_id as person_id
  from moved_out
),

birth_month as (
  select distinct birth_month as birth_month
  from raw.person_list
),

-- Completed years at the month's end, worked out once per month of birth.
age as (
  select
    birth_month.birth_month as birth_month,
    cast(
      floor(date_diff('month', cast(birth_month.birth_month || '-01' as date), month.month_start) / 12) as integer
    ) as age
  from birth_month
  cross join month
  where birth_month.birth_month <= month.month
),

final as (
  select
    listed.person_id as person_id,
    listed.household_id as household_id,
    age.age as age,
    listed.school_status = '非在校生' as out_of_school,
    listed.school_status in ('学龄前儿童', '学前教育') as before_school,
    listed.labour as labour,
    listed.insured_resident or listed.insured_employee as insured,
    coalesce(listed.school_status not in ('学龄前儿童', '非在校生'), false) as student,
    coalesce(listed.education in ('初中', '高中', '大专', '本科及以上'), false) as secondary_education
  from raw.person_list as listed
  inner join age on listed.birth_month = age.birth_month
  inner join raw.household_list as household on listed.household_id = household.household_id
  left join gone on listed.person_id = gone.person_id
  where gone.person_id is null
)

select * from final
