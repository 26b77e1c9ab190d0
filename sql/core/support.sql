-- One row per household with a support measure carried out by the month's end.
-- Measures not yet carried out (尚未实施) do not count.
with done as (
  select
    measure.household_id as household_id,
    count(*) as measures,
    min(measure.started) as first_measure_month,
    max(measure.started) as last_measure_month,
    count(*) filter (where measure.measure_type = '产业帮扶') as industry,
    count(*) filter (where measure.measure_type = '就业帮扶') as employment,
    count(*) filter (where measure.measure_type = '金融帮扶') as finance,
    count(*) filter (where measure.measure_type = '公益岗位帮扶') as post,
    count(*) filter (where measure.measure_type = '住房安全保障') as housing,
    count(*) filter (where measure.measure_type = '饮水安全保障') as water,
    count(*) filter (where measure.measure_type = '健康帮扶') as health,
    count(*) filter (where measure.measure_type = '义务教育保障') as compulsory,
    count(*) filter (where measure.measure_type = '教育帮扶') as education,
    count(*) filter (where measure.measure_type = '综合保障') as safety_net,
    count(*) filter (where measure.measure_type = '社会帮扶') as social
  from raw.measure as measure
  cross join ref.month as month
  where measure.household_id is not null and measure.status = '已实施' and measure.started <= month.month
  group by measure.household_id
),

final as (
  select
    household_id as household_id,
    measures as measures,
    first_measure_month as first_measure_month,
    last_measure_month as last_measure_month,
    industry + employment + finance + post as development_measures,
    safety_net as safety_net_measures,
    concat_ws(
      '、',
      case when industry > 0 then '产业帮扶' end,
      case when employment > 0 then '就业帮扶' end,
      case when finance > 0 then '金融帮扶' end,
      case when post > 0 then '公益岗位帮扶' end,
      case when housing > 0 then '住房安全保障' end,
      case when water > 0 then '饮水安全保障' end,
      case when health > 0 then '健康帮扶' end,
      case when compulsory > 0 then '义务教育保障' end,
      case when education > 0 then '教育帮扶' end,
      case when safety_net > 0 then '综合保障' end,
      case when social > 0 then '社会帮扶' end
    ) as measure_types
  from done
)

select * from final
order by household_id
