-- One row per village, indicator and segment: how monitored households were eliminated (topic 七 of the plan).
-- Sums over villages give every level. What counts as what: docs/decisions/0058-topic-elimination.md.
with monitored as (
  select * from core.monitored_household
),

threshold as (
  select * from ref.threshold
),

support as (
  select * from core.support
),

exit_state as (
  select * from core.exit_state
),

-- The line in force when a household was eliminated; none where none is known.
line as (
  select
    monitored.household_id as household_id,
    line.line_fen as line_fen
  from monitored
  inner join ref.division as division on monitored.village_code = division.village_code
  inner join ref.line_history as line
    on
      division.county_code = line.county_code
      and monitored.eliminated_month between line.from_month and line.to_month
),

last_round as (
  select * from core.procedure
  qualify row_number() over (partition by household_id order by round desc) = 1
),

alerted as (
  select distinct household_id as household_id
  from mart.alert
),

first_exit as (
  select
    household_id as household_id,
    min(event_date) as eliminated_on
  from core.status_event
  where event = 'eliminated'
  group by household_id
),

-- What followed the first elimination of a household.
followed as (
  select
    event.household_id as household_id,
    bool_or(event.event = 'returned') as returned,
    bool_or(event.event = 'identified') as identified_again
  from core.status_event as event
  inner join first_exit on event.household_id = first_exit.household_id
  where event.event_date > first_exit.eliminated_on or event.event = 'eliminated'
  group by event.household_id
),

tracked as (
  select
    monitored.village_code as village_code,
    monitored.persons as persons,
    monitored.eliminated as eliminated,
    monitored.months_monitored as months,
    case
      when not monitored.eliminated then 'spell_active'
      when monitored.elimination_mode = '自然消除' then 'spell_natural'
      when support.household_id is null then 'spell_unhelped'
      when support.measures = support.safety_net_measures then 'spell_safety_net'
      else 'spell_real'
    end as spell,
    monitored.eliminated and coalesce(monitored.elimination_mode <> '自然消除', true) as helped_out,
    monitored.eliminated
    and coalesce(monitored.elimination_mode <> '自然消除', true)
    and monitored.eliminated_month >= threshold.procedure_from as owes_procedure,
    last_round.exit_reviewed_on is null as review_missing,
    last_round.exit_publicised_on is null as publicity_missing,
    last_round.exit_approved_on is null as approval_missing,
    exit_state.income_per_head_fen as ledger_fen,
    monitored.exit_income_per_head_fen as declared_fen,
    line.line_fen as line_fen,
    monitored.exit_gap as exit_gap,
    coalesce(support.measures, 0) as measures,
    monitored.no_labour_household as no_labour,
    coalesce(support.last_measure_month > monitored.eliminated_month, false) as measure_after,
    alerted.household_id is not null as alert_after,
    followed.household_id is not null as ever_eliminated,
    followed.returned as returned,
    followed.identified_again as identified_again
  from monitored
  cross join threshold
  left join line on monitored.household_id = line.household_id
  left join support on monitored.household_id = support.household_id
  left join exit_state on monitored.household_id = exit_state.household_id
  left join last_round on monitored.household_id = last_round.household_id
  left join alerted on monitored.household_id = alerted.household_id
  left join followed on monitored.household_id = followed.household_id
  where monitored.village_code is not null
),

ending as (
  select
    'spell_real' as spell,
    '有其他帮扶措施' as title
  union all
  select
    'spell_safety_net' as spell,
    '只有综合保障' as title
  union all
  select
    'spell_unhelped' as spell,
    '没有已实施的措施' as title
  union all
  select
    'spell_natural' as spell,
    '自然消除' as title
),

step as (
  select '民主评议' as title
  union all
  select '公示' as title
  union all
  select '审核' as title
),

-- The two incomes at elimination; what is not known has no row.
margin as (
  select
    village_code as village_code,
    'ledger_margin' as indicator,
    ledger_fen - line_fen as margin_fen,
    100 * (ledger_fen - line_fen) / nullif(line_fen, 0) as margin_pct
  from tracked
  where helped_out and ledger_fen is not null and line_fen is not null
  union all
  select
    village_code as village_code,
    'declared_margin' as indicator,
    declared_fen - line_fen as margin_fen,
    100 * (declared_fen - line_fen) / nullif(line_fen, 0) as margin_pct
  from tracked
  where helped_out and declared_fen is not null and line_fen is not null
),

-- Conditions of elimination, true or false, NULL where the fact is not known.
condition as (
  select
    tracked.village_code as village_code,
    '收入不低于监测线' as title,
    tracked.ledger_fen >= tracked.line_fen as met
  from tracked
  where tracked.helped_out
  union all
  select
    tracked.village_code as village_code,
    '监测满' || threshold.elimination_min_months || '个月' as title,
    tracked.months >= threshold.elimination_min_months as met
  from tracked
  cross join threshold
  where tracked.helped_out
  union all
  select
    tracked.village_code as village_code,
    '三保障和饮水没有缺口' as title,
    not tracked.exit_gap as met
  from tracked
  cross join threshold
  where tracked.helped_out and threshold.elimination_max_gaps = 0
  union all
  select
    tracked.village_code as village_code,
    '已实施措施不少于' || threshold.elimination_min_measures || '项' as title,
    tracked.measures >= threshold.elimination_min_measures as met
  from tracked
  cross join threshold
  where tracked.helped_out
  union all
  select
    tracked.village_code as village_code,
    '不是整户无劳动能力' as title,
    not tracked.no_labour as met
  from tracked
  cross join threshold
  where tracked.helped_out and not threshold.elimination_without_labour
),

fact as (
  select
    village_code as village_code,
    'ratio_households' as indicator,
    '' as segment,
    cast(eliminated as integer) as value,
    1 as base
  from tracked
  union all
  select
    village_code as village_code,
    'ratio_persons' as indicator,
    '' as segment,
    cast(eliminated as integer) * persons as value,
    persons as base
  from tracked
  union all
  select
    village_code as village_code,
    'strict_ratio_households' as indicator,
    '' as segment,
    cast(eliminated and spell <> 'spell_safety_net' as integer) as value,
    1 as base
  from tracked
  union all
  select
    village_code as village_code,
    'strict_ratio_persons' as indicator,
    '' as segment,
    cast(eliminated and spell <> 'spell_safety_net' as integer) * persons as value,
    persons as base
  from tracked
  union all
  select
    tracked.village_code as village_code,
    'ending' as indicator,
    ending.title as segment,
    cast(tracked.spell = ending.spell as integer) as value,
    1 as base
  from tracked
  cross join ending
  where tracked.eliminated
  union all
  select
    village_code as village_code,
    'procedure_complete' as indicator,
    '' as segment,
    cast(not (review_missing or publicity_missing or approval_missing) as integer) as value,
    1 as base
  from tracked
  where owes_procedure
  union all
  select
    tracked.village_code as village_code,
    'step_missing' as indicator,
    step.title as segment,
    case step.title
      when '民主评议' then cast(tracked.review_missing as integer)
      when '公示' then cast(tracked.publicity_missing as integer)
      when '审核' then cast(tracked.approval_missing as integer)
    end as value,
    1 as base
  from tracked
  cross join step
  where tracked.owes_procedure
  union all
  select
    margin.village_code as village_code,
    margin.indicator as indicator,
    band.segment as segment,
    1 as value,
    null as base
  from margin
  inner join ref.topic_band as band
    on
      band.band = 'line_margin'
      and coalesce(margin.margin_pct >= band.low, true)
      and coalesce(margin.margin_pct < band.high, true)
  union all
  select
    village_code as village_code,
    'ledger_margin_mean' as indicator,
    '' as segment,
    margin_fen as value,
    1 as base
  from margin
  where indicator = 'ledger_margin'
  union all
  select
    village_code as village_code,
    'ledger_margin_known' as indicator,
    '' as segment,
    cast(ledger_fen is not null as integer) as value,
    1 as base
  from tracked
  where helped_out
  union all
  select
    village_code as village_code,
    'condition_met' as indicator,
    title as segment,
    cast(met as integer) as value,
    1 as base
  from condition
  where met is not null
  union all
  select
    village_code as village_code,
    'elimination_months' as indicator,
    '' as segment,
    months as value,
    1 as base
  from tracked
  where helped_out and months is not null
  union all
  select
    village_code as village_code,
    spell as indicator,
    cast(months as varchar) as segment,
    1 as value,
    null as base
  from tracked
  where months is not null
  union all
  select
    village_code as village_code,
    'spell_unknown' as indicator,
    '' as segment,
    1 as value,
    null as base
  from tracked
  where months is null
  union all
  select
    village_code as village_code,
    'measures_per_case' as indicator,
    case when eliminated then '已消除' else '未消除' end as segment,
    measures as value,
    1 as base
  from tracked
  where spell <> 'spell_natural'
  union all
  select
    village_code as village_code,
    'measure_after' as indicator,
    '' as segment,
    cast(measure_after as integer) as value,
    1 as base
  from tracked
  where helped_out
  union all
  select
    village_code as village_code,
    'recorded_after' as indicator,
    '' as segment,
    cast(declared_fen is not null as integer) as value,
    1 as base
  from tracked
  where helped_out
  union all
  select
    village_code as village_code,
    'alert_after' as indicator,
    '' as segment,
    cast(alert_after as integer) as value,
    1 as base
  from tracked
  where helped_out
  union all
  select
    village_code as village_code,
    'relapse' as indicator,
    '风险消除回退' as segment,
    cast(returned as integer) as value,
    1 as base
  from tracked
  where ever_eliminated
  union all
  select
    village_code as village_code,
    'relapse' as indicator,
    '再次识别' as segment,
    cast(identified_again as integer) as value,
    1 as base
  from tracked
  where ever_eliminated
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
