-- One row per scenario and place of every level: who has less than the line, and by how much.
-- Strictly less counts; households whose income is unknown are counted apart. A full count: no sampling error.
-- Where the counties of a place have different lines, line and the indices that divide by it are NULL.
with feature as (
  select * from core.household_month
),

division as (
  select * from ref.division
),

candidate as (
  select * from ref.line_candidate
),

place as (
  select * from ref.place
),

highest as (
  select
    county_code as county_code,
    max(line_fen) as line_fen
  from candidate
  group by county_code
),

counted as (
  select
    village_code as village_code,
    count(net_income_per_head_fen) as households,
    coalesce(sum(persons) filter (where net_income_per_head_fen is not null), 0) as persons,
    count(*) - count(net_income_per_head_fen) as households_unknown
  from feature
  group by village_code
),

low as (
  select
    feature.village_code as village_code,
    division.county_code as county_code,
    feature.persons as persons,
    feature.net_income_per_head_fen as income_fen
  from feature
  inner join division on feature.village_code = division.village_code
  inner join highest on division.county_code = highest.county_code
  where feature.net_income_per_head_fen < highest.line_fen
),

below as (
  select
    candidate.scenario as scenario,
    low.village_code as village_code,
    count(*) as households_below,
    sum(low.persons) as persons_below,
    sum(low.persons * (candidate.line_fen - low.income_fen)) as gap_fen,
    sum(low.persons * (candidate.line_fen - low.income_fen) * (candidate.line_fen - low.income_fen)) as squared_gap
  from low
  inner join candidate on low.county_code = candidate.county_code
  where low.income_fen < candidate.line_fen
  group by candidate.scenario, low.village_code
),

village as (
  select
    division.province_code as province_code,
    division.city_code as city_code,
    division.county_code as county_code,
    division.township_code as township_code,
    division.village_code as village_code,
    candidate.scenario as scenario,
    candidate.number as number,
    candidate.title as title,
    candidate.line_fen as line_fen,
    counted.households as households,
    counted.persons as persons,
    counted.households_unknown as households_unknown,
    below.households_below as households_below,
    below.persons_below as persons_below,
    below.gap_fen as gap_fen,
    below.squared_gap as squared_gap
  from counted
  inner join division on counted.village_code = division.village_code
  inner join candidate on division.county_code = candidate.county_code
  left join below on counted.village_code = below.village_code and candidate.scenario = below.scenario
  where candidate.line_fen is not null
),

rolled as (
  select
    scenario as scenario,
    number as number,
    title as title,
    case
      when grouping(village_code) = 0 then 'village'
      when grouping(township_code) = 0 then 'township'
      when grouping(county_code) = 0 then 'county'
      when grouping(city_code) = 0 then 'city'
      else 'province'
    end as level,
    coalesce(village_code, township_code, county_code, city_code, province_code) as place_code,
    case when min(line_fen) = max(line_fen) then min(line_fen) end as line_fen,
    sum(households) as households,
    sum(persons) as persons,
    sum(households_unknown) as households_unknown,
    coalesce(sum(households_below), 0) as households_below,
    coalesce(sum(persons_below), 0) as persons_below,
    coalesce(sum(gap_fen), 0) as gap_fen,
    coalesce(sum(squared_gap), 0) as squared_gap
  from village
  group by grouping sets (
    (scenario, number, title, province_code),
    (scenario, number, title, province_code, city_code),
    (scenario, number, title, province_code, city_code, county_code),
    (scenario, number, title, province_code, city_code, county_code, township_code),
    (scenario, number, title, province_code, city_code, county_code, township_code, village_code)
  )
),

final as (
  select
    rolled.scenario as scenario,
    rolled.number as number,
    rolled.title as title,
    rolled.line_fen / 100 as line,
    rolled.level as level,
    rolled.place_code as place_code,
    cast(rolled.households as bigint) as households,
    cast(rolled.persons as bigint) as persons,
    cast(rolled.households_unknown as bigint) as households_unknown,
    cast(rolled.households_below as bigint) as households_below,
    cast(rolled.persons_below as bigint) as persons_below,
    cast(floor(rolled.gap_fen / 100) as bigint) as gap_yuan,
    rolled.persons_below / nullif(rolled.persons, 0) as headcount,
    rolled.gap_fen / nullif(rolled.persons * rolled.line_fen, 0) as gap_index,
    rolled.squared_gap / nullif(rolled.persons * rolled.line_fen, 0) / nullif(rolled.line_fen, 0) as severity
  from rolled
  inner join place on rolled.level = place.level and rolled.place_code = place.place_code
)

select * from final
order by scenario, level, place_code
