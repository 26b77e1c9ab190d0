-- One row per county and band of 100 yuan of net income per head: how many there are, for curves of coverage.
-- from_yuan is the lower end; the first band is all that is below zero, the last all from the top of the curve on.
-- Bands are no finer than 100 yuan: finer ones would show the incomes of single households.
with feature as (
  select * from core.household_month
),

division as (
  select * from ref.division
),

threshold as (
  select * from ref.threshold
),

banded as (
  select
    feature.village_code as village_code,
    cast(
      greatest(least(floor(feature.net_income_per_head_fen / 100 / 100) * 100, threshold.curve_top_yuan), -100)
      as integer
    ) as from_yuan,
    feature.status as status,
    feature.persons as persons,
    feature.net_income_per_head_fen as income_fen
  from feature
  cross join threshold
  where feature.net_income_per_head_fen is not null
),

village as (
  select
    village_code as village_code,
    from_yuan as from_yuan,
    count(*) as households,
    sum(persons) as persons,
    sum(persons * income_fen) as income_fen,
    count(*) filter (where status = 'active') as active_households,
    count(*) filter (where status = 'eliminated') as eliminated_households
  from banded
  group by village_code, from_yuan
),

final as (
  select
    division.county_code as county_code,
    village.from_yuan as from_yuan,
    cast(sum(village.households) as bigint) as households,
    cast(sum(village.persons) as bigint) as persons,
    cast(sum(village.income_fen) as bigint) as income_fen,
    cast(sum(village.active_households) as bigint) as active_households,
    cast(sum(village.eliminated_households) as bigint) as eliminated_households
  from village
  inner join division on village.village_code = division.village_code
  group by division.county_code, village.from_yuan
)

select * from final
order by county_code, from_yuan
