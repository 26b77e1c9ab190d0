-- One row per hexagon of the province's households by net income (across) and rigid expenditure (up), both per head.
-- Hexagons are one step wide. across counts half steps, up half rows of sqrt(12) / 2 steps, both to the centre.
-- A point among four centres of the wide grid belongs to the one in their middle, which is nearer, when p + 3q > 1
-- (p, q: its distances to the wide grid, in its units). Incomes below zero and beyond the top stand at the edges.
with feature as (
  select * from core.household_month
),

threshold as (
  select * from ref.threshold
),

point as (
  select
    least(greatest(feature.net_income_per_head_fen / 100, 0), threshold.map_top_yuan)
    / nullif(threshold.map_step_yuan, 0) as x,
    (1 + 1) * least(feature.rigid_fen / nullif(feature.persons, 0) / 100, threshold.map_top_yuan)
    / nullif(threshold.map_step_yuan, 0) * sqrt(12) / 12 as y,
    feature.net_after_rigid_per_head_fen < feature.line_fen * threshold.criterion_line_multiple as hardship
  from feature
  cross join threshold
  where feature.in_province and feature.net_income_per_head_fen is not null
),

placed as (
  select
    x as x,
    y as y,
    hardship as hardship,
    least(x - floor(x), 1 + floor(x) - x) as p,
    least(y - floor(y), 1 + floor(y) - y) as q
  from point
),

final as (
  select
    cast(case when p + q + q + q > 1 then floor(x) + floor(x) + 1 else round(x) + round(x) end as integer) as across,
    cast(case when p + q + q + q > 1 then floor(y) + floor(y) + 1 else round(y) + round(y) end as integer) as up,
    count(*) as households,
    count(*) filter (where hardship) as hardship_households
  from placed
  group by all
)

select * from final
order by across, up
