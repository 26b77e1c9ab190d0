-- One row per household with a record in the current statement: the newest one as one fingerprint of its amounts.
-- Equal fingerprints are equal amounts of every kind and equally many items; the hash is the engine's own and is
-- compared within one build only.
with newest as (
  select
    household_id as household_id,
    max(period) as period
  from core.income_record
  where in_statement
  group by household_id
),

final as (
  select
    record.household_id as household_id,
    record.period as period,
    record.months as months,
    cast(
      hash(
        record.months,
        record.wage_fen,
        record.post_income_fen,
        record.business_fen,
        record.property_fen,
        record.transfer_fen,
        record.business_cost_fen,
        record.claims_fen,
        record.items
      ) >> 1 as bigint
    ) as fingerprint,
    record.items as items
  from core.income_record as record
  inner join newest on record.household_id = newest.household_id and record.period = newest.period
  where record.in_statement
)

select * from final
order by household_id
