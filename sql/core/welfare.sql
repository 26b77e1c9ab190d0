-- One row per household with social assistance, a certified disability or a micro-loan.
-- Persons count where they live now; relief is that of the 12 months ending this month.
with month as (
  select * from ref.month
),

threshold as (
  select * from ref.threshold
),

-- Facts of persons, one row each: 1 in the column that counts it.
fact as (
  select
    person_id as person_id,
    1 as dibao,
    monthly_amount as dibao_monthly_fen,
    null as tekun,
    null as relief_fen,
    null as disabled,
    null as severe,
    null as newly_severe
  from raw.dibao
  union all
  select
    person_id as person_id,
    null as dibao,
    null as dibao_monthly_fen,
    1 as tekun,
    null as relief_fen,
    null as disabled,
    null as severe,
    null as newly_severe
  from raw.tekun
  union all
  select
    relief.person_id as person_id,
    null as dibao,
    null as dibao_monthly_fen,
    null as tekun,
    relief.amount as relief_fen,
    null as disabled,
    null as severe,
    null as newly_severe
  from raw.temporary_relief as relief
  cross join month
  where relief.paid_month between month.status_first and month.month
  union all
  select
    disability.person_id as person_id,
    null as dibao,
    null as dibao_monthly_fen,
    null as tekun,
    null as relief_fen,
    1 as disabled,
    case when disability.grade <= threshold.severe_disability_grade then 1 end as severe,
    case
      when disability.grade <= threshold.severe_disability_grade and disability.issued >= month.recent_first then 1
    end as newly_severe
  from raw.disability as disability
  cross join month
  cross join threshold
  where disability.issued <= month.month
),

of_person as (
  select
    person.household_id as household_id,
    count(fact.dibao) as dibao_persons,
    cast(sum(fact.dibao_monthly_fen) as bigint) as dibao_monthly_fen,
    count(fact.tekun) as tekun_persons,
    cast(sum(fact.relief_fen) as bigint) as relief_fen,
    count(fact.relief_fen) as relief_times,
    count(fact.disabled) as disabled,
    count(fact.severe) as severe_disabled,
    count(fact.newly_severe) as newly_severe
  from fact
  inner join core.person as person on fact.person_id = person.person_id
  group by person.household_id
),

loan as (
  select
    household_id as household_id,
    cast(sum(loan_amount) as bigint) as microcredit_fen,
    bool_or(overdue) as microcredit_overdue
  from raw.microcredit
  where household_id is not null
  group by household_id
),

final as (
  select
    coalesce(of_person.household_id, loan.household_id) as household_id,
    coalesce(of_person.dibao_persons, 0) as dibao_persons,
    coalesce(of_person.dibao_monthly_fen, 0) as dibao_monthly_fen,
    coalesce(of_person.tekun_persons, 0) as tekun_persons,
    coalesce(of_person.relief_fen, 0) as relief_fen,
    coalesce(of_person.relief_times, 0) as relief_times,
    coalesce(of_person.disabled, 0) as disabled,
    coalesce(of_person.severe_disabled, 0) as severe_disabled,
    coalesce(of_person.newly_severe, 0) as newly_severe,
    coalesce(loan.microcredit_fen, 0) as microcredit_fen,
    coalesce(loan.microcredit_overdue, false) as microcredit_overdue
  from of_person
  full outer join loan on of_person.household_id = loan.household_id
)

select * from final
order by household_id
