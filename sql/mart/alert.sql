-- One row per household and alert in force this month.
-- An alert is a lead to be verified. first_month is carried forward while the alert stays in force.
with feature as (
  select * from core.household_month
),

rigid as (
  select * from core.rigid_expenditure
),

shock as (
  select * from core.shock
),

threshold as (
  select * from ref.threshold
),

month as (
  select * from ref.month
),

policy as (
  select
    parameter as parameter,
    source as source
  from ref.policy_value
  where in_force and place = ''
),

earlier as (
  select * from prev.mart.alert
),

judgement as (
  select
    household_id as household_id,
    item as item,
    judged as judged,
    day as day
  from ref.field_answer
  where item in ('should_be_monitored', 'risk_gone') and judged is not null
  qualify row_number() over (partition by household_id, item order by day desc, trip desc) = 1
),

bill as (
  select
    rigid.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    feature.household_type as household_type,
    feature.in_province as in_province,
    rigid.medical_fen as medical_fen,
    rigid.largest_stay_fen as largest_stay_fen
  from rigid
  inner join feature on rigid.household_id = feature.household_id
  cross join threshold
  where
    rigid.largest_stay_fen > 100 * least(threshold.medical_stay_monitored_yuan, threshold.medical_stay_other_yuan)
    or rigid.medical_fen > 100 * least(
      threshold.medical_year_yuan,
      threshold.rural_income_yuan * threshold.medical_income_tuopin_share,
      threshold.rural_income_yuan * threshold.medical_income_other_share
    )
),

event as (
  select
    shock.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    shock.disasters as disasters,
    shock.casualties as casualties,
    shock.net_loss_fen as net_loss_fen,
    shock.last_disaster_month as last_disaster_month,
    shock.petitions as petitions,
    shock.last_petition_month as last_petition_month
  from shock
  inner join feature on shock.household_id = feature.household_id
),

raised as (
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'income_below_line' as kind,
    '扣除刚性支出后人均收入' || cast(floor(feature.net_after_rigid_per_head_fen / 100) as bigint) || '元，低于监测线'
    || cast(floor(feature.line_fen / 100) as bigint) || '元' as evidence,
    '中农组发〔2021〕7号 监测范围' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.net_after_rigid_per_head_fen < feature.line_fen
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'income_drop' as kind,
    '收入比上一核算期下降' || cast(round(feature.income_drop_share * 100) as bigint) || '%' as evidence,
    cast(null as varchar) as clause,
    'threshold.income_drop_alert_share' as parameter
  from feature
  cross join threshold
  where feature.income_drop_share >= threshold.income_drop_alert_share
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'rigid_share' as kind,
    '刚性支出占家庭纯收入' || cast(round(feature.rigid_share * 100) as bigint) || '%' as evidence,
    cast(null as varchar) as clause,
    'threshold.rigid_alert_share' as parameter
  from feature
  cross join threshold
  where feature.rigid_share >= threshold.rigid_alert_share
  union all
  select
    bill.household_id as household_id,
    bill.village_code as village_code,
    bill.status as status,
    'medical_year' as kind,
    '近12个月合规自付医疗支出' || cast(floor(bill.medical_fen / 100) as bigint) || '元' as evidence,
    cast(null as varchar) as clause,
    'threshold.medical_year_yuan' as parameter
  from bill
  cross join threshold
  where bill.medical_fen > threshold.medical_year_yuan * 100
  union all
  select
    bill.household_id as household_id,
    bill.village_code as village_code,
    bill.status as status,
    'medical_stay' as kind,
    '单次住院合规自付' || cast(floor(bill.largest_stay_fen / 100) as bigint) || '元' as evidence,
    cast(null as varchar) as clause,
    case
      when bill.status = 'active' then 'threshold.medical_stay_monitored_yuan'
      else 'threshold.medical_stay_other_yuan'
    end as parameter
  from bill
  cross join threshold
  where
    bill.largest_stay_fen > 100 * case
      when bill.status = 'active' then threshold.medical_stay_monitored_yuan
      else threshold.medical_stay_other_yuan
    end
  union all
  select
    bill.household_id as household_id,
    bill.village_code as village_code,
    bill.status as status,
    'medical_income' as kind,
    '近12个月合规自付医疗支出' || cast(floor(bill.medical_fen / 100) as bigint) || '元，相当于上年全省农村居民人均可支配收入的'
    || cast(round(bill.medical_fen / nullif(threshold.rural_income_yuan, 0)) as bigint) || '%' as evidence,
    cast(null as varchar) as clause,
    case
      when bill.household_type = '脱贫户' then 'threshold.medical_income_tuopin_share'
      else 'threshold.medical_income_other_share'
    end as parameter
  from bill
  cross join threshold
  where
    bill.in_province
    and bill.medical_fen > 100 * threshold.rural_income_yuan * case
      when bill.household_type = '脱贫户' then threshold.medical_income_tuopin_share
      else threshold.medical_income_other_share
    end
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'dropout' as kind,
    '义务教育阶段疑似失学辍学' as evidence,
    '施甸县通知（2021年4月26日）二（三）“失辍学”' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.education_gap
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'uninsured' as kind,
    '有家庭成员未参加基本医疗保险' as evidence,
    '中农组发〔2021〕7号 “两不愁三保障”' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.medical_gap
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'unsafe_house' as kind,
    '住房鉴定为C级或D级且住人' as evidence,
    '施甸县通知（2021年4月26日）二（三）“危房不住人、住人无危房”' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.housing_gap
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'unsafe_water' as kind,
    '饮水四项指标有不达标项' as evidence,
    '施甸县通知（2021年4月26日）二（三）“水质、水量、取水方便程度和供水保证率”' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.water_gap
  union all
  select
    event.household_id as household_id,
    event.village_code as village_code,
    event.status as status,
    'disaster' as kind,
    event.last_disaster_month || '发生灾害或事故，近12个月' || event.disasters || '次，净损失'
    || cast(floor(event.net_loss_fen / 100) as bigint) || '元'
    || case when event.casualties > 0 then '，有伤亡' else '' end as evidence,
    '施甸县通知（2021年4月26日）二（一）三“因灾因意外事故”' as clause,
    cast(null as varchar) as parameter
  from event
  cross join month
  where event.last_disaster_month >= month.recent_first
  union all
  select
    event.household_id as household_id,
    event.village_code as village_code,
    event.status as status,
    'petition' as kind,
    event.last_petition_month || '反映生活困难，近12个月' || event.petitions || '次' as evidence,
    '赵委发〔2020〕34号 五（一）“上访、信访、群众反映较多”' as clause,
    cast(null as varchar) as parameter
  from event
  cross join month
  where event.last_petition_month >= month.recent_first
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'job_lost' as kind,
    '近三个月' || feature.jobs_lost_recent || '人失去工作且未再就业，在务工' || feature.working || '人' as evidence,
    '施甸县通知（2021年4月26日）二（二）' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.jobs_lost_recent > 0
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'newly_severe' as kind,
    '近三个月新增一二级残疾' || feature.newly_severe || '人' as evidence,
    '赵委发〔2020〕34号 五（一）“残疾人户”' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.newly_severe > 0
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'helped_unlisted' as kind,
    '近12个月临时救助' || feature.relief_times || '次，未纳入监测' as evidence,
    '中农组发〔2021〕7号 应纳尽纳（“体外循环”）' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.relief_times > 0 and feature.status = 'none'
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'field_unlisted' as kind,
    strftime(judgement.day, '%Y年%-m月%-d日') || '实地调研认为应当在监测中，仍未纳入' as evidence,
    '《防止返贫动态监测和帮扶机制落实专题调研工作方案》五（一）' as clause,
    cast(null as varchar) as parameter
  from feature
  inner join judgement on feature.household_id = judgement.household_id
  where judgement.item = 'should_be_monitored' and judgement.judged = 'yes' and feature.status = 'none'
  union all
  select
    feature.household_id as household_id,
    feature.village_code as village_code,
    feature.status as status,
    'field_risk_remains' as kind,
    strftime(judgement.day, '%Y年%-m月%-d日') || '实地调研认为风险没有真正消除，仍标注消除' as evidence,
    '《防止返贫动态监测和帮扶机制落实专题调研工作方案》五（一）' as clause,
    cast(null as varchar) as parameter
  from feature
  inner join judgement on feature.household_id = judgement.household_id
  where judgement.item = 'risk_gone' and judgement.judged = 'no' and feature.status = 'eliminated'
),

final as (
  select
    raised.household_id as household_id,
    raised.village_code as village_code,
    raised.kind as kind,
    coalesce(earlier.first_month, month.month) as first_month,
    earlier.first_month is null as is_new,
    raised.status = 'active' as monitored,
    raised.evidence as evidence,
    coalesce(raised.clause, policy.source) as clause
  from raised
  left join earlier on raised.household_id = earlier.household_id and raised.kind = earlier.kind
  left join policy on raised.parameter = policy.parameter
  cross join month
)

select * from final
order by household_id, kind
