-- One row per household with a medical bill, a student, or a disaster in the 12 months ending this month.
-- What counts: docs/decisions/0023-rigid-expenditure.md. statement_medical_fen: in the months of the income statement.
with window_ as (
  select
    month_start as month_start,
    month_end as month_end,
    cast(statement_first || '-01' as date) as statement_from,
    cast(status_first || '-01' as date) as status_from
  from ref.month
),

-- Whose expenditure is a household's: everybody the list carries, and the dead it carries no longer.
member as (
  select
    person_id as person_id,
    household_id as household_id
  from raw.person_list
  where household_id is not null
  union all
  select
    person_id as person_id,
    household_id as household_id
  from core.death
  where not still_listed
),

expense as (
  select
    medical.person_id as person_id,
    case when medical.settled_on >= window_.status_from then medical.self_paid end as medical_fen,
    case when medical.settled_on < window_.month_start then medical.self_paid end as statement_medical_fen,
    case
      when medical.visit_type = '住院' and medical.settled_on >= window_.status_from then medical.self_paid
    end as stay_fen,
    null as education_fen,
    null as student
  from raw.medical as medical
  cross join window_
  where medical.settled_on between window_.statement_from and window_.month_end
  union all
  select
    person_id as person_id,
    null as medical_fen,
    null as statement_medical_fen,
    null as stay_fen,
    yearly_cost as education_fen,
    case
      when school_stage in ('普通高中', '中职', '高职高专', '本科', '硕士') and enrolment = '在读' then person_id
    end as student
  from raw.education
),

of_member as (
  select
    member.household_id as household_id,
    cast(sum(expense.medical_fen) as bigint) as medical_fen,
    cast(sum(expense.statement_medical_fen) as bigint) as statement_medical_fen,
    max(expense.stay_fen) as largest_stay_fen,
    cast(sum(expense.education_fen) as bigint) as education_fen,
    count(expense.student) as students_non_compulsory
  from expense
  inner join member on expense.person_id = member.person_id
  group by member.household_id
),

of_disaster as (
  select
    disaster.household_id as household_id,
    cast(sum(greatest(disaster.loss - coalesce(disaster.compensated, 0), 0)) as bigint) as disaster_fen
  from raw.disaster as disaster
  cross join window_
  where
    disaster.household_id is not null
    and disaster.happened_on between window_.status_from and window_.month_end
  group by disaster.household_id
),

expenditure as (
  select
    coalesce(of_member.household_id, of_disaster.household_id) as household_id,
    coalesce(of_member.medical_fen, 0) as medical_fen,
    coalesce(of_member.statement_medical_fen, 0) as statement_medical_fen,
    coalesce(of_member.largest_stay_fen, 0) as largest_stay_fen,
    coalesce(of_member.education_fen, 0) as education_fen,
    coalesce(of_disaster.disaster_fen, 0) as disaster_fen,
    coalesce(of_member.students_non_compulsory, 0) as students_non_compulsory
  from of_member
  full outer join of_disaster on of_member.household_id = of_disaster.household_id
),

final as (
  select
    household_id as household_id,
    medical_fen as medical_fen,
    statement_medical_fen as statement_medical_fen,
    largest_stay_fen as largest_stay_fen,
    education_fen as education_fen,
    disaster_fen as disaster_fen,
    medical_fen + education_fen + disaster_fen as rigid_fen,
    students_non_compulsory as students_non_compulsory
  from expenditure
)

select * from final
order by household_id
