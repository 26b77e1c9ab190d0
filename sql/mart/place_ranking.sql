-- One row per ranked place (county, township, rural village of the province), level and criterion, ranked within both.
-- Counts are full counts: no interval, P(top-K) is 1 down to rank K. Ratios and O/E are ranked by P(top-K), then the
-- shrunken value, the denominator and the code. Without monitored households no ratio, no O/E and no rank by them.
with place_month as (
  select * from mart.place_month
),

place as (
  select * from ref.place
),

rate as (
  select * from mart.place_rate
),

posterior as (
  select * from mart.rank_posterior
),

context as (
  select * from mart.place_context
),

succession as (
  select * from ref.succession
),

previous as (
  select * from prev.mart.place_ranking
),

ranking as (
  select * from ref.ranking
),

threshold as (
  select * from ref.threshold
),

level_term as (
  select
    'county' as level,
    top_counties as top,
    '个县' as word
  from ranking
  union all
  select
    'township' as level,
    top_townships as top,
    '个乡镇' as word
  from ranking
  union all
  select
    'village' as level,
    top_villages as top,
    '个村' as word
  from ranking
),

before as (
  select
    previous.level as level,
    previous.criterion as criterion,
    case
      when succession.previous_village_code is null then previous.place_code
      else succession.village_code
    end as place_code,
    case when count(*) = 1 then max(previous.rank) end as rank_before
  from previous
  left join succession
    on previous.level = 'village' and previous.place_code = succession.previous_village_code
  group by all
),

counted as (
  select
    place_month.level as level,
    place_month.place_code as place_code,
    place_month.place_name as place_name,
    context.city_code as city_code,
    context.county_code as county_code,
    context.township_code as township_code,
    context.anomalies as anomalies,
    context.anomaly_kinds as anomaly_kinds,
    context.blind_feeds as blind_feeds,
    context.last_visit as last_visit,
    place_month.households as households,
    place_month.persons as persons,
    place_month.new_alerts as alerts,
    coalesce(max(rate.monitored) filter (where rate.measure = 'households'), 0) as monitored_households,
    coalesce(max(rate.monitored) filter (where rate.measure = 'persons'), 0) as monitored_persons,
    coalesce(max(rate.eliminated) filter (where rate.measure = 'households'), 0) as eliminated_households,
    coalesce(max(rate.eliminated) filter (where rate.measure = 'persons'), 0) as eliminated_persons
  from place_month
  inner join context on place_month.level = context.level and place_month.place_code = context.place_code
  left join rate on place_month.level = rate.level and place_month.place_code = rate.place_code
  where place_month.in_province
  group by all
),

criterion as (
  select
    'count_households' as criterion,
    'households' as measure
  union all
  select
    'count_persons' as criterion,
    'persons' as measure
  union all
  select
    'ratio_households' as criterion,
    'households' as measure
  union all
  select
    'ratio_persons' as criterion,
    'persons' as measure
  union all
  select
    'oe_persons' as criterion,
    'persons' as measure
),

measured as (
  select
    counted.*,
    criterion.criterion as criterion,
    starts_with(criterion.criterion, 'count') as by_count,
    case when criterion.measure = 'households' then counted.monitored_households else counted.monitored_persons end
      as n,
    case when criterion.measure = 'households' then counted.monitored_persons else counted.monitored_households end
      as other_n,
    case
      when criterion.criterion = 'count_households'
        then counted.monitored_households / nullif(counted.households, 0)
      when criterion.criterion = 'count_persons' then counted.monitored_persons / nullif(counted.persons, 0)
      when starts_with(criterion.criterion, 'ratio') then rate.ratio
    end as ratio,
    case when starts_with(criterion.criterion, 'ratio') then rate.wilson_low end as wilson_low,
    case when starts_with(criterion.criterion, 'ratio') then rate.wilson_high end as wilson_high,
    case when not starts_with(criterion.criterion, 'count') then rate.units end as units,
    case when criterion.criterion = 'oe_persons' then rate.observed end as observed,
    case when criterion.criterion = 'oe_persons' then rate.expected end as expected
  from counted
  cross join criterion
  left join rate
    on
      counted.level = rate.level
      and counted.place_code = rate.place_code
      and criterion.measure = rate.measure
),

known as (
  select
    measured.*,
    posterior.eb_mean as eb_mean,
    posterior.eb_low as eb_low,
    posterior.eb_high as eb_high,
    posterior.p_top as p_top,
    posterior.expected_rank as expected_rank,
    posterior.rank_low as rank_low,
    posterior.rank_high as rank_high,
    posterior.oe_low as oe_low,
    posterior.oe_high as oe_high,
    posterior.funnel_z as funnel_z,
    posterior.q_value as q_value
  from measured
  left join posterior
    on
      measured.level = posterior.level
      and measured.place_code = posterior.place_code
      and measured.criterion = posterior.criterion
),

ranked as (
  select
    *,
    count(*) over (partition by level, criterion) as places,
    case
      when by_count or p_top is not null
        then
          row_number() over (
            partition by level, criterion
            order by p_top desc nulls last, eb_mean desc nulls last, n desc, other_n desc, place_code asc
          )
    end as rank
  from known
),

told as (
  select
    ranked.*,
    place.full_name as full_name,
    before.rank_before as rank_before,
    ranked.monitored_households < threshold.small_sample_households as small_sample,
    threshold.rate_base_households * ranked.monitored_households / nullif(ranked.households, 0) as per_thousand,
    coalesce(ranked.q_value <= threshold.false_discovery_rate and ranked.funnel_z > threshold.interval_z, false)
      as outlier,
    level_term.top as top,
    coalesce(ranked.rank <= ranking.reasons_in_full, false) as in_full,
    '，列全省' || ranked.places || level_term.word || '第' || ranked.rank || '位'
    || case
      when before.rank_before is null then ''
      when before.rank_before = ranked.rank then '（与上月相同）'
      else '（上月第' || before.rank_before || '位）'
    end as place_words,
    '进入前' || level_term.top || '位的概率' || cast(round(100 * ranked.p_top) as integer) || '%' as top_words,
    cast(round(100 * ranking.posterior_level) as integer) || '%区间' as posterior_words
  from ranked
  inner join place on ranked.level = place.level and ranked.place_code = place.place_code
  inner join level_term on ranked.level = level_term.level
  left join before
    on
      ranked.level = before.level
      and ranked.place_code = before.place_code
      and ranked.criterion = before.criterion
  cross join ranking
  cross join threshold
),

worded as (
  select
    *,
    case
      when by_count
        then
          '监测对象' || monitored_households || '户' || monitored_persons || '人'
          || case
            when in_full and per_thousand is not null
              then
                '，每千农户' || round(per_thousand, 1) || '户，其中未消除'
                || monitored_households - eliminated_households || '户'
            else ''
          end
      when monitored_households = 0 then '没有监测对象，不计消除率'
      when rank is null then '识别或消除时间不详，不能推算应消除人数'
      when criterion = 'oe_persons'
        then
          '消除' || observed || '人，按全省同类别、同监测时长、同原因水平应为' || round(expected, 1) || '人，为'
          || round(observed / nullif(expected, 0), 1) || '倍'
          || case
            when in_full
              then
                '（95%区间' || round(oe_low, 1) || '至' || round(oe_high, 1) || '倍），收缩后' || round(eb_mean, 1)
                || '倍，' || top_words
            else ''
          end
      else
        '消除率' || round(100 * ratio, 1) || '%（' || case
          when criterion = 'ratio_households' then eliminated_households || '/' || monitored_households || '户'
          else eliminated_persons || '/' || monitored_persons || '人'
        end
        || case
          when in_full
            then
              '，95%区间' || round(100 * wilson_low, 1) || '%至' || round(100 * wilson_high, 1) || '%），收缩后'
              || round(100 * eb_mean, 1) || '%（' || posterior_words || round(100 * eb_low, 1) || '%至'
              || round(100 * eb_high, 1) || '%），' || top_words
          else '）'
        end
    end
    || coalesce(place_words, '')
    || case when small_sample and not by_count and rank is not null then '，小样本' else '' end
    || case when in_full and outlier then '，明显高于全省水平' else '' end
    || case when in_full and rank_low < rank_high then '，名次可能在' || rank_low || '至' || rank_high || '之间' else '' end
    || case when in_full and anomalies > 0 then '；线索' || anomalies || '条（' || anomaly_kinds || '）' else '' end
    || case when in_full and blind_feeds > 0 then '；所在县有' || blind_feeds || '类数据疑似漏报' else '' end
    || case when in_full and last_visit is not null then strftime(last_visit, '；%Y年%-m月%-d日调研过') else '' end
      as reason
  from told
),

final as (
  select
    level as level,
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
    monitored_households - eliminated_households as active_households,
    monitored_persons - eliminated_persons as active_persons,
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
    case when by_count then case when rank <= top then 1 else 0 end else p_top end as p_top,
    case when by_count then rank else expected_rank end as expected_rank,
    case when by_count then rank else rank_low end as rank_low,
    case when by_count then rank else rank_high end as rank_high,
    observed as observed,
    expected as expected,
    observed / nullif(expected, 0) as oe_ratio,
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
  from worded
)

select * from final
order by level, criterion, rank, place_code
