-- One row per place with ranked monitored households, level (county to village) and measure (households, persons).
-- A cascade of beta-binomial shrinkage village > township > county > city > province: Kleinman's moments within the
-- parent, weights n, one reweighting step; no spread pools completely. The binomial variance is that of the mean of all
-- places: a parent's own mean of two or three households has almost none, and every spread would seem real.
-- `units` are independent outcomes: the persons of a household are one (Kish's effective number). Above the village the
-- households of a village are in part one as well: `size` is n / (1 + rho (sum n n / sum n - 1)) over the villages.
with monitored as (
  select * from core.monitored_household
),

expected as (
  select * from mart.expected_elimination
),

division as (
  select * from ref.division
),

ranking as (
  select * from ref.ranking
),

threshold as (
  select * from ref.threshold
),

month as (
  select * from ref.month
),

household as (
  select
    division.village_code as village_code,
    monitored.persons as persons,
    monitored.eliminated as eliminated,
    expected.observed_households as observed_households,
    expected.observed_persons as observed_persons,
    expected.expected_households as expected_households,
    expected.expected_persons as expected_persons
  from monitored
  inner join division on monitored.village_code = division.village_code
  cross join ranking
  cross join month
  left join expected on monitored.household_id = expected.household_id
  where
    division.in_province
    and contains(ranking.ranked_classes, monitored.category)
    and (
      ranking.whole_register
      or date_diff('month', cast(monitored.identified_month || '-01' as date), month.month_start)
      < ranking.cohort_months
    )
),

measured as (
  select
    village_code as village_code,
    'households' as measure,
    1 as units,
    eliminated as eliminated,
    observed_households as observed,
    expected_households as expected
  from household
  union all
  select
    village_code as village_code,
    'persons' as measure,
    persons as units,
    eliminated as eliminated,
    observed_persons as observed,
    expected_persons as expected
  from household
),

-- Sums of decimals are exact, so they do not depend on the order of rows.
village as (
  select
    measured.village_code as place_code,
    division.township_code as township_code,
    division.county_code as county_code,
    division.city_code as city_code,
    measured.measure as measure,
    sum(measured.units) as n,
    coalesce(sum(measured.units) filter (where measured.eliminated), 0) as x,
    coalesce(sum(measured.units) filter (where measured.eliminated), 0) / nullif(sum(measured.units), 0) as p,
    sum(measured.units * measured.units) as square,
    sum(measured.units) * sum(measured.units) / nullif(sum(measured.units * measured.units), 0) as size,
    coalesce(sum(measured.observed), 0) as observed,
    coalesce(sum(cast(measured.expected as decimal(38, 18))), 0) as expected
  from measured
  inner join division on measured.village_code = division.village_code
  group by
    measured.village_code, division.township_code, division.county_code, division.city_code, measured.measure
),

village_mean_1 as (
  select
    *,
    size as w,
    sum(cast(size as decimal(38, 18))) over parent as total,
    sum(cast(size * p as decimal(38, 18))) over parent
    / nullif(cast(sum(cast(size as decimal(38, 18))) over parent as double), 0) as mu,
    sum(cast(size * p as decimal(38, 18))) over everywhere
    / nullif(cast(sum(cast(size as decimal(38, 18))) over everywhere as double), 0) as pooled
  from village
  window parent as (partition by measure, township_code), everywhere as (partition by measure)
),

village_rho_1 as (
  select
    measure as measure,
    cast(sum(cast(
      w * (p - mu) * (p - mu) - pooled * (1 - pooled) * w / nullif(size, 0) * (1 - w / nullif(cast(total as double), 0))
      as decimal(38, 18)
    )) as double)
    / nullif(cast(sum(cast(
      pooled * (1 - pooled) * w * (1 - 1 / nullif(size, 0)) * (1 - w / nullif(cast(total as double), 0))
      as decimal(38, 18)
    )) as double), 0) as rho
  from village_mean_1
  group by measure
),

village_weight as (
  select
    village.*,
    village.size / nullif(
      1 + greatest(0, least(threshold.rho_max, coalesce(village_rho_1.rho, 0))) * (village.size - 1), 0
    ) as w
  from village
  inner join village_rho_1 on village.measure = village_rho_1.measure
  cross join threshold
),

village_mean_2 as (
  select
    *,
    sum(cast(w as decimal(38, 18))) over parent as total,
    sum(cast(w * p as decimal(38, 18))) over parent
    / nullif(cast(sum(cast(w as decimal(38, 18))) over parent as double), 0) as mu,
    sum(cast(w * p as decimal(38, 18))) over everywhere
    / nullif(cast(sum(cast(w as decimal(38, 18))) over everywhere as double), 0) as pooled
  from village_weight
  window parent as (partition by measure, township_code), everywhere as (partition by measure)
),

village_rho_2 as (
  select
    measure as measure,
    cast(sum(cast(
      w * (p - mu) * (p - mu) - pooled * (1 - pooled) * w / nullif(size, 0) * (1 - w / nullif(cast(total as double), 0))
      as decimal(38, 18)
    )) as double)
    / nullif(cast(sum(cast(
      pooled * (1 - pooled) * w * (1 - 1 / nullif(size, 0)) * (1 - w / nullif(cast(total as double), 0))
      as decimal(38, 18)
    )) as double), 0) as rho
  from village_mean_2
  group by measure
),

village_rho as (
  select
    village_rho_2.measure as measure,
    greatest(0, least(threshold.rho_max, coalesce(village_rho_2.rho, 0))) as rho
  from village_rho_2
  cross join threshold
),

upper_sum as (
  select
    case
      when township_code is not null then 'township'
      when county_code is not null then 'county'
      else 'city'
    end as level,
    coalesce(township_code, county_code, city_code) as place_code,
    case
      when township_code is not null then any_value(county_code)
      when county_code is not null then any_value(city_code)
      else ''
    end as parent_code,
    measure as measure,
    sum(n) as n,
    sum(x) as x,
    sum(x) / nullif(sum(n), 0) as p,
    sum(n) * sum(n) / nullif(sum(square), 0) as units,
    cast(sum(cast(size as decimal(38, 18))) as double) as villages_size,
    cast(sum(cast(size * size as decimal(38, 18))) as double) as villages_square,
    sum(observed) as observed,
    sum(expected) as expected
  from village
  group by grouping sets (
    (measure, township_code, county_code, city_code), (measure, county_code, city_code), (measure, city_code)
  )
),

upper_place as (
  select
    upper_sum.*,
    upper_sum.villages_size / nullif(
      1 + village_rho.rho * (upper_sum.villages_square / nullif(upper_sum.villages_size, 0) - 1), 0
    ) as size
  from upper_sum
  inner join village_rho on upper_sum.measure = village_rho.measure
),

upper_mean_1 as (
  select
    *,
    size as w,
    sum(cast(size as decimal(38, 18))) over parent as total,
    sum(cast(size * p as decimal(38, 18))) over parent
    / nullif(cast(sum(cast(size as decimal(38, 18))) over parent as double), 0) as mu,
    sum(cast(size * p as decimal(38, 18))) over everywhere
    / nullif(cast(sum(cast(size as decimal(38, 18))) over everywhere as double), 0) as pooled
  from upper_place
  window parent as (partition by level, measure, parent_code), everywhere as (partition by level, measure)
),

upper_rho_1 as (
  select
    level as level,
    measure as measure,
    cast(sum(cast(
      w * (p - mu) * (p - mu) - pooled * (1 - pooled) * w / nullif(size, 0) * (1 - w / nullif(cast(total as double), 0))
      as decimal(38, 18)
    )) as double)
    / nullif(cast(sum(cast(
      pooled * (1 - pooled) * w * (1 - 1 / nullif(size, 0)) * (1 - w / nullif(cast(total as double), 0))
      as decimal(38, 18)
    )) as double), 0) as rho
  from upper_mean_1
  group by level, measure
),

upper_weight as (
  select
    upper_place.*,
    upper_place.size / nullif(
      1 + greatest(0, least(threshold.rho_max, coalesce(upper_rho_1.rho, 0))) * (upper_place.size - 1), 0
    ) as w
  from upper_place
  inner join upper_rho_1 on upper_place.level = upper_rho_1.level and upper_place.measure = upper_rho_1.measure
  cross join threshold
),

upper_mean_2 as (
  select
    *,
    sum(cast(w as decimal(38, 18))) over parent as total,
    sum(cast(w * p as decimal(38, 18))) over parent
    / nullif(cast(sum(cast(w as decimal(38, 18))) over parent as double), 0) as mu,
    sum(cast(w * p as decimal(38, 18))) over everywhere
    / nullif(cast(sum(cast(w as decimal(38, 18))) over everywhere as double), 0) as pooled
  from upper_weight
  window parent as (partition by level, measure, parent_code), everywhere as (partition by level, measure)
),

upper_rho_2 as (
  select
    level as level,
    measure as measure,
    cast(sum(cast(
      w * (p - mu) * (p - mu) - pooled * (1 - pooled) * w / nullif(size, 0) * (1 - w / nullif(cast(total as double), 0))
      as decimal(38, 18)
    )) as double)
    / nullif(cast(sum(cast(
      pooled * (1 - pooled) * w * (1 - 1 / nullif(size, 0)) * (1 - w / nullif(cast(total as double), 0))
      as decimal(38, 18)
    )) as double), 0) as rho
  from upper_mean_2
  group by level, measure
),

upper_known as (
  select
    upper_mean_2.*,
    greatest(0, least(threshold.rho_max, coalesce(upper_rho_2.rho, 0))) as rho
  from upper_mean_2
  inner join upper_rho_2 on upper_mean_2.level = upper_rho_2.level and upper_mean_2.measure = upper_rho_2.measure
  cross join threshold
),

-- (x + m M) / (n + M) with M = 1/rho - 1, written with rho so that rho = 0 gives the parent's mean m.
city as (
  select
    place_code as place_code,
    measure as measure,
    (size * p * rho + mu * (1 - rho)) / nullif(size * rho + 1 - rho, 0) as eb_mean
  from upper_known
  where level = 'city'
),

county as (
  select
    upper_known.*,
    city.eb_mean as prior_mean,
    (upper_known.size * upper_known.p * upper_known.rho + city.eb_mean * (1 - upper_known.rho))
    / nullif(upper_known.size * upper_known.rho + 1 - upper_known.rho, 0) as eb_mean
  from upper_known
  inner join city on upper_known.parent_code = city.place_code and upper_known.measure = city.measure
  where upper_known.level = 'county'
),

township as (
  select
    upper_known.*,
    county.eb_mean as prior_mean,
    (upper_known.size * upper_known.p * upper_known.rho + county.eb_mean * (1 - upper_known.rho))
    / nullif(upper_known.size * upper_known.rho + 1 - upper_known.rho, 0) as eb_mean
  from upper_known
  inner join county on upper_known.parent_code = county.place_code and upper_known.measure = county.measure
  where upper_known.level = 'township'
),

upper as (
  select * from county
  union all
  select * from township
),

estimated as (
  select
    level as level,
    place_code as place_code,
    measure as measure,
    n as n,
    x as x,
    p as p,
    units as units,
    size as size,
    observed as observed,
    expected as expected,
    prior_mean as prior_mean,
    rho as rho,
    eb_mean as eb_mean
  from upper
  union all
  select
    'village' as level,
    village.place_code as place_code,
    village.measure as measure,
    village.n as n,
    village.x as x,
    village.p as p,
    village.size as units,
    village.size as size,
    village.observed as observed,
    village.expected as expected,
    township.eb_mean as prior_mean,
    village_rho.rho as rho,
    (village.size * village.p * village_rho.rho + township.eb_mean * (1 - village_rho.rho))
    / nullif(village.size * village_rho.rho + 1 - village_rho.rho, 0) as eb_mean
  from village
  inner join village_rho on village.measure = village_rho.measure
  inner join township on village.township_code = township.place_code and village.measure = township.measure
),

-- Wilson's limits are the roots of (p - t)(p - t) = z z t (1 - t) / n.
quadratic as (
  select
    estimated.*,
    estimated.units + threshold.interval_z * threshold.interval_z as root_a,
    estimated.units * estimated.p + estimated.units * estimated.p + threshold.interval_z * threshold.interval_z
      as root_b,
    estimated.units * estimated.p * estimated.p as root_c
  from estimated
  cross join threshold
),

root as (
  select
    *,
    sqrt(greatest(0, root_b * root_b - (root_a + root_a) * (root_c + root_c))) as root_d
  from quadratic
),

final as (
  select
    level as level,
    place_code as place_code,
    measure as measure,
    n as monitored,
    x as eliminated,
    units as units,
    size as size,
    p as ratio,
    greatest(0, least(p, (root_b - root_d) / nullif(root_a + root_a, 0))) as wilson_low,
    least(1, greatest(p, (root_b + root_d) / nullif(root_a + root_a, 0))) as wilson_high,
    prior_mean as prior_mean,
    rho as rho,
    eb_mean as eb_mean,
    observed as observed,
    cast(expected as double) as expected
  from root
)

select * from final
order by level, place_code, measure
