-- One row per household and round: the dates of its procedure up to the month's end.
-- A step without a date was not done or not recorded; of a publicity there are the days shown and objections as told.
-- The channel is that of the application, else of another step.
with final as (
  select
    step.household_id as household_id,
    step.round as round,
    max(step.done_on) filter (where step.step = '识别申请') as applied_on,
    max(step.done_on) filter (where step.step = '入户核实') as verified_on,
    max(step.done_on) filter (where step.step = '承诺授权') as consented_on,
    max(step.done_on) filter (where step.step = '信息比对') as compared_on,
    max(step.done_on) filter (where step.step = '识别评议') as reviewed_on,
    max(step.done_on) filter (where step.step = '识别公示') as publicised_on,
    max(step.publicity_days) filter (where step.step = '识别公示') as publicity_days,
    max(step.objections) filter (where step.step = '识别公示') as objections,
    max(step.done_on) filter (where step.step = '识别审核') as approved_on,
    max(step.done_on) filter (where step.step = '措施评议') as help_reviewed_on,
    max(step.done_on) filter (where step.step = '措施公示') as help_publicised_on,
    max(step.publicity_days) filter (where step.step = '措施公示') as help_publicity_days,
    max(step.objections) filter (where step.step = '措施公示') as help_objections,
    max(step.done_on) filter (where step.step = '消除申请') as exit_applied_on,
    max(step.done_on) filter (where step.step = '消除评议') as exit_reviewed_on,
    max(step.done_on) filter (where step.step = '消除公示') as exit_publicised_on,
    max(step.publicity_days) filter (where step.step = '消除公示') as exit_publicity_days,
    max(step.objections) filter (where step.step = '消除公示') as exit_objections,
    max(step.done_on) filter (where step.step = '消除审核') as exit_approved_on,
    max(step.done_on) filter (where step.step = '风险消除') as eliminated_on,
    max(step.done_on) filter (where step.step = '风险消除回退') as returned_on,
    coalesce(max(step.channel) filter (where step.step = '识别申请'), max(step.channel)) as channel
  from raw.register_step as step
  cross join ref.month as month
  where step.household_id is not null and step.done_on <= month.month_end
  group by step.household_id, step.round
)

select * from final
order by household_id, round
