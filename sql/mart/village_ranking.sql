-- One row per rural village of the province and criterion.
with final as (
  select
    place_code as place_code,
    criterion as criterion,
    place_name as place_name,
    full_name as full_name,
    city_code as city_code,
    county_code as county_code,
    township_code as township_code,
    households as households,
    monitored_households as monitored_households,
    monitored_persons as monitored_persons,
    active_households as active_households,
    active_persons as active_persons,
    eliminated_households as eliminated_households,
    eliminated_persons as eliminated_persons,
    per_thousand as per_thousand,
    units as units,
    ratio as ratio,
    wilson_low as wilson_low,
    wilson_high as wilson_high,
    eb_mean as eb_mean,
    eb_low as eb_low,
    eb_high as eb_high,
    p_top as p_top,
    expected_rank as expected_rank,
    rank_low as rank_low,
    rank_high as rank_high,
    observed as observed,
    expected as expected,
    oe_ratio as oe_ratio,
    oe_low as oe_low,
    oe_high as oe_high,
    funnel_z as funnel_z,
    q_value as q_value,
    outlier as outlier,
    small_sample as small_sample,
    rank as rank,
    rank_before as rank_before,
    anomalies as anomalies,
    anomaly_kinds as anomaly_kinds,
    alerts as alerts,
    blind_feeds as blind_feeds,
    last_visit as last_visit,
    reason as reason
  from mart.place_ranking
  where level = 'village'
)

select * from final
order by criterion, rank, place_code
