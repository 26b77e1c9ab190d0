-- One row per household with social assistance, a certified disability or a micro-loan.
-- Persons count where they live now; relief is that of the 12 months ending this month.
with
month as (
    select
        month.month as month,
        month.status_first as status_first,
        month.recent_first as recent_first
    from ref.month as month
),

threshold as (
    select threshold.severe_disability_grade as severe_disability_grade
    from ref.threshold as threshold
),

fact as (
    select
        dibao.person_id as person_id,
        1 as dibao_persons,
        dibao.monthly_amount as dibao_monthly_fen,
        0 as tekun_persons,
        0 as relief_fen,
        0 as relief_times,
        0 as disabled,
        0 as severe_disabled,
        0 as newly_severe
    from raw.dibao as dibao
    union all
    select
        tekun.person_id as person_id,
        0 as dibao_persons,
        0 as dibao_monthly_fen,
        1 as tekun_persons,
        0 as relief_fen,
        0 as relief_times,
        0 as disabled,
        0 as severe_disabled,
        0 as newly_severe
    from raw.tekun as tekun
    union all
    select
        relief.person_id as person_id,
        0 as dibao_persons,
        0 as dibao_monthly_fen,
        0 as tekun_persons,
        relief.amount as relief_fen,
        1 as relief_times,
        0 as disabled,
        0 as severe_disabled,
        0 as newly_severe
    from raw.temporary_relief as relief
    cross join month
    where relief.paid_month between month.status_first and month.month
    union all
    select
        disability.person_id as person_id,
        0 as dibao_persons,
        0 as dibao_monthly_fen,
        0 as tekun_persons,
        0 as relief_fen,
        0 as relief_times,
        1 as disabled,
        case when disability.grade <= threshold.severe_disability_grade then 1 else 0 end as severe_disabled,
        case
            when disability.grade <= threshold.severe_disability_grade and disability.issued >= month.recent_first then 1
            else 0
        end as newly_severe
    from raw.disability as disability
    cross join month
    cross join threshold
    where disability.issued <= month.month
),

of_person as (
    select
        person.household_id as household_id,
        sum(fact.dibao_persons) as dibao_persons,
        cast(sum(fact.dibao_monthly_fen) as bigint) as dibao_monthly_fen,
        sum(fact.tekun_persons) as tekun_persons,
        cast(sum(fact.relief_fen) as bigint) as relief_fen,
        sum(fact.relief_times) as relief_times,
        sum(fact.disabled) as disabled,
        sum(fact.severe_disabled) as severe_disabled,
        sum(fact.newly_severe) as newly_severe
    from fact
    inner join core.person as person on fact.person_id = person.person_id
    group by person.household_id
),

loan as (
    select
        microcredit.household_id as household_id,
        cast(sum(microcredit.loan_amount) as bigint) as microcredit_fen,
        max(case when microcredit.overdue then 1 else 0 end) = 1 as microcredit_overdue
    from raw.microcredit as microcredit
    where microcredit.household_id is not null
    group by microcredit.household_id
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
