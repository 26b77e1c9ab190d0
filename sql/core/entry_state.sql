-- One row per monitored household: its state at identification on data known then.
-- Judged once, in the first month that sees it, and carried forward (docs/decisions/0024-entry-state.md).
with threshold as (
  select * from ref.threshold
),

monitored as (
  select
    monitored.household_id as household_id,
    monitored.identified_month as identified_month,
    cast(monitored.identified_month || '-01' as date) as identified_on,
    monitored.entry_income_per_head_fen as declared_income_per_head_fen,
    monitored.entry_self_paid_fen as declared_self_paid_fen,
    monitored.persons as declared_persons,
    monitored.entry_gap as gap,
    household.asset_consent as asset_consent
  from core.monitored_household as monitored
  left join core.household as household on monitored.household_id = household.household_id
),

carried as (
  select
    before.household_id as household_id,
    before.identified_month as identified_month,
    before.basis as basis,
    before.income_per_head_fen as income_per_head_fen,
    before.rigid_share as rigid_share,
    before.stable_earners as stable_earners,
    before.assets_before as assets_before,
    before.gap as gap,
    before.shock as shock
  from prev.core.entry_state as before
  inner join core.monitored_household as monitored
    on before.household_id = monitored.household_id and before.identified_month = monitored.identified_month
),

fresh as (
  select monitored.*
  from monitored
  left join carried on monitored.household_id = carried.household_id
  where carried.household_id is null
),

member as (
  select
    person.person_id as person_id,
    fresh.household_id as household_id,
    fresh.identified_on as identified_on,
    fresh.asset_consent as asset_consent
  from core.person as person
  inner join fresh on person.household_id = fresh.household_id
),

-- The window judged ends last_before months before the identification (0 or less: it reaches beyond).
judged as (
  select
    fresh.household_id as household_id,
    income.basis as basis,
    income.begins_before - 12 + 1 as last_before,
    income.income_per_head_fen as income_per_head_fen,
    income.net_income_fen as net_income_fen
  from fresh
  inner join core.income_as_of as income
    on fresh.household_id = income.household_id and fresh.identified_month = income.as_of_month
),

bill as (
  select
    member.household_id as household_id,
    date_diff('month', date_trunc('month', medical.settled_on), member.identified_on) as months_before,
    medical.self_paid as self_paid_fen,
    medical.visit_type = '住院' and medical.self_paid > threshold.medical_stay_monitored_yuan * 100 as large_stay
  from raw.medical as medical
  inner join member on medical.person_id = member.person_id
  cross join threshold
),

loss as (
  select
    fresh.household_id as household_id,
    date_diff('month', date_trunc('month', disaster.happened_on), fresh.identified_on) as months_before,
    greatest(disaster.loss - coalesce(disaster.compensated, 0), 0) as loss_fen
  from raw.disaster as disaster
  inner join fresh on disaster.household_id = fresh.household_id
),

event as (
  select
    household_id as household_id,
    months_before as months_before,
    self_paid_fen as cost_fen,
    large_stay as shock
  from bill
  union all
  select
    household_id as household_id,
    months_before as months_before,
    loss_fen as cost_fen,
    true as shock
  from loss
),

burden as (
  select
    event.household_id as household_id,
    cast(
      sum(event.cost_fen) filter (
        where event.months_before between judged.last_before and judged.last_before + 12 - 1
      ) as bigint
    ) as cost_fen,
    coalesce(bool_or(event.shock and event.months_before between 0 and threshold.shock_months), false) as shock
  from event
  left join judged on event.household_id = judged.household_id
  cross join threshold
  group by event.household_id
),

spell as (
  select
    member.person_id as person_id,
    member.household_id as household_id,
    member.identified_on as identified_on,
    employment.started as started,
    employment.ended as ended,
    row_number() over (
      partition by employment.person_id, employment.started
      order by employment.reported desc, coalesce(employment.ended, '') desc
    ) as newest
  from raw.employment as employment
  inner join member on employment.person_id = member.person_id
),

-- In work for stable_work_months without end in the month before the identification.
earner as (
  select
    spell.household_id as household_id,
    count(distinct spell.person_id) as stable_earners
  from spell
  cross join threshold
  where
    spell.newest = 1
    and date_diff('month', cast(spell.started || '-01' as date), spell.identified_on) >= threshold.stable_work_months
    and (spell.ended is null or cast(spell.ended || '-01' as date) >= spell.identified_on)
  group by spell.household_id
),

asset as (
  select
    person_id as person_id,
    registered as since_month
  from raw.vehicle
  where vehicle_type in ('小型轿车', '小型客车')
  union all
  select
    person_id as person_id,
    registered as since_month
  from raw.property
  union all
  select
    person_id as person_id,
    registered as since_month
  from raw.business
  where entity_type <> '农民专业合作社'
  union all
  select
    person_id as person_id,
    started as since_month
  from raw.payroll
),

holding as (
  select
    member.household_id as household_id,
    count(*) as assets_before
  from asset
  inner join member on asset.person_id = member.person_id
  where member.asset_consent and cast(asset.since_month || '-01' as date) < member.identified_on
  group by member.household_id
),

state as (
  select
    fresh.household_id as household_id,
    fresh.identified_month as identified_month,
    coalesce(
      judged.basis, case when fresh.declared_income_per_head_fen is not null then 'register' else 'none' end
    ) as basis,
    case
      when judged.basis is null then fresh.declared_income_per_head_fen
      else judged.income_per_head_fen
    end as income_per_head_fen,
    case
      when judged.basis is null then fresh.declared_income_per_head_fen * fresh.declared_persons
      else judged.net_income_fen
    end as net_income_fen,
    case
      when judged.basis is null then fresh.declared_self_paid_fen
      else coalesce(burden.cost_fen, 0) + coalesce(rigid.education_fen, 0)
    end as rigid_fen,
    coalesce(earner.stable_earners, 0) as stable_earners,
    case when fresh.asset_consent then coalesce(holding.assets_before, 0) end as assets_before,
    fresh.gap as gap,
    coalesce(burden.shock, false) as shock
  from fresh
  left join judged on fresh.household_id = judged.household_id
  left join burden on fresh.household_id = burden.household_id
  left join core.rigid_expenditure as rigid on fresh.household_id = rigid.household_id
  left join earner on fresh.household_id = earner.household_id
  left join holding on fresh.household_id = holding.household_id
),

final as (
  select * from carried
  union all
  select
    household_id as household_id,
    identified_month as identified_month,
    basis as basis,
    income_per_head_fen as income_per_head_fen,
    case when net_income_fen > 0 then rigid_fen / nullif(net_income_fen, 0) end as rigid_share,
    stable_earners as stable_earners,
    assets_before as assets_before,
    gap as gap,
    shock as shock
  from state
)

select * from final
order by household_id
