-- One row per village, indicator and segment: who works where and for what, and training (topic 一 of the plan).
-- Sums over villages give every level. What counts as what: docs/decisions/0057-topic-employment.md.
-- Figures of work stand three times: of all households, of 脱贫户 (_tuopin), of households still monitored (_monitored).
with household as (
  select
    household_id as household_id,
    village_code as village_code,
    household_type = '脱贫户' as tuopin,
    status = 'active' as monitored
  from core.household_month
),

worked as (
  select
    household.village_code as village_code,
    household.tuopin as tuopin,
    household.monitored as monitored,
    worker.working as working,
    worker.stable as stable,
    worker.lost_recently as lost_recently,
    worker.work_place as work_place,
    coalesce(worker.channel, '不详') as channel,
    worker.monthly_wage_fen as monthly_wage_fen,
    worker.months_this_year as months_this_year,
    worker.working_year_earlier as working_year_earlier,
    worker.place_year_earlier as place_year_earlier,
    worker.wage_year_earlier_fen as wage_year_earlier_fen
  from core.worker as worker
  inner join household on worker.household_id = household.household_id
),

-- One row per village, kind of household and place, each counted once.
placed as (
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    work_place as segment,
    count(*) as persons,
    sum(monthly_wage_fen) as wage_fen,
    count(*) filter (where stable) as stable
  from worked
  where working
  group by village_code, tuopin, monitored, work_place
),

placed_earlier as (
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    place_year_earlier as segment,
    count(*) as persons,
    sum(wage_year_earlier_fen) as wage_fen
  from worked
  where working_year_earlier
  group by village_code, tuopin, monitored, place_year_earlier
),

whole as (
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    sum(months_this_year) as months,
    count(*) filter (where months_this_year > 0) as persons,
    count(*) filter (where lost_recently) as lost
  from worked
  group by village_code, tuopin, monitored
),

channelled as (
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    channel as segment,
    count(*) as persons
  from worked
  where working
  group by village_code, tuopin, monitored, channel
),

paid as (
  select
    worked.village_code as village_code,
    worked.tuopin as tuopin,
    worked.monitored as monitored,
    band.segment as segment,
    count(*) as persons
  from worked
  inner join ref.topic_band as band
    on
      band.band = 'wage'
      and (band.low is null or worked.monthly_wage_fen >= band.low)
      and (band.high is null or worked.monthly_wage_fen < band.high)
  where worked.working
  group by worked.village_code, worked.tuopin, worked.monitored, band.segment
),

lasting as (
  select
    worked.village_code as village_code,
    worked.tuopin as tuopin,
    worked.monitored as monitored,
    band.segment as segment,
    count(*) as persons
  from worked
  inner join ref.topic_band as band
    on
      band.band = 'work_months'
      and (band.low is null or worked.months_this_year >= band.low)
      and (band.high is null or worked.months_this_year < band.high)
  where worked.months_this_year > 0
  group by worked.village_code, worked.tuopin, worked.monitored, band.segment
),

-- Figures of work by kind of household.
work as (
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    'working' as indicator,
    segment as segment,
    persons as value,
    null as base
  from placed
  union all
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    'working_year_earlier' as indicator,
    segment as segment,
    persons as value,
    null as base
  from placed_earlier
  union all
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    'wage' as indicator,
    segment as segment,
    wage_fen as value,
    persons as base
  from placed
  union all
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    'wage_year_earlier' as indicator,
    segment as segment,
    wage_fen as value,
    persons as base
  from placed_earlier
  union all
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    'stable' as indicator,
    '' as segment,
    stable as value,
    persons as base
  from placed
  union all
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    'wage_band' as indicator,
    segment as segment,
    persons as value,
    null as base
  from paid
  union all
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    'channel' as indicator,
    segment as segment,
    persons as value,
    null as base
  from channelled
  union all
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    'months' as indicator,
    '' as segment,
    months as value,
    persons as base
  from whole
  where persons > 0
  union all
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    'months_band' as indicator,
    segment as segment,
    persons as value,
    null as base
  from lasting
  union all
  select
    village_code as village_code,
    tuopin as tuopin,
    monitored as monitored,
    'lost' as indicator,
    '' as segment,
    lost as value,
    null as base
  from whole
  where lost > 0
),

population as (
  select
    '' as suffix,
    false as only_tuopin,
    false as only_monitored
  union all
  select
    '_tuopin' as suffix,
    true as only_tuopin,
    false as only_monitored
  union all
  select
    '_monitored' as suffix,
    false as only_tuopin,
    true as only_monitored
),

trained as (
  select
    household.village_code as village_code,
    training.organiser as organiser,
    training.certified as certified,
    training.working as working,
    training.employed as employed,
    case
      when household.monitored then '监测对象'
      when household.tuopin then '其他脱贫户'
      else '其他农户'
    end as class
  from core.training as training
  inner join household on training.household_id = household.household_id
),

fact as (
  select
    work.village_code as village_code,
    work.indicator || population.suffix as indicator,
    work.segment as segment,
    work.value as value,
    work.base as base
  from work
  cross join population
  where
    (work.tuopin or not population.only_tuopin)
    and (work.monitored or not population.only_monitored)
  union all
  select
    village_code as village_code,
    'trained' as indicator,
    organiser as segment,
    1 as value,
    null as base
  from trained
  union all
  select
    village_code as village_code,
    'trained_class' as indicator,
    class as segment,
    1 as value,
    null as base
  from trained
  union all
  select
    village_code as village_code,
    'certified' as indicator,
    organiser as segment,
    cast(certified as integer) as value,
    1 as base
  from trained
  union all
  select
    village_code as village_code,
    'trained_working' as indicator,
    organiser as segment,
    cast(working as integer) as value,
    1 as base
  from trained
  union all
  select
    village_code as village_code,
    'trained_employed' as indicator,
    organiser as segment,
    cast(employed as integer) as value,
    1 as base
  from trained
),

final as (
  select
    village_code as village_code,
    indicator as indicator,
    segment as segment,
    cast(sum(value) as bigint) as value,
    cast(sum(base) as bigint) as base
  from fact
  group by village_code, indicator, segment
)

select * from final
order by village_code, indicator, segment
