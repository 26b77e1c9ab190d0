-- One row per village, indicator and segment: steps, publicity, consent and assets (topic 六 of the plan).
-- Sums over villages give every level. What counts as what: docs/decisions/0060-topic-procedure.md.
with threshold as (
  select * from ref.threshold
),

monitored as (
  select * from core.monitored_household
  where village_code is not null
),

procedure as (
  select * from core.procedure
),

feature as (
  select * from core.household_month
),

holding as (
  select * from core.asset_holding
),

-- The last round in which the household was identified; a return alone is none.
entry_round as (
  select * from procedure
  where
    coalesce(applied_on, verified_on, consented_on, compared_on, reviewed_on, publicised_on, approved_on) is not null
  qualify row_number() over (partition by household_id order by round desc) = 1
),

last_round as (
  select * from procedure
  qualify row_number() over (partition by household_id order by round desc) = 1
),

-- Households identified since the procedure is required; helped when a measure was carried out.
entered as (
  select
    monitored.village_code as village_code,
    support.household_id is not null as helped,
    entry_round.*
  from monitored
  cross join threshold
  left join entry_round on monitored.household_id = entry_round.household_id
  left join core.support as support on monitored.household_id = support.household_id
  where monitored.identified_month >= threshold.procedure_from
),

-- Households eliminated since then, other than naturally.
cleared as (
  select
    monitored.village_code as village_code,
    last_round.*
  from monitored
  cross join threshold
  left join last_round on monitored.household_id = last_round.household_id
  where
    monitored.eliminated
    and coalesce(monitored.elimination_mode <> '自然消除', true)
    and monitored.eliminated_month >= threshold.procedure_from
),

-- One row per household and step it owes: those of 落实措施 when it was helped.
step as (
  select
    village_code as village_code,
    unnest([
      '识别申请', '入户核实', '承诺授权', '信息比对', '识别评议', '识别公示', '识别审核', '措施评议', '措施公示'
    ]) as title,
    unnest([
      applied_on, verified_on, consented_on, compared_on, reviewed_on, publicised_on, approved_on, help_reviewed_on,
      help_publicised_on
    ]) as done_on,
    unnest([true, true, true, true, true, true, true, helped, helped]) as owed
  from entered
  union all
  select
    village_code as village_code,
    unnest(['消除申请', '消除评议', '消除公示', '消除审核']) as title,
    unnest([exit_applied_on, exit_reviewed_on, exit_publicised_on, exit_approved_on]) as done_on,
    true as owed
  from cleared
),

-- One row per household and link: complete with review, publicity and approval; in_order as far as dates are there.
link as (
  select
    village_code as village_code,
    'entry_complete' as indicator,
    '确定对象' as title,
    reviewed_on is not null and publicised_on is not null and approved_on is not null as complete,
    coalesce(verified_on >= applied_on, true)
    and coalesce(reviewed_on >= greatest(applied_on, verified_on, consented_on, compared_on), true)
    and coalesce(publicised_on >= reviewed_on, true)
    and coalesce(approved_on >= greatest(applied_on, verified_on, consented_on, compared_on, publicised_on), true)
      as in_order
  from entered
  union all
  select
    village_code as village_code,
    'help_complete' as indicator,
    '落实措施' as title,
    help_reviewed_on is not null and help_publicised_on is not null as complete,
    coalesce(help_publicised_on >= help_reviewed_on, true) as in_order
  from entered
  where helped
  union all
  select
    village_code as village_code,
    'exit_complete' as indicator,
    '标注消除' as title,
    exit_reviewed_on is not null and exit_publicised_on is not null and exit_approved_on is not null as complete,
    coalesce(exit_reviewed_on >= exit_applied_on, true)
    and coalesce(exit_publicised_on >= exit_reviewed_on, true)
    and coalesce(exit_approved_on >= greatest(exit_applied_on, exit_publicised_on), true)
    and coalesce(eliminated_on >= exit_approved_on, true) as in_order
  from cleared
),

stage as (
  select
    entered.village_code as village_code,
    unnest(['申请至核实', '核实至评议', '评议至公示结束', '公示结束至审核', '识别全程', '审核至措施公示结束']) as title,
    unnest([
      date_diff('day', entered.applied_on, entered.verified_on),
      date_diff('day', entered.verified_on, entered.reviewed_on),
      date_diff('day', entered.reviewed_on, entered.publicised_on),
      date_diff('day', entered.publicised_on, entered.approved_on),
      date_diff('day', entered.applied_on, entered.approved_on),
      date_diff('day', entered.approved_on, entered.help_publicised_on)
    ]) as days
  from entered
  union all
  select
    cleared.village_code as village_code,
    unnest(['消除申请至评议', '消除评议至公示结束', '消除公示结束至审核', '消除审核至标注', '消除全程']) as title,
    unnest([
      date_diff('day', cleared.exit_applied_on, cleared.exit_reviewed_on),
      date_diff('day', cleared.exit_reviewed_on, cleared.exit_publicised_on),
      date_diff('day', cleared.exit_publicised_on, cleared.exit_approved_on),
      date_diff('day', cleared.exit_approved_on, cleared.eliminated_on),
      date_diff('day', cleared.exit_applied_on, cleared.eliminated_on)
    ]) as days
  from cleared
),

publicity as (
  select
    entered.village_code as village_code,
    unnest(['识别公示', '措施公示']) as title,
    unnest([entered.publicised_on, entered.help_publicised_on]) as done_on,
    unnest([entered.publicity_days, entered.help_publicity_days]) as days,
    unnest([entered.objections, entered.help_objections]) as objections
  from entered
  union all
  select
    village_code as village_code,
    '消除公示' as title,
    exit_publicised_on as done_on,
    exit_publicity_days as days,
    exit_objections as objections
  from cleared
),

-- Households alike in what the query of assets shows and in what else is known of them.
cell as (
  select
    feature.village_code as village_code,
    case feature.status when 'active' then '监测中' when 'eliminated' then '已标注消除' else '未列入监测' end as state,
    feature.assets is not null as consented,
    coalesce(holding.cars > 0, false) as car,
    coalesce(holding.properties > 0, false) as property,
    coalesce(holding.businesses > 0, false) as business,
    coalesce(holding.payroll_members > 0, false) as payroll,
    feature.net_income_per_head_fen < feature.line_fen as below,
    feature.education_gap or feature.medical_gap or feature.housing_gap or feature.water_gap as gap,
    feature.no_labour as no_labour,
    count(*) as households
  from feature
  left join holding on feature.household_id = holding.household_id
  group by all
),

-- Each of the households that authorised the query, by item of the list.
held as (
  select
    cell.village_code as village_code,
    cell.state as state,
    cell.below as below,
    cell.gap as gap,
    cell.no_labour as no_labour,
    cell.households as households,
    unnest(['任一项', '小型汽车', '商品房', '市场主体', '财政供养']) as item,
    unnest([
      cell.car or cell.property or cell.business or cell.payroll, cell.car, cell.property, cell.business, cell.payroll
    ]) as found
  from cell
  where cell.consented
),

-- What else is known of those still monitored that have an item.
holder as (
  select
    village_code as village_code,
    item as item,
    households as households,
    unnest(['asset_below_line', 'asset_gap', 'asset_no_labour', 'asset_no_need']) as indicator,
    unnest([below, gap, no_labour, not below and not gap]) as holds
  from held
  where found and state = '监测中'
),

-- The dearest car and the largest capital of households still monitored, where the registers tell them.
amount as (
  select
    monitored.village_code as village_code,
    unnest(['car_price', 'business_capital']) as indicator,
    unnest([holding.car_price_fen, holding.business_capital_fen]) as amount_fen
  from monitored
  inner join holding on monitored.household_id = holding.household_id
  where not monitored.eliminated
),

fact as (
  select
    village_code as village_code,
    'step_recorded' as indicator,
    title as segment,
    cast(done_on is not null as integer) as value,
    1 as base
  from step
  where owed
  union all
  select
    village_code as village_code,
    indicator as indicator,
    '' as segment,
    cast(complete as integer) as value,
    1 as base
  from link
  union all
  select
    village_code as village_code,
    'link_in_order' as indicator,
    title as segment,
    cast(in_order as integer) as value,
    1 as base
  from link
  where complete
  union all
  select
    village_code as village_code,
    'stage_days' as indicator,
    title as segment,
    days as value,
    1 as base
  from stage
  where days >= 0
  union all
  select
    stage.village_code as village_code,
    'identification_days' as indicator,
    band.segment as segment,
    1 as value,
    null as base
  from stage
  inner join ref.topic_band as band
    on
      band.band = 'identification_days'
      and coalesce(stage.days >= band.low, true)
      and coalesce(stage.days < band.high, true)
  where stage.title = '识别全程' and stage.days >= 0
  union all
  select
    stage.village_code as village_code,
    'identification_in_time' as indicator,
    '' as segment,
    cast(stage.days <= time_limit.identification_days as integer) as value,
    1 as base
  from stage
  cross join ref.time_limit as time_limit
  where stage.title = '识别全程' and stage.days >= 0
  union all
  select
    village_code as village_code,
    'publicity_days_told' as indicator,
    title as segment,
    cast(days is not null as integer) as value,
    1 as base
  from publicity
  where done_on is not null
  union all
  select
    publicity.village_code as village_code,
    unnest(['publicity_days', 'publicity_long_enough']) as indicator,
    publicity.title as segment,
    unnest([publicity.days, cast(publicity.days >= time_limit.publicity_days as integer)]) as value,
    1 as base
  from publicity
  cross join ref.time_limit as time_limit
  where publicity.days is not null
  union all
  select
    village_code as village_code,
    'objected' as indicator,
    title as segment,
    cast(objections > 0 as integer) as value,
    1 as base
  from publicity
  where objections is not null
  union all
  select
    village_code as village_code,
    'objections' as indicator,
    title as segment,
    objections as value,
    null as base
  from publicity
  where objections > 0
  union all
  select
    village_code as village_code,
    'consented' as indicator,
    state as segment,
    cast(consented as integer) * households as value,
    households as base
  from cell
  union all
  select
    village_code as village_code,
    'refused' as indicator,
    state as segment,
    households as value,
    null as base
  from cell
  where not consented
  union all
  select
    village_code as village_code,
    case state when '监测中' then 'asset_monitored' else 'asset_unlisted' end as indicator,
    item as segment,
    cast(found as integer) * households as value,
    households as base
  from held
  where state = '监测中' or (state = '未列入监测' and (below or gap))
  union all
  select
    village_code as village_code,
    'asset_all' as indicator,
    item as segment,
    cast(found as integer) * households as value,
    households as base
  from held
  union all
  select
    village_code as village_code,
    indicator as indicator,
    item as segment,
    cast(holds as integer) * households as value,
    households as base
  from holder
  where holds is not null
  union all
  select
    amount.village_code as village_code,
    amount.indicator as indicator,
    band.segment as segment,
    1 as value,
    null as base
  from amount
  inner join ref.topic_band as band
    on
      band.band = 'asset_amount'
      and coalesce(amount.amount_fen >= band.low, true)
      and coalesce(amount.amount_fen < band.high, true)
  where amount.amount_fen is not null
),

final as (
  select
    village_code as village_code,
    indicator as indicator,
    segment as segment,
    cast(sum(value) as bigint) as value,
    cast(sum(base) as bigint) as base
  from fact
  group by village_code, indicator, segment
)

select * from final
order by village_code, indicator, segment
