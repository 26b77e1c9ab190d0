-- One row per monitored household, kind of help and month it began in, up to the month's end.
-- Also what is registered and not carried out yet (尚未实施): done says which.
with final as (
  select
    measure.household_id as household_id,
    measure.measure_type as measure_type,
    measure.started as started,
    bool_or(measure.status = '已实施') as done,
    cast(sum(measure.amount) as bigint) as amount_fen
  from raw.measure as measure
  inner join core.monitored_household as monitored on measure.household_id = monitored.household_id
  cross join ref.month as month
  where measure.started <= month.month
  group by measure.household_id, measure.measure_type, measure.started
)

select * from final
order by household_id, measure_type, started
