-- One row per ranked place: every county and every rural village of the province, each ranked within its level.
-- Ratios by households: raw, Wilson 95 % interval, empirical-Bayes beta-binomial mean (Kleinman moments of the level,
-- weights n, one reweighting step; no spread between places pools completely). Without monitored households no ratio
-- and no rank by ratio.
with place_month as (
  select * from mart.place_month
),

division as (
  select * from ref.division
),

place as (
  select * from ref.place
),

anomaly as (
  select * from mart.village_anomaly
),

threshold as (
  select * from ref.threshold
),

located as (
  select
    'county' as level,
    county_code as place_code,
    city_code as city_code,
    county_code as county_code
  from division
  group by county_code, city_code
  union all
  select
    'village' as level,
    village_code as place_code,
    city_code as city_code,
    county_code as county_code
  from division
  where rural
),

anomaly_count as (
  select
    coalesce(division.village_code, division.county_code) as place_code,
    count(*) as village_anomalies
  from anomaly
  inner join division on anomaly.village_code = division.village_code
  group by grouping sets ((division.county_code), (division.village_code))
),

counted as (
  select
    place_month.level as level,
    place_month.place_code as place_code,
    place_month.place_name as place_name,
    located.city_code as city_code,
    located.county_code as county_code,
    place_month.households as households,
    place_month.monitored_households as n,
    place_month.monitored_persons as monitored_persons,
    place_month.active_households as active_households,
    place_month.active_persons as active_persons,
    place_month.eliminated_households as x,
    place_month.eliminated_persons as eliminated_persons,
    place_month.elimination_ratio_households as p,
    place_month.elimination_ratio_persons as ratio_persons,
    place_month.household_anomalies as household_anomalies,
    place_month.new_alerts as new_alerts
  from place_month
  inner join located on place_month.level = located.level and place_month.place_code = located.place_code
  where place_month.in_province
),

-- Sums of decimals are exact, so they do not depend on the order of rows.
first_mean as (
  select
    level as level,
    sum(n) as w,
    sum(x) / nullif(sum(n), 0) as mu,
    count(*) filter (where n > 0) - 1 as a_sum,
    sum(n) - sum(cast(n * n as bigint)) / nullif(sum(n), 0) as b_sum
  from counted
  group by level
),

first_spread as (
  select
    counted.level as level,
    first_mean.mu as mu,
    max(first_mean.a_sum) as a_sum,
    max(first_mean.b_sum) as b_sum,
    sum(cast(counted.n * (counted.p - first_mean.mu) * (counted.p - first_mean.mu) as decimal(38, 18))) as s_sum
  from counted
  inner join first_mean on counted.level = first_mean.level
  where counted.n > 0
  group by counted.level, first_mean.mu
),

first_rho as (
  select
    first_spread.level as level,
    greatest(0, least(
      threshold.rho_max,
      coalesce(
        (cast(first_spread.s_sum as double) - first_spread.mu * (1 - first_spread.mu) * first_spread.a_sum)
        / nullif(first_spread.mu * (1 - first_spread.mu) * (first_spread.b_sum - first_spread.a_sum), 0),
        0
      )
    )) as rho
  from first_spread
  cross join threshold
),

reweighted as (
  select
    counted.level as level,
    counted.n as n,
    counted.p as p,
    counted.n / nullif(1 + first_rho.rho * (counted.n - 1), 0) as w
  from counted
  inner join first_rho on counted.level = first_rho.level
  where counted.n > 0
),

second_mean as (
  select
    level as level,
    cast(sum(cast(w as decimal(38, 18))) as double) as w_sum,
    cast(sum(cast(w * p as decimal(38, 18))) as double)
    / nullif(cast(sum(cast(w as decimal(38, 18))) as double), 0) as mu
  from reweighted
  group by level
),

second_spread as (
  select
    reweighted.level as level,
    second_mean.mu as mu,
    cast(sum(cast(
      reweighted.w * (reweighted.p - second_mean.mu) * (reweighted.p - second_mean.mu) as decimal(38, 18)
    )) as double) as s_sum,
    cast(sum(cast(
      reweighted.w / nullif(reweighted.n, 0) * (1 - reweighted.w / nullif(second_mean.w_sum, 0)) as decimal(38, 18)
    )) as double) as a_sum,
    cast(sum(cast(
      reweighted.w * (1 - reweighted.w / nullif(second_mean.w_sum, 0)) as decimal(38, 18)
    )) as double) as b_sum
  from reweighted
  inner join second_mean on reweighted.level = second_mean.level
  group by reweighted.level, second_mean.mu
),

shrinkage as (
  select
    second_spread.level as level,
    second_spread.mu as mu,
    greatest(0, least(
      threshold.rho_max,
      coalesce(
        (second_spread.s_sum - second_spread.mu * (1 - second_spread.mu) * second_spread.a_sum)
        / nullif(second_spread.mu * (1 - second_spread.mu) * (second_spread.b_sum - second_spread.a_sum), 0),
        0
      )
    )) as rho
  from second_spread
  cross join threshold
),

-- (x + mu M) / (n + M) with M = 1/rho - 1, written with rho so that rho = 0 gives mu. Wilson's limits are the roots of
-- (p - t)(p - t) = z z t (1 - t) / n.
estimated as (
  select
    counted.*,
    case
      when counted.n > 0
        then
          (counted.x * shrinkage.rho + shrinkage.mu * (1 - shrinkage.rho))
          / nullif(counted.n * shrinkage.rho + 1 - shrinkage.rho, 0)
    end as eb_ratio,
    counted.n + threshold.interval_z * threshold.interval_z as root_a,
    counted.x + counted.x + threshold.interval_z * threshold.interval_z as root_b,
    counted.x * counted.p as root_c,
    counted.n < threshold.small_sample_households as small_sample
  from counted
  left join shrinkage on counted.level = shrinkage.level
  cross join threshold
),

root as (
  select
    *,
    sqrt(greatest(0, root_b * root_b - (root_a + root_a) * (root_c + root_c))) as root_d
  from estimated
),

limited as (
  select
    *,
    greatest(0, least(p, (root_b - root_d) / nullif(root_a + root_a, 0))) as wilson_low,
    least(1, greatest(p, (root_b + root_d) / nullif(root_a + root_a, 0))) as wilson_high
  from root
),

ranked as (
  select
    *,
    row_number() over (partition by level order by n desc, monitored_persons desc, place_code asc) as rank_count,
    case
      when n > 0
        then row_number() over (partition by level order by eb_ratio desc nulls last, n desc, place_code asc)
    end as rank_ratio,
    count(*) over (partition by level) as places
  from limited
),

final as (
  select
    ranked.level as level,
    ranked.place_code as place_code,
    ranked.place_name as place_name,
    place.full_name as full_name,
    ranked.city_code as city_code,
    ranked.county_code as county_code,
    ranked.households as households,
    ranked.n as monitored_households,
    ranked.monitored_persons as monitored_persons,
    ranked.active_households as active_households,
    ranked.active_persons as active_persons,
    threshold.rate_base_households * ranked.n / nullif(ranked.households, 0) as per_thousand,
    ranked.x as eliminated_households,
    ranked.eliminated_persons as eliminated_persons,
    ranked.p as ratio_households,
    ranked.ratio_persons as ratio_persons,
    case when ranked.n > 0 then ranked.wilson_low end as wilson_low,
    case when ranked.n > 0 then ranked.wilson_high end as wilson_high,
    ranked.eb_ratio as eb_ratio,
    ranked.rank_count as rank_count,
    ranked.rank_ratio as rank_ratio,
    ranked.small_sample as small_sample,
    ranked.household_anomalies as household_anomalies,
    coalesce(anomaly_count.village_anomalies, 0) as village_anomalies,
    ranked.new_alerts as new_alerts,
    '监测对象' || ranked.n || '户' || ranked.monitored_persons || '人，按数量列全省' || ranked.places
    || case ranked.level when 'county' then '个县第' else '个村第' end || ranked.rank_count || '位；'
    || case
      when ranked.n > 0
        then
          '消除率' || round(100 * ranked.p, 1) || '%（' || ranked.x || '/' || ranked.n || '户，95%区间'
          || round(100 * ranked.wilson_low, 1) || '%至' || round(100 * ranked.wilson_high, 1) || '%），收缩后'
          || round(100 * ranked.eb_ratio, 1) || '%，列第' || ranked.rank_ratio || '位'
          || case when ranked.small_sample then '（小样本）' else '' end
      else '没有监测对象，不计消除率'
    end as reason
  from ranked
  inner join place on ranked.level = place.level and ranked.place_code = place.place_code
  left join anomaly_count on ranked.place_code = anomaly_count.place_code
  cross join threshold
)

select * from final
order by level, rank_count
