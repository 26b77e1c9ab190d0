-- One row per level, place, topic, indicator and segment: the figures of all research topics from township to province.
-- Figures of villages are the rows of mart.topic_<name> themselves. A new topic is one more part of the first step.
with figure as (
  select
    'employment' as topic,
    village.*
  from mart.topic_employment as village
  union all
  select
    'public_post' as topic,
    village.*
  from mart.topic_public_post as village
  union all
  select
    'condition' as topic,
    village.*
  from mart.topic_condition as village
  union all
  select
    'coverage' as topic,
    village.*
  from mart.topic_coverage as village
  union all
  select
    'procedure' as topic,
    village.*
  from mart.topic_procedure as village
  union all
  select
    'elimination' as topic,
    village.*
  from mart.topic_elimination as village
  union all
  select
    'measure' as topic,
    village.*
  from mart.topic_measure as village
),

division as (
  select * from ref.division
),

rolled as (
  select
    case
      when grouping(division.township_code) = 0 then 'township'
      when grouping(division.county_code) = 0 then 'county'
      when grouping(division.city_code) = 0 then 'city'
      else 'province'
    end as level,
    coalesce(division.township_code, division.county_code, division.city_code, division.province_code) as place_code,
    figure.topic as topic,
    figure.indicator as indicator,
    figure.segment as segment,
    sum(figure.value) as value,
    sum(figure.base) as base
  from figure
  inner join division on figure.village_code = division.village_code
  group by
    grouping sets (
      (figure.topic, figure.indicator, figure.segment, division.province_code),
      (figure.topic, figure.indicator, figure.segment, division.province_code, division.city_code),
      (
        figure.topic, figure.indicator, figure.segment, division.province_code, division.city_code,
        division.county_code
      ),
      (
        figure.topic, figure.indicator, figure.segment, division.province_code, division.city_code,
        division.county_code, division.township_code
      )
    )
),

final as (
  select
    level as level,
    place_code as place_code,
    topic as topic,
    indicator as indicator,
    segment as segment,
    cast(value as bigint) as value,
    cast(base as bigint) as base
  from rolled
)

select * from final
order by level, place_code, topic, indicator, segment
