-- One row per eliminated household that lives above the line by the safety net only.
-- Its income without transfers is below the line and none of its measures is a development measure.
with monitored as (
  select * from core.monitored_household
),

support as (
  select * from core.support
),

division as (
  select * from ref.division
),

line as (
  select * from ref.monitoring_line
),

own as (
  select
    monitored.household_id as household_id,
    monitored.village_code as village_code,
    division.in_province as in_province,
    monitored.eliminated_month as eliminated_month,
    monitored.no_labour_household as no_labour_household,
    monitored.exit_income_per_head_fen as exit_income_per_head_fen,
    support.safety_net_measures as safety_net_measures,
    support.measure_types as measure_types,
    line.line_fen as line_fen,
    (monitored.exit_income_per_head_fen * monitored.persons - monitored.exit_transfer_income_fen)
    / nullif(monitored.persons, 0) as own_income_per_head_fen
  from monitored
  inner join support on monitored.household_id = support.household_id
  inner join division on monitored.village_code = division.village_code
  inner join line on division.county_code = line.county_code
  where
    monitored.eliminated
    and monitored.elimination_mode is distinct from '自然消除'
    and support.safety_net_measures > 0
    and support.development_measures = 0
),

final as (
  select
    household_id as household_id,
    village_code as village_code,
    in_province as in_province,
    'safety_net_only' as kind,
    '一兜了之' as title,
    cast(floor(100 - 100 * greatest(0, own_income_per_head_fen) / nullif(line_fen, 0)) as integer) as severity,
    coalesce(eliminated_month, '时间不详') || '消除，登记人均纯收入' || cast(floor(exit_income_per_head_fen / 100) as bigint)
    || '元，扣除转移性收入后' || cast(floor(own_income_per_head_fen / 100) as bigint) || '元，低于监测线'
    || cast(floor(line_fen / 100) as bigint) || '元；只有' || measure_types || '，没有开发式措施' as evidence,
    case
      when no_labour_household then '登记为整户无劳动能力兜底保障户，宜暂不标注消除'
      else '须核实有无照料负担、是否有劳动能力'
    end as counter_evidence,
    '《专题调研工作方案》四（七）“落实社会保障措施的是否要标注风险消除”；贵州省防返贫数据核查规则 5_11_032' as clause
  from own
  where own_income_per_head_fen < line_fen
)

select * from final
order by household_id
