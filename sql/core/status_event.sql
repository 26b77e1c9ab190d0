-- One row per household, round and status change up to the month's end.
-- An approved identification is 'identified', a marked elimination 'eliminated', a withdrawn one 'returned'.
with final as (
  select
    step.household_id as household_id,
    step.round as round,
    case step.step
      when '识别审核' then 'identified'
      when '风险消除' then 'eliminated'
      when '风险消除回退' then 'returned'
    end as event,
    step.done_on as event_date,
    strftime(step.done_on, '%Y-%m') as event_month,
    step.batch_no as batch_no
  from raw.register_step as step
  cross join ref.month as month
  where
    step.household_id is not null
    and step.step in ('识别审核', '风险消除', '风险消除回退')
    and step.done_on <= month.month_end
)

select * from final
order by household_id, round, event_date, event
