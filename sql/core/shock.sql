-- One row per household with a disaster, accident, death or petition in the 12 months ending this month.
-- Of petitions those about hardship count. A compensation not reported counts as not yet paid.
with window_ as (
  select
    cast(status_first || '-01' as date) as status_from,
    month_end as month_end
  from ref.month
),

disaster as (
  select
    disaster.household_id as household_id,
    count(*) as disasters,
    count(*) filter (where disaster.casualty) as casualties,
    cast(sum(greatest(disaster.loss - coalesce(disaster.compensated, 0), 0)) as bigint) as net_loss_fen,
    max(disaster.happened_on) as last_disaster_on
  from raw.disaster as disaster
  cross join window_
  where
    disaster.household_id is not null
    and disaster.happened_on between window_.status_from and window_.month_end
  group by disaster.household_id
),

death as (
  select
    household_id as household_id,
    count(*) as deaths
  from core.death
  group by household_id
),

petition as (
  select
    petition.household_id as household_id,
    count(*) as petitions,
    max(petition.received_on) as last_petition_on
  from raw.petition as petition
  cross join window_
  where
    petition.household_id is not null
    and petition.topic = '生活困难'
    and petition.received_on between window_.status_from and window_.month_end
  group by petition.household_id
),

shaken as (
  select household_id as household_id
  from disaster
  union
  select household_id as household_id
  from death
  union
  select household_id as household_id
  from petition
),

final as (
  select
    shaken.household_id as household_id,
    coalesce(disaster.disasters, 0) as disasters,
    coalesce(disaster.casualties, 0) as casualties,
    coalesce(disaster.net_loss_fen, 0) as net_loss_fen,
    strftime(disaster.last_disaster_on, '%Y-%m') as last_disaster_month,
    coalesce(death.deaths, 0) as deaths,
    coalesce(petition.petitions, 0) as petitions,
    strftime(petition.last_petition_on, '%Y-%m') as last_petition_month
  from shaken
  left join disaster on shaken.household_id = disaster.household_id
  left join death on shaken.household_id = death.household_id
  left join petition on shaken.household_id = petition.household_id
)

select * from final
order by household_id
