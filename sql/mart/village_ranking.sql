-- One row per rural village of the province.
with final as (
  select
    place_code as place_code,
    place_name as place_name,
    full_name as full_name,
    city_code as city_code,
    county_code as county_code,
    households as households,
    monitored_households as monitored_households,
    monitored_persons as monitored_persons,
    active_households as active_households,
    active_persons as active_persons,
    per_thousand as per_thousand,
    eliminated_households as eliminated_households,
    eliminated_persons as eliminated_persons,
    ratio_households as ratio_households,
    ratio_persons as ratio_persons,
    wilson_low as wilson_low,
    wilson_high as wilson_high,
    eb_ratio as eb_ratio,
    rank_count as rank_count,
    rank_ratio as rank_ratio,
    small_sample as small_sample,
    household_anomalies as household_anomalies,
    village_anomalies as village_anomalies,
    new_alerts as new_alerts,
    reason as reason
  from mart.place_ranking
  where level = 'village'
)

select * from final
order by rank_count
