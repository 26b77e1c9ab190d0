-- One row per scenario, county, class, state, household type and dibao status with a household below the line.
with feature as (
  select * from core.household_month
),

division as (
  select * from ref.division
),

candidate as (
  select * from ref.line_candidate
),

highest as (
  select
    county_code as county_code,
    max(line_fen) as line_fen
  from candidate
  group by county_code
),

low as (
  select
    division.county_code as county_code,
    coalesce(feature.category, '未列入') as category,
    feature.status as status,
    feature.household_type as household_type,
    feature.dibao_persons > 0 as dibao,
    feature.persons as persons,
    feature.net_income_per_head_fen as income_fen
  from feature
  inner join division on feature.village_code = division.village_code
  inner join highest on division.county_code = highest.county_code
  where feature.net_income_per_head_fen < highest.line_fen
),

final as (
  select
    candidate.scenario as scenario,
    low.county_code as county_code,
    low.category as category,
    low.status as status,
    low.household_type as household_type,
    low.dibao as dibao,
    count(*) as households_below,
    cast(sum(low.persons) as bigint) as persons_below,
    cast(floor(sum(low.persons * (candidate.line_fen - low.income_fen)) / 100) as bigint) as gap_yuan
  from low
  inner join candidate on low.county_code = candidate.county_code
  where low.income_fen < candidate.line_fen
  group by candidate.scenario, low.county_code, low.category, low.status, low.household_type, low.dibao
)

select * from final
order by scenario, county_code, category, status, household_type, dibao
