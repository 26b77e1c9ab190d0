-- One row per household with a member who has reported work: who works at the month's end, and who lost work.
-- What counts as working, stable and lost: docs/decisions/0022-labour.md. Households without reports have no row.
with final as (
  select
    household_id as household_id,
    count(*) filter (where working) as working,
    count(*) filter (where stable) as stable_earners,
    count(*) filter (where lost_recently) as jobs_lost_recent
  from core.worker
  group by household_id
)

select * from final
