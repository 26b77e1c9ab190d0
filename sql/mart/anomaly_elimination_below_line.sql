-- One row per household eliminated with an income below the line.
-- Two incomes count: the one declared at elimination, and the one of the statement ledger then (core.exit_state).
with monitored as (
  select * from core.monitored_household
),

feature as (
  select * from core.household_month
),

division as (
  select * from ref.division
),

line as (
  select * from ref.monitoring_line
),

exit_state as (
  select * from core.exit_state
),

compared as (
  select
    monitored.household_id as household_id,
    monitored.village_code as village_code,
    division.in_province as in_province,
    monitored.eliminated_month as eliminated_month,
    monitored.exit_income_per_head_fen as exit_income_per_head_fen,
    line.line_fen as line_fen,
    feature.dibao_persons as dibao_persons,
    exit_state.basis as basis,
    exit_state.income_per_head_fen as ledger_income_per_head_fen
  from monitored
  inner join division on monitored.village_code = division.village_code
  inner join line on division.county_code = line.county_code
  left join feature on monitored.household_id = feature.household_id
  left join exit_state on monitored.household_id = exit_state.household_id
  where monitored.eliminated and monitored.elimination_mode is distinct from '自然消除'
),

final as (
  select
    household_id as household_id,
    village_code as village_code,
    in_province as in_province,
    'elimination_below_line' as kind,
    '线下消除' as title,
    cast(
      floor(
        100 - 100 * greatest(0, least(exit_income_per_head_fen, ledger_income_per_head_fen)) / nullif(line_fen, 0)
      ) as integer
    ) as severity,
    coalesce(eliminated_month, '时间不详') || '消除，监测线' || cast(floor(line_fen / 100) as bigint) || '元；登记的消除后人均纯收入'
    || coalesce(cast(cast(floor(exit_income_per_head_fen / 100) as bigint) as varchar) || '元', '未填')
    || case when basis = 'earliest_window' then '，收支台账最早12个月（含消除之后）人均纯收入' else '，收支台账消除前12个月人均纯收入' end
    || coalesce(cast(cast(floor(ledger_income_per_head_fen / 100) as bigint) as varchar) || '元', '无同期数') as evidence,
    case when dibao_persons > 0 then '低保' || dibao_persons || '人；' else '' end
    || '须核实台账有无漏记收入、家庭人口是否一致' as counter_evidence,
    '贵州省防返贫数据核查规则 4_11_010' as clause
  from compared
  where exit_income_per_head_fen < line_fen or ledger_income_per_head_fen < line_fen
)

select * from final
order by household_id
