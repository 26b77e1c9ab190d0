-- One row per ranked place (county, township, rural village of the province): where it lies, what else is known there.
-- Leads by kind, feeds of its county that should have said something, and when a research team was last there.
with division as (
  select * from ref.division
),

household_anomaly as (
  select * from mart.household_anomaly
),

village_anomaly as (
  select * from mart.village_anomaly
),

coverage as (
  select * from mart.feed_coverage
),

visit as (
  select * from ref.visit
),

month as (
  select * from ref.month
),

located as (
  select
    case
      when village_code is not null then 'village'
      when township_code is not null then 'township'
      else 'county'
    end as level,
    coalesce(village_code, township_code, county_code) as place_code,
    city_code as city_code,
    county_code as county_code,
    township_code as township_code
  from division
  group by
    grouping sets (
      (village_code, township_code, county_code, city_code), (township_code, county_code, city_code),
      (county_code, city_code)
    )
  having village_code is null or bool_and(rural)
),

lead_of as (
  select
    village_code as village_code,
    title as title
  from household_anomaly
  union all
  select
    village_code as village_code,
    title as title
  from village_anomaly
),

lead_count as (
  select
    coalesce(division.village_code, division.township_code, division.county_code) as place_code,
    lead_of.title as title,
    count(*) as leads
  from lead_of
  inner join division on lead_of.village_code = division.village_code
  group by grouping sets (
    (division.village_code, lead_of.title), (division.township_code, lead_of.title),
    (division.county_code, lead_of.title)
  )
),

leads as (
  select
    place_code as place_code,
    sum(leads) as anomalies,
    string_agg(title || leads, '、' order by leads desc, title asc) as anomaly_kinds
  from lead_count
  group by place_code
),

blind as (
  select
    coverage.place_code as county_code,
    count(*) filter (where coverage.blind_spot) as blind_feeds
  from coverage
  inner join month on coverage.month = month.month
  where coverage.level = 'county'
  group by coverage.place_code
),

visited as (
  select
    coalesce(division.village_code, division.township_code, division.county_code) as place_code,
    max(visit.last_day) as last_visit
  from visit
  inner join division on visit.village_code = division.village_code
  group by grouping sets ((division.village_code), (division.township_code), (division.county_code))
),

final as (
  select
    located.level as level,
    located.place_code as place_code,
    located.city_code as city_code,
    located.county_code as county_code,
    located.township_code as township_code,
    coalesce(leads.anomalies, 0) as anomalies,
    coalesce(leads.anomaly_kinds, '') as anomaly_kinds,
    coalesce(blind.blind_feeds, 0) as blind_feeds,
    visited.last_visit as last_visit
  from located
  left join leads on located.place_code = leads.place_code
  left join blind on located.county_code = blind.county_code
  left join visited on located.place_code = visited.place_code
)

select * from final
order by level, place_code
