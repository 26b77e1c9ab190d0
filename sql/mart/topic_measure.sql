-- One row per village, indicator and segment: help of monitored households, and credit (topic 八 of the plan).
-- Sums over villages give every level. What counts as what: docs/decisions/0055-topic-measure.md.
with feature as (
  select * from core.household_month
),

month as (
  select
    *,
    strftime(date_trunc('year', month_start), '%Y-%m') as year_first
  from ref.month
),

time_limit as (
  select * from ref.time_limit
),

measure_cause as (
  select * from ref.measure_cause
),

statement as (
  select * from core.income_statement
),

band as (
  select * from ref.topic_band
),

-- Monitored households of the list, with the last months in which help is still in time.
tracked as (
  select
    monitored.household_id as household_id,
    feature.village_code as village_code,
    feature.persons as persons,
    feature.status = 'active' as active,
    coalesce(monitored.elimination_mode, '') <> '自然消除' as owes_help,
    monitored.identified_month as identified_month,
    strftime(
      cast(monitored.identified_month || '-01' as date) - to_months(time_limit.first_measure_months), '%Y-%m'
    ) as early_from,
    strftime(
      cast(monitored.identified_month || '-01' as date) + to_months(time_limit.first_measure_months), '%Y-%m'
    ) as due_month,
    strftime(
      cast(monitored.identified_month || '-01' as date) + to_months(time_limit.development_measure_months), '%Y-%m'
    ) as development_due_month,
    case when monitored.identified_month >= month.year_first then '本年识别' else '往年识别' end as cohort,
    string_split(monitored.risks, '、') as risks,
    coalesce(monitored.risk1, '原因不详') as risk1,
    feature.labourers > 0 as able,
    coalesce(feature.no_labour, false) as unable,
    feature.dibao_persons + feature.tekun_persons > 0 as assisted,
    coalesce(feature.education_gap, false) as dropout,
    coalesce(feature.medical_gap, false) as uninsured,
    feature.margin_pct as margin_pct,
    feature.line_fen as line_fen,
    feature.net_income_per_head_fen as net_income_per_head_fen,
    (feature.net_income_fen - statement.transfer_fen) / nullif(feature.persons, 0) as own_income_per_head_fen
  from core.monitored_household as monitored
  inner join feature on monitored.household_id = feature.household_id
  cross join month
  cross join time_limit
  left join statement on monitored.household_id = statement.household_id
),

helped as (
  select
    measure.household_id as household_id,
    count(*) filter (where measure.done) as measures,
    min(measure.started) filter (where measure.done and measure.started >= tracked.early_from) as first_month,
    count(*) filter (where measure.done and measure.measure_type = '综合保障') as safety_net,
    count(*) filter (where measure.done and measure.measure_type = '产业帮扶') as industry,
    min(nature.position) filter (where measure.done) as position
  from core.measure as measure
  inner join tracked on measure.household_id = tracked.household_id
  left join ref.measure_nature as nature on measure.measure_type = nature.measure_type
  group by measure.household_id
),

nature as (
  select
    position as position,
    any_value(nature) as nature
  from ref.measure_nature
  group by position
),

-- responded_after: months from identification to the first help, 0 when it came before.
judged as (
  select
    tracked.*,
    helped.household_id is not null as registered,
    coalesce(helped.measures, 0) as measures,
    helped.first_month as first_month,
    greatest(
      date_diff('month', cast(tracked.identified_month || '-01' as date), cast(helped.first_month || '-01' as date)), 0
    ) as responded_after,
    coalesce(helped.safety_net, 0) as safety_net,
    coalesce(helped.industry, 0) as industry,
    coalesce(nature.nature = '开发式帮扶', false) as developed,
    case
      when coalesce(helped.measures, 0) = 0 then '没有已实施的措施'
      else coalesce(nature.nature, '性质不详')
    end as nature,
    month.month as month,
    date_trunc('quarter', coalesce(cast(helped.first_month || '-01' as date), month.month_start))
    > date_trunc('quarter', cast(tracked.identified_month || '-01' as date)) as after_quarter
  from tracked
  cross join month
  left join helped on tracked.household_id = helped.household_id
  left join nature on helped.position = nature.position
),

-- One row per household and cause, or open gap, that some help is known to fit.
cause as (
  select distinct
    judged.household_id as household_id,
    judged.village_code as village_code,
    measure_cause.cause as cause
  from judged
  inner join measure_cause
    on
      list_contains(judged.risks, measure_cause.cause)
      or (judged.dropout and measure_cause.cause = '失学辍学')
      or (judged.uninsured and measure_cause.cause = '未参加基本医疗保险')
  where judged.active
),

fitted as (
  select
    cause.household_id as household_id,
    cause.village_code as village_code,
    cause.cause as cause,
    max(case when measure.household_id is not null then 1 else 0 end) as fits
  from cause
  inner join measure_cause on cause.cause = measure_cause.cause
  left join core.measure as measure
    on
      cause.household_id = measure.household_id
      and measure_cause.measure_type = measure.measure_type
      and measure.done
  group by cause.household_id, cause.village_code, cause.cause
),

fitted_household as (
  select
    household_id as household_id,
    village_code as village_code,
    min(fits) as fits
  from fitted
  group by household_id, village_code
),

layer as (
  select
    judged.village_code as village_code,
    judged.persons as persons,
    case
      when judged.able then '有劳动能力'
      when judged.unable then '整户无劳动能力'
      else '劳动能力不详'
    end || '·' || judged.risk1 || '·' || coalesce(band.segment, '收入不详') as segment
  from judged
  left join band
    on
      band.band = 'line_margin'
      and (band.low is null or judged.margin_pct >= band.low)
      and (band.high is null or judged.margin_pct < band.high)
      and judged.margin_pct is not null
  where judged.active
),

-- Households that may have a micro-loan: able to work, and 脱贫户 or 边缘易致贫户 still monitored.
borrower as (
  select
    feature.village_code as village_code,
    case when feature.household_type = '脱贫户' then '脱贫户' else '边缘易致贫户' end as segment,
    coalesce(welfare.microcredit_fen, 0) > 0 as has_loan,
    statement.business_fen > 0 as producing
  from feature
  left join core.welfare as welfare on feature.household_id = welfare.household_id
  left join statement on feature.household_id = statement.household_id
  where
    feature.labourers > 0
    and (feature.household_type = '脱贫户' or (feature.status = 'active' and feature.category = '边缘易致贫户'))
),

loan as (
  select
    feature.village_code as village_code,
    welfare.microcredit_overdue as overdue,
    statement.business_fen as business_fen
  from core.welfare as welfare
  inner join feature on welfare.household_id = feature.household_id
  left join statement on welfare.household_id = statement.household_id
  where welfare.microcredit_fen > 0
),

fact as (
  select
    judged.village_code as village_code,
    'first_measure' as indicator,
    coalesce(band.segment, '没有措施') as segment,
    1 as value,
    null as base
  from judged
  left join band
    on
      band.band = 'first_measure'
      and (band.low is null or judged.responded_after >= band.low)
      and (band.high is null or judged.responded_after < band.high)
      and judged.first_month is not null
  where judged.owes_help or judged.first_month is not null
  union all
  select
    village_code as village_code,
    'first_measure_months' as indicator,
    '' as segment,
    responded_after as value,
    1 as base
  from judged
  where first_month is not null
  union all
  select
    village_code as village_code,
    'late_month' as indicator,
    cohort as segment,
    cast(coalesce(first_month, month) > due_month as integer) as value,
    1 as base
  from judged
  where first_month is not null or (owes_help and month > due_month)
  union all
  select
    judged.village_code as village_code,
    'late_quarter' as indicator,
    judged.cohort as segment,
    cast(judged.after_quarter as integer) as value,
    1 as base
  from judged
  cross join time_limit
  where
    time_limit.first_measure_in_quarter
    and (judged.first_month is not null or (judged.owes_help and judged.after_quarter))
  union all
  select
    village_code as village_code,
    'without_measure' as indicator,
    case when registered then '登记而尚未实施' else '没有登记' end as segment,
    1 as value,
    null as base
  from judged
  where active and measures = 0
  union all
  select
    village_code as village_code,
    'cause_helped' as indicator,
    cause as segment,
    fits as value,
    1 as base
  from fitted
  union all
  select
    village_code as village_code,
    'household_helped' as indicator,
    '' as segment,
    fits as value,
    1 as base
  from fitted_household
  union all
  select
    village_code as village_code,
    'lasting' as indicator,
    nature as segment,
    1 as value,
    null as base
  from judged
  where active
  union all
  select
    village_code as village_code,
    'own_income' as indicator,
    case
      when own_income_per_head_fen >= line_fen then '扣除转移性收入仍不低于监测线'
      when net_income_per_head_fen >= line_fen then '靠转移性收入达到监测线'
      else '低于监测线'
    end as segment,
    1 as value,
    null as base
  from judged
  where active and own_income_per_head_fen is not null
  union all
  select
    village_code as village_code,
    'development' as indicator,
    '' as segment,
    cast(developed as integer) as value,
    1 as base
  from judged
  where active and able
  union all
  select
    village_code as village_code,
    'development_late' as indicator,
    '' as segment,
    cast(not developed as integer) as value,
    1 as base
  from judged
  where active and able and month >= development_due_month
  union all
  select
    village_code as village_code,
    'safety_net_only' as indicator,
    '' as segment,
    cast(safety_net = measures as integer) as value,
    1 as base
  from judged
  where active and able and measures > 0
  union all
  select
    village_code as village_code,
    'industry' as indicator,
    '' as segment,
    cast(industry > 0 as integer) as value,
    1 as base
  from judged
  where active and able
  union all
  select
    village_code as village_code,
    'unable_assisted' as indicator,
    '' as segment,
    cast(assisted as integer) as value,
    1 as base
  from judged
  where active and unable
  union all
  select
    village_code as village_code,
    'credit' as indicator,
    segment as segment,
    cast(has_loan as integer) as value,
    1 as base
  from borrower
  union all
  select
    village_code as village_code,
    'credit_producing' as indicator,
    segment as segment,
    cast(has_loan as integer) as value,
    1 as base
  from borrower
  where producing
  union all
  select
    village_code as village_code,
    'credit_idle' as indicator,
    '' as segment,
    cast(business_fen = 0 as integer) as value,
    1 as base
  from loan
  where business_fen is not null
  union all
  select
    village_code as village_code,
    'credit_overdue' as indicator,
    '' as segment,
    cast(overdue as integer) as value,
    1 as base
  from loan
  union all
  select
    village_code as village_code,
    unnest(['layer', 'layer_persons']) as indicator,
    segment as segment,
    unnest([1, persons]) as value,
    null as base
  from layer
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
